from django.urls import path

from participants.views import (
    desk_batches,
    desk_changes,
    desk_details,
    desk_duplicates,
    desk_guard,
    desk_lists,
    desk_search,
)

BATCH, ENTRY = "kerja/angkatan/<int:pk>", "kerja/pendaftar/<int:pk>"

urlpatterns = [
    path("kerja/angkatan/", desk_batches.batch_list, name="batch_list"),
    path(f"{BATCH}/", desk_batches.batch_desk, name="batch_desk"),
    path(f"{BATCH}/kuota/", desk_batches.batch_quota, name="batch_quota"),
    path(f"{BATCH}/perpanjang/", desk_batches.batch_extend, name="batch_extend"),
    path(f"{BATCH}/jadwal/", desk_batches.batch_reschedule, name="batch_reschedule"),
    path(f"{BATCH}/batalkan/", desk_batches.batch_cancel, name="batch_cancel"),
    path(f"{BATCH}/pendaftar/", desk_lists.registration_list, name="registration_list"),
    path(f"{BATCH}/pendaftar/cari/", desk_lists.registration_find, name="registration_find"),
    path(f"{BATCH}/pendaftar/putuskan/", desk_lists.registration_decide, name="registration_decide"),
    path(f"{BATCH}/pendaftar/hasil/", desk_lists.registration_decided, name="registration_decided"),
    path(f"{BATCH}/daftar/", desk_lists.registration_print, name="registration_print"),
    path(f"{BATCH}/ekspor/", desk_lists.registration_export, name="registration_export"),
    path(f"{BATCH}/daftarkan/", desk_changes.registration_assist, name="registration_assist"),
    path(f"{BATCH}/duplikat/", desk_duplicates.duplicate_list, name="duplicate_list"),
    path(f"{BATCH}/duplikat/berbeda/", desk_duplicates.duplicate_deny, name="duplicate_deny"),
    path(f"{BATCH}/duplikat/sama/", desk_duplicates.duplicate_resolve, name="duplicate_resolve"),
    path("kerja/perlindungan/", desk_guard.form_guard, name="form_guard"),
    path("kerja/pendaftar/", desk_search.registration_search, name="registration_search"),
    path(f"{ENTRY}/", desk_details.registration_detail, name="registration_detail"),
    path(f"{ENTRY}/verifikasi/", desk_details.registration_verify, name="registration_verify"),
    path(f"{ENTRY}/minta-perbaikan/", desk_details.registration_request_fix, name="registration_request_fix"),
    path(f"{ENTRY}/tolak/", desk_details.registration_reject, name="registration_reject"),
    path(f"{ENTRY}/urungkan/", desk_details.registration_undo, name="registration_undo"),
    path(f"{ENTRY}/pemilik-nik/", desk_details.registration_link, name="registration_link"),
    path(f"{ENTRY}/lihat-nik/", desk_details.registration_reveal, name="registration_reveal"),
    path(f"{ENTRY}/slip/", desk_details.registration_claim, name="registration_claim"),
    path(f"{ENTRY}/perbaiki/", desk_changes.registration_correct, name="registration_correct"),
    path(f"{ENTRY}/pindahkan/", desk_changes.registration_move, name="registration_move"),
    path(f"{ENTRY}/batalkan/", desk_changes.registration_withdraw, name="registration_withdraw"),
]
