"""Rollout plans put into force: programs creates and moves the batches, here the people hear of it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.actions.batches import tell_rescheduled
from participants.actions.completing import recompute_known
from programs import actions as programs
from programs.models import Rollout


@dataclass(frozen=True)
class RolledOut:
    created: int
    moved: int
    changed: int
    told: int


@transaction.atomic
def apply_rollout(*, rollout: Rollout, seen: int, publish: bool, by: User) -> RolledOut:
    """Creates and moves all batches of a plan at once; everybody in a batch that moves is told in the same breath."""
    applied = programs.apply_rollout(rollout=rollout, seen=seen, publish=publish, by=by)
    now = timezone.now()
    for batch in (*applied.moved, *applied.changed):
        recompute_known(batch)
    told = sum(tell_rescheduled(batch, now) for batch in applied.moved)
    return RolledOut(len(applied.created), len(applied.moved), len(applied.changed), told)
