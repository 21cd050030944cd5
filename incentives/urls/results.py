"""Results, awards and objections."""

from django.urls import URLPattern, path

from incentives.views import awards, chairing, copies, objections, results, winners

STAFF, PUBLIC = "kerja/lomba/<int:pk>", "lomba/<slug:program>/<slug:slug>"

urlpatterns: list[URLPattern] = [
    path(f"{STAFF}/hasil/", results.result_detail, name="result_detail"),
    path(f"{STAFF}/hasil/keluar/", results.result_remove, name="result_remove"),
    path(f"{STAFF}/penghargaan/", awards.award_list, name="award_list"),
    path(f"{STAFF}/penghargaan/usulkan/", awards.award_propose, name="award_propose"),
    path(f"{STAFF}/penghargaan/dokumen/", copies.award_copies, name="award_copies"),
    path("kerja/lomba/penghargaan/dokumen/<int:pk>/batal/", copies.copy_undo, name="copy_undo"),
    path("juri/ketua/hasil/", chairing.jury_result, name="jury_result"),
    path("juri/ketua/hasil/kunci/", chairing.result_lock, name="result_lock"),
    path("juri/ketua/hasil/buka/", chairing.result_reopen, name="result_reopen"),
    path("juri/ketua/hasil/sama/<int:pk>/", chairing.tie_decide, name="tie_decide"),
    path(f"{STAFF}/sanggahan/", objections.objection_list, name="objection_list"),
    path("kerja/lomba/sanggahan/<int:pk>/", objections.objection_answer, name="objection_answer"),
    path(f"{PUBLIC}/pemenang/", winners.winners, name="winners"),
    path(f"{PUBLIC}/pemenang/sanggah/", winners.objection_send, name="objection_send"),
]
