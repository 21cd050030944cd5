from participants.urls import cards, certificates, device, public, staff

app_name = "participants"
urlpatterns = [
    *certificates.urlpatterns,
    *public.urlpatterns,
    *staff.urlpatterns,
    *cards.urlpatterns,
    *device.urlpatterns,
]
