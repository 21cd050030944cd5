from programs.urls import public, resources, staff

app_name = "programs"
urlpatterns = [*public.urlpatterns, *staff.urlpatterns, *resources.urlpatterns]
