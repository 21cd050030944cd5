"""A plan put into force: its batches are created and moved in one transaction, or nothing is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.actions import line_of, record
from accounts.models import AuditEntry, User
from kit.refusals import spoken_refusals
from programs.actions.asking import settle_questions
from programs.actions.rollouts import refuse_stale
from programs.models import Batch, Program, Rollout, RolloutRow, RolloutSitting, Session
from programs.queries.planning import Plan, is_settled, read_plan
from programs.rules.planning import Problem

OPENS, CLOSES = time(8), time(16)
# So many sentences of what is wrong are said at once; the page of the plan has them all.
MOST_SAID = 50


@dataclass
class Applied:
    """What a plan did: batches that are new, those with other times or places, those with other instructors only."""

    created: list[Batch] = field(default_factory=list)
    moved: list[Batch] = field(default_factory=list)
    changed: list[Batch] = field(default_factory=list)


@dataclass(frozen=True)
class Foresight:
    """What a plan would do now: how many batches are new, which move, what stands in the way, what stays open."""

    new: int
    seats: int
    moving: tuple[Batch, ...]
    clashes: tuple[str, ...]
    points: tuple[str, ...]


@transaction.atomic
def foresee_rollout(*, rollout: Rollout, by: User) -> Foresight:
    """What `apply_rollout` by the same person would do or refuse at this moment; nothing is written."""
    plan, now = read_plan(rollout), timezone.now()
    problems = plan.problems()
    zone, moving = rollout.program.agency.zone, []
    for row in plan.rows:
        if row.batch is not None and not is_settled(row.batch, now):
            planned = {session.pk: session for session in row.batch.sessions.planned()}
            if any(_differences(row, planned, zone)) or any(one.session_id is None for one in row.sittings.all()):
                moving.append(row.batch)
    return Foresight(
        sum(row.batch is None for row in plan.rows),
        sum(row.quota for row in plan.rows if row.batch is None),
        tuple(moving),
        _said(plan, [one for one in problems if not one.is_open_point]),
        _said(plan, [one for one in problems if one.is_open_point]),
    )


def _said(plan: Plan, problems: Sequence[Problem]) -> tuple[str, ...]:
    names = plan.names["other"]
    return tuple(f"{names[problem.key]}: {plan.say(problem)}" for problem in problems)


@transaction.atomic
def apply_rollout(*, rollout: Rollout, seen: int, publish: bool, by: User) -> Applied:
    """Creates every batch of the plan that is missing and moves those that stand elsewhere; all of it or nothing.

    Refuses with the list of what is wrong. Open points (no instructor yet, no venue yet) are no hindrance.
    """
    locked = Rollout.objects.with_office().locked(rollout.pk)
    if not locked.is_draft:
        raise ValidationError(_("This plan is no draft any more."), code="rollout_not_draft")
    refuse_stale(locked, seen)
    _replace_former(locked)
    plan = read_plan(locked)
    _refuse_clashes(plan)
    now = timezone.now()
    applied = Applied()
    with spoken_refusals(Batch, Session):
        moving = [row for row in plan.rows if row.batch is not None and not is_settled(row.batch, now)]
        _move(moving, applied, locked, by)
        _create([row for row in plan.rows if row.batch is None], applied, locked, publish, by)
    locked.state = Rollout.State.IN_FORCE
    locked.save(update_fields=["state"])
    changes = {"created": len(applied.created), "moved": len(applied.moved), "published": publish}
    record(action="rollout.applied", by=by, target=locked, agency=locked.program.agency, changes=changes)
    return applied


def _replace_former(rollout: Rollout) -> None:
    if rollout.replaces_id is None:
        return
    former = Rollout.objects.locked(rollout.replaces_id)
    if former.state != Rollout.State.IN_FORCE:
        raise ValidationError(_("The plan before this one is not in force any more."), code="rollout_not_in_force")
    former.state = Rollout.State.REPLACED
    former.save(update_fields=["state"])


def _refuse_clashes(plan: Plan) -> None:
    if not plan.rows:
        raise ValidationError(_("There is no region to plan for."), code="regions_none")
    wrong = [problem for problem in plan.problems() if not problem.is_open_point]
    if wrong:
        said = _said(plan, wrong[:MOST_SAID])
        raise ValidationError([ValidationError(text, code="rollout_clash") for text in said])


def _create(rows: Sequence[RolloutRow], applied: Applied, rollout: Rollout, publish: bool, by: User) -> None:
    """Everything in a handful of statements, however many batches there are."""
    program, zone = rollout.program, rollout.program.agency.zone
    named = _names(program, rows)
    for row in rows:
        row.batch = _batch(row, rollout, named[row.pk], publish)
    made = Batch.objects.bulk_create(row.batch for row in rows if row.batch)
    through = Batch.topics.through
    through.objects.bulk_create(
        through(batch_id=batch.pk, topic_id=topic)
        for row, batch in zip(rows, made, strict=True)
        for topic in sorted(_topics(row))
    )
    pairs = [(sitting, batch) for row, batch in zip(rows, made, strict=True) for sitting in row.sittings.all()]
    sessions = Session.objects.bulk_create(_session(sitting, batch, zone) for sitting, batch in pairs)
    for (sitting, _batch_of), session in zip(pairs, sessions, strict=True):
        sitting.session = session
    RolloutSitting.objects.bulk_update([sitting for sitting, _batch_of in pairs], ["session"], batch_size=500)
    RolloutRow.objects.bulk_update(rows, ["batch"], batch_size=500)
    applied.created = list(made)
    AuditEntry.objects.bulk_create(_lines(made, program, publish, by), batch_size=500)


def _lines(made: Iterable[Batch], program: Program, publish: bool, by: User) -> Iterable[AuditEntry]:
    for batch in made:
        changes = {"name": batch.name, "quota": batch.quota}
        yield line_of(action="batch.created", by=by, target=batch, agency=program.agency, changes=changes)
        if publish:
            yield line_of(action="batch.published", by=by, target=batch, agency=program.agency)


def _names(program: Program, rows: Sequence[RolloutRow]) -> dict[int, tuple[str, str]]:
    """Name and slug of each batch to be: of its region, with a number where the programme has such a batch already."""
    taken = set(program.batches.values_list("slug", flat=True))
    found = {}
    for row in rows:
        base = slugify(row.region.name)[:50].strip("-") or "angkatan"
        number = 1
        while (slug := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        taken.add(slug)
        name = f"Angkatan {row.region.name}" if number == 1 else f"Angkatan {row.region.name} {number}"
        found[row.pk] = (name[:120], slug)
    return found


def _batch(row: RolloutRow, rollout: Rollout, named: tuple[str, str], publish: bool) -> Batch:
    zone = rollout.program.agency.zone
    first = min(row.sittings.all(), key=lambda sitting: (sitting.day, sitting.begin))
    closes = aware(first.day - timedelta(days=rollout.closes_before), CLOSES, zone)
    return Batch(
        program=rollout.program,
        region=row.region,
        name=named[0],
        slug=named[1],
        quota=row.quota,
        waiting_quota=rollout.waiting_quota,
        registration_opens_at=aware(rollout.opens_on, OPENS, zone),
        registration_closes_at=min(closes, aware(first.day, first.begin, zone)),
        state=Batch.State.PUBLISHED if publish else Batch.State.PLANNED,
    )


def _topics(row: RolloutRow) -> set[int]:
    """What the batch is about: what was asked for and what its sessions teach."""
    taught = {sitting.topic_id for sitting in row.sittings.all() if sitting.topic_id is not None}
    return taught | {topic.pk for topic in row.topics.all()}


def _session(sitting: RolloutSitting, batch: Batch, zone: ZoneInfo) -> Session:
    return Session(batch=batch, lesson_hours=sitting.lesson_hours, **_facts(sitting, zone))


def _facts(sitting: RolloutSitting, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "during": DateTimeTZRange(aware(sitting.day, sitting.begin, zone), aware(sitting.day, sitting.end, zone)),
        "kind": sitting.kind,
        "topic_id": sitting.topic_id,
        "instructor_id": sitting.instructor_id,
        "venue_id": sitting.venue_id,
    }


def aware(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone)


def _move(rows: Sequence[RolloutRow], applied: Applied, rollout: Rollout, by: User) -> None:
    """Every session that changes is out of the way before the first takes its new time, so that batches may swap."""
    by_batch = {row.batch_id: row for row in rows}
    batches = {pk: Batch.objects.locked(pk) for pk in sorted(pk for pk in by_batch if pk is not None)}
    planned: dict[int, dict[int, Session]] = {pk: {} for pk in batches}
    for session in Session.objects.planned().filter(batch__in=batches).select_for_update(of=("self",), no_key=True):
        planned[session.batch_id][session.pk] = session
    zone, changes = rollout.program.agency.zone, {}
    for pk, batch in batches.items():
        row = by_batch[pk]
        if set(planned[pk]) != set(row.seen_sessions) or is_settled(batch, timezone.now()):
            message = _("The sessions of %(name)s were changed meanwhile. Please plan again.")
            raise ValidationError(message, code="sessions_changed", params={"name": row.region.name})
        changes[pk] = _differences(row, planned[pk], zone)
    out_of_the_way = [session for pk, (differ, gone) in changes.items() for session in [*differ, *gone]]
    Session.objects.filter(pk__in=out_of_the_way).update(cancelled=True)
    for pk, (differ, gone) in changes.items():
        fresh = [sitting for sitting in by_batch[pk].sittings.all() if sitting.session_id is None]
        if differ or gone or fresh:
            _rewrite(batches[pk], planned[pk], differ, gone, fresh, applied, rollout, by)


def _differences(
    row: RolloutRow, planned: Mapping[int, Session], zone: ZoneInfo
) -> tuple[dict[int, dict[str, Any]], list[int]]:
    """What each session becomes, for those that change; and those that the plan has no place for any more."""
    wanted = {one.session_id: _facts(one, zone) for one in row.sittings.all() if one.session_id is not None}
    differ = {
        pk: facts
        for pk, facts in wanted.items()
        if pk in planned and any(getattr(planned[pk], name) != value for name, value in facts.items())
    }
    return differ, [pk for pk in planned if pk not in wanted]


def _rewrite(
    batch: Batch,
    planned: Mapping[int, Session],
    differ: Mapping[int, dict[str, Any]],
    gone: Sequence[int],
    fresh: Sequence[RolloutSitting],
    applied: Applied,
    rollout: Rollout,
    by: User,
) -> None:
    zone, before = rollout.program.agency.zone, {}
    concerned = {planned[pk].instructor_id for pk in [*differ, *gone]}
    is_moved = bool(gone or fresh)
    for pk, facts in differ.items():
        session = planned[pk]
        is_moved = is_moved or session.during != facts["during"] or session.venue_id != facts["venue_id"]
        before[str(pk)] = [_shown(session), ""]
        for name, value in facts.items():
            setattr(session, name, value)
        session.cancelled = False
        session.save(update_fields=[*facts, "cancelled"])
        before[str(pk)][1] = _shown(session)
    for sitting in fresh:
        sitting.session = _session(sitting, batch, zone)
        sitting.session.save(force_insert=True)
        sitting.save(update_fields=["session"])
    first = Session.objects.planned().filter(batch=batch).in_order().first()
    if first is not None and first.during.lower < batch.registration_closes_at:
        batch.registration_closes_at = first.during.lower
        batch.save(update_fields=["registration_closes_at"])
    changes: dict[str, Any] = before | {str(pk): [_shown(planned[pk]), "-"] for pk in gone}
    entry = record(action="batch.rescheduled", by=by, target=batch, agency=rollout.program.agency, changes=changes)
    settle_questions(batch=batch, instructors=concerned, entry=entry, by=by)
    (applied.moved if is_moved else applied.changed).append(batch)


def _shown(session: Session) -> str:
    times = f"{session.during.lower.isoformat()}/{session.during.upper.isoformat()}"
    return f"{times} venue {session.venue_id or '-'} instructor {session.instructor_id or '-'}"
