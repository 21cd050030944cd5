"""Entries: sent by phone, checked, put in order."""

from django.urls import URLPattern, path

from incentives.views import entries, ordering, pitches

OFFICE, ENTRY = "kerja/lomba/<int:pk>/usaha/", "kerja/lomba/usaha/<int:pk>/"
OWN = "saya/lomba/<int:competition>/"

urlpatterns: list[URLPattern] = [
    path(OFFICE, entries.entry_list, name="entry_list"),
    path(f"{OFFICE}cetak/", entries.entry_print, name="entry_print"),
    path(f"{OFFICE}urutan/", ordering.entry_order, name="entry_order"),
    path(f"{OFFICE}urutan/undi/", ordering.entry_draw, name="entry_draw"),
    path(f"{OFFICE}urutan/kabari/", ordering.entry_tell, name="entry_tell"),
    path(f"{OFFICE}urutan/cetak/", ordering.entry_run_sheet, name="entry_run_sheet"),
    path(ENTRY, entries.entry_detail, name="entry_detail"),
    path(f"{ENTRY}periksa/", entries.entry_check, name="entry_check"),
    path(f"{ENTRY}periksa/batal/", entries.entry_undo, name="entry_undo"),
    path(f"{ENTRY}akhiri/", entries.entry_end, name="entry_end"),
    path(f"{ENTRY}urutan/", ordering.entry_move, name="entry_move"),
    path(f"{ENTRY}berkas/<int:file>/", entries.entry_file, name="entry_file"),
    path(OWN, pitches.pitch_own, name="pitch_own"),
    path(f"{OWN}berkas/<int:file>/", pitches.pitch_own_file, name="pitch_own_file"),
    path(f"{OWN}berkas/<int:file>/hapus/", pitches.pitch_own_file_remove, name="pitch_own_file_remove"),
    path(f"{OWN}piagam/", pitches.pitch_own_certificate, name="pitch_own_certificate"),
    path(f"{OWN}tarik/", pitches.pitch_own_withdraw, name="pitch_own_withdraw"),
]
