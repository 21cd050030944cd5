"""Competitions: declared, changed, shown to the public."""

from django.urls import URLPattern, path

from incentives.views import competitions, public

urlpatterns: list[URLPattern] = [
    path("kerja/lomba/", competitions.competition_list, name="competition_list"),
    path("kerja/lomba/baru/", competitions.competition_create, name="competition_create"),
    path("kerja/lomba/<int:pk>/", competitions.competition_detail, name="competition_detail"),
    path("kerja/lomba/<int:pk>/ubah/", competitions.competition_edit, name="competition_edit"),
    path("kerja/lomba/<int:pk>/tetapkan/", competitions.competition_declare, name="competition_declare"),
    path("kerja/lomba/<int:pk>/perubahan/", competitions.competition_change, name="competition_change"),
    path(
        "kerja/lomba/<int:pk>/perubahan/tetapkan/",
        competitions.competition_change_declare,
        name="competition_change_declare",
    ),
    path(
        "kerja/lomba/<int:pk>/perubahan/buang/",
        competitions.competition_change_discard,
        name="competition_change_discard",
    ),
    path("kerja/lomba/<int:pk>/batal/", competitions.competition_cancel, name="competition_cancel"),
    path("lomba/<slug:program>/<slug:slug>/", public.competition_public, name="competition_public"),
]
