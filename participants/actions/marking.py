"""Who is there, noted: the same rules for a browser, a device that was offline, and the signed sheet."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import User
from accounts.roles import Permission
from participants.actions.completing import recompute
from participants.models import (
    Attendance,
    AttendanceDevice,
    AttendanceMark,
    DoorCase,
    MarkKind,
    MarkWay,
    Registration,
    Seat,
    SignedSheet,
)
from participants.rules import EARLIER, Mark, Presence, clean_code, presence, refuse_time, shifted
from programs.models import Batch, Session

NOTED, ALREADY, KEPT, REFUSED = "noted", "already", "kept", "refused"
STATE = ["status", "arrived_at", "left_at", "minutes"]
# What a person at the door may overrule; a person of the office settles it later.
MAY_BE_LET_IN = {"not_registered", "no_seat", "other_batch", "too_early", "too_late", "sheet_settled"}


@dataclass(frozen=True)
class MarkInput:
    """One mark as somebody made it. The entry is given by its key or by its number (or both).

    `at` is by the clock of whoever noted it; empty means now. `revokes` names the client id of the mark to take back.
    `let_in`: the person was let in whatever the rules say; `written` is the name of somebody without an entry.
    """

    client_id: uuid.UUID
    session_id: int
    kind: str
    way: str
    registration_id: int | None = None
    registration_code: str = ""
    at: datetime | None = None
    note: str = ""
    revokes: uuid.UUID | None = None
    let_in: bool = False
    written: str = ""


@dataclass(frozen=True)
class MarkResult:
    """`outcome`: noted, already (it was so before), kept (to be settled by a person), or refused. `code` says why.

    `first_at` is the arrival that counts, where there is one.
    """

    client_id: uuid.UUID
    outcome: str
    code: str = ""
    first_at: datetime | None = None
    mark_id: int | None = None
    registration_id: int | None = None

    @property
    def is_safe(self) -> bool:
        """Whether a device need not keep it any longer: the server has it, or has what it says."""
        return self.outcome != REFUSED


class RefusedMarkError(Exception):
    """One mark that cannot be noted; the others of the same call go on."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class _Sheet:
    """What one call knows and has written so far, so that a mark sees the ones before it."""

    by: User
    device: AttendanceDevice | None
    now: datetime
    sent_at: datetime | None
    sessions: dict[int, Session]
    settled: set[int]
    by_code: dict[str, Registration]
    by_id: dict[int, Registration]
    known: dict[uuid.UUID, AttendanceMark]
    cases: set[uuid.UUID]
    standing: dict[tuple[int, int], list[AttendanceMark]]
    states: dict[tuple[int, int], Attendance]
    touched: set[tuple[int, int]] = field(default_factory=set)


@transaction.atomic
def note_marks(
    *, marks: Sequence[MarkInput], device: AttendanceDevice | None = None, sent_at: datetime | None = None, by: User
) -> list[MarkResult]:
    """Notes each mark once, however often and in whatever order it comes; one answer for each, in their order.

    A refused mark leaves the others as they are. `sent_at` is the device's own clock at the moment of sending: where
    it is wrong, all times are shifted by the difference, and what the device said is kept beside.
    """
    sheet = _opened(marks, device, sent_at, by)
    results = [_answer(sheet, mark) for mark in marks]
    _write_states(sheet)
    _audit(sheet, results, marks)
    return results


def _opened(marks: Sequence[MarkInput], device: AttendanceDevice | None, sent_at: datetime | None, by: User) -> _Sheet:
    """Locks the sessions, then the entries, each in the order of their keys, and reads what is known of them."""
    wanted = {mark.session_id for mark in marks}
    visible = Session.objects.visible_to(by, Permission.TAKE_ATTENDANCE).filter(pk__in=wanted).values("pk")
    locked = Session.objects.filter(pk__in=visible).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(locked)
    sessions = Session.objects.filter(pk__in=visible).select_related("batch__program__agency").in_bulk()
    codes = {clean_code(mark.registration_code) for mark in marks} - {""}
    keys = {mark.registration_id for mark in marks if mark.registration_id}
    revoked = AttendanceMark.objects.filter(client_id__in={mark.revokes for mark in marks if mark.revokes})
    entries = Registration.objects.filter(pk__in=keys) | Registration.objects.filter(code__in=codes)
    entries |= Registration.objects.filter(pk__in=revoked.values("registration"))
    pks = sorted(entries.order_by().values_list("pk", flat=True))
    found = list(Registration.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True))
    ids = {mark.client_id for mark in marks}
    standing: dict[tuple[int, int], list[AttendanceMark]] = {}
    for mark in AttendanceMark.objects.standing().filter(session__in=sessions, registration__in=pks):
        standing.setdefault((mark.session_id, mark.registration_id), []).append(mark)
    states = Attendance.objects.filter(session__in=sessions, registration__in=pks)
    return _Sheet(
        by=by,
        device=device,
        now=timezone.now(),
        sent_at=sent_at,
        sessions=sessions,
        settled=set(SignedSheet.objects.settled().filter(session__in=sessions).values_list("session", flat=True)),
        by_code={entry.code: entry for entry in found},
        by_id={entry.pk: entry for entry in found},
        known={mark.client_id: mark for mark in AttendanceMark.objects.filter(client_id__in=ids)},
        cases=set(DoorCase.objects.filter(client_id__in=ids).values_list("client_id", flat=True)),
        standing=standing,
        states={(state.session_id, state.registration_id): state for state in states},
    )


