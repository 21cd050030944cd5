from django.urls import path

from participants.views import incidents, privacy, privacy_retention, processing

HOME, TEXT, KEPT = "kerja/privasi/", "kerja/privasi/teks/", "kerja/privasi/retensi/"
REGISTER, INCIDENT = "kerja/privasi/register/", "kerja/insiden/<int:pk>/"

urlpatterns = [
    path(HOME, privacy.privacy_home, name="privacy_home"),
    path(f"{HOME}petugas/", privacy.privacy_contact, name="privacy_contact"),
    path(TEXT, privacy.consent_text_list, name="consent_text_list"),
    path(f"{TEXT}edisi/<int:pk>/tarik/", privacy.consent_text_take_back, name="consent_text_take_back"),
    path(f"{TEXT}<slug:purpose>/", privacy.consent_text_edit, name="consent_text_edit"),
    path(f"{TEXT}<slug:purpose>/terbitkan/", privacy.consent_text_publish, name="consent_text_publish"),
    path(f"{TEXT}<slug:purpose>/buang/", privacy.consent_text_discard, name="consent_text_discard"),
    path(KEPT, privacy_retention.retention_list, name="retention_list"),
    path(f"{KEPT}usulan/<int:pk>/", privacy_retention.retention_detail, name="retention_detail"),
    path(f"{KEPT}usulan/<int:pk>/tolak/", privacy_retention.retention_discard, name="retention_discard"),
    path(f"{KEPT}<slug:kind>/", privacy_retention.retention_edit, name="retention_edit"),
    path(f"{KEPT}<slug:kind>/periksa/", privacy_retention.retention_propose, name="retention_propose"),
    path(f"{KEPT}<slug:kind>/otomatis/", privacy_retention.retention_standing, name="retention_standing"),
    path(REGISTER, processing.processing_list, name="processing_list"),
    path(f"{REGISTER}baru/", processing.processing_create, name="processing_create"),
    path(f"{REGISTER}bawaan/", processing.processing_take_over, name="processing_take_over"),
    path(f"{REGISTER}unduh/", processing.processing_export, name="processing_export"),
    path(f"{REGISTER}<int:pk>/", processing.processing_edit, name="processing_edit"),
    path(f"{REGISTER}<int:pk>/akhiri/", processing.processing_end, name="processing_end"),
    path(f"{REGISTER}prosesor/baru/", processing.processor_create, name="processor_create"),
    path(f"{REGISTER}prosesor/<int:pk>/", processing.processor_edit, name="processor_edit"),
    path(f"{REGISTER}prosesor/<int:pk>/hapus/", processing.processor_remove, name="processor_remove"),
    path("kerja/insiden/", incidents.incident_list, name="incident_list"),
    path("kerja/insiden/lapor/", incidents.incident_report, name="incident_report"),
    path(INCIDENT, incidents.incident_detail, name="incident_detail"),
    path(f"{INCIDENT}ubah/", incidents.incident_edit, name="incident_edit"),
    path(f"{INCIDENT}orang/", incidents.incident_people, name="incident_people"),
    path(f"{INCIDENT}orang/unduh/", incidents.incident_sheet, name="incident_sheet"),
    path(f"{INCIDENT}beri-tahu/", incidents.incident_tell, name="incident_tell"),
    path(f"{INCIDENT}lembaga/", incidents.incident_authority, name="incident_authority"),
    path(f"{INCIDENT}surat/", incidents.incident_letter, name="incident_letter"),
    path(f"{INCIDENT}catatan/", incidents.incident_note, name="incident_note"),
    path(f"{INCIDENT}tutup/", incidents.incident_close, name="incident_close"),
    path(f"{INCIDENT}buka/", incidents.incident_reopen, name="incident_reopen"),
]
