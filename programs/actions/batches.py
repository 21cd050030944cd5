"""Writes about batches and their sessions. Who is told about a change is decided one rung up, in participants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import AuditEntry, User
from kit.refusals import spoken_refusals
from programs.actions.asking import settle_questions
from programs.actions.placing import Placing, check_placings
from programs.actions.selection import declare_terms
from programs.models import Batch, Instructor, Partner, Program, Session, Topic, Venue
from regions.models import Region


@dataclass(frozen=True)
class SessionPlan:
    """One meeting to be: aware times, what and where."""

    begin: datetime
    end: datetime
    kind: str = Session.Kind.TRAINING
    topic: Topic | None = None
    lesson_hours: int = 0
    instructor: Instructor | None = None
    venue: Venue | None = None
    partner: Partner | None = None


@transaction.atomic
def create_batch(
    *,
    program: Program,
    region: Region,
    name: str,
    slug: str,
    quota: int,
    waiting_quota: int,
    opens_at: datetime,
    closes_at: datetime,
    topics: Iterable[Topic] = (),
    sessions: Sequence[SessionPlan] = (),
    by: User,
) -> Batch:
    """A planned batch with its sessions, about what they are about unless `topics` are named.

    Refuses what a constraint refuses, with the constraint's sentence.
    """
    batch = Batch(
        program=program,
        region=region,
        name=name,
        slug=slug,
        quota=quota,
        waiting_quota=waiting_quota,
        registration_opens_at=opens_at,
        registration_closes_at=closes_at,
    )
    with spoken_refusals(Batch, Session):
        batch.save(force_insert=True)
        batch.topics.set(topics or [plan.topic for plan in sessions if plan.topic])
        plan_sessions(batch, sessions)
    record(action="batch.created", by=by, target=batch, agency=program.agency, changes={"name": name, "quota": quota})
    return batch


def plan_sessions(batch: Batch, plans: Sequence[SessionPlan]) -> None:
    """Rows of these meetings, where nothing speaks against their times, teachers and places."""
    agency = batch.program.agency
    placings = [Placing(plan.begin, plan.end, plan.instructor, plan.venue) for plan in plans]
    check_placings(placings, agency_id=agency.pk, zone=agency.zone)
    for plan in plans:
        batch.sessions.create(
            during=span(plan.begin, plan.end),
            kind=plan.kind,
            topic=plan.topic,
            lesson_hours=plan.lesson_hours,
            instructor=plan.instructor,
            venue=plan.venue,
            partner=plan.partner,
        )


@transaction.atomic
def publish_batch(*, batch: Batch, by: User) -> Batch:
    """From planned to published: residents see it and register inside its window. Needs at least one session."""
    # What the programme asks of residents does not change any more from here on; programmes come before batches.
    Program.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=batch.program_id)
    locked = Batch.objects.locked(batch.pk)
    if locked.state != Batch.State.PLANNED:
        raise ValidationError(_("Only a planned batch can be published."), code="batch_not_planned")
    first = locked.sessions.planned().in_order().first()
    if first is None:
        raise ValidationError(_("Please add at least one session before publishing."), code="batch_without_session")
    _refuse_closing_late(locked.registration_closes_at, first)
    locked.state = Batch.State.PUBLISHED
    locked.selection_method = declare_terms(batch=locked)
    locked.save(update_fields=["state", "selection_method"])
    record(action="batch.published", by=by, target=locked, agency=locked.program.agency)
    return locked


@transaction.atomic
def finish_batch(*, batch: Batch, by: User) -> Batch:
    """From published to finished, after the last session: the batch stays to be seen and takes nobody any more."""
    locked = Batch.objects.locked(batch.pk)
    if locked.state != Batch.State.PUBLISHED:
        raise ValidationError(_("Only a published batch can be finished."), code="batch_not_published")
    if locked.ends_at is None or locked.ends_at > timezone.now():
        raise ValidationError(_("A batch is finished after its last session."), code="batch_not_over")
    locked.state = Batch.State.FINISHED
    locked.save(update_fields=["state"])
    record(action="batch.finished", by=by, target=locked, agency=locked.program.agency)
    return locked


@transaction.atomic
def set_quota(*, batch: Batch, quota: int, waiting_quota: int, by: User) -> Batch:
    """New numbers of seats and waiting places; never below what people hold already."""
    locked = Batch.objects.locked(batch.pk)
    refuse_ended(locked)
    if quota < locked.seats_taken:
        raise ValidationError(
            _("%(taken)d seats are held or offered already. The quota cannot be lower."),
            code="quota_below_taken",
            params={"taken": locked.seats_taken},
        )
    if waiting_quota < locked.waiting_count:
        raise ValidationError(
            _("%(waiting)d people wait already. The waiting list cannot be shorter."),
            code="waiting_quota_below_waiting",
            params={"waiting": locked.waiting_count},
        )
    before = {"quota": locked.quota, "waiting_quota": locked.waiting_quota}
    locked.quota, locked.waiting_quota = quota, waiting_quota
    with spoken_refusals(Batch):
        locked.save(update_fields=["quota", "waiting_quota"])
    _record_change("batch.quota_changed", locked, before, {"quota": quota, "waiting_quota": waiting_quota}, by)
    return locked


@transaction.atomic
def set_registration_end(*, batch: Batch, closes_at: datetime, by: User) -> Batch:
    """A new end of the registration window, not after the first session begins."""
    locked = Batch.objects.locked(batch.pk)
    refuse_ended(locked)
    if locked.selected_at is not None:
        raise ValidationError(_("The result is frozen; registration cannot open again."), code="already_selected")
    first = locked.sessions.planned().in_order().first()
    if first is not None:
        _refuse_closing_late(closes_at, first)
    before = {"registration_closes_at": locked.registration_closes_at.isoformat()}
    locked.registration_closes_at = closes_at
    with spoken_refusals(Batch):
        locked.save(update_fields=["registration_closes_at"])
    _record_change("batch.registration_extended", locked, before, {"registration_closes_at": closes_at.isoformat()}, by)
    return locked


@transaction.atomic
def reschedule(*, batch: Batch, sessions: dict[int, tuple[datetime, datetime, Venue | None]], by: User) -> Batch:
    """New times and venues by session id. All move at once, so that sessions may change places.

    Where the first session now begins before registration was to close, registration closes with it.
    """
    locked = Batch.objects.locked(batch.pk)
    refuse_ended(locked)
    rows = {row.pk: row for row in locked.sessions.planned().select_for_update(of=("self",), no_key=True)}
    if not sessions:
        raise ValidationError(_("Nothing has changed."), code="nothing_changed")
    if set(sessions) - set(rows):
        raise ValidationError(_("This session does not belong to the batch."), code="session_unknown")
    _refuse_going_back([(rows[pk], begin) for pk, (begin, _end, _venue) in sessions.items()], timezone.now())
    before: dict[str, object] = {str(pk): _shown(rows[pk]) for pk in sessions}
    before["registration_closes_at"] = locked.registration_closes_at.isoformat()
    _check_new_places(locked, rows, sessions)
    with spoken_refusals(Batch, Session):
        # Out of the way first: the exclusion constraints look at each statement, not at the end of the transaction.
        locked.sessions.filter(pk__in=sessions).update(cancelled=True)
        for pk, (begin, end, venue) in sessions.items():
            row = rows[pk]
            row.during, row.venue, row.cancelled = span(begin, end), venue, False
            row.save(update_fields=["during", "venue", "cancelled"])
        first = min(row.during.lower for row in rows.values())
        locked.registration_closes_at = min(locked.registration_closes_at, first)
        locked.save(update_fields=["registration_closes_at"])
    after: dict[str, object] = {str(pk): _shown(rows[pk]) for pk in sessions}
    if all(before[key] == shown for key, shown in after.items()):
        raise ValidationError(_("Nothing has changed."), code="nothing_changed")
    after["registration_closes_at"] = locked.registration_closes_at.isoformat()
    entry = _record_change("batch.rescheduled", locked, before, after, by)
    settle_questions(batch=locked, instructors={rows[pk].instructor_id for pk in sessions}, entry=entry, by=by)
    return locked


@transaction.atomic
def cancel_batch(*, batch: Batch, reason: str, by: User) -> Batch:
    """Ends the batch and gives back venues and instructors. The people are released and told by participants."""
    locked = Batch.objects.locked(batch.pk)
    refuse_ended(locked)
    locked.state = Batch.State.CANCELLED
    locked.cancelled_at = timezone.now()
    locked.cancel_reason = reason
    locked.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    teachers = set(locked.sessions.planned().values_list("instructor_id", flat=True))
    locked.sessions.update(cancelled=True)
    entry = record(action="batch.cancelled", by=by, target=locked, agency=locked.program.agency, purpose=reason)
    settle_questions(batch=locked, instructors=teachers, entry=entry, by=by)
    return locked


def _check_new_places(
    batch: Batch, rows: Mapping[int, Session], sessions: Mapping[int, tuple[datetime, datetime, Venue | None]]
) -> None:
    agency = batch.program.agency
    teachers = Instructor.objects.in_bulk([row.instructor_id for row in rows.values() if row.instructor_id])
    placings = [
        Placing(begin, end, teachers.get(rows[pk].instructor_id or 0), venue)
        for pk, (begin, end, venue) in sessions.items()
    ]
    check_placings(placings, agency_id=agency.pk, zone=agency.zone)


def span(begin: datetime, end: datetime) -> DateTimeTZRange:
    if end <= begin:
        raise ValidationError(_("A session needs a beginning and a later end."), code="session_has_begin_and_end")
    return DateTimeTZRange(begin, end)


def _refuse_closing_late(closes_at: datetime, first: Session) -> None:
    if closes_at > first.during.lower:
        raise ValidationError(_("Registration must close before the first session begins."), code="closes_after_start")


def _refuse_going_back(moved: Sequence[tuple[Session, datetime]], now: datetime) -> None:
    """What has begun may be written down as it was; what is to come is not told to people as if it had been."""
    if any(begin <= now < session.during.lower for session, begin in moved):
        raise ValidationError(_("A session cannot be moved into the past."), code="session_in_past")


def _shown(session: Session) -> str:
    begin, end = (moment.astimezone(UTC).isoformat() for moment in (session.during.lower, session.during.upper))
    return f"{begin}/{end} venue {session.venue_id or '-'}"


def refuse_ended(batch: Batch) -> None:
    if batch.state in {Batch.State.CANCELLED, Batch.State.FINISHED}:
        raise ValidationError(_("This batch has ended and cannot be changed."), code="batch_ended")


def _record_change(
    action: str, batch: Batch, before: Mapping[str, object], after: Mapping[str, object], by: User
) -> AuditEntry:
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    return record(action=action, by=by, target=batch, agency=batch.program.agency, changes=changes)
