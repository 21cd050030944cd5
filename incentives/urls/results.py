"""Results, awards and objections."""

from django.urls import URLPattern, path

from incentives.views import results

STAFF = "kerja/lomba/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(f"{STAFF}/hasil/", results.result_detail, name="result_detail"),
    path(f"{STAFF}/hasil/keluar/", results.result_remove, name="result_remove"),
]
