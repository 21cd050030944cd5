"""After the payment: did the money come, how was it used, the end of the file."""

from django.urls import URLPattern, path

from incentives.views import after, after_own, use_reports

STAFF, OWN, REPORT = "kerja/lomba/<int:pk>/sesudah/", "saya/lomba/<int:competition>/", "kerja/lomba/laporan/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(STAFF, after.follow_up, name="follow_up"),
    path(f"{STAFF}undi/", after.receipt_draw, name="receipt_draw"),
    path(f"{STAFF}tanya-semua/", after.receipt_ask_all, name="receipt_ask_all"),
    path(f"{STAFF}unduh/", use_reports.report_sheet, name="report_sheet"),
    path(f"{STAFF}tutup/", after.file_close, name="file_close"),
    path(f"{STAFF}buka/", after.file_reopen, name="file_reopen"),
    path("kerja/lomba/penghargaan/<int:pk>/diterima/", after.award_receipt, name="award_receipt"),
    path("kerja/lomba/diterima/<int:pk>/selesaikan/", after.receipt_settle, name="receipt_settle"),
    path(REPORT, use_reports.report_detail, name="report_detail"),
    path(f"{REPORT}kunjungan/", use_reports.report_visit, name="report_visit"),
    path(f"{REPORT}foto/<int:photo>/", use_reports.report_photo, name="report_photo"),
    path(f"{OWN}uang/", after_own.receipt_own, name="receipt_own"),
    path(f"{OWN}laporan/", after_own.report_own, name="report_own"),
    path(f"{OWN}laporan/foto/<int:photo>/", after_own.report_own_photo, name="report_own_photo"),
]
