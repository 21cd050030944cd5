from participants.urls import cards, device, public, staff

app_name = "participants"
urlpatterns = [*public.urlpatterns, *staff.urlpatterns, *cards.urlpatterns, *device.urlpatterns]
