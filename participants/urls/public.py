from django.urls import path

from participants.views import documents, drafts, gates, public, status

urlpatterns = [
    path("pelatihan/<slug:slug>/<slug:batch_slug>/daftar/", gates.guarded(public.register), name="register"),
    path("pelatihan/<slug:slug>/<slug:batch_slug>/daftar/simpan/", drafts.draft_save, name="draft_save"),
    path("pelatihan/<slug:slug>/<slug:batch_slug>/daftar/lanjut/", drafts.draft_resume, name="draft_resume"),
    path("isian/", drafts.draft_list, name="draft_list"),
    path("isian/<int:pk>/pindah/", drafts.draft_move, name="draft_move"),
    path("isian/<int:pk>/hapus/", drafts.draft_forget, name="draft_forget"),
    path("isian/bersihkan/", drafts.device_clear, name="device_clear"),
    path("status/", status.status, name="status"),
    path("status/diterima/", public.receipt, name="receipt"),
    path("status/dicatat/", public.receipt_noted, name="receipt_noted"),
    path("status/tiket/", public.ticket, name="ticket"),
    path("status/saya/", status.status_detail, name="status_detail"),
    path("status/saya/ubah/", status.correct, name="correct"),
    path("status/saya/batal/", status.withdraw, name="withdraw"),
    path("status/saya/tawaran/", status.offer_decide, name="offer_decide"),
    path("status/tawaran/<str:token>/", status.offer_answer, name="offer_answer"),
    path("status/lupa/", status.recover, name="recover"),
    path("status/pin-baru/", status.renew_pin, name="renew_pin"),
    path("status/berkas/<str:code>/<slug:kind>/", documents.document_send, name="document_send"),
    path("status/berkas/<str:code>/<slug:kind>/hapus/", documents.document_remove, name="document_remove"),
    path("status/foto/<str:token>/", documents.document_photo, name="document_photo"),
    path("status/keluar/", status.status_leave, name="status_leave"),
]
