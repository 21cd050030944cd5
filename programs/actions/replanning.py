"""Planning again what is in force."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from programs.models import Batch, Rollout, RolloutMeeting, RolloutRow, RolloutSitting
from programs.queries.planning import read_plan


@transaction.atomic
def plan_again(*, rollout: Rollout, by: User) -> Rollout:
    """A draft that follows a plan in force: its batches as they stand today, all fixed until somebody frees them.

    What clashes (a new holiday, an instructor who fell ill) is free to be proposed anew.
    """
    old = Rollout.objects.with_office().locked(rollout.pk)
    if old.state != Rollout.State.IN_FORCE:
        raise ValidationError(_("Only a plan in force is planned again."), code="rollout_not_in_force")
    if old.successors.filter(state=Rollout.State.DRAFT).exists():
        raise ValidationError(_("Somebody is planning this again already."), code="rollout_planned_again")
    pattern = list(old.pattern.all())
    rows = list(old.rows.select_related("batch").prefetch_related("topics", "sittings"))
    again = Rollout.objects.get(pk=old.pk)
    again.pk, again.state, again.replaces, again.revision, again.changed_by = None, Rollout.State.DRAFT, old, 1, by
    again.save(force_insert=True)
    for meeting in pattern:
        meeting.pk, meeting.rollout = None, again
    RolloutMeeting.objects.bulk_create(pattern)
    ended = {Batch.State.CANCELLED, Batch.State.FINISHED}
    _copy_rows(again, [row for row in rows if row.batch is None or row.batch.state not in ended])
    record(action="rollout.planned_again", by=by, target=again, agency=old.program.agency, changes={"of": old.pk})
    plan = read_plan(again)
    clashing = {problem.key for problem in plan.problems() if not problem.is_open_point}
    again.rows.filter(pk__in=clashing).update(fixed=False)
    return again


def _copy_rows(again: Rollout, rows: Sequence[RolloutRow]) -> None:
    zone = again.program.agency.zone
    for row in rows:
        copy = RolloutRow(rollout=again, region_id=row.region_id, quota=row.quota, fixed=True, batch=row.batch)
        if row.batch is not None:
            copy.quota = row.batch.quota
        copy.save(force_insert=True)
        copy.topics.set(row.batch.topics.all() if row.batch else row.topics.all())
        if row.batch is None:
            sittings = list(row.sittings.all())
            for sitting in sittings:
                sitting.pk, sitting.row = None, copy
        else:
            sittings = [
                RolloutSitting(
                    row=copy,
                    day=(begin := session.during.lower.astimezone(zone)).date(),
                    begin=begin.time(),
                    end=session.during.upper.astimezone(zone).time(),
                    kind=session.kind,
                    topic_id=session.topic_id,
                    lesson_hours=session.lesson_hours,
                    instructor_id=session.instructor_id,
                    venue_id=session.venue_id,
                    session=session,
                )
                for session in row.batch.sessions.planned().in_order()
            ]
            copy.seen_sessions = [sitting.session.pk for sitting in sittings if sitting.session is not None]
            copy.save(update_fields=["seen_sessions"])
        RolloutSitting.objects.bulk_create(sittings)
