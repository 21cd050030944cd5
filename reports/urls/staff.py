from django.urls import path

from reports.views import competitions, completeness, making

COMPETITIONS = "kerja/kelengkapan/lomba"

urlpatterns = [
    path("kerja/kelengkapan/", completeness.completeness_list, name="completeness_list"),
    path("kerja/kelengkapan/<int:pk>/", completeness.completeness_batch, name="completeness_batch"),
    path("kerja/kelengkapan/program/<int:pk>/", completeness.completeness_program, name="completeness_program"),
    path(f"{COMPETITIONS}/", competitions.completeness_competitions, name="completeness_competitions"),
    path(f"{COMPETITIONS}/<int:pk>/", competitions.completeness_competition, name="completeness_competition"),
    path(
        f"{COMPETITIONS}/<int:pk>/buat/",
        competitions.completeness_competition_make,
        name="completeness_competition_make",
    ),
    path(
        f"{COMPETITIONS}/<int:pk>/cetak/",
        competitions.completeness_competition_print,
        name="completeness_competition_print",
    ),
    path("kerja/kelengkapan/<int:pk>/buat/", making.completeness_make, name="completeness_make"),
    path("kerja/kelengkapan/<int:pk>/cetak/", making.completeness_print, name="completeness_print"),
    path(
        "kerja/kelengkapan/program/<int:pk>/buat/", making.completeness_program_make, name="completeness_program_make"
    ),
    path(
        "kerja/kelengkapan/program/<int:pk>/cetak/",
        making.completeness_program_print,
        name="completeness_program_print",
    ),
]
