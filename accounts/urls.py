"""Sign-in under the names that the library asks for, and our own pages under `accounts:`."""

from allauth.account import views as library
from django.urls import include, path, re_path

from accounts import views

pages = [
    path("akun/", views.profile, name="profile"),
    path("kerja/jejak/", views.audit_list, name="audit_list"),
]

urlpatterns = [
    path("", include((pages, "accounts"))),
    path("masuk/", library.login, name="account_login"),
    path("masuk/tidak-aktif/", library.account_inactive, name="account_inactive"),
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
