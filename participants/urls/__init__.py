from participants.urls import public, staff

app_name = "participants"
urlpatterns = [*public.urlpatterns, *staff.urlpatterns]
