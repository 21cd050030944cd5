"""Who is expected in a session, who came, and what paper and marks say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from participants.models import (
    Attendance,
    AttendanceMark,
    Completion,
    DoorCase,
    Registration,
    RegistrationQuerySet,
    Seat,
    SheetLine,
    SheetScan,
    SignedSheet,
)
from participants.rules import EARLY, LATE
from programs.models import Batch, Session, SessionQuerySet

STILL_COMPUTED = timedelta(days=31)
NAMED = ("full_name", "code", "seat", "batch", "phone", "queue_number", "region")


@dataclass(frozen=True)
class SessionCounts:
    """How many hold a seat, and what is known of them. `unknown`: nothing was noted yet."""

    expected: int
    present: int
    left: int
    absent: int
    excused: int

    @property
    def unknown(self) -> int:
        return max(self.expected - self.present - self.absent - self.excused, 0)

    @property
    def percent(self) -> int:
        return 100 * self.present // self.expected if self.expected else 0


@dataclass(frozen=True)
class SheetFigures:
    """Paper beside marks. `unread`: people of the list whom nobody has looked for on the paper."""

    signatures: int | None
    signed: int
    present: int
    unread: int
    open_differences: int
    cases: int


@dataclass(frozen=True)
class Difference:
    line: SheetLine
    state: Attendance | None

    @property
    def was_present(self) -> bool:
        return self.state is not None and self.state.status == Attendance.Status.PRESENT


def sessions_on(user: User, day: date, zone: ZoneInfo) -> SessionQuerySet:
    """The sessions of a day whose attendance this person may take."""
    first = datetime.combine(day, datetime.min.time(), zone)
    seen = Session.objects.visible_to(user, Permission.TAKE_ATTENDANCE).planned()
    running = seen.filter(batch__state__in=[Batch.State.PUBLISHED, Batch.State.FINISHED])
    return running.between(first, first + timedelta(days=1)).with_places().with_moment()


def listed_in(session: Session) -> RegistrationQuerySet:
    """Who is on the list of a session: holders of seats, and whoever was there before the seat went to another."""
    seen = Attendance.objects.filter(session=session, registration=OuterRef("pk"))
    rows = Registration.objects.filter(batch=session.batch_id)
    return rows.filter(Q(seat=Seat.HELD) | Exists(seen))


def session_counts(sessions: Sequence[Session]) -> dict[int, SessionCounts]:
    """For each session, by two questions however many there are."""
    kinds = {
        "present": Count("pk", filter=Q(status="present")),
        "left": Count("pk", filter=Q(status="present", left_at__isnull=False)),
        "absent": Count("pk", filter=Q(status="absent")),
        "excused": Count("pk", filter=Q(status="excused")),
        "gone": Count("pk", filter=~Q(registration__seat=Seat.HELD)),
    }
    rows = Attendance.objects.filter(session__in=sessions).order_by().values("session").annotate(**kinds)
    found = {key: dict(zip(kinds, numbers, strict=True)) for key, *numbers in rows.values_list("session", *kinds)}
    counts = {}
    for session in sessions:
        row = found.get(session.pk, dict.fromkeys(kinds, 0))
        expected = session.batch.seats_held + row["gone"]
        known = {name: number for name, number in row.items() if name != "gone"}
        counts[session.pk] = SessionCounts(expected=expected, **known)
    return counts


@dataclass(frozen=True)
class SessionCard:
    """A session with its counts. `phase`: cancelled, coming, running, over, settled."""

    session: Session
    counts: SessionCounts
    phase: str
    scans: int = 0

    @property
    def takes_arrivals(self) -> bool:
        """Whether a tap still makes somebody present; afterwards only the signed sheet does."""
        is_late = self.session.during.upper + LATE < timezone.now()
        return self.phase in {"coming", "running", "over"} and not is_late and not self.is_too_early

    @property
    def opens_at(self) -> datetime:
        return self.session.during.lower - EARLY

    @property
    def is_too_early(self) -> bool:
        return self.phase == "coming" and timezone.now() < self.opens_at


def session_cards(sessions: Sequence[Session]) -> list[SessionCard]:
    now, counts = timezone.now(), session_counts(sessions)
    settled = set(SignedSheet.objects.settled().filter(session__in=sessions).values_list("session", flat=True))
    kept = SheetScan.objects.filter(session__in=sessions, removed_at__isnull=True).order_by()
    scans = dict(kept.values_list("session").annotate(number=Count("pk")))
    return [
        SessionCard(one, counts[one.pk], _phase(one, now, is_settled=one.pk in settled), scans.get(one.pk, 0))
        for one in sessions
    ]


def _phase(session: Session, now: datetime, *, is_settled: bool) -> str:
    if session.cancelled:
        return "cancelled"
    if is_settled:
        return "settled"
    if session.during.lower > now:
        return "coming"
    return "running" if session.during.upper > now else "over"


def batches_to_recompute(now: datetime) -> list[Batch]:
    """With marks, and with sessions until a month ago: what ended before is not touched any more."""
    marked = Attendance.objects.filter(session__batch=OuterRef("pk"))
    lately = Batch.objects.exclude(state=Batch.State.CANCELLED).filter(ends_at__gt=now - STILL_COMPUTED)
    return list(lately.filter(Exists(marked)).with_parts().order_by("pk"))


@dataclass(frozen=True)
class CompletionFigures:
    enough: int
    short: int


def completions_in(batch: Batch, *, only_short: bool = False) -> QuerySet[Completion]:
    """Of everybody with a seat, by name; `only_short`: who did not take part enough."""
    rows = Completion.objects.filter(registration__batch=batch, registration__seat=Seat.HELD)
    shown = rows.filter(attended_enough=False) if only_short else rows
    return shown.select_related("registration", "counts_from").order_by("registration__full_name", "pk")


def completion_figures(batch: Batch) -> CompletionFigures:
    rows = Completion.objects.filter(registration__batch=batch, registration__seat=Seat.HELD)
    found = rows.aggregate(
        enough=Count("pk", filter=Q(attended_enough=True)), short=Count("pk", filter=Q(attended_enough=False))
    )
    return CompletionFigures(**found)


def with_states(entries: Sequence[Registration], session: Session) -> list[tuple[Registration, Attendance | None]]:
    states = {
        state.registration_id: state
        for state in Attendance.objects.filter(session=session, registration__in=[entry.pk for entry in entries])
    }
    return [(entry, states.get(entry.pk)) for entry in entries]


def people_of(session: Session) -> RegistrationQuerySet:
    """By name, as on the paper sheet."""
    return listed_in(session).select_related("region").only(*NAMED, "region__name").order_by("full_name", "pk")


def marks_of(session: Session, entry: Registration) -> QuerySet[AttendanceMark]:
    """The whole story of one person in one session, with what was taken back and by whom."""
    rows = AttendanceMark.objects.filter(session=session, registration=entry)
    return rows.select_related("by", "device", "revoked_by__by").order_by("at", "pk")


def sheet_figures(session: Session) -> SheetFigures:
    sheet = SignedSheet.objects.filter(session=session).first()
    listed = listed_in(session).count()
    lines = SheetLine.objects.filter(sheet__session=session)
    present = Attendance.objects.present().filter(session=session).count()
    differing = sum(1 for difference in differences_of(session) if not difference.line.verdict)
    return SheetFigures(
        signatures=sheet.signatures if sheet else None,
        signed=lines.filter(signed=True).count(),
        present=present,
        unread=max(listed - lines.count(), 0),
        open_differences=differing,
        cases=DoorCase.objects.open().filter(session=session).count(),
    )


def differences_of(session: Session) -> list[Difference]:
    """Lines where paper and marks disagree, or did before somebody decided."""
    here = Attendance.objects.present().filter(session=session, registration=OuterRef("registration"))
    lines = SheetLine.objects.filter(sheet__session=session).annotate(here=Exists(here))
    differing = lines.filter(~Q(signed=F("here")) | ~Q(verdict=""))
    rows = list(differing.select_related("registration", "decided_by").order_by("registration__full_name", "pk"))
    states = {state.registration_id: state for state in Attendance.objects.filter(session=session)}
    return [Difference(line, states.get(line.registration_id)) for line in rows]


def waiting_instead(batch: Batch) -> RegistrationQuerySet:
    """Who may come in the place of somebody else, in the order of the line."""
    line = Registration.objects.filter(batch=batch, seat__in=[Seat.OFFERED, Seat.WAITING])
    return line.only(*NAMED).order_by("queue_number")


@dataclass(frozen=True)
class SessionSeen:
    """One line of what a resident sees of the own attendance."""

    session: Session
    state: Attendance | None
    is_over: bool


@dataclass(frozen=True)
class OwnAttendance:
    sessions: list[SessionSeen]
    completion: Completion | None

    @property
    def any_noted(self) -> bool:
        return any(seen.state for seen in self.sessions)


def attendance_of(registration: Registration) -> OwnAttendance:
    """What a resident, or whoever may see the entry, is told: each planned session, and the share so far."""
    now = timezone.now()
    sessions = list(Session.objects.planned().filter(batch=registration.batch_id).in_order().select_related("topic"))
    states = {state.session_id: state for state in registration.attendances.all()}
    seen = [SessionSeen(one, states.get(one.pk), one.during.upper <= now) for one in sessions]
    return OwnAttendance(seen, Completion.objects.filter(registration=registration).first())
