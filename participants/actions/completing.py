"""Who took part enough, computed anew from the attendance whenever it or the plan changes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import User
from participants.models import Attendance, Completion, Registration, Seat
from participants.rules import Attended, Terms, completion, lesson_share
from programs.models import Batch, Program, Session

COMPUTED = [
    *("sessions_planned", "sessions_attended", "lesson_hours_planned", "lesson_hours_attended"),
    *("share", "attended_enough", "computed_at"),
]


@transaction.atomic
def recompute_completions(*, batch: Batch, by: User | None = None) -> int:
    """For everybody of the batch who has a seat or was there; how many. The result is the same whoever asks for it."""
    held = batch.registrations.filter(seat=Seat.HELD).values_list("pk", flat=True)
    seen = Attendance.objects.filter(registration__batch=batch).values_list("registration", flat=True)
    known = Completion.objects.filter(registration__batch=batch).values_list("registration", flat=True)
    wanted = sorted({*held, *seen, *known})
    recompute(wanted, now=timezone.now())
    if by is not None:
        agency = batch.program.agency
        record(action="completion.recomputed", by=by, target=batch, agency=agency, changes={"entries": len(wanted)})
    return len(wanted)


def recompute_known(batch: Batch) -> None:
    """After the plan of a batch changed: only where something was computed already."""
    if Completion.objects.filter(registration__batch=batch).exists():
        recompute_completions(batch=batch)


def recompute_many(
    *, batches: Sequence[Batch], progress: Callable[[int, int], None] | None = None, by: User | None = None
) -> int:
    """Each in a transaction of its own. How many entries."""
    entries = 0
    for number, batch in enumerate(batches, start=1):
        entries += recompute_completions(batch=batch, by=by)
        if progress is not None:
            progress(number, len(batches))
    return entries


@transaction.atomic
def note_test_passed(*, registration: Registration, passed: bool | None, by: User | None) -> Completion:
    """The result of the test, from whoever held it; None takes it back."""
    now = timezone.now()
    recompute([registration.pk], now=now)
    row = Completion.objects.select_for_update(no_key=True).get(registration=registration)
    before, row.test_passed = row.test_passed, passed
    row.save(update_fields=["test_passed"])
    record(
        action="completion.test_noted",
        by=by,
        target=registration,
        subject=registration.person or registration,
        agency=registration.batch.program.agency,
        changes={"passed": [before, passed]},
    )
    return row


def recompute(registration_ids: Sequence[int], *, now: datetime) -> None:
    """Within the caller's transaction. Test results and the session that counts first stay as they are.

    The entries are locked, so that nobody overwrites what was computed from a later mark.
    """
    locked = Registration.objects.filter(pk__in=registration_ids).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk"))
    entries = list(
        Registration.objects.filter(pk__in=registration_ids)
        .order_by("pk")
        .select_related("batch__program")
        .only("pk", "batch__program")
    )
    sessions = _sessions({entry.batch_id for entry in entries})
    there = {
        (state.registration_id, state.session_id): state
        for state in Attendance.objects.filter(registration__in=registration_ids)
    }
    known = Completion.objects.filter(registration__in=registration_ids)
    first = dict(known.values_list("registration", "counts_from"))
    rows = [_computed(entry, sessions[entry.batch_id], there, first.get(entry.pk), now) for entry in entries]
    Completion.objects.bulk_create(rows, update_conflicts=True, unique_fields=["registration"], update_fields=COMPUTED)


def _sessions(batches: set[int]) -> dict[int, list[Session]]:
    found = defaultdict(list)
    for session in Session.objects.planned().filter(batch__in=batches).in_order():
        found[session.batch_id].append(session)
    return found


def _computed(
    entry: Registration,
    sessions: Sequence[Session],
    there: dict[tuple[int, int], Attendance],
    counts_from: int | None,
    now: datetime,
) -> Completion:
    program = entry.batch.program
    asked = _asked(program, sessions, counts_from)
    facts = [_attended(session, there.get((entry.pk, session.pk))) for session in asked]
    terms = Terms(program.attendance_rule, program.attendance_share, program.partial_presence)
    totals = completion(facts, terms)
    return Completion(
        registration=entry,
        sessions_planned=totals.sessions_planned,
        sessions_attended=totals.sessions_attended,
        lesson_hours_planned=totals.lesson_hours_planned,
        lesson_hours_attended=totals.lesson_hours_attended,
        share=totals.share,
        attended_enough=totals.enough,
        computed_at=now,
    )


def _asked(program: Program, sessions: Sequence[Session], counts_from: int | None) -> list[Session]:
    """All sessions; for who came in another's place those since then, where the programme says so."""
    if counts_from is None or not program.counts_from_joining:
        return list(sessions)
    begins = [session.during.lower for session in sessions if session.pk == counts_from]
    return [session for session in sessions if not begins or session.during.lower >= begins[0]]


def _attended(session: Session, state: Attendance | None) -> Attended:
    present = state is not None and state.status == Attendance.Status.PRESENT
    begin, end = session.during.lower, session.during.upper
    minutes = state.minutes if state is not None else 0
    return Attended(session.lesson_hours, present, lesson_share(minutes, begin=begin, end=end))
