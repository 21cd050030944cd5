from django.urls import path

from participants.views import device

DEVICE = "kerja/kehadiran/perangkat"

urlpatterns = [
    path(f"{DEVICE}/", device.attendance_device, name="attendance_device"),
    path(f"{DEVICE}/pekerja.js", device.attendance_worker, name="attendance_worker"),
    path(f"{DEVICE}/keadaan/", device.attendance_device_state, name="attendance_device_state"),
    path(f"{DEVICE}/siapkan/", device.attendance_device_prepare, name="attendance_device_prepare"),
    path(f"{DEVICE}/daftar/", device.attendance_device_list, name="attendance_device_list"),
    path(f"{DEVICE}/<int:pk>/kunci/", device.attendance_device_revoke, name="attendance_device_revoke"),
    path("kerja/kehadiran/kirim/", device.attendance_send, name="attendance_send"),
]
