"""Drafts of rollout plans: made, changed, proposed. `rollout_rows` mends rows, `applying` puts plans into force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from programs.actions.holidays import fetch_missing_years
from programs.models import (
    MOST_REGIONS,
    Program,
    Rollout,
    RolloutMeeting,
    RolloutRow,
    RolloutSitting,
    Topic,
)
from programs.queries.planning import read_plan
from programs.queries.requests import decided_topics
from programs.rules.planning import Sitting
from programs.rules.proposing import Proposal, propose
from regions.models import Region

LONGEST_WINDOW = timedelta(days=731)


@dataclass(frozen=True)
class MeetingPlan:
    """One meeting of the pattern as it is typed; the first day is 1."""

    day: int
    begin: time
    end: time
    kind: str = "training"
    topic: Topic | None = None
    friday_begin: time | None = None
    friday_end: time | None = None
    lesson_hours: int = 0


@transaction.atomic
def create_rollout(
    *, program: Program, regions: Sequence[Region], pattern: Sequence[MeetingPlan], values: Mapping[str, Any], by: User
) -> Rollout:
    """A draft with one row for each region and the topics decided there, proposed at once."""
    rollout = Rollout(program=program, changed_by=by, **values)
    _refuse_window(rollout)
    _refuse_pattern(rollout.days, pattern)
    years = range(rollout.first_day.year, rollout.last_day.year + 1)
    fetch_missing_years(agency=program.agency, years=years, by=by)
    with spoken_refusals(Rollout, RolloutMeeting):
        rollout.save(force_insert=True)
        _write_pattern(rollout, pattern)
    _add_rows(rollout, regions)
    changes = {"name": rollout.name, "regions": len(regions)}
    record(action="rollout.created", by=by, target=rollout, agency=program.agency, changes=changes)
    propose_rows(rollout)
    return rollout


@transaction.atomic
def change_rollout(
    *, rollout: Rollout, pattern: Sequence[MeetingPlan], values: Mapping[str, Any], seen: int | None = None, by: User
) -> Rollout:
    """Another window, pace or timetable; whatever is not fixed is proposed anew."""
    locked = draft_of(rollout, by, seen)
    before = {name: getattr(locked, name) for name in values}
    for name, value in values.items():
        setattr(locked, name, value)
    _refuse_window(locked)
    _refuse_pattern(locked.days, pattern)
    years = range(locked.first_day.year, locked.last_day.year + 1)
    fetch_missing_years(agency=locked.program.agency, years=years, by=by)
    with spoken_refusals(Rollout, RolloutMeeting):
        locked.save(update_fields=[*values])
        locked.pattern.all().delete()
        _write_pattern(locked, pattern)
    if values.get("quota", before.get("quota")) != before.get("quota"):
        locked.rows.filter(quota=before["quota"]).update(quota=locked.quota)
    changed = {name: [str(before[name]), str(values[name])] for name in values if before[name] != values[name]}
    record(action="rollout.changed", by=by, target=locked, agency=locked.program.agency, changes=changed)
    propose_rows(locked)
    return locked


@transaction.atomic
def propose_rollout(*, rollout: Rollout, by: User) -> Rollout:
    """Days, instructors and venues for every row that is not fixed, by today's bookings, holidays and decisions."""
    locked = draft_of(rollout, by)
    decided = decided_topics(locked.program)
    for row in locked.rows.filter(fixed=False, topics__isnull=True, region__in=decided):
        row.topics.set(decided[row.region_id])
    found = propose_rows(locked)
    changes = {"rows": len(found.rows), "gaps": len(found.reasons)}
    record(action="rollout.proposed", by=by, target=locked, agency=locked.program.agency, changes=changes)
    return locked


@transaction.atomic
def add_regions(*, rollout: Rollout, regions: Sequence[Region], by: User) -> int:
    """More regions for a draft; those that are in it already are left out. How many came."""
    locked = draft_of(rollout, by)
    known = set(locked.rows.values_list("region_id", flat=True))
    fresh = [region for region in regions if region.code not in known]
    if not fresh:
        raise ValidationError(_("All of these regions are in the plan already."), code="regions_known")
    _add_rows(locked, fresh)
    changes = {"added": [region.code for region in fresh]}
    record(action="rollout.rows_added", by=by, target=locked, agency=locked.program.agency, changes=changes)
    propose_rows(locked, keep=True)
    return len(fresh)


@transaction.atomic
def discard_rollout(*, rollout: Rollout, by: User) -> Rollout:
    locked = draft_of(rollout, by)
    locked.state = Rollout.State.DISCARDED
    locked.save(update_fields=["state"])
    record(action="rollout.discarded", by=by, target=locked, agency=locked.program.agency)
    return locked


