"""One session after planning: added, changed, cancelled, or given to another instructor.

Each holds the batch's lock, so that two officers change one batch one after the other.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from programs.actions.asking import settle_questions
from programs.actions.batches import SessionPlan, plan_sessions, refuse_ended
from programs.actions.placing import Placing, check_placings
from programs.models import Batch, Instructor, Partner, Session, Topic, Venue


@dataclass(frozen=True)
class SessionFacts:
    """What a session is about and where; its time is changed by `reschedule`, its instructor by `staff_session`."""

    kind: str
    topic: Topic | None
    lesson_hours: int
    venue: Venue | None
    partner: Partner | None = None


@transaction.atomic
def add_session(*, batch: Batch, plan: SessionPlan, by: User) -> Session:
    """One more meeting, still to come. Where it becomes the first, registration closes when it begins at the latest."""
    locked = Batch.objects.locked(batch.pk)
    refuse_ended(locked)
    if plan.begin <= timezone.now():
        raise ValidationError(_("A new session lies ahead. Please choose a later time."), code="session_in_past")
    with spoken_refusals(Batch, Session):
        plan_sessions(locked, [plan])
        session: Session = locked.sessions.planned().get(during__startswith=plan.begin)
        if plan.begin < locked.registration_closes_at:
            Batch.objects.filter(pk=locked.pk).update(registration_closes_at=plan.begin)
    if plan.topic is not None:
        locked.topics.add(plan.topic)
    changes = {"begins": plan.begin.isoformat(), "ends": plan.end.isoformat()}
    record(action="session.added", by=by, target=locked, agency=locked.program.agency, changes=changes)
    return session


@transaction.atomic
def change_session(*, session: Session, facts: SessionFacts, by: User) -> Session:
    """Topic, kind, lesson hours, venue, who gives the material. What is over keeps its place and is only described."""
    locked, row = _locked(session)
    before = SessionFacts(row.kind, row.topic, row.lesson_hours, row.venue, row.partner)
    if before == facts:
        raise ValidationError(_("Nothing has changed."), code="nothing_changed")
    agency = locked.program.agency
    placing = Placing(row.during.lower, row.during.upper, None, facts.venue)
    check_placings([placing], agency_id=agency.pk, zone=agency.zone)
    row.kind, row.topic, row.lesson_hours = facts.kind, facts.topic, facts.lesson_hours
    row.venue, row.partner = facts.venue, facts.partner
    with spoken_refusals(Session):
        row.save(update_fields=["kind", "topic", "lesson_hours", "venue", "partner"])
    if facts.topic is not None:
        locked.topics.add(facts.topic)
    names = ("kind", "topic", "lesson_hours", "venue", "partner")
    changed = {name for name in names if getattr(before, name) != getattr(facts, name)}
    changes = {name: [str(getattr(before, name) or "–"), str(getattr(facts, name) or "–")] for name in sorted(changed)}
    entry = record(action="session.changed", by=by, target=locked, agency=agency, changes=changes)
    if changed & {"topic", "venue"} and row.during.lower > timezone.now():
        settle_questions(batch=locked, instructors={row.instructor_id}, entry=entry, by=by)
    return row


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User) -> Session:
    """Takes one session out and gives back its venue and instructor. The last one goes only with its batch."""
    locked, row = _locked(session)
    _refuse_begun(row)
    if locked.state == Batch.State.PUBLISHED and locked.sessions.planned().count() == 1:
        raise ValidationError(
            _("This is the only session. Cancel the batch instead, so that everybody is told."), code="session_is_last"
        )
    row.cancelled = True
    row.save(update_fields=["cancelled"])
    changes = {"begins": row.during.lower.isoformat()}
    agency = locked.program.agency
    entry = record(action="session.cancelled", by=by, target=locked, agency=agency, purpose=reason, changes=changes)
    settle_questions(batch=locked, instructors={row.instructor_id}, entry=entry, by=by)
    return row


@transaction.atomic
def staff_session(*, session: Session, instructor: Instructor | None, by: User) -> Session:
    """Gives the session to this instructor, or to nobody yet. PostgreSQL refuses somebody who is booked meanwhile.

    Whoever had been asked before hears of it.
    """
    locked, row = _locked(session)
    _refuse_begun(row)
    former = row.instructor
    if former == instructor:
        raise ValidationError(_("Nothing has changed."), code="nothing_changed")
    agency = locked.program.agency
    placing = Placing(row.during.lower, row.during.upper, instructor, None)
    check_placings([placing], agency_id=agency.pk, zone=agency.zone)
    row.instructor = instructor
    with spoken_refusals(Session):
        row.save(update_fields=["instructor"])
    changes = {"instructor": [str(former or "–"), str(instructor or "–")], "begins": row.during.lower.isoformat()}
    entry = record(action="session.staffed", by=by, target=locked, agency=agency, changes=changes)
    settle_questions(batch=locked, instructors={former.pk if former else None}, entry=entry, by=by)
    return row


def _locked(session: Session) -> tuple[Batch, Session]:
    """The batch first, then the session; refuses what has ended or was taken out."""
    locked = Batch.objects.locked(session.batch_id)
    refuse_ended(locked)
    row = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    if row.cancelled:
        raise ValidationError(_("This session was cancelled."), code="session_cancelled")
    return locked, row


def _refuse_begun(row: Session) -> None:
    if row.during.lower <= timezone.now():
        raise ValidationError(_("This session has begun already."), code="session_begun")
