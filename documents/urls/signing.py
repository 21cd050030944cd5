"""Who signs, how papers begin, and how they are signed."""

from django.urls import path

from documents.views import letterheads, officials, signing, verifying

urlpatterns = [
    path("kerja/pejabat/", officials.position_list, name="position_list"),
    path("kerja/pejabat/orang/", officials.official_list, name="official_list"),
    path("kerja/pejabat/orang/baru/", officials.official_create, name="official_create"),
    path("kerja/pejabat/orang/<int:pk>/", officials.official_edit, name="official_edit"),
    path("kerja/pejabat/jabatan/baru/", officials.position_create, name="position_create"),
    path("kerja/pejabat/jabatan/<int:pk>/", officials.position_detail, name="position_detail"),
    path("kerja/pejabat/jabatan/<int:pk>/ubah/", officials.position_edit, name="position_edit"),
    path("kerja/pejabat/jabatan/<int:pk>/pemangku/", officials.tenure_create, name="tenure_create"),
    path("kerja/pejabat/jabatan/<int:pk>/mandat/", officials.mandate_create, name="mandate_create"),
    path("kerja/pejabat/masa/<int:pk>/akhiri/", officials.tenure_end, name="tenure_end"),
    path("kerja/pejabat/masa/<int:pk>/keluarkan/", officials.tenure_remove, name="tenure_remove"),
    path("kerja/pejabat/mandat/<int:pk>/akhiri/", officials.mandate_end, name="mandate_end"),
    path("kerja/pejabat/mandat/<int:pk>/keluarkan/", officials.mandate_remove, name="mandate_remove"),
    path("kerja/pejabat/kop/", letterheads.letterhead_edit, name="letterhead_edit"),
    path("kerja/tanda-tangan/", signing.signing_list, name="signing_list"),
    path("kerja/tanda-tangan/pilih/", signing.signing_confirm, name="signing_confirm"),
    path("kerja/tanda-tangan/naskah/<int:pk>/", signing.signature_list, name="signature_list"),
    path("kerja/tanda-tangan/naskah/<int:pk>/baca/", signing.signing_paper, name="signing_paper"),
    path("kerja/tanda-tangan/naskah/<int:pk>/pindaian/", signing.scan_create, name="scan_create"),
    path("kerja/tanda-tangan/<int:pk>/berkas/", signing.signature_file, name="signature_file"),
    path("kerja/tanda-tangan/<int:pk>/tarik/", signing.scan_withdraw, name="scan_withdraw"),
    path("v/<slug:token>/berkas/", verifying.verify_file, name="verify_file"),
    path("kerja/pejabat/kop/<int:pk>/lambang/", letterheads.letterhead_arms, name="letterhead_arms"),
]
