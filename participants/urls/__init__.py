from participants.urls import public

app_name = "participants"
urlpatterns = [*public.urlpatterns]
