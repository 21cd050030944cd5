from django.urls import path

from notifications.views import board, hand, messages, texts, webhook

app_name = "notifications"

urlpatterns = [
    path("kerja/pesan/", messages.message_list, name="message_list"),
    path("kerja/pesan/<int:pk>/", messages.message_detail, name="message_detail"),
    path("kerja/pesan/<int:pk>/kirim-ulang/", messages.message_resend, name="message_resend"),
    path("kerja/pesan/<int:pk>/sudah-dikirim/", messages.message_mark_sent, name="message_mark_sent"),
    path("kerja/pesan/pengiriman/", board.message_board, name="message_board"),
    path("kerja/pesan/kirim-ulang/", board.failure_resend, name="failure_resend"),
    path("kerja/kirim-wa/", hand.chat_list, name="chat_list"),
    path("kerja/kirim-wa/<int:pk>/terkirim/", hand.chat_sent, name="chat_sent"),
    path("kerja/kirim-wa/<int:pk>/batalkan/", hand.chat_undo, name="chat_undo"),
    path("kerja/kirim-wa/<int:pk>/bukan-wa/", hand.chat_impossible, name="chat_impossible"),
    path("kerja/telepon/", hand.call_list, name="call_list"),
    path("kerja/telepon/<int:pk>/tersambung/", hand.call_reached, name="call_reached"),
    path("kerja/telepon/<int:pk>/tidak-diangkat/", hand.call_unanswered, name="call_unanswered"),
    path("kerja/telepon/<int:pk>/menyerah/", hand.call_give_up, name="call_give_up"),
    path("kerja/teks-pesan/", texts.text_list, name="text_list"),
    path("kerja/teks-pesan/<slug:slug>/<slug:kind>/", texts.text_edit, name="text_edit"),
    path("kerja/teks-pesan/<slug:slug>/<slug:kind>/baku/", texts.text_reset, name="text_reset"),
    path("kerja/teks-pesan/<slug:slug>/<slug:kind>/riwayat/", texts.text_history, name="text_history"),
    path("kerja/teks-pesan/versi/<int:pk>/pulihkan/", texts.text_restore, name="text_restore"),
    path("webhook/whatsapp/<slug:slug>/", webhook.whatsapp_webhook, name="whatsapp_webhook"),
    path("kotak-surat/", messages.mailbox, name="mailbox"),
    path("kotak-surat/<int:pk>/", messages.mailbox_message, name="mailbox_message"),
]
