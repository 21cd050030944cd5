from django.urls import path

from participants.views import attendance, attendance_sheets

PLACE = "kerja/kehadiran"
SESSION = f"{PLACE}/sesi/<int:pk>"

urlpatterns = [
    path(f"{PLACE}/", attendance.attendance_day, name="attendance_day"),
    path(f"{PLACE}/belum-ditetapkan/", attendance_sheets.attendance_board, name="attendance_board"),
    path(f"{SESSION}/", attendance.attendance_session, name="attendance_session"),
    path(f"{SESSION}/catat/", attendance.attendance_mark, name="attendance_mark"),
    path(f"{SESSION}/orang/<int:entry>/", attendance.attendance_person, name="attendance_person"),
    path(f"{SESSION}/orang/<int:entry>/ganti/", attendance.attendance_replace, name="attendance_replace"),
    path(f"{SESSION}/catatan/<int:mark>/tarik/", attendance.attendance_revoke, name="attendance_revoke"),
    path(f"{SESSION}/lembar/", attendance_sheets.attendance_sheet, name="attendance_sheet"),
    path(f"{SESSION}/lembar/pindaian/", attendance_sheets.sheet_scan, name="sheet_scan"),
    path(f"{SESSION}/lembar/tetapkan/", attendance_sheets.sheet_settle, name="sheet_settle"),
    path(f"{SESSION}/lembar/buka/", attendance_sheets.sheet_reopen, name="sheet_reopen"),
    path(f"{SESSION}/lembar/beda/<int:entry>/", attendance_sheets.sheet_decide, name="sheet_decide"),
    path(f"{PLACE}/pindaian/<int:pk>/", attendance_sheets.sheet_scan_file, name="sheet_scan_file"),
    path(f"{PLACE}/pindaian/<int:pk>/sisihkan/", attendance_sheets.sheet_scan_remove, name="sheet_scan_remove"),
    path(f"{PLACE}/kejadian/<int:pk>/", attendance_sheets.door_case, name="door_case"),
    path("kerja/angkatan/<int:pk>/kehadiran/", attendance.attendance_batch, name="attendance_batch"),
]
