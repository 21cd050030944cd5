from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("kerja/pesan/", views.message_list, name="message_list"),
    path("kerja/pesan/<int:pk>/", views.message_detail, name="message_detail"),
    path("kerja/pesan/<int:pk>/kirim-ulang/", views.message_resend, name="message_resend"),
    path("kerja/pesan/<int:pk>/sudah-dikirim/", views.message_mark_sent, name="message_mark_sent"),
    path("kotak-surat/", views.mailbox, name="mailbox"),
    path("kotak-surat/<int:pk>/", views.mailbox_message, name="mailbox_message"),
]
