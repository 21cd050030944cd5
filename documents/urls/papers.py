"""Papers themselves: issued, read, corrected, revoked, verified; their texts and numbers."""

from django.urls import path

from documents.views import papers, wording

urlpatterns = [
    path("kerja/naskah/", papers.document_list, name="document_list"),
    path("kerja/naskah/<int:pk>/", papers.document_detail, name="document_detail"),
    path("kerja/naskah/<int:pk>/berkas/", papers.document_file, name="document_file"),
    path("kerja/naskah/<int:pk>/asli/", papers.document_original, name="document_original"),
    path("kerja/naskah/<int:pk>/salinan/", papers.document_copy, name="document_copy"),
    path("kerja/naskah/<int:pk>/cabut/", papers.document_revoke, name="document_revoke"),
    path("kerja/naskah/<int:pk>/perbaiki/", papers.document_reissue, name="document_reissue"),
    path("kerja/naskah/buat/<slug:code>/<int:pk>/", papers.document_issue, name="document_issue"),
    path("kerja/naskah/buat/<slug:code>/<int:pk>/konsep/", papers.document_draft, name="document_draft"),
    path("kerja/naskah/teks/", wording.template_list, name="template_list"),
    path("kerja/naskah/teks/pulihkan/<int:pk>/", wording.template_restore, name="template_restore"),
    path("kerja/naskah/teks/<slug:slug>/<slug:code>/", wording.template_edit, name="template_edit"),
    path("kerja/naskah/teks/<slug:slug>/<slug:code>/riwayat/", wording.template_history, name="template_history"),
    path("kerja/naskah/nomor/", wording.numbering_list, name="numbering_list"),
    path("kerja/naskah/nomor/hapus/<int:pk>/", wording.numbering_drop, name="numbering_drop"),
    path("kerja/naskah/nomor/<slug:slug>/<slug:code>/", wording.numbering_edit, name="numbering_edit"),
    path("v/<slug:token>/", papers.verify, name="verify"),
]
