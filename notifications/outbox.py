"""Puts messages into the outbox and wakes the deliverer. Nothing is sent from here."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone, translation

from accounts.models import Agency
from kit.rows import insert_unless_there
from kit.wakeup import wake_after_commit
from notifications.models import Channel, Message
from notifications.rules import UNPRINTABLE, Wording, tidy
from notifications.texts import fill_wording, own_wording, split_text, standard_text
from regions.models import Region

DELIVER = "notifications.tasks.deliver"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message before it is written. `key` makes it unique for ever, `group` names what it can be cancelled with.

    `wording` is what an officer wrote, with placeholders; the standard text of the kind shows it as `text`.
    `subject` is the person concerned, as (kind, number). A secret text is kept only while it waits.
    """

    agency: Agency
    kind: str
    key: str
    language: str
    recipient_name: str
    email: str = ""
    phone: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    wording: Wording | None = None
    group: str = ""
    region: Region | None = None
    subject: tuple[str, str | int] | None = None
    secret: bool = False
    not_before: Any = None


def enqueue(drafts: Sequence[Draft]) -> list[str]:
    """Writes the rows, skipping keys that exist, and notes one wake-up. Answers all Message-IDs."""
    messages = [compose(draft) for draft in drafts]
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    if any(message.channel == Channel.EMAIL for message in messages):
        wake_after_commit(DELIVER)
    return [message.message_id for message in messages]


def enqueue_one(draft: Draft) -> Message | None:
    """The same for one message in one statement; None when its key exists."""
    message = prepare(draft)
    return message if insert_unless_there(message) else None


def prepare(draft: Draft) -> Message:
    """A row that the caller writes in this transaction, under a key that is certainly new; notes the wake-up."""
    message = compose(draft)
    if message.channel == Channel.EMAIL:
        wake_after_commit(DELIVER)
    return message


def compose(draft: Draft, words: Wording | None = None) -> Message:
    """The row with its text in the recipient's language and the office's time; `words` spares making the text."""
    language = draft.language if draft.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    channel, address = choose_channel(draft.email, draft.phone)
    subject, body = words or render(draft, language)
    subject_type, subject_id = draft.subject or ("", "")
    return Message(
        agency=draft.agency,
        region=draft.region,
        kind=draft.kind,
        key=draft.key,
        group=draft.group,
        language=language,
        channel=channel,
        recipient_name=one_line(draft.recipient_name),
        recipient_address=address,
        subject=subject,
        body=body,
        secret=draft.secret,
        not_before=draft.not_before or timezone.now(),
        message_id=new_message_id(),
        subject_type=subject_type,
        subject_id=str(subject_id),
    )


def choose_channel(email: str, phone: str) -> tuple[Channel, str]:
    """By e-mail where there is one address; otherwise a person sends it, to the phone or by word of mouth."""
    try:
        validate_email(email)
    except ValidationError:
        return Channel.MANUAL, phone
    return Channel.EMAIL, email


def render(draft: Draft, language: str) -> Wording:
    """Subject and body: the office's own wording, else the standard `templates/notifications/<kind>.txt`."""
    context = {
        "agency": draft.agency,
        "recipient_name": one_line(draft.recipient_name),
        "SITE_URL": settings.SITE_URL,
        **draft.context,
    }
    own = own_wording(draft.agency, draft.kind, language)
    with translation.override(language), timezone.override(draft.agency.zone):
        if draft.wording is not None:
            written = fill_wording(draft.wording, draft.kind, context)
            context |= {"subject": one_line(written.subject), "text": written.body}
        words = fill_wording(own, draft.kind, context) if own else split_text(standard_text(draft.kind, context))
    return Wording(one_line(words.subject), f"{tidy(words.body)}\n")


def one_line(text: str) -> str:
    """For headers: no line break and no control character survives, whatever a visitor typed."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())[:200]


def new_message_id() -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4()}@{host}>"
