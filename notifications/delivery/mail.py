"""E-mail by SMTP, over one connection that stays open from batch to batch."""

import logging
import smtplib
from collections.abc import Sequence
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from notifications import rules
from notifications.delivery.outcome import End, Outcome, Scope
from notifications.models import Channel, Message, State

logger = logging.getLogger(__name__)


class MailSender:
    def __init__(self) -> None:
        self.scope = Scope(Channel.EMAIL, settings.NOTIFICATIONS_PER_MINUTE.get(Channel.EMAIL.value, 0))
        self.mailer = get_connection()

    def open(self) -> str:
        try:
            self.mailer.open()
        except (smtplib.SMTPException, OSError) as error:
            logger.warning("The mail server could not be reached: %s", type(error).__name__)
            return _("The mail server could not be reached.")
        return ""

    def refusals(self, messages: Sequence[Message]) -> dict[int, Outcome]:
        return {}

    def send(self, message: Message) -> Outcome:
        try:
            self.mailer.send_messages([as_email(message)])
        except smtplib.SMTPRecipientsRefused as error:
            code, _reply = next(iter(error.recipients.values()))
            return self._refused(
                code, _("The recipient's mail server refused the address (code %(code)s).") % {"code": code}
            )
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
            return self._refused(
                code, _("The recipient's mail server refused the message (code %(code)s).") % {"code": code}
            )
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            logger.warning("Message %s was not sent: %s", message.pk, type(error).__name__)
            broke = isinstance(error, OSError | smtplib.SMTPServerDisconnected)
            sentence = _("The mail server broke off or refused to send.")
            return Outcome(State.QUEUED, sentence, "mail_broke_off", broke_off=broke)
        except ValueError:
            sentence = _("The message could not be composed. Please check the address.")
            return Outcome(State.FAILED, sentence, "not_composed")
        except Exception as error:  # whatever one message does, the others go on
            logger.error("Message %s was not sent: %s", message.pk, type(error).__name__)
            return Outcome(State.QUEUED, _("Sending failed for a technical reason."), "technical")
        return Outcome(State.SENT)

    def _refused(self, code: int, sentence: str) -> Outcome:
        if rules.is_permanent(code):
            return Outcome(State.FAILED, sentence, f"smtp_{code}")
        self.close()  # after 421 the server hangs up, which must not be the next message's fault
        return Outcome(State.QUEUED, sentence, f"smtp_{code}")

    def rest(self, end: End) -> None:
        """One server for all offices: its messages wait, there is nothing more to note."""

    def close(self) -> None:
        try:
            self.mailer.close()
        except (smtplib.SMTPException, OSError) as error:
            logger.info("Closing the mail connection failed: %s", type(error).__name__)


def as_email(message: Message) -> EmailMessage:
    """Plain text in the name of the office. The visitor's name stays out of the headers."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((message.agency.name, sender)),
        to=[message.recipient_address],
        reply_to=[message.agency.email] if message.agency.email else None,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
