from programs.urls import public, resources, rollouts, staff

app_name = "programs"
urlpatterns = [*public.urlpatterns, *staff.urlpatterns, *resources.urlpatterns, *rollouts.urlpatterns]
