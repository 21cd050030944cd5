from django.urls import path

from jobs import views

app_name = "jobs"

urlpatterns = [
    path("kerja/unduhan/", views.job_list, name="job_list"),
    path("kerja/unduhan/<int:pk>/", views.job_detail, name="job_detail"),
    path("kerja/unduhan/<int:pk>/kemajuan/", views.job_progress, name="job_progress"),
    path("kerja/unduhan/<int:pk>/batal/", views.job_cancel, name="job_cancel"),
    path("kerja/unduhan/<int:pk>/ambil/", views.job_download, name="job_download"),
    path("kerja/unduhan/berkas/<str:token>/", views.file_download, name="file_download"),
]
