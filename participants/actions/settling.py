"""The signed sheet held against the marks: read, differences decided, settled; and who was let in against the rules."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from jobs.actions import keep_file
from kit.scans import Scan
from participants import queries
from participants.actions.marking import REFUSED, MarkInput, note_marks
from participants.models import (
    MARK_REFUSALS,
    Attendance,
    AttendanceMark,
    DoorCase,
    MarkKind,
    MarkWay,
    Registration,
    SheetLine,
    SheetScan,
    SignedSheet,
)
from programs.models import Session


@transaction.atomic
def add_scan(*, session: Session, scan: Scan, by: User) -> SheetScan:
    """One photo or PDF more of the signed paper."""
    locked = _locked(session)
    agency = locked.batch.program.agency
    day = locked.during.lower.astimezone(agency.zone).date().isoformat()
    number = SheetScan.objects.filter(session=locked).count() + 1
    name = f"daftar-hadir-{day}-{locked.pk}-{number}.{scan.extension}"
    stored = keep_file(agency=agency, name=name, content=scan.content, content_type=scan.content_type, by=by)
    made = SheetScan.objects.create(session=locked, stored=stored, added_at=timezone.now(), added_by=by)
    _record("attendance_sheet.scan_added", locked, by, {"scan": made.pk})
    return made


@transaction.atomic
def remove_scan(*, scan: SheetScan, by: User) -> None:
    """Sets a wrong picture aside; the file stays where it is, for the trail."""
    session = _locked(scan.session)
    _refuse_settled(session)
    values = {"removed_at": timezone.now(), "removed_by": by}
    if SheetScan.objects.filter(pk=scan.pk, removed_at__isnull=True).update(**values) == 0:
        raise ValidationError(_("This picture has been set aside already."), code="scan_removed")
    _record("attendance_sheet.scan_removed", session, by, {"scan": scan.pk})


@transaction.atomic
def read_sheet(*, session: Session, signatures: int, signed: Collection[int], by: User) -> SignedSheet:
    """What the paper says: how many signatures, and whose. Reading again keeps what was decided of the same lines."""
    locked = _locked(session)
    _refuse_settled(locked)
    now = timezone.now()
    sheet = SignedSheet.objects.update_or_create(
        session=locked, defaults={"signatures": signatures, "read_at": now, "read_by": by}
    )[0]
    known = {line.registration_id: line for line in sheet.lines.all()}
    listed = list(queries.listed_in(locked).values_list("pk", flat=True))
    stale = [line.pk for pk, line in known.items() if pk not in listed or line.signed != (pk in signed)]
    sheet.lines.filter(pk__in=stale).delete()
    SheetLine.objects.bulk_create(
        [SheetLine(sheet=sheet, registration_id=pk, signed=pk in signed) for pk in listed], ignore_conflicts=True
    )
    if not AttendanceMark.objects.filter(session=locked).exclude(way=MarkWay.SHEET).exists():
        _mark_by_paper(locked, set(listed), set(signed), by)
    _record("attendance_sheet.read", locked, by, {"signatures": signatures, "signed": len(set(listed) & set(signed))})
    return sheet


def _mark_by_paper(session: Session, listed: set[int], signed: set[int], by: User) -> None:
    """Where nobody marked in the hall, nothing speaks against the paper: who signed was there, and nobody else."""
    standing = AttendanceMark.objects.standing().filter(session=session, kind=MarkKind.ARRIVED)
    marked = {mark.registration_id: mark for mark in standing}
    came = [_mark(session, pk, MarkKind.ARRIVED) for pk in sorted(listed & signed - marked.keys())]
    again = str(_("The sheet was read again."))
    wrong = [mark for pk, mark in marked.items() if pk not in signed]
    back = [_mark(session, one.registration_id, MarkKind.REVOKED, note=again, revokes=one.client_id) for one in wrong]
    _noted([*back, *came], by)


@transaction.atomic
def decide_difference(*, session: Session, registration: Registration, verdict: str, reason: str, by: User) -> None:
    """Whether somebody was there of whom paper and marks say different things. The marks follow."""
    locked = _locked(session)
    _refuse_settled(locked)
    line = SheetLine.objects.filter(sheet__session=locked, registration=registration).first()
    if line is None or verdict not in SheetLine.Verdict.values:
        raise ValidationError(_("Please read the sheet first."), code="not_read")
    if not reason.strip():
        raise ValidationError(_("Please write the reason."), code="reason_needed")
    state = Attendance.objects.filter(session=locked, registration=registration).first()
    was_present = state is not None and state.status == Attendance.Status.PRESENT
    if was_present == line.signed and not line.verdict:
        raise ValidationError(_("Paper and marks say the same already."), code="no_difference")
    _follow(locked, registration, verdict, was_present=was_present, reason=reason, by=by)
    line.verdict, line.reason, line.decided_at, line.decided_by = verdict, reason[:250], timezone.now(), by
    line.save(update_fields=["verdict", "reason", "decided_at", "decided_by"])
    subject = registration.person or registration
    _record("attendance_sheet.decided", locked, by, {"verdict": verdict}, subject=subject, purpose=reason)


@transaction.atomic
def settle_sheet(*, session: Session, note: str, by: User) -> SignedSheet:
    """Closes the session: nothing is open, everybody is present, excused or absent, and the counts are explained."""
    locked = _locked(session)
    _refuse_settled(locked)
    if locked.during.upper > timezone.now():
        raise ValidationError(_("This session is not over yet."), code="not_over")
    sheet = SignedSheet.objects.get_or_create(session=locked)[0]
    found = queries.sheet_figures(locked)
    _refuse_open(found, note)
    unknown = queries.listed_in(locked).exclude(attendances__session=locked).values_list("pk", flat=True)
    _noted([_mark(locked, pk, MarkKind.ABSENT) for pk in unknown], by)
    sheet.settled_at, sheet.settled_by, sheet.note = timezone.now(), by, note.strip()[:250]
    sheet.save(update_fields=["settled_at", "settled_by", "note"])
    changes = {"signatures": sheet.signatures, "present": found.present, "absent": len(unknown)}
    _record("attendance_sheet.settled", locked, by, changes, purpose=note)
    return sheet


@transaction.atomic
def reopen_sheet(*, session: Session, reason: str, by: User) -> SignedSheet:
    """Takes the settlement back, with a reason; marks are taken again."""
    locked = _locked(session)
    sheet = SignedSheet.objects.settled().filter(session=locked).first()
    if sheet is None:
        raise ValidationError(_("This session is not settled."), code="not_settled")
    if not reason.strip():
        raise ValidationError(_("Please write the reason."), code="reason_needed")
    sheet.settled_at, sheet.settled_by = None, None
    sheet.save(update_fields=["settled_at", "settled_by"])
    _record("attendance_sheet.reopened", locked, by, {}, purpose=reason)
    return sheet


@transaction.atomic
def settle_case(*, case: DoorCase, counts: bool, note: str, by: User, registration: Registration | None = None) -> None:
    """Decides about somebody who was let in: counted by the same rules as anybody, or not at all."""
    session = _locked(case.session)
    fresh = DoorCase.objects.select_for_update(no_key=True).get(pk=case.pk)
    if fresh.state != DoorCase.State.OPEN:
        raise ValidationError(_("Somebody has settled this already."), code="already_settled")
    _refuse_settled(session)
    if not note.strip():
        raise ValidationError(_("Please write the reason."), code="reason_needed")
    entry = fresh.registration or registration
    if counts and entry is None:
        raise ValidationError(_("Please choose who it was."), code="entry_needed")
    if counts and entry is not None:
        kind = fresh.kind if fresh.kind in {MarkKind.ARRIVED, MarkKind.LEFT} else MarkKind.ARRIVED
        _noted([_mark(session, entry.pk, kind, at=fresh.at, note=note)], by)
    fresh.state = DoorCase.State.COUNTED if counts else DoorCase.State.DISMISSED
    fresh.registration, fresh.settle_note = entry, note.strip()[:250]
    fresh.settled_at, fresh.settled_by = timezone.now(), by
    fresh.save(update_fields=["state", "registration", "settle_note", "settled_at", "settled_by"])
    subject = entry and (entry.person or entry)
    changes = {"case": fresh.pk, "counts": counts, "reason": fresh.reason}
    _record("attendance.case_settled", session, by, changes, subject=subject, purpose=note)


def _locked(session: Session) -> Session:
    Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    return Session.objects.select_related("batch__program__agency", "sheet").get(pk=session.pk)


def _refuse_settled(session: Session) -> None:
    if SignedSheet.objects.settled().filter(session=session).exists():
        raise ValidationError(MARK_REFUSALS["sheet_settled"], code="sheet_settled")


def _refuse_open(found: queries.SheetFigures, note: str) -> None:
    if found.cases:
        raise ValidationError(_("First decide about those who were let in against the rules."), code="cases_open")
    if found.signatures is None:
        if not note.strip():
            raise ValidationError(_("Without a signed sheet, please write why there is none."), code="note_needed")
        return
    if found.unread:
        raise ValidationError(_("The list has changed since. Please read the sheet again."), code="not_read")
    if found.open_differences:
        raise ValidationError(_("First decide about every difference."), code="differences_open")
    if found.signatures != found.signed and not note.strip():
        raise ValidationError(
            _("The paper has %(paper)d signatures, the list has %(list)d. Please count again or write why."),
            code="count_differs",
            params={"paper": found.signatures, "list": found.signed},
        )


def _follow(session: Session, entry: Registration, verdict: str, *, was_present: bool, reason: str, by: User) -> None:
    if verdict == SheetLine.Verdict.PRESENT and not was_present:
        _noted([_mark(session, entry.pk, MarkKind.ARRIVED, note=reason)], by)
    elif verdict == SheetLine.Verdict.ABSENT and was_present:
        standing = AttendanceMark.objects.standing().filter(session=session, registration=entry)
        arrivals = standing.filter(kind__in=[MarkKind.ARRIVED, MarkKind.LEFT]).order_by("-pk")
        back = [_mark(session, entry.pk, MarkKind.REVOKED, note=reason, revokes=one.client_id) for one in arrivals]
        _noted([*back, _mark(session, entry.pk, MarkKind.ABSENT, note=reason)], by)


def _mark(session: Session, entry_id: int, kind: str, **values: Any) -> MarkInput:
    way = MarkWay.SHEET
    return MarkInput(uuid.uuid4(), session.pk, kind, way, registration_id=entry_id, **values)


def _noted(marks: Sequence[MarkInput], by: User) -> None:
    """All of them, or the refusal of the first that cannot be noted."""
    for result in note_marks(marks=marks, by=by) if marks else []:
        if result.outcome == REFUSED:
            raise ValidationError(MARK_REFUSALS[result.code], code=result.code)


def _record(action: str, session: Session, by: User, changes: dict[str, Any], **more: Any) -> None:
    batch = session.batch
    agency = batch.program.agency
    record(action=action, by=by, target=batch, agency=agency, changes={"session": session.pk, **changes}, **more)
