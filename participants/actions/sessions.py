"""Sessions after planning, with a word to the people of the batch where it concerns them."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.actions.batches import tell_rescheduled
from participants.actions.completing import recompute_known
from programs import actions as programs
from programs.actions import SessionFacts, SessionPlan
from programs.models import Batch, Session


@transaction.atomic
def add_session(*, batch: Batch, plan: SessionPlan, by: User) -> int:
    """One more meeting, told to everybody of the batch. How many were told."""
    session = programs.add_session(batch=batch, plan=plan, by=by)
    recompute_known(session.batch)
    return tell_rescheduled(session.batch, timezone.now())


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User) -> int:
    """One meeting less, told to everybody of the batch with the schedule that is left. How many were told."""
    cancelled = programs.cancel_session(session=session, reason=reason, by=by)
    recompute_known(cancelled.batch)
    return tell_rescheduled(cancelled.batch, timezone.now())


@transaction.atomic
def change_session(*, session: Session, facts: SessionFacts, by: User) -> int:
    """What a meeting is about, and where: only another place of a meeting to come is told. How many were told."""
    former, now = session.venue_id, timezone.now()
    changed = programs.change_session(session=session, facts=facts, by=by)
    recompute_known(changed.batch)
    is_elsewhere = changed.venue_id != former and changed.during.lower > now
    return tell_rescheduled(changed.batch, now) if is_elsewhere else 0
