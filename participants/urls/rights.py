from django.urls import path

from participants.views import desk_requests, own, own_rights

REQUEST = "kerja/permintaan/<int:pk>"

urlpatterns = [
    path("saya/", own.own_page, name="own_page"),
    path("saya/masuk/", own.own_sign_in, name="own_sign_in"),
    path("saya/kode/", own.own_code, name="own_code"),
    path("saya/kode/isi/", own.own_code_enter, name="own_code_enter"),
    path("saya/buka/", own.own_open, name="own_open"),
    path("saya/hak/", own_rights.own_rights, name="own_rights"),
    path("saya/hak/persetujuan/", own_rights.own_consent, name="own_consent"),
    path("saya/hak/pakai-lagi/", own_rights.own_release, name="own_release"),
    path("saya/data/", own_rights.own_data, name="own_data"),
    path("saya/data/<slug:form>/", own_rights.own_extract, name="own_extract"),
    path("saya/hak/minta/<slug:kind>/", own_rights.own_request_make, name="own_request_make"),
    path("saya/hak/permintaan/<slug:code>/", own_rights.own_request, name="own_request"),
    path("kerja/permintaan/", desk_requests.data_request_list, name="data_request_list"),
    path("kerja/permintaan/baru/<int:pk>/", desk_requests.data_request_start, name="data_request_start"),
    path("kerja/permintaan/baru/<int:pk>/<slug:kind>/", desk_requests.data_request_make, name="data_request_make"),
    path(f"{REQUEST}/", desk_requests.data_request_detail, name="data_request_detail"),
    path(f"{REQUEST}/ambil/", desk_requests.data_request_take, name="data_request_take"),
    path(f"{REQUEST}/jawab/", desk_requests.data_request_answer, name="data_request_answer"),
    path(f"{REQUEST}/tolak/", desk_requests.data_request_refuse, name="data_request_refuse"),
    path(f"{REQUEST}/perbaiki/", desk_requests.data_request_correct, name="data_request_correct"),
    path(f"{REQUEST}/batasi/", desk_requests.data_request_restrict, name="data_request_restrict"),
    path(f"{REQUEST}/lepas/", desk_requests.data_request_release, name="data_request_release"),
    path(f"{REQUEST}/hapus/", desk_requests.data_request_erase, name="data_request_erase"),
    path(f"{REQUEST}/salinan/<slug:form>/", desk_requests.data_request_extract, name="data_request_extract"),
    path(f"{REQUEST}/bukti/", desk_requests.data_request_evidence, name="data_request_evidence"),
]