def draft_of(rollout: Rollout, by: User, seen: int | None = None) -> Rollout:
    """The plan's row under lock, one revision further. Refuses what is no draft, or was changed since it was seen."""
    locked = Rollout.objects.with_office().locked(rollout.pk)
    if not locked.is_draft:
        raise ValidationError(_("This plan is no draft any more."), code="rollout_not_draft")
    refuse_stale(locked, seen)
    changed = {"revision": F("revision") + 1, "changed_by": by, "changed_at": timezone.now()}
    Rollout.objects.filter(pk=locked.pk).update(**changed)
    locked.revision += 1
    return locked


def refuse_stale(rollout: Rollout, seen: int | None) -> None:
    if seen is not None and seen != rollout.revision:
        raise ValidationError(
            _("%(who)s has changed the plan meanwhile. Please look at it once more."),
            code="rollout_changed",
            params={"who": rollout.changed_by.full_name},
        )


def _refuse_window(rollout: Rollout) -> None:
    if rollout.last_day - rollout.first_day > LONGEST_WINDOW:
        raise ValidationError(_("A plan spans two years at most."), code="window_too_long")


def _refuse_pattern(days: int, pattern: Sequence[MeetingPlan]) -> None:
    if {meeting.day for meeting in pattern} != set(range(1, days + 1)):
        raise ValidationError(
            _("Each of the %(days)d days needs at least one session, and no session lies on another day."),
            code="pattern_days",
            params={"days": days},
        )
    ordered = sorted(pattern, key=lambda meeting: (meeting.day, meeting.begin))
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        same_day = earlier.day == later.day
        fridays = earlier.friday_end and later.friday_begin and later.friday_begin < earlier.friday_end
        if same_day and (later.begin < earlier.end or fridays):
            raise ValidationError(_("Two sessions of one day overlap."), code="pattern_overlaps")


def _write_pattern(rollout: Rollout, pattern: Sequence[MeetingPlan]) -> None:
    RolloutMeeting.objects.bulk_create(RolloutMeeting(rollout=rollout, **vars(meeting)) for meeting in pattern)


def _add_rows(rollout: Rollout, regions: Sequence[Region]) -> None:
    if not regions:
        raise ValidationError(_("There is no region to plan for."), code="regions_none")
    if rollout.rows.count() + len(regions) > MOST_REGIONS:
        raise ValidationError(
            _("A plan holds %(most)d regions at most."), code="regions_too_many", params={"most": MOST_REGIONS}
        )
    decided = decided_topics(rollout.program)
    with spoken_refusals(RolloutRow):
        made = RolloutRow.objects.bulk_create(
            RolloutRow(rollout=rollout, region=region, quota=rollout.quota) for region in regions
        )
    links = [
        RolloutRow.topics.through(rolloutrow_id=row.pk, topic_id=topic.pk)
        for row in made
        for topic in decided.get(row.region_id, ())
    ]
    RolloutRow.topics.through.objects.bulk_create(links)


def propose_rows(rollout: Rollout, *, keep: bool = False) -> Proposal:
    """Asks the rule and writes down its answer; `keep` leaves every row that has days already."""
    plan = read_plan(rollout)
    wanted = [replace(row, fixed=row.fixed or (keep and bool(row.sittings))) for row in plan.values]
    found = propose(plan.frame, wanted, plan.teachers, plan.places)
    reasons: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for reason in found.reasons:
        reasons[reason.key].append({"code": reason.code, "data": dict(reason.data)})
    free = {row.key for row in wanted if not row.fixed}
    known: dict[int, list[int | None]] = defaultdict(list)
    for key, session in _sessions_of(rollout, free):
        known[key].append(session)
    RolloutSitting.objects.filter(row__in=free).delete()
    RolloutSitting.objects.bulk_create(
        sitting for row in found.rows if row.key in free for sitting in rows_of(row.key, row.sittings, known[row.key])
    )
    for one in plan.rows:
        one.reasons = reasons[one.pk]
    RolloutRow.objects.bulk_update([one for one in plan.rows if one.pk in free], ["reasons"])
    return found


def _sessions_of(rollout: Rollout, rows: set[int]) -> Iterable[tuple[int, int | None]]:
    """Which session each planned one stands for, in order; only rows of a plan made again have any."""
    if rollout.replaces_id is None:
        return ()
    ordered = RolloutSitting.objects.filter(row__in=rows).order_by("row", "day", "begin", "pk")
    return ordered.values_list("row_id", "session_id")


def rows_of(row: int, sittings: Sequence[Sitting], known: Sequence[int | None] = ()) -> list[RolloutSitting]:
    ordered = sorted(sittings, key=lambda sitting: (sitting.day, sitting.begin))
    return [
        RolloutSitting(
            row_id=row,
            day=one.day,
            begin=one.begin,
            end=one.end,
            kind=one.kind,
            topic_id=one.topic,
            lesson_hours=one.lesson_hours,
            instructor_id=one.teacher,
            venue_id=one.place,
            session_id=known[number] if number < len(known) else None,
        )
        for number, one in enumerate(ordered)
    ]
