"""Jurors, their sheets and the day of the pitches."""

from django.urls import URLPattern, path

from incentives.views import jurors, jury, jury_chair, jury_news, jury_offline, stage

STAFF, SHEET = "kerja/lomba/<int:pk>", "juri/lembar/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(f"{STAFF}/juri/", jurors.juror_list, name="juror_list"),
    path(f"{STAFF}/juri/tambah/", jurors.juror_create, name="juror_create"),
    path(f"{STAFF}/juri/bagi/", jurors.juror_assign, name="juror_assign"),
    path(f"{STAFF}/juri/latihan/", jurors.juror_training, name="juror_training"),
    path("kerja/lomba/juri/<int:pk>/undang/", jurors.juror_invite, name="juror_invite"),
    path("kerja/lomba/juri/<int:pk>/ketua/", jurors.juror_chair, name="juror_chair"),
    path("kerja/lomba/juri/<int:pk>/berhenti/", jurors.juror_withdraw, name="juror_withdraw"),
    path("kerja/lomba/benturan/<int:pk>/", jurors.juror_conflict, name="juror_conflict"),
    path(f"{STAFF}/hari/", stage.pitch_day, name="pitch_day"),
    path("kerja/lomba/paparan/<int:pk>/langkah/", stage.pitch_step, name="pitch_step"),
    path("lomba/layar/<int:pk>/<str:key>/", stage.wall, name="wall"),
    path("lomba/layar/<int:pk>/<str:key>/kini/", stage.wall_now, name="wall_now"),
    path("juri/", jury.jury_home, name="jury_home"),
    path("juri/masuk/", jury.jury_door, name="jury_door"),
    path("juri/keluar/", jury.jury_leave, name="jury_leave"),
    path("juri/undangan/<str:token>/", jury.jury_link, name="jury_link"),
    path("juri/pekerja.js", jury_offline.jury_worker, name="jury_worker"),
    path("juri/luring/", jury_offline.jury_lost, name="jury_lost"),
    path("juri/perubahan/", jury_news.jury_changes, name="jury_changes"),
    path("juri/benturan/", jury.jury_declare, name="jury_declare"),
    path(f"{SHEET}/", jury.jury_sheet, name="jury_sheet"),
    path(f"{SHEET}/berkas/<int:file>/", jury.jury_file, name="jury_file"),
    path(f"{SHEET}/simpan/", jury.jury_save, name="jury_save"),
    path(f"{SHEET}/kirim/", jury.jury_send, name="jury_send"),
    path(f"{SHEET}/mundur/", jury.jury_recuse, name="jury_recuse"),
    path("juri/ketua/", jury_chair.jury_board, name="jury_board"),
    path("juri/ketua/peserta/<int:pk>/", jury_chair.jury_entry, name="jury_entry"),
    path("juri/ketua/lembar/<int:pk>/", jury_chair.jury_correct, name="jury_correct"),
]
