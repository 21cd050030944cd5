"""A right is used: the request is written down with its clock, whoever brings it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from jobs.actions import drop_file, keep_file
from kit.crypto import encrypt_file, new_file_key
from kit.refusals import spoken_refusals
from kit.scans import clean_scan
from participants import notices, queries, rules
from participants.models import (
    DataRequest,
    IdentityProof,
    Person,
    Registration,
    RequestKind,
    RequestState,
    written_wish,
)
from participants.models.rights import TIME_TO_ANSWER
from participants.queries import Subject

ENDED = _("This request has been answered or taken back already.")
# What stands on the identity card is corrected against a picture of it.
NEEDS_EVIDENCE = frozenset({"full_name", "birth_date", "sex"})


@dataclass(frozen=True)
class Asked:
    """What somebody asks, and how it was made sure who asks. `fields` are the right values of a correction."""

    kind: str
    identity: str
    note: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    evidence: bytes = b""


@transaction.atomic
def ask(*, subject: Subject, registration: Registration | None, asked: Asked, by: User | None) -> DataRequest:
    """Writes the request down and tells the person. Refuses a second one of the same kind while the first is open.

    Erasing is refused at once while something forbids it: nobody waits three days to hear that.
    """
    _refuse(subject, asked, by)
    now = timezone.now()
    made = _row(subject, registration, asked, by, now)
    if asked.evidence:
        _keep_evidence(made, asked.evidence, by)
    with spoken_refusals(DataRequest):
        made.save(force_insert=True)
    note_step(made, action="data_request.received", by=by, changes={"kind": made.kind, "identity": made.identity})
    notices.tell_request(made, "data_request_received")
    return made


def _refuse(subject: Subject, asked: Asked, by: User | None) -> None:
    if by is None and asked.identity not in {IdentityProof.PIN, IdentityProof.CODE}:
        raise ValueError("only an officer sees a card or a letter")
    if asked.kind == RequestKind.ERASURE and (obstacles := queries.obstacles_to_erasing(subject)):
        raise ValidationError([ValidationError(line, code="erasing_forbidden") for line in obstacles])
    if asked.kind == RequestKind.CORRECTION:
        if not asked.fields and not asked.note:
            raise ValidationError(_("Please write what is wrong, and what is right."), code="correction_empty")
        if by is None and NEEDS_EVIDENCE & set(asked.fields) and not asked.evidence:
            raise ValidationError(
                {"evidence": ValidationError(_("Please add a photo of your identity card."), code="evidence_needed")}
            )
    if asked.kind == RequestKind.OBJECTION and not asked.note:
        sentence = _("Please write what you object to, and why.")
        raise ValidationError({"note": ValidationError(sentence, code="objection_empty")})


def _row(
    subject: Subject, registration: Registration | None, asked: Asked, by: User | None, now: datetime
) -> DataRequest:
    entry = subject if isinstance(subject, Registration) else registration
    return DataRequest(
        agency=agency_of(subject),
        region_id=entry.batch.region_id if entry else subject.region_id,
        kind=asked.kind,
        code=rules.new_code(),
        person=subject if isinstance(subject, Person) else None,
        registration=entry,
        identity=asked.identity,
        entered_by=by,
        received_at=now,
        due_at=now + TIME_TO_ANSWER,
        wish=written_wish(asked.note, asked.fields),
    )


def agency_of(subject: Subject) -> Agency:
    return subject.agency if isinstance(subject, Person) else subject.batch.program.agency


def _keep_evidence(request: DataRequest, content: bytes, by: User | None) -> None:
    scan = clean_scan(content)
    request.evidence_key = new_file_key()
    sealed = encrypt_file(scan.content, key=str(request.evidence_key), context=request.evidence_context)
    request.evidence = keep_file(
        agency=request.agency, name=f"evidence.{scan.extension}", content=sealed, content_type=scan.content_type, by=by
    )


def drop_evidence_of(request: DataRequest) -> None:
    """It has done its work when the request ends: key and file go."""
    stored, request.evidence, request.evidence_key = request.evidence, None, None
    request.save(update_fields=["evidence", "evidence_key"])
    if stored is not None:
        drop_file(stored=stored, by=None)


@transaction.atomic
def take_back_request(*, request: DataRequest, by: None) -> DataRequest:
    """Who asked has thought better of it."""
    fresh = still_open(request)
    end_request(fresh, RequestState.TAKEN_BACK, None)
    note_step(fresh, action="data_request.taken_back", by=by)
    return fresh


def still_open(request: DataRequest) -> DataRequest:
    """The request's row, locked; refuses when it has ended meanwhile."""
    fresh = DataRequest.objects.locked(request.pk)
    if not fresh.is_open:
        raise ValidationError(ENDED, code="request_ended")
    return fresh


def end_request(request: DataRequest, state: RequestState, by: User | None, answer: str = "") -> None:
    request.state, request.answered_at, request.answered_by = state, timezone.now(), by
    request.answer = answer or None
    request.save()
    drop_evidence_of(request)


def note_step(
    request: DataRequest, *, action: str, by: User | None, changes: dict[str, Any] | None = None, purpose: str = ""
) -> None:
    """The line of the trail; it never holds the words."""
    record(
        action=action,
        by=by,
        target=request,
        subject=request.person or request.registration,
        agency=request.agency,
        changes=changes,
        purpose=purpose,
    )
