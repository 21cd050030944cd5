"""Puts messages into the outbox and wakes the deliverer. Nothing is sent from here."""

import datetime as dt
import re
import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import Agency
from kit.rows import insert_unless_there
from kit.wakeup import wake_after_commit
from notifications import routing
from notifications.models import BY_HAND, Channel, Message
from notifications.rules import UNPRINTABLE, Wording, tidy
from notifications.texts import PLACEHOLDERS, fill_wording, own_wording, split_text, standard_text, value_of
from regions.models import Region

DELIVER = "notifications.tasks.deliver"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message before it is written. `key` makes it unique for ever, `group` names what it can be cancelled with.

    `wording` is what an officer wrote, with placeholders; the standard text of the kind shows it as `text`.
    `subject` is the person concerned, as (kind, number). A secret text is kept only while it waits. After
    `expires_at` the message is of no use any more and is not sent.
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
    not_before: dt.datetime | None = None
    expires_at: dt.datetime | None = None


def enqueue(drafts: Sequence[Draft]) -> list[str]:
    """Writes the rows, skipping keys that exist, and notes one wake-up. Answers all Message-IDs."""
    allowed = {agency: allowed_numbers(agency, drafts) for agency in {draft.agency for draft in drafts}}
    messages = [compose(draft, allowed[draft.agency]) for draft in drafts]
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    wake_for(*messages)
    return [message.message_id for message in messages]


def enqueue_one(draft: Draft) -> Message | None:
    """The same for one message in one statement; None when its key exists."""
    message = prepare(draft)
    return message if insert_unless_there(message) else None


def prepare(draft: Draft) -> Message:
    """A row that the caller writes in this transaction, under a key that is certainly new; notes the wake-up."""
    message = compose(draft, allowed_numbers(draft.agency, [draft]))
    wake_for(message)
    return message


def wake_for(*messages: Message) -> None:
    """A worker is woken where a machine has something to send now."""
    now = timezone.now()
    if any(message.channel not in BY_HAND and message.not_before <= now for message in messages):
        wake_after_commit(DELIVER)


def allowed_numbers(agency: Agency, drafts: Sequence[Draft]) -> frozenset[str]:
    own = [draft for draft in drafts if draft.agency == agency]
    kinds = [(draft.kind, language_of(draft)) for draft in own]
    return routing.allowed_numbers(agency, kinds, [draft.phone for draft in own])


def language_of(draft: Draft) -> str:
    return draft.language if draft.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def compose(draft: Draft, allowed: Container[str] = (), words: Wording | None = None) -> Message:
    """The row with its text in the recipient's language and the office's time. `allowed` numbers take WhatsApp.

    `words` spares making the text where only the channel is asked for.
    """
    language = language_of(draft)
    reach = routing.reach_of(draft.email, draft.phone)
    channel, *fallbacks = routing.route(
        draft.agency, draft.kind, language, reach, allows_whatsapp=reach.phone in allowed
    )
    subject, body = words or render(draft, language)
    subject_type, subject_id = draft.subject or ("", "")
    earliest = max(draft.not_before or timezone.now(), timezone.now())
    return Message(
        agency=draft.agency,
        region=draft.region,
        kind=draft.kind,
        key=draft.key,
        group=draft.group,
        language=language,
        channel=channel,
        recipient_name=one_line(draft.recipient_name),
        recipient_address=reach.address(channel),
        recipient_email=reach.email,
        recipient_phone=reach.phone,
        fallbacks=fallbacks,
        facts=facts_of(draft, language) if Channel.WHATSAPP in (channel, *fallbacks) else {},
        subject=subject,
        body=body,
        secret=draft.secret,
        not_before=routing.opening(draft.agency, draft.kind, channel, earliest),
        expires_at=draft.expires_at,
        message_id=new_message_id(),
        subject_type=subject_type,
        subject_id=str(subject_id),
    )


def facts_of(draft: Draft, language: str) -> dict[str, str]:
    """What stands in the places of the office's WhatsApp template, in the recipient's language."""
    names = routing.rules_of(draft.agency).templates.get((draft.kind, language), ())
    context = context_of(draft)
    with translation.override(language), timezone.override(draft.agency.zone):
        return {name: value_of(name, draft.kind, context) for name in names if name in PLACEHOLDERS}


def context_of(draft: Draft) -> dict[str, Any]:
    return {
        "agency": draft.agency,
        "recipient_name": one_line(draft.recipient_name),
        "SITE_URL": settings.SITE_URL,
        **draft.context,
    }


def render(draft: Draft, language: str) -> Wording:
    """Subject and body: the office's own wording, else the standard `templates/notifications/<kind>.txt`."""
    context = context_of(draft)
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


AGAIN = re.compile(r"(?P<root>.*)~(?P<number>[0-9]+)", re.DOTALL)
COPIED = (
    *("agency_id", "region_id", "kind", "group", "language", "channel", "fallbacks", "expires_at"),
    *("recipient_name", "recipient_address", "recipient_email", "recipient_phone"),
    *("subject", "body", "facts", "secret", "subject_type", "subject_id"),
)


def another_attempt(message: Message, **changes: Any) -> Message:
    """The row of the next attempt, not yet written. Its key and the attempt that it follows stand once for ever."""
    copied = {name: getattr(message, name) for name in COPIED}
    return Message(**copied | changes, former=message, key=next_key(message.key), message_id=new_message_id())


def next_key(key: str) -> str:
    found = AGAIN.fullmatch(key)
    return f"{found['root']}~{int(found['number']) + 1}" if found else f"{key}~2"
