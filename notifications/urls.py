from django.urls import path

from notifications.views import board, messages, texts, webhook

app_name = "notifications"

urlpatterns = [
    path("kerja/pesan/", messages.message_list, name="message_list"),
    path("kerja/pesan/<int:pk>/", messages.message_detail, name="message_detail"),
    path("kerja/pesan/<int:pk>/kirim-ulang/", messages.message_resend, name="message_resend"),
    path("kerja/pesan/<int:pk>/sudah-dikirim/", messages.message_mark_sent, name="message_mark_sent"),
    path("kerja/pesan/pengiriman/", board.message_board, name="message_board"),
    path("kerja/pesan/kirim-ulang/", board.failure_resend, name="failure_resend"),
    path("kerja/teks-pesan/", texts.text_list, name="text_list"),
    path("kerja/teks-pesan/<slug:slug>/<slug:kind>/", texts.text_edit, name="text_edit"),
    path("kerja/teks-pesan/<slug:slug>/<slug:kind>/baku/", texts.text_reset, name="text_reset"),
    path("kerja/teks-pesan/<slug:slug>/<slug:kind>/riwayat/", texts.text_history, name="text_history"),
    path("kerja/teks-pesan/versi/<int:pk>/pulihkan/", texts.text_restore, name="text_restore"),
    path("webhook/whatsapp/<slug:slug>/", webhook.whatsapp_webhook, name="whatsapp_webhook"),
    path("kotak-surat/", messages.mailbox, name="mailbox"),
    path("kotak-surat/<int:pk>/", messages.mailbox_message, name="mailbox_message"),
]
