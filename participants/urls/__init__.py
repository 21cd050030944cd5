from participants.urls import cards, public, staff

app_name = "participants"
urlpatterns = [*public.urlpatterns, *staff.urlpatterns, *cards.urlpatterns]
