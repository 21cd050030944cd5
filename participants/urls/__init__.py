from participants.urls import (
    attendance,
    cards,
    certificates,
    device,
    imports,
    persons,
    privacy,
    public,
    rights,
    staff,
)

app_name = "participants"
urlpatterns = [
    *public.urlpatterns,
    *rights.urlpatterns,
    *staff.urlpatterns,
    *attendance.urlpatterns,
    *cards.urlpatterns,
    *certificates.urlpatterns,
    *device.urlpatterns,
    *persons.urlpatterns,
    *imports.urlpatterns,
    *privacy.urlpatterns,
]
