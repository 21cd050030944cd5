from django.urls import path

from notifications.views import messages

app_name = "notifications"

urlpatterns = [
    path("kerja/pesan/", messages.message_list, name="message_list"),
    path("kerja/pesan/<int:pk>/", messages.message_detail, name="message_detail"),
    path("kerja/pesan/<int:pk>/kirim-ulang/", messages.message_resend, name="message_resend"),
    path("kerja/pesan/<int:pk>/sudah-dikirim/", messages.message_mark_sent, name="message_mark_sent"),
    path("kotak-surat/", messages.mailbox, name="mailbox"),
    path("kotak-surat/<int:pk>/", messages.mailbox_message, name="mailbox_message"),
]