def _answer(sheet: _Sheet, mark: MarkInput) -> MarkResult:
    if mark.client_id in sheet.known:
        known = sheet.known[mark.client_id]
        if known.session_id not in sheet.sessions or known.session_id != mark.session_id:
            return MarkResult(mark.client_id, REFUSED, "unknown_session")
        return _told(sheet, mark, NOTED, known.registration_id, mark_id=known.pk)
    if mark.client_id in sheet.cases:
        return MarkResult(mark.client_id, KEPT, "repeated")
    try:
        return _noted(sheet, mark)
    except RefusedMarkError as refused:
        is_late = sheet.device is not None and refused.code == "sheet_settled"  # a device must not lose what it saw
        if is_late or (mark.let_in and refused.code in MAY_BE_LET_IN):
            return _keep(sheet, mark, refused.code)
        return MarkResult(mark.client_id, REFUSED, refused.code)


def _noted(sheet: _Sheet, mark: MarkInput) -> MarkResult:
    session = _session(sheet, mark)
    if mark.kind == MarkKind.REVOKED:
        return _revoke(sheet, mark, session)
    entry = _entry(sheet, mark, session)
    at = _at(sheet, mark, session)
    code = refuse_time(mark.kind, at, mark.way, begin=session.during.lower, end=session.during.upper)
    if code:
        raise RefusedMarkError(code)
    before = _presence(sheet, session, entry.pk)
    if _says_nothing_new(mark, at, before):
        return _told(sheet, mark, ALREADY, entry.pk)
    _refuse_contradiction(sheet, session, mark.kind, before)
    made = _write(sheet, mark, session, entry.pk, at)
    return _told(sheet, mark, NOTED, entry.pk, mark_id=made.pk)


def _session(sheet: _Sheet, mark: MarkInput) -> Session:
    session = sheet.sessions.get(mark.session_id)
    if session is None:
        raise RefusedMarkError("unknown_session")
    if mark.kind not in MarkKind.values or mark.way not in MarkWay.values:
        raise RefusedMarkError("unknown_kind")
    if session.cancelled:
        raise RefusedMarkError("session_cancelled")
    if session.batch.state not in {Batch.State.PUBLISHED, Batch.State.FINISHED}:
        raise RefusedMarkError("batch_not_running")
    return session


def _entry(sheet: _Sheet, mark: MarkInput, session: Session) -> Registration:
    entry = sheet.by_id.get(mark.registration_id or 0) or sheet.by_code.get(clean_code(mark.registration_code))
    if entry is None:
        raise RefusedMarkError("not_registered")
    if entry.batch_id != session.batch_id:
        raise RefusedMarkError("other_batch")
    if entry.seat != Seat.HELD:
        raise RefusedMarkError("no_seat")
    return entry


def _at(sheet: _Sheet, mark: MarkInput, session: Session) -> datetime:
    """By the server's clock. The sheet has no times: who signed it was there from the beginning."""
    if mark.at is not None:
        return shifted(mark.at, sent_at=sheet.sent_at, received_at=sheet.now)
    return min(session.during.lower, sheet.now) if mark.way == MarkWay.SHEET else sheet.now


def _presence(sheet: _Sheet, session: Session, entry_id: int) -> Presence:
    marks = sheet.standing.get((session.pk, entry_id), [])
    values = [Mark(mark.kind, mark.at, mark.pk) for mark in marks]
    return presence(values, begin=session.during.lower, end=session.during.upper)


def _says_nothing_new(mark: MarkInput, at: datetime, before: Presence) -> bool:
    """An arrival that another device saw clearly earlier is no second presence, but it is the truer time."""
    kind = mark.kind
    if kind == MarkKind.ARRIVED and mark.way == MarkWay.SHEET and mark.at is None:
        return before.status == Attendance.Status.PRESENT  # the paper knows no times
    if kind == MarkKind.ARRIVED:
        return before.is_here and before.arrived_at is not None and at > before.arrived_at - EARLIER
    if kind == MarkKind.LEFT:
        return before.left_at is not None and at >= before.left_at
    return kind == before.status


def _refuse_contradiction(sheet: _Sheet, session: Session, kind: str, before: Presence) -> None:
    """A device may bring the leaving before another brings the arrival; a person who sees the list may not."""
    if session.pk in sheet.settled:
        raise RefusedMarkError("sheet_settled")
    if kind in {MarkKind.ABSENT, MarkKind.EXCUSED} and before.status == Attendance.Status.PRESENT:
        raise RefusedMarkError("is_present")
    if kind == MarkKind.LEFT and before.status != Attendance.Status.PRESENT and sheet.device is None:
        raise RefusedMarkError("not_here")


