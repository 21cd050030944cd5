"""Certificates: the office's lists and buttons, and the owner's own address."""

from django.urls import path

from participants.views import certificates, desk_certificates

OF = "kerja/sertifikat/<slug:of>/<int:pk>"

urlpatterns = [
    path("kerja/sertifikat/", desk_certificates.certificate_list, name="certificate_list"),
    path("kerja/sertifikat/<int:pk>/", desk_certificates.certificate_batch, name="certificate_batch"),
    path("kerja/sertifikat/<int:pk>/kabari/", desk_certificates.certificate_tell, name="certificate_tell"),
    path(f"{OF}/terbitkan/", desk_certificates.certificate_issue, name="certificate_issue"),
    path(f"{OF}/cetak/", desk_certificates.certificate_print, name="certificate_print"),
    path("sertifikat/<slug:token>/<slug:seal>/", certificates.certificate_own, name="certificate_own"),
    path("sertifikat/<slug:token>/<slug:seal>/berkas/", certificates.certificate_file, name="certificate_file"),
]
