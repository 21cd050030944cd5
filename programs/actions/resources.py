"""Who teaches, where, with whom and for how much: rows that the office keeps, each change with a line in the trail."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from jobs.actions import drop_file, keep_file
from kit.crypto import decrypt_file, encrypt_file, keyed_hash, new_file_key
from kit.refusals import spoken_refusals
from programs.actions.files import checked_paper
from programs.models import (
    HonorariumRate,
    Instructor,
    InstructorAbsence,
    InstructorCompetence,
    InstructorDocument,
    Partner,
    PartnerAgreement,
    Session,
    Venue,
    VenueClosure,
)
from regions.models import Region

IDENTITY_PURPOSE = "instructor nik"
MOST_PAPERS = 30
Kept = Partner | Venue | VenueClosure | HonorariumRate | InstructorCompetence | InstructorAbsence


@transaction.atomic
def save_resource(*, row: Kept, agency: Agency, changed: Sequence[str], by: User) -> None:
    """A partner, a venue, a rate, or a line of an instructor or venue, as the office wrote it."""
    with spoken_refusals(type(row)):
        row.save()
    kind = str(row._meta.model_name)
    record(action=f"{kind}.saved", by=by, target=row, agency=agency, changes={"fields": sorted(changed)})


@transaction.atomic
def remove_resource(*, row: VenueClosure | InstructorCompetence | InstructorAbsence, agency: Agency, by: User) -> None:
    """A line that was wrong or is over."""
    kind = str(row._meta.model_name)
    record(action=f"{kind}.removed", by=by, target=row, agency=agency, changes={"label": str(row)})
    row.delete()


@transaction.atomic
def save_instructor(
    *, row: Instructor, nik: str | None, regions: Iterable[Region], changed: Sequence[str], by: User
) -> Instructor:
    """`nik` is a new identity number, "" takes it out, None leaves what is there. Nobody stands in the list twice."""
    if nik is not None:
        row.nik = nik or None
        row.nik_hash = keyed_hash(IDENTITY_PURPOSE, nik) if nik else ""
        row.nik_last4 = nik[-4:]
    with spoken_refusals(Instructor):
        row.save()
    row.regions.set(regions)
    fields = sorted({*changed, *(["nik"] if nik is not None else [])})
    record(action="instructor.saved", by=by, target=row, agency=row.agency, changes={"fields": fields})
    return row


@transaction.atomic
def move_instructor(*, instructor: Instructor, to: str, by: User) -> Instructor:
    """Candidate, verified, contracted, inactive. Nobody becomes inactive while sessions wait for them."""
    locked = Instructor.objects.select_for_update(of=("self",), no_key=True).get(pk=instructor.pk)
    if to not in Instructor.NEXT[locked.state]:
        raise ValidationError(_("The state cannot change in this way."), code="instructor_state")
    coming = Session.objects.planned().filter(instructor=locked, during__startswith__gt=timezone.now()).count()
    if to == Instructor.State.INACTIVE and coming:
        raise ValidationError(
            _("%(count)d sessions are planned with this instructor. Give them to somebody else first."),
            code="instructor_has_sessions",
            params={"count": coming},
        )
    changes = {"state": [locked.state, to]}
    locked.state = to
    locked.save(update_fields=["state"])
    record(action="instructor.moved", by=by, target=locked, agency=locked.agency, changes=changes)
    return locked


@transaction.atomic
def add_paper(*, instructor: Instructor, kind: str, label: str, content: bytes, by: User) -> InstructorDocument:
    """Keeps a PDF or picture, encrypted under a key of its own."""
    locked = Instructor.objects.select_for_update(of=("self",), no_key=True).get(pk=instructor.pk)
    if locked.documents.count() >= MOST_PAPERS:
        raise ValidationError(_("There are many papers already. Please delete one first."), code="papers_too_many")
    clean, content_type = checked_paper(content)
    row = InstructorDocument(
        instructor=locked, kind=kind, label=label, key=new_file_key(), uploaded_at=timezone.now(), uploaded_by=by
    )
    sealed = encrypt_file(clean, key=str(row.key), context=row.context)
    row.stored = keep_file(agency=locked.agency, name="paper", content=sealed, content_type=content_type, by=by)
    with spoken_refusals(InstructorDocument):
        row.save(force_insert=True)
    record(action="instructor.paper_added", by=by, target=locked, agency=locked.agency, changes={"document": kind})
    return row


@transaction.atomic
def read_paper(*, paper: InstructorDocument, by: User) -> bytes:
    """The bytes, for somebody of the office. Each look is written down."""
    content = decrypt_file(paper.stored.content(), key=str(paper.key), context=paper.context)
    owner = paper.instructor
    record(action="instructor.paper_seen", by=by, target=owner, agency=owner.agency, changes={"document": paper.kind})
    return content


@transaction.atomic
def remove_paper(*, paper: InstructorDocument, by: User) -> None:
    """The key goes with the row, so that nobody reads what a crash might leave on the disk."""
    owner, stored = paper.instructor, paper.stored
    record(
        action="instructor.paper_removed", by=by, target=owner, agency=owner.agency, changes={"document": paper.kind}
    )
    paper.delete()
    drop_file(stored=stored, by=by)


@transaction.atomic
def save_agreement(*, row: PartnerAgreement, content: bytes | None, changed: Sequence[str], by: User) -> None:
    """An agreement with its file; a new file takes the place of the former."""
    agency, former = row.partner.agency, row.file
    if content is not None:
        clean, content_type = checked_paper(content)
        row.file = keep_file(agency=agency, name="agreement", content=clean, content_type=content_type, by=by)
    with spoken_refusals(PartnerAgreement):
        row.save()
    if content is not None and former is not None:
        drop_file(stored=former, by=by)
    changes = {"fields": sorted(changed), "label": row.number}
    record(action="agreement.saved", by=by, target=row.partner, agency=agency, changes=changes)


@transaction.atomic
def end_rate(*, rate: HonorariumRate, successor: HonorariumRate, by: User) -> HonorariumRate:
    """A new amount from a day on: the former rate ends the day before, both in one step."""
    locked = HonorariumRate.objects.select_for_update(of=("self",), no_key=True).get(pk=rate.pk)
    begins = successor.first_day
    if begins <= locked.first_day:
        raise ValidationError(_("The new amount begins after the former one."), code="rate_begins_too_early")
    with spoken_refusals(HonorariumRate):
        locked.valid = DateRange(locked.first_day, begins)
        locked.save(update_fields=["valid"])
        successor.save(force_insert=True)
    changes = {"label": str(successor), "valid_from": begins.isoformat()}
    record(action="honorariumrate.replaced", by=by, target=successor, agency=locked.agency, changes=changes)
    return successor
