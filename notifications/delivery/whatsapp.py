"""The WhatsApp Business Platform (Cloud API): template messages by HTTP, in the name of one office's number."""

import datetime as dt
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import urllib3
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kit.phones import whatsapp_digits
from notifications import routing, rules
from notifications.delivery.outcome import OUTAGE_PAUSE, End, Outcome, Scope
from notifications.models import Channel, Message, State, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from notifications.rules import Verdict

logger = logging.getLogger(__name__)

# One pool a process: connections stay open from batch to batch and from task to task.
POOL = urllib3.PoolManager(
    num_pools=8,
    maxsize=8,
    block=False,
    retries=False,
    timeout=urllib3.Timeout(connect=3.0, read=10.0),
)
REST = OUTAGE_PAUSE
LONGEST_REST = dt.timedelta(hours=1)
BATCH = 400
WINDOW = 32  # a hand-over takes half a millisecond, a durable note on a busy disk thirty
MOST_ANSWER = 65_536  # bytes that are read of an answer


class WhatsAppSender:
    def __init__(self, gateway: WhatsAppGateway) -> None:
        only = {"agency": gateway.agency_id}
        self.gateway = gateway
        size = {"batch": BATCH, "window": WINDOW}
        self.scope = Scope(Channel.WHATSAPP, gateway.per_minute, only, lock=gateway.agency_id, **size)
        self.url = f"{settings.WHATSAPP_API_URL}/{gateway.phone_number_id}/messages"
        self.headers = {"Authorization": f"Bearer {gateway.token}", "Content-Type": "application/json"}
        self.templates = {
            (template.kind, template.language): template
            for template in WhatsAppTemplate.objects.filter(agency=gateway.agency_id)
        }

    def open(self) -> str:
        return ""

    def close(self) -> None:
        """The pool keeps its connections for the next task."""

    def refusals(self, messages: Sequence[Message]) -> dict[int, Outcome]:
        """Who said stop meanwhile, and what has lost its template."""
        phones = {message.recipient_address for message in messages}
        wanted = set(
            WhatsAppChoice.objects.filter(agency=self.gateway.agency_id, phone__in=phones, wants=True).values_list(
                "phone", flat=True
            )
        )
        refused = {}
        for message in messages:
            if message.recipient_address not in wanted:
                refused[message.pk] = Outcome(
                    State.FAILED, _("The recipient does not want messages by WhatsApp."), "opted_out"
                )
            elif (message.kind, message.language) not in self.templates:
                refused[message.pk] = Outcome(
                    State.FAILED, _("The office has no WhatsApp template for this message."), "no_template"
                )
        return refused

    def send(self, message: Message) -> Outcome:
        template = self.templates[message.kind, message.language]
        missing = [name for name in template.parameters if name not in message.facts]
        if missing:
            sentence = _("The WhatsApp template asks for values that this message lacks: %(names)s.")
            return Outcome(State.FAILED, sentence % {"names": ", ".join(missing)}, "template_values")
        try:
            answer = POOL.request("POST", self.url, body=as_payload(message, template), headers=self.headers)
        except urllib3.exceptions.HTTPError as error:
            logger.warning("Message %s was not handed to WhatsApp: %s", message.pk, type(error).__name__)
            return Outcome(State.QUEUED, _("WhatsApp could not be reached."), "wa_unreachable", broke_off=True)
        except Exception as error:  # whatever one message does, the others go on
            logger.error("Message %s was not handed to WhatsApp: %s", message.pk, type(error).__name__)
            return Outcome(State.QUEUED, _("Sending failed for a technical reason."), "technical")
        return self._judged(answer.status, answer.data[:MOST_ANSWER], answer.headers)

    def _judged(self, status: int, body: bytes, headers: Mapping[str, str]) -> Outcome:
        answer = read_json(body)
        if 200 <= status < 300:
            provider_id = first(answer.get("messages")).get("id", "")
            if provider_id:
                return Outcome(State.SENT, provider_id=str(provider_id)[:200])
            return Outcome(State.QUEUED, _("WhatsApp answered something unintelligible."), "wa_unintelligible")
        error = answer["error"] if isinstance(answer.get("error"), dict) else {}
        code = number(error.get("code"))
        verdict = rules.verdict_on(status, -1 if code is None else code)
        name = f"wa_{status if code is None else code}"
        if verdict == Verdict.STOP:
            return Outcome(State.QUEUED, reason_of(error, verdict), name, rests=dt.timedelta(0), stops=True)
        if verdict == Verdict.REST:
            return Outcome(State.QUEUED, reason_of(error, verdict), name, rests=rest_asked(headers))
        if verdict == Verdict.LATER:
            return Outcome(State.QUEUED, reason_of(error, verdict), name)
        return outcome_of(error, verdict, name)

    def rest(self, end: End) -> None:
        """A stopped number sends nothing more until an administrator mended it; the board and readiness say so."""
        gateway, now = WhatsAppGateway.objects.filter(pk=self.gateway.pk), timezone.now()
        if end.stops:
            logger.error("The WhatsApp gateway of agency %s is stopped.", self.gateway.agency_id)
            gateway.filter(paused_at__isnull=True).update(paused_at=now, pause_reason=end.trouble[:300])
            routing.note_change(self.gateway.agency_id)
        elif end.pause is not None:
            gateway.filter(not_before__lt=now + end.pause).update(not_before=now + end.pause)


def rest_asked(headers: Mapping[str, str]) -> dt.timedelta:
    asked = number(headers.get("Retry-After"))
    return min(dt.timedelta(seconds=asked), LONGEST_REST) if asked else REST


def as_payload(message: Message, template: WhatsAppTemplate) -> bytes:
    body = [{"type": "text", "text": rules.one_parameter(message.facts[name])} for name in template.parameters]
    payload: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": whatsapp_digits(message.recipient_address),
        "type": "template",
        "template": {"name": template.name, "language": {"code": template.language_code}},
        "biz_opaque_callback_data": message.message_id,
    }
    if body:
        payload["template"]["components"] = [{"type": "body", "parameters": body}]
    return json.dumps(payload).encode()


def outcome_of(error: Mapping[str, Any], verdict: Verdict, name: str) -> Outcome:
    """A refusal for good, whether the platform said it at once or by the webhook."""
    without = (Channel.MANUAL,) if verdict == Verdict.NOT_ON_WHATSAPP else ()
    return Outcome(State.FAILED, reason_of(error, verdict), name, without=without)


def reason_of(error: Mapping[str, Any], verdict: Verdict) -> str:
    """A sentence of ours for the office, and in brackets what the platform said."""
    sentences = {
        Verdict.NOT_ON_WHATSAPP: _("WhatsApp cannot bring messages to this number."),
        Verdict.STOPPED_BY_RECIPIENT: _("The recipient does not want messages by WhatsApp."),
        Verdict.STOP: _("WhatsApp does not accept the access token or the number of the office."),
        Verdict.REST: _("WhatsApp takes no more messages from this number for the moment."),
        Verdict.LATER: _("WhatsApp could not take the message just now."),
    }
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    said = str(details or error.get("title") or error.get("message") or "").strip()
    code = number(error.get("code"))
    sentence = sentences.get(verdict, _("WhatsApp refused the message."))
    told = " ".join(part for part in (str(code) if code is not None else "", said) if part)
    return f"{sentence} ({told})"[:300] if told else sentence


def read_json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def first(items: Any) -> dict[str, Any]:
    return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}


def number(value: Any) -> int | None:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
