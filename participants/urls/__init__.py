from participants.urls import attendance, cards, certificates, device, public, staff

app_name = "participants"
urlpatterns = [
    *certificates.urlpatterns,
    *public.urlpatterns,
    *staff.urlpatterns,
    *attendance.urlpatterns,
    *cards.urlpatterns,
    *device.urlpatterns,
]
