from django.urls import path

from participants.views import job_cards, registration_desk

PERSON, CARD, REPORT = "kerja/ak1/orang/<int:pk>", "kerja/ak1/kartu/<int:pk>", "kerja/ak1/laporan/<int:pk>"

urlpatterns = [
    path("kerja/ak1/", job_cards.job_card_list, name="job_card_list"),
    path("kerja/ak1/angkatan/<int:pk>/", job_cards.job_card_batch, name="job_card_batch"),
    path(f"{PERSON}/", job_cards.job_card_person, name="job_card_person"),
    path(f"{PERSON}/siap/", job_cards.job_card_prepare, name="job_card_prepare"),
    path(f"{PERSON}/isian/", job_cards.job_card_answers, name="job_card_answers"),
    path(f"{PERSON}/lembar/", job_cards.job_card_sheet, name="job_card_sheet"),
    path(f"{PERSON}/lembar/cetak/", job_cards.job_card_print, name="job_card_print"),
    path(f"{PERSON}/lembar/nik/", job_cards.job_card_number, name="job_card_number"),
    path(f"{PERSON}/kartu-baru/", job_cards.job_card_record, name="job_card_record"),
    path(f"{REPORT}/", job_cards.job_card_report, name="job_card_report"),
    path(f"{REPORT}/urungkan/", job_cards.job_card_report_undo, name="job_card_report_undo"),
    path(f"{CARD}/akhiri/", job_cards.job_card_end, name="job_card_end"),
    path(f"{CARD}/buka/", job_cards.job_card_reopen, name="job_card_reopen"),
    path("kerja/meja/", registration_desk.desk_choose, name="desk_choose"),
    path("kerja/meja/<int:pk>/", registration_desk.desk_register, name="desk_register"),
    path("kerja/meja/<int:pk>/cek/", registration_desk.desk_check, name="desk_check"),
    path("kerja/meja/selesai/<int:pk>/", registration_desk.desk_done, name="desk_done"),
    path("kerja/meja/selesai/<int:pk>/slip/", registration_desk.desk_slip, name="desk_slip"),
]
