from programs.urls import public, staff

app_name = "programs"
urlpatterns = [*public.urlpatterns, *staff.urlpatterns]
