"""Claims waiting messages in batches, sends each by its channel, and marks each right after it was sent.

At least once: a message that was in flight when the process died may go out a second time, with the same Message-ID or
callback id. What one channel cannot bring goes to the next one, in the transaction that marks the failure.
"""

from notifications.delivery.claims import PATIENCE, claim, settle, take_back
from notifications.delivery.fallback import end_useless, fail_over, fall_back_unreported, leave_stopped_gateways
from notifications.delivery.mail import MailSender
from notifications.delivery.outcome import Outcome, Sender
from notifications.delivery.whatsapp import WhatsAppSender
from notifications.delivery.work import deliver_all, deliver_batch

__all__ = [
    "PATIENCE",
    "MailSender",
    "Outcome",
    "Sender",
    "WhatsAppSender",
    "claim",
    "deliver_all",
    "deliver_batch",
    "end_useless",
    "fail_over",
    "fall_back_unreported",
    "leave_stopped_gateways",
    "settle",
    "take_back",
]
