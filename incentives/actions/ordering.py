"""Who presents when: drawn or put in order by hand, planned by the minutes of the method, told to each."""

import secrets
from collections.abc import Sequence
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives import notices
from incentives.actions.checking import still_open
from incentives.actions.pitching import locked
from incentives.models import Competition, Entry
from incentives.rules import Rhythm, order_by_lot, order_mark, timetable

DRAW = "order"


@transaction.atomic
def draw_order(*, competition: Competition, by: User) -> list[int]:
    """By lot: the trail keeps the seed, and anybody with it can recompute the order. Planned times stay as hours."""
    fresh, entries = _opened(competition)
    seed = secrets.token_hex(16)
    order = list(order_by_lot(seed, [entry.pk for entry in entries], DRAW))
    _arrange(entries, order)
    _note(fresh, action="pitch_order.drawn", by=by, seed=_in_groups(seed), entries=len(order))
    return order


@transaction.atomic
def move_entry(*, entry: Entry, place: int, seen: str | None = None, by: User) -> list[int]:
    """To the place counted from 1; the others close up. Whoever had no place yet comes behind first.

    `seen` is the mark of the order that the person looked at: over another one nothing is moved.
    """
    fresh, entries = _opened(entry.competition)
    order = [row.pk for row in entries]
    if seen is not None and seen != order_mark(order):
        raise ValidationError(
            _("Somebody changed the order meanwhile. Nothing was moved; this is the order as it is now."),
            code="order_changed",
        )
    if entry.pk not in order:
        raise ValidationError(_("Only an admitted pitch has a place in the order."), code="entry_not_admitted")
    if not 1 <= place <= len(order):
        raise ValidationError(
            _("Choose a place between 1 and %(last)d."), code="place_unknown", params={"last": len(order)}
        )
    order.remove(entry.pk)
    order.insert(place - 1, entry.pk)
    _arrange(entries, order)
    _note(fresh, action="pitch_order.moved", by=by, entry=entry.pk, place=place)
    return order


@transaction.atomic
def plan_times(
    *, competition: Competition, breaks: Sequence[tuple[time, time]], until: time | None = None, by: User
) -> int:
    """Hours by the minutes of the method. How many had no room that day; those stay without an hour."""
    fresh, entries = _opened(competition)
    edition = fresh.edition
    if fresh.held_on is None or fresh.begins_at is None or edition is None:
        raise ValidationError(_("First set the day and the hour of the presentations."), code="day_missing")
    zone, day = fresh.program.agency.zone, fresh.held_on

    def at(clock: time) -> datetime:
        return datetime.combine(day, clock, zone)

    rhythm = Rhythm(
        begin=at(fresh.begins_at),
        end=at(until or time(23, 59)),
        presentation=edition.pitch_minutes,
        questions=edition.question_minutes,
        change=edition.change_minutes,
        breaks=tuple((at(start), at(end)) for start, end in breaks),
    )
    fresh.breaks = [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in breaks]
    fresh.ends_before = until
    fresh.save(update_fields=["breaks", "ends_before"])
    _arrange(entries, [row.pk for row in entries])
    planned = timetable([row.pk for row in entries], rhythm)
    hours = {slot.entry: slot.begin for slot in planned.slots}
    for row in entries:
        row.planned_at = hours.get(row.pk)
    Entry.objects.bulk_update(entries, ["planned_at"])
    _note(fresh, action="pitch_order.planned", by=by, entries=len(hours), left=len(planned.left_out))
    return len(planned.left_out)


@transaction.atomic
def tell_order(*, competition: Competition, by: User) -> int:
    """To each their day, hour and place. Who was told exactly this last is not told again."""
    fresh, entries = _opened(competition)
    planned = [row for row in entries if row.planned_at is not None]
    if not planned:
        raise ValidationError(_("Nobody has an hour yet."), code="nobody_planned")
    told = notices.tell_schedule(fresh, planned)
    _note(fresh, action="pitch_order.told", by=by, messages=told)
    return told


def _opened(competition: Competition) -> tuple[Competition, list[Entry]]:
    """The competition's row keeps two officers from ordering at once."""
    locked(competition)
    fresh = Competition.objects.with_parts().get(pk=competition.pk)
    still_open(fresh)
    rows = Entry.objects.filter(competition=fresh).real().admitted().in_order()
    return fresh, list(rows.select_related("registration", "region").select_for_update(of=("self",)))


def _arrange(entries: list[Entry], order: list[int]) -> None:
    """Places from 1 without a gap; hours stay with their places."""
    hours = sorted(row.planned_at for row in entries if row.planned_at is not None)
    place = {key: number for number, key in enumerate(order, 1)}
    for row in entries:
        row.position = place[row.pk]
        row.planned_at = hours[row.position - 1] if row.position <= len(hours) else None
    Entry.objects.bulk_update(entries, ["position", "planned_at"])


def _in_groups(seed: str) -> str:
    """The trail masks long runs of digits; in groups of four the seed stays readable."""
    return " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))


def _note(competition: Competition, *, action: str, by: User, **changes: object) -> None:
    record(action=action, by=by, target=competition, agency=competition.program.agency, changes=changes)
