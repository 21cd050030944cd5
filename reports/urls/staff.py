from django.urls import path

from reports.views import completeness

urlpatterns = [
    path("kerja/kelengkapan/", completeness.completeness_list, name="completeness_list"),
    path("kerja/kelengkapan/<int:pk>/", completeness.completeness_batch, name="completeness_batch"),
    path("kerja/kelengkapan/program/<int:pk>/", completeness.completeness_program, name="completeness_program"),
]
