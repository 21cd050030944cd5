"""Photos of documents: sent, looked at, taken back, and deleted as soon as nobody needs them."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.actions import drop_file, keep_file
from jobs.models import StoredFile
from kit.crypto import encrypt_file, new_file_key
from kit.pictures import clean_photo
from participants import queries
from participants.actions.entries import audit, locked, log
from participants.models import CheckState, EvidenceFile, EvidenceKind, Registration, RegistrationEvent

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
FULL = _(
    "Photos cannot be stored at the moment, because the office's storage is full. Your registration is safe: please try"
    " later, or show the document at the office."
)
TOO_MANY = _("You have sent many photos today. Please try again tomorrow, or show the document at the office.")
NOT_ASKED = _("A photo of this document is not asked.")
DECIDED = _("The entry has been decided or has ended; no photo is needed any more.")


@transaction.atomic
def add_evidence(*, registration: Registration, kind: str, content: bytes, by: User | None) -> EvidenceFile:
    """Keeps a fresh picture of what was sent, encrypted; a former one of the same document is deleted."""
    _refuse(registration, kind)
    _refuse_full()
    photo = clean_photo(content)
    fresh, now = locked(registration), timezone.now()
    _refuse(fresh, kind)
    if fresh.evidence.filter(uploaded_at__gt=now - timedelta(days=1)).count() >= settings.EVIDENCE["a_day"]:
        raise ValidationError(TOO_MANY, code="documents_too_many")
    before = drop_evidence(registration=fresh, reason=EvidenceFile.Reason.REPLACED, now=now, kinds=[kind])
    sent = _keep(fresh, kind, photo, now, by)
    log(registration=fresh, kind=RegistrationEvent.Kind.EVIDENCE_SENT, by=by, at=now, document=kind)
    changes = {"document": kind, "size": len(photo)}
    audit(registration=fresh, action="evidence_replaced" if before else "evidence_added", by=by, changes=changes)
    _mended(fresh)
    return sent


def _keep(registration: Registration, kind: str, photo: bytes, now: datetime, by: User | None) -> EvidenceFile:
    row = EvidenceFile(registration=registration, kind=kind, uploaded_at=now, uploaded_by=by, key=new_file_key())
    sealed = encrypt_file(photo, key=str(row.key), context=row.context)
    agency = registration.batch.program.agency
    try:
        row.stored = keep_file(
            agency=agency, name="evidence", content=sealed, content_type="application/octet-stream", by=by
        )
    except OSError:
        logger.exception("A photo could not be written to the disk.")
        raise ValidationError(FULL, code="documents_full") from None
    row.save(force_insert=True)
    return row


def _refuse(registration: Registration, kind: str) -> None:
    if not registration.can_be_corrected:
        raise ValidationError(DECIDED, code="documents_closed")
    if kind not in registration.documents_asked(registration.batch.program):
        raise ValidationError(NOT_ASKED, code="documents_not_asked")


def _refuse_full() -> None:
    limits = settings.EVIDENCE
    free, used = StoredFile.objects.free_space(), EvidenceFile.objects.space_used()
    if used > limits["total_mb"] * MEGABYTE or free < limits["least_free_mb"] * MEGABYTE:
        logger.error("No photo is taken any more: %d MB used, %d MB free.", used // MEGABYTE, free // MEGABYTE)
        raise ValidationError(FULL, code="documents_full")


def _mended(registration: Registration) -> None:
    """A correction that asked for documents is done as soon as the last of them is there."""
    if registration.check_state != CheckState.NEEDS_FIX:
        return
    asked = registration.events.filter(kind=RegistrationEvent.Kind.FIX_REQUESTED).order_by("-pk").first()
    wanted = set(asked.data.get("documents", [])) if asked else set()
    if not wanted or wanted - set(registration.evidence.kept().values_list("kind", flat=True)):
        return
    registration.check_state, registration.check_note = CheckState.PENDING, ""
    registration.checked_at = registration.checked_by = None
    registration.save(update_fields=["check_state", "check_note", "checked_at", "checked_by"])


@transaction.atomic
def remove_evidence(*, registration: Registration, kind: str, by: User | None) -> None:
    """Whoever sent it takes it back, until the entry is decided."""
    fresh, now = locked(registration), timezone.now()
    if not fresh.can_be_corrected:
        raise ValidationError(DECIDED, code="documents_closed")
    if drop_evidence(registration=fresh, reason=EvidenceFile.Reason.TAKEN_BACK, now=now, kinds=[kind]):
        log(registration=fresh, kind=RegistrationEvent.Kind.EVIDENCE_REMOVED, by=by, at=now, document=kind)
        audit(registration=fresh, action="evidence_removed", by=by, changes={"document": kind})


@transaction.atomic
def look_at_evidence(*, photo: EvidenceFile, by: User) -> bytes:
    """The picture, for an officer who checks the entry. Each look is written down; the first counts as the check."""
    content = queries.read_photo(photo)
    seen = EvidenceFile.objects.kept().filter(pk=photo.pk, seen_at__isnull=True)
    seen.update(seen_at=timezone.now(), seen_by=by)
    registration = Registration.objects.with_parts().get(pk=photo.registration_id)
    audit(registration=registration, action="evidence_seen", by=by, changes={"document": photo.kind})
    return content


def drop_evidence(
    *,
    registration: Registration,
    reason: EvidenceFile.Reason,
    now: datetime,
    kinds: Sequence[str] = EvidenceKind.values,
) -> list[EvidenceFile]:
    """Key and row of the file go in this transaction, the bytes after its commit. The caller holds the entry's lock.

    A crash in between leaves bytes that nobody can read any more, and the clean-up of stored files removes them.
    """
    photos = list(registration.evidence.kept().filter(kind__in=kinds).select_related("stored").defer("key"))
    for photo in photos:
        stored, photo.stored, photo.key = photo.stored, None, None
        photo.deleted_at, photo.deleted_reason = max(now, photo.uploaded_at), reason
        photo.save(update_fields=["stored", "key", "deleted_at", "deleted_reason"])
        if stored is not None:
            drop_file(stored=stored, by=None)
    return photos


def sweep_evidence(*, by: None = None) -> int:
    """Deletes what nobody needs any more, whatever left it: time, a crash, a backup put back. How many went."""
    due = EvidenceFile.objects.due(timezone.now()).order_by("registration").values_list("registration", flat=True)
    gone = sum(_sweep(Registration(pk=key)) for key in list(due.distinct()))
    kept = StoredFile.objects.filter(pk__in=EvidenceFile.objects.kept().values("stored"))
    if lost := sum(stored.is_lost for stored in kept.iterator()):
        logger.error("%d photos of documents are lost on the disk; residents have to send them again.", lost)
    return gone


@transaction.atomic
def _sweep(registration: Registration) -> int:
    fresh, now = locked(registration), timezone.now()
    due = list(EvidenceFile.objects.due(now).filter(registration=fresh.pk).values_list("kind", flat=True))
    gone = drop_evidence(registration=fresh, reason=_why(fresh), now=now, kinds=due)
    for photo in gone:
        log(registration=fresh, kind=RegistrationEvent.Kind.EVIDENCE_REMOVED, by=None, at=now, document=photo.kind)
        changes = {"document": photo.kind, "reason": photo.deleted_reason}
        audit(registration=fresh, action="evidence_deleted", by=None, changes=changes, actor_label="system")
    return len(gone)


def _why(registration: Registration) -> EvidenceFile.Reason:
    if registration.check_state == CheckState.VERIFIED:
        return EvidenceFile.Reason.VERIFIED
    return EvidenceFile.Reason.TOO_OLD if registration.is_active else EvidenceFile.Reason.ENDED
