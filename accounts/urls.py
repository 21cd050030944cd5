"""Sign-in under the names that the library asks for, and our own pages under `accounts:`."""

from allauth.account import views as library
from allauth.mfa.base import views as factors
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from accounts import views
from kit.throttle import limited

# Asking for a challenge stores a session, so that is counted too.
passkey_login = login_not_required(limited("passkey", "GET", "POST")(passkeys.login_webauthn))

pages = [
    path("akun/", views.profile, name="profile"),
    path("akun/perangkat/", views.device_list, name="device_list"),
    path("akun/perangkat/keluar/", views.device_end_all, name="device_end_all"),
    path("akun/perangkat/<int:pk>/keluar/", views.device_end, name="device_end"),
    path("akun/dua-langkah/", views.second_factor, name="second_factor"),
    path("akun/dua-langkah/nanti/", views.second_factor_later, name="second_factor_later"),
    path("akun/dua-langkah/aplikasi/", views.second_factor_app, name="second_factor_app"),
    path("akun/dua-langkah/kunci/", views.second_factor_passkey, name="second_factor_passkey"),
    path("akun/dua-langkah/kode/", views.second_factor_codes, name="second_factor_codes"),
    path("akun/dua-langkah/<int:pk>/hapus/", views.second_factor_remove, name="second_factor_remove"),
    path("masuk/undangan/", views.invitation_accept, name="invitation_accept"),
    path("masuk/undangan/<str:token>/", views.invitation_open, name="invitation_open"),
    path("kerja/pengguna/", views.user_list, name="user_list"),
    path("kerja/pengguna/undang/", views.user_invite, name="user_invite"),
    path("kerja/pengguna/undang/tabel/", views.user_invite_many, name="user_invite_many"),
    path("kerja/pengguna/undangan/", views.invitation_list, name="invitation_list"),
    path("kerja/pengguna/undangan/surat/", views.invitation_letters, name="invitation_letters"),
    path("kerja/pengguna/undangan/<int:pk>/batal/", views.invitation_end, name="invitation_end"),
    path("kerja/pengguna/<int:pk>/", views.user_detail, name="user_detail"),
    path("kerja/pengguna/<int:pk>/undang-lagi/", views.user_reinvite, name="user_reinvite"),
    path("kerja/pengguna/<int:pk>/tutup/", views.user_close, name="user_close"),
    path("kerja/pengguna/<int:pk>/buka/", views.user_open, name="user_open"),
    path("kerja/pengguna/<int:pk>/buka-kunci/", views.user_unlock, name="user_unlock"),
    path("kerja/pengguna/<int:pk>/keluarkan/", views.user_sign_out, name="user_sign_out"),
    path("kerja/pengguna/<int:pk>/setel-ulang/", views.user_reset_step, name="user_reset_step"),
    path("kerja/pengguna/<int:pk>/lembar-kode/", views.user_code_sheet, name="user_code_sheet"),
    path("kerja/jejak/", views.audit_list, name="audit_list"),
]

urlpatterns = [
    path("", include((pages, "accounts"))),
    path("masuk/", library.login, name="account_login"),
    path("masuk/tidak-aktif/", library.account_inactive, name="account_inactive"),
    path("masuk/langkah-kedua/", factors.authenticate, name="mfa_authenticate"),
    path("masuk/kunci/", passkey_login, name="mfa_login_webauthn"),
    path("masuk/lagi/", library.reauthenticate, name="account_reauthenticate"),
    path("masuk/lagi/kode/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("masuk/lagi/kunci/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("keluar/", library.logout, name="account_logout"),
    path("sandi/ubah/", library.password_change, name="account_change_password"),
    path("sandi/lupa/", library.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", library.password_reset_done, name="account_reset_password_done"),
    path("sandi/atur/selesai/", library.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^sandi/atur/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        library.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
