"""What may be done with messages and with their texts."""

from notifications.actions.messages import cancel_queued, mark_sent_by_hand, queue, queue_many, resend
from notifications.actions.texts import reset_text, restore_text, save_texts, send_sample
from notifications.outbox import Draft, prepare

__all__ = [
    "Draft",
    "cancel_queued",
    "mark_sent_by_hand",
    "prepare",
    "queue",
    "queue_many",
    "reset_text",
    "resend",
    "restore_text",
    "save_texts",
    "send_sample",
]
