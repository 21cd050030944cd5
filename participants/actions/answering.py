"""What the office does with a request: take it, look at the evidence, do what is asked, or refuse with a reason."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.crypto import decrypt_file
from kit.names import NAME_MAX, name_key
from kit.refusals import spoken_refusals
from participants import notices, queries
from participants.actions.asking import end_request, note_step, still_open
from participants.actions.entries import audit, locked, log
from participants.actions.restricting import restrict
from participants.models import (
    DataRequest,
    Person,
    RefusalReason,
    Registration,
    RegistrationEvent,
    RequestKind,
    RequestState,
)

# These change the person; the rest is how to reach them, which an ended entry keeps as it was then.
IDENTITY = frozenset({"full_name", "birth_date", "sex"})
CORRECTABLE = ("full_name", "birth_date", "sex", "phone", "email", "address", "rt", "rw", "occupation")
OWN_WAY = _("This request is done by its own button: it changes data.")


@transaction.atomic
def take_request(*, request: DataRequest, by: User) -> DataRequest:
    """The officer works on it from now on; a colleague may take it over."""
    fresh = still_open(request)
    fresh.state, fresh.taken_by = RequestState.IN_PROGRESS, by
    fresh.save(update_fields=["state", "taken_by"])
    note_step(fresh, action="data_request.taken", by=by)
    return fresh


@transaction.atomic
def answer_request(*, request: DataRequest, answer: str, by: User) -> DataRequest:
    """Done, in words. Corrections, restrictions and erasing are done by what they do."""
    fresh = still_open(request)
    if fresh.kind in {RequestKind.ERASURE, RequestKind.RESTRICTION} or fresh.wishes.get("fields"):
        raise ValidationError(OWN_WAY, code="request_own_way")
    if not answer.strip():
        raise ValidationError({"answer": ValidationError(_("Please write the answer."), code="answer_needed")})
    _done(fresh, answer, by)
    return fresh


@transaction.atomic
def refuse_request(*, request: DataRequest, reason: str, answer: str, by: User) -> DataRequest:
    fresh = still_open(request)
    if reason not in RefusalReason.values:
        raise ValidationError({"reason": ValidationError(_("A refusal needs a reason."), code="reason_needed")})
    if not answer.strip():
        sentence = _("Please explain it in words that the person understands.")
        raise ValidationError({"answer": ValidationError(sentence, code="answer_needed")})
    fresh.refusal_reason = reason
    fresh.proposed_at = fresh.proposed_by = None
    end_request(fresh, RequestState.REFUSED, by, answer.strip())
    note_step(fresh, action="data_request.refused", by=by, changes={"reason": reason})
    notices.tell_request(fresh, "data_request_answered")
    return fresh


@transaction.atomic
def correct_as_asked(*, request: DataRequest, fields: dict[str, Any], answer: str, by: User) -> DataRequest:
    """Writes the right values: those of the person everywhere, how to reach them where it is still used."""
    fresh = still_open(request)
    wrong = set(fields) - set(CORRECTABLE)
    if fresh.kind != RequestKind.CORRECTION or wrong or not fields:
        raise ValidationError(_("Choose at least one thing that is corrected."), code="correction_empty")
    entries = [locked(entry) for entry in queries.entries_of_subject(fresh.subject).order_by("pk")]
    former = {(row.email, row.phone) for row in [*entries, *([fresh.person] if fresh.person else [])]}
    for entry in entries:
        _mend_entry(entry, fields, by)
    if fresh.person is not None:
        _mend_card(fresh.person, fields)
    _done(fresh, answer, by, changes={"fields": sorted(fields)})
    for email, phone in sorted(former):
        if (email, phone) != (fields.get("email", email), fields.get("phone", phone)):
            notices.tell_request(fresh, "data_request_answered", email=email, phone=phone, to="former")
    return fresh


def _mend_entry(entry: Registration, fields: dict[str, Any], by: User) -> None:
    kept = {name: value for name, value in fields.items() if name in IDENTITY or entry.is_active}
    changed = [name for name, value in kept.items() if getattr(entry, name) != value]
    if not changed:
        return
    columns = _columns({name: kept[name] for name in changed})
    with spoken_refusals(Registration):
        Registration.objects.filter(pk=entry.pk).update(**columns)
    log(registration=entry, kind=RegistrationEvent.Kind.CORRECTED, by=by, fields=changed)
    audit(registration=entry, action="corrected", by=by, changes={"fields": changed})


def _mend_card(person: Person, fields: dict[str, Any]) -> None:
    with spoken_refusals(Person):
        Person.objects.filter(pk=person.pk).update(**_columns(fields))


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    derived = {"name_key": name_key(fields["full_name"])[:NAME_MAX]} if "full_name" in fields else {}
    day = fields.get("birth_date")
    typed = {"birth_date": date.fromisoformat(day)} if isinstance(day, str) else {}
    return {**fields, **derived, **typed}


@transaction.atomic
def restrict_as_asked(*, request: DataRequest, answer: str, by: User) -> DataRequest:
    fresh = still_open(request)
    if fresh.kind != RequestKind.RESTRICTION:
        raise ValidationError(OWN_WAY, code="request_own_way")
    restrict(subject=fresh.subject, by=by)
    _done(fresh, answer, by)
    return fresh


@transaction.atomic
def look_at_request_evidence(*, request: DataRequest, by: User) -> tuple[bytes, str]:
    """The evidence and what it is; each look is written down."""
    if request.evidence is None:
        raise ValidationError(_("There is no evidence any more."), code="evidence_gone")
    note_step(request, action="data_request.evidence_seen", by=by)
    sealed = request.evidence.content()
    content = decrypt_file(sealed, key=str(request.evidence_key), context=request.evidence_context)
    return content, request.evidence.content_type


def _done(request: DataRequest, answer: str, by: User, changes: dict[str, Any] | None = None) -> None:
    request.taken_by = request.taken_by or by
    end_request(request, RequestState.DONE, by, answer.strip())
    note_step(
        request,
        action="data_request.done",
        by=by,
        changes={"in_time": request.due_at >= timezone.now(), **(changes or {})},
    )
    notices.tell_request(request, "data_request_answered")