def _revoke(sheet: _Sheet, mark: MarkInput, session: Session) -> MarkResult:
    if session.pk in sheet.settled:
        raise RefusedMarkError("sheet_settled")
    pairs = [(pair, one) for pair, found in sheet.standing.items() for one in found if one.client_id == mark.revokes]
    if not mark.note.strip():
        raise RefusedMarkError("reason_needed")
    if not pairs or pairs[0][0][0] != session.pk:
        raise RefusedMarkError("unknown_mark")
    (pair, target), now = pairs[0], sheet.now
    made = _write(sheet, mark, session, pair[1], now, revokes=target)
    sheet.standing[pair] = [one for one in sheet.standing[pair] if one.pk not in {target.pk, made.pk}]
    return _told(sheet, mark, NOTED, pair[1], mark_id=made.pk)


def _write(
    sheet: _Sheet, mark: MarkInput, session: Session, entry_id: int, at: datetime, revokes: AttendanceMark | None = None
) -> AttendanceMark:
    made = AttendanceMark.objects.create(
        client_id=mark.client_id,
        session=session,
        registration_id=entry_id,
        kind=mark.kind,
        at=at,
        revokes=revokes,
        **_circumstances(sheet, mark, at),
    )
    sheet.known[mark.client_id] = made
    sheet.standing.setdefault((session.pk, entry_id), []).append(made)
    sheet.touched.add((session.pk, entry_id))
    return made


def _circumstances(sheet: _Sheet, mark: MarkInput, at: datetime) -> dict[str, Any]:
    said = mark.at if mark.at is not None and mark.at != at else None
    return {
        "way": mark.way,
        "device_at": said,
        "noted_at": sheet.now,
        "by": sheet.by,
        "device": sheet.device,
        "note": mark.note.strip()[:250],
    }


def _keep(sheet: _Sheet, mark: MarkInput, reason: str) -> MarkResult:
    entry = sheet.by_id.get(mark.registration_id or 0) or sheet.by_code.get(clean_code(mark.registration_code))
    session = sheet.sessions[mark.session_id]
    is_own = entry is not None and entry.batch_id == session.batch_id
    at = _at(sheet, mark, session)
    DoorCase.objects.create(
        client_id=mark.client_id,
        session=session,
        registration=entry if is_own else None,
        written=(mark.written or ("" if is_own else mark.registration_code)).strip()[:100],
        reason=reason,
        kind=mark.kind,
        at=at,
        **_circumstances(sheet, mark, at),
    )
    sheet.cases.add(mark.client_id)
    return MarkResult(mark.client_id, KEPT, reason, registration_id=entry.pk if entry and is_own else None)


def _told(sheet: _Sheet, mark: MarkInput, outcome: str, entry_id: int, mark_id: int | None = None) -> MarkResult:
    session = sheet.sessions.get(mark.session_id)
    first_at = _presence(sheet, session, entry_id).arrived_at if session else None
    return MarkResult(mark.client_id, outcome, "", first_at, mark_id, entry_id)


def _write_states(sheet: _Sheet) -> None:
    """What the marks say together, for each pair that got one, and what follows from it for the completion."""
    kept, gone = [], []
    for pair in sorted(sheet.touched):
        found = _presence(sheet, sheet.sessions[pair[0]], pair[1])
        if found.status:
            values = {name: getattr(found, name) for name in STATE}
            kept.append(Attendance(session_id=pair[0], registration_id=pair[1], **values))
        elif pair in sheet.states:
            gone.append(sheet.states[pair].pk)
    Attendance.objects.filter(pk__in=gone).delete()
    Attendance.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["session", "registration"], update_fields=STATE
    )
    recompute(sorted({entry_id for _session, entry_id in sheet.touched}), now=sheet.now)


def _audit(sheet: _Sheet, results: Sequence[MarkResult], marks: Sequence[MarkInput]) -> None:
    """One line for each session of the call: whose mark it is stands in the marks themselves."""
    for pk, session in sorted(sheet.sessions.items()):
        own = [result for result, mark in zip(results, marks, strict=True) if mark.session_id == pk]
        counted = {name: sum(result.outcome == name for result in own) for name in (NOTED, KEPT)}
        if not any(counted.values()):
            continue
        entries = {result.registration_id for result in own if result.outcome == NOTED}
        entry = sheet.by_id.get(entries.pop() or 0) if len(entries) == 1 else None
        subject = entry and (entry.person or entry)
        agency = session.batch.program.agency
        changes = {"session": pk, **counted, "device": sheet.device.pk if sheet.device else None}
        batch = session.batch
        record(action="attendance.noted", by=sheet.by, target=batch, subject=subject, agency=agency, changes=changes)
