"""A rollout plan as the values that its rule looks at, and the rule's answers in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, Q
from django.utils import timezone

from programs.models import Batch, Holiday, Instructor, Rollout, RolloutMeeting, RolloutRow, Session, Venue
from programs.queries.clashes import explain
from programs.rules.planning import Frame, Meeting, Problem, Resource, Row, Sitting, Span, judge

LAST_MOMENT = time.max


@dataclass
class Plan:
    """A plan with everything that it is judged by; rows in the order of their codes."""

    rollout: Rollout
    frame: Frame
    rows: list[RolloutRow]
    values: list[Row]
    teachers: list[Resource]
    places: list[Resource]
    names: dict[str, dict[int, str]] = field(default_factory=dict)

    def problems(self) -> list[Problem]:
        """What is wrong and can still be changed: what has begun or ended stays as it is."""
        now = timezone.now()
        settled = {row.pk for row in self.rows if row.batch is not None and is_settled(row.batch, now)}
        found = [*judge(self.frame, self.values, self.teachers, self.places), *self._closes_too_early()]
        order = {row.pk: number for number, row in enumerate(self.rows)}
        return sorted((one for one in found if one.key not in settled), key=lambda one: order[one.key])

    def say(self, problem: Problem) -> str:
        return explain(problem, self.names)

    def _closes_too_early(self) -> Iterable[Problem]:
        """Registration has to be open for a while before a new batch begins."""
        rollout = self.rollout
        for row, value in zip(self.rows, self.values, strict=True):
            if row.batch_id is None and value.days:
                closes = value.days[0] - timedelta(days=rollout.closes_before)
                if closes <= rollout.opens_on:
                    yield Problem(row.pk, "window_of_registration", {"day": closes, "opens": rollout.opens_on})


def is_settled(batch: Batch, now: datetime) -> bool:
    has_ended = batch.state in {Batch.State.CANCELLED, Batch.State.FINISHED}
    return has_ended or (batch.starts_at is not None and batch.starts_at <= now)


def read_plan(rollout: Rollout) -> Plan:
    agency = rollout.program.agency
    parts = ("topics", "sittings__topic", "sittings__instructor", "sittings__venue")
    rows = list(rollout.rows.select_related("region", "batch").prefetch_related(*parts).order_by("region_id", "pk"))
    teachers = list(Instructor.objects.filter(agency=agency).prefetch_related("competences", "absences", "regions"))
    venues = list(Venue.objects.filter(agency=agency).select_related("region").prefetch_related("closures"))
    wanted = _topics_in_order(rollout)
    busy = _busy(rollout, {row.batch_id for row in rows if row.batch_id}, agency.zone)
    plan = Plan(
        rollout,
        frame_of(rollout),
        rows,
        [value_of(row, wanted[row.pk]) for row in rows],
        [_teacher(one, busy["instructor"][one.pk], rollout.last_day) for one in teachers if _may_teach(one)],
        [_place(one, busy["venue"][one.pk]) for one in venues if one.active],
    )
    plan.names = {
        "teacher": _named(teachers),
        "place": _named(venues),
        "topic": _named(agency.topics.all()),
        "other": {row.pk: row.region.name for row in rows},
    }
    return plan


def _named(rows: Iterable[Model]) -> dict[int, str]:
    return {row.pk: str(row) for row in rows}


def _may_teach(instructor: Instructor) -> bool:
    return instructor.state in {Instructor.State.VERIFIED, Instructor.State.CONTRACTED}


def frame_of(rollout: Rollout) -> Frame:
    holidays = Holiday.objects.filter(agency=rollout.program.agency_id).observed()
    days = holidays.between(rollout.first_day, rollout.last_day).values_list("day", flat=True)
    prayer = None
    if rollout.prayer_begin is not None and rollout.prayer_end is not None:
        prayer = (rollout.prayer_begin, rollout.prayer_end)
    return Frame(
        rollout.first_day,
        rollout.last_day,
        rollout.days,
        rollout.parallel,
        tuple(meeting_of(one) for one in rollout.pattern.order_by("day", "begin", "pk")),
        frozenset(rollout.weekdays),
        frozenset(days),
        prayer,
        rollout.over_breaks,
        rollout.evenly,
        rollout.reach,
    )


def meeting_of(one: RolloutMeeting) -> Meeting:
    friday = None
    if one.friday_begin is not None and one.friday_end is not None:
        friday = (one.friday_begin, one.friday_end)
    return Meeting(one.day - 1, one.begin, one.end, one.kind, one.is_asked, one.topic_id, friday, one.lesson_hours)


def _topics_in_order(rollout: Rollout) -> dict[int, list[int]]:
    """What each row teaches, in the order in which it was put down: the first come first."""
    found: dict[int, list[int]] = defaultdict(list)
    links = RolloutRow.topics.through.objects.filter(rolloutrow__rollout=rollout).order_by("pk")
    for row, topic in links.values_list("rolloutrow", "topic"):
        found[row].append(topic)
    return found


def value_of(row: RolloutRow, topics: Sequence[int]) -> Row:
    return Row(
        row.pk,
        row.region_id,
        tuple(topics),
        row.quota,
        None,
        row.fixed,
        tuple(
            Sitting(
                one.day,
                one.begin,
                one.end,
                one.kind,
                one.topic_id,
                one.instructor_id,
                one.venue_id,
                one.lesson_hours,
                one.kind == Session.Kind.TRAINING or one.topic_id is not None,
            )
            for one in row.sittings.all()
        ),
    )


def _teacher(one: Instructor, busy: Mapping[date, list[Span]], until: date) -> Resource:
    topics = frozenset(known.topic_id for known in one.competences.all() if known.holds_on(until))
    return Resource(
        one.pk,
        one.region_id or "",
        topics,
        tuple(region.code for region in one.regions.all()),
        None,
        dict.fromkeys(one.weekdays, (time.min, LAST_MOMENT)),
        tuple((away.days.lower, away.last_day) for away in one.absences.all()),
        {day: tuple(spans) for day, spans in busy.items()},
    )


def _place(one: Venue, busy: Mapping[date, list[Span]]) -> Resource:
    hours = (one.opens_at or time.min, one.closes_at or LAST_MOMENT)
    return Resource(
        one.pk,
        one.region_id,
        capacity=one.capacity,
        hours=dict.fromkeys(one.weekdays, hours),
        away=tuple((closed.days.lower, closed.last_day) for closed in one.closures.all()),
        busy={day: tuple(spans) for day, spans in busy.items()},
    )


def _busy(rollout: Rollout, own: set[int], zone: ZoneInfo) -> dict[str, dict[int, dict[date, list[Span]]]]:
    """What instructors and venues are booked for outside of this plan, by day."""
    agency = rollout.program.agency_id
    begin = datetime.combine(rollout.first_day - timedelta(days=1), time.min, tzinfo=zone)
    end = datetime.combine(rollout.last_day + timedelta(days=2), time.min, tzinfo=zone)
    booked = Session.objects.planned().filter(
        Q(instructor__agency=agency) | Q(venue__agency=agency), during__overlap=(begin, end)
    )
    found: dict[str, Any] = {what: defaultdict(lambda: defaultdict(list)) for what in ("instructor", "venue")}
    for during, instructor, venue in booked.exclude(batch__in=own).values_list("during", "instructor", "venue"):
        for day, span in _by_day(during.lower.astimezone(zone), during.upper.astimezone(zone)):
            found["instructor"][instructor][day].append(span)
            found["venue"][venue][day].append(span)
    return found


def _by_day(begin: datetime, end: datetime) -> list[tuple[date, Span]]:
    days = [begin.date() + timedelta(days=number) for number in range((end.date() - begin.date()).days + 1)]
    spans = [
        (day, (begin.time() if day == begin.date() else time.min, end.time() if day == end.date() else LAST_MOMENT))
        for day in days
    ]
    return [(day, span) for day, span in spans if span[0] < span[1]]
