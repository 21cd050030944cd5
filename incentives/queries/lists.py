"""Lists of pitches for staff: by state, searched, counted, and in the order of the day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q

from accounts.models import User
from incentives.models import Competition, Entry
from incentives.models.entry import EntryQuerySet

# Drafts are the resident's alone until they are sent.
SHOWN = ("submitted", "needs_fix", "admitted", "refused", "withdrawn", "disqualified")


def entries_seen(user: User, competition: Competition) -> EntryQuerySet:
    rows = Entry.objects.visible_to(user).real().filter(competition=competition).exclude(state=Entry.State.DRAFT)
    return rows.select_related("region", "registration")


def narrowed(rows: EntryQuerySet, *, state: str, text: str) -> EntryQuerySet:
    if state in SHOWN:
        rows = rows.filter(state=state)
    words = text.replace("\0", "").strip()
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(business_name__icontains=words) | Q(code=words.upper()))
    return rows


def counts_of(user: User, competition: Competition) -> list[tuple[str, str, int]]:
    """Each state with its name and how many, those that nobody is in as well; and how many drafts there are."""
    rows = entries_seen(user, competition).order_by().values_list("state").annotate(total=Count("pk"))
    found = dict(rows.values_list("state", "total"))
    return [(state, str(Entry.State(state).label), found.get(state, 0)) for state in SHOWN]


@dataclass(frozen=True)
class Slot:
    """One line of the day; `rest` is the break before it."""

    place: int
    entry: Entry
    ends_at: datetime | None
    rest: tuple[datetime, datetime] | None = None


def day_of(rows: EntryQuerySet, competition: Competition) -> list[Slot]:
    """Admitted pitches in their order, with the breaks that lie between their hours: as typed, else the gap."""
    edition = competition.edition
    if edition is None:
        return []
    length = timedelta(minutes=edition.pitch_minutes + edition.question_minutes)
    change = timedelta(minutes=edition.change_minutes)
    slots: list[Slot] = []
    before: datetime | None = None
    for place, entry in enumerate(rows.admitted().in_order(), 1):
        begins = entry.planned_at
        is_rest = before is not None and begins is not None and begins - before > change
        rest = _rest(competition, before, begins) if is_rest and before is not None and begins is not None else None
        slots.append(Slot(place, entry, begins + length if begins else None, rest))
        before = begins + length if begins else before
    return slots


def _rest(competition: Competition, gap_from: datetime, gap_to: datetime) -> tuple[datetime, datetime]:
    zone, day = competition.program.agency.zone, competition.held_on or gap_from.date()
    typed = [tuple(datetime.combine(day, clock, zone) for clock in pair) for pair in competition.typed_breaks]
    inside = [(start, end) for start, end in typed if gap_from <= start and end <= gap_to]
    return (min(inside)[0], max(inside)[1]) if inside else (gap_from, gap_to)


def breaks_of(slots: list[Slot], competition: Competition) -> list[tuple[time, time]]:
    """What was typed; the gaps of a day that was planned before that was kept."""
    if competition.breaks is not None:
        return competition.typed_breaks
    zone = competition.program.agency.zone
    found = [slot.rest for slot in slots if slot.rest is not None]
    return [(start.astimezone(zone).time(), end.astimezone(zone).time()) for start, end in found]
