"""Rights of jurors and objectors."""

from django.urls import URLPattern, path

from incentives.views import others

OTHER = "kerja/lomba/orang/<slug:kind>/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("kerja/lomba/orang/", others.other_list, name="other_list"),
    path(OTHER, others.other_detail, name="other_detail"),
    path(f"{OTHER}hapus/", others.other_erase, name="other_erase"),
]
