"""What may be done with messages and with their texts."""

from notifications.actions.channels import (
    allow_whatsapp,
    forget_number,
    note_reply,
    remove_template,
    save_channel_setting,
    stop_whatsapp,
)
from notifications.actions.hand import (
    give_up_call,
    mark_sent_by_hand,
    note_call,
    pass_on_to_call,
    undo_sent_by_hand,
)
from notifications.actions.messages import (
    FAREWELL,
    cancel_about,
    cancel_messages_about,
    cancel_queued,
    delete_messages,
    delete_messages_about,
    forget_farewells,
    forget_messages,
    forget_old_messages,
    queue,
    queue_many,
    resend,
)
from notifications.actions.reports import note_report
from notifications.actions.resending import resend_many
from notifications.actions.texts import reset_text, restore_text, save_texts, send_sample
from notifications.outbox import Draft, prepare

__all__ = [
    "Draft",
    "FAREWELL",
    "allow_whatsapp",
    "cancel_about",
    "cancel_messages_about",
    "cancel_queued",
    "delete_messages",
    "delete_messages_about",
    "forget_farewells",
    "forget_messages",
    "forget_old_messages",
    "forget_number",
    "give_up_call",
    "mark_sent_by_hand",
    "note_call",
    "note_reply",
    "note_report",
    "pass_on_to_call",
    "prepare",
    "queue",
    "queue_many",
    "remove_template",
    "resend",
    "resend_many",
    "reset_text",
    "restore_text",
    "save_channel_setting",
    "save_texts",
    "send_sample",
    "stop_whatsapp",
    "undo_sent_by_hand",
]
