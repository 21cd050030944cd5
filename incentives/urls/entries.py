"""Entries: sent by phone, checked, put in order."""

from django.urls import URLPattern, path

from incentives.views import pitches

OWN = "saya/lomba/<int:competition>/"

urlpatterns: list[URLPattern] = [
    path(OWN, pitches.pitch_own, name="pitch_own"),
    path(f"{OWN}berkas/<int:file>/", pitches.pitch_own_file, name="pitch_own_file"),
    path(f"{OWN}berkas/<int:file>/hapus/", pitches.pitch_own_file_remove, name="pitch_own_file_remove"),
    path(f"{OWN}tarik/", pitches.pitch_own_withdraw, name="pitch_own_withdraw"),
]
