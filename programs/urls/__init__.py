from programs.urls import public

app_name = "programs"
urlpatterns = [*public.urlpatterns]
