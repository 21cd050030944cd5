"""Single rows of a draft, mended by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from programs.actions.rollouts import draft_of, propose_rows, rows_of
from programs.models import Rollout, RolloutRow, RolloutSitting, Topic
from programs.queries.planning import frame_of, read_plan
from programs.rules.planning import Frame, Row, Sitting, in_order, sittings_of


@transaction.atomic
def remove_row(*, row: RolloutRow, by: User) -> None:
    """Takes a region out of a draft. A batch that exists already is cancelled where batches are, not here."""
    locked = draft_of(row.rollout, by)
    if row.batch_id is not None:
        raise ValidationError(_("This batch exists already. Cancel it on its own page."), code="row_has_batch")
    changes = {"removed": row.region_id}
    locked.rows.filter(pk=row.pk).delete()
    record(action="rollout.row_removed", by=by, target=locked, agency=locked.program.agency, changes=changes)


@transaction.atomic
def move_row(*, row: RolloutRow, to: date, by: User) -> RolloutRow:
    """The batch begins on another day; whoever teaches and the venue stay. From now on it is fixed."""
    locked = draft_of(row.rollout, by)
    row = _locked_row(locked, row)
    frame = frame_of(locked)
    run = _run_from(frame, to)
    value = next(one for one in read_plan(locked).values if one.key == row.pk)
    sittings = _carried(value, sittings_of(frame, run, value.topics)) if row.batch_id is None else _shifted(value, run)
    _keep_sittings(row, sittings)
    _fix(row, True)
    changes = {"region": row.region_id, "first_day": to.isoformat()}
    record(action="rollout.row_moved", by=by, target=locked, agency=locked.program.agency, changes=changes)
    return row


@transaction.atomic
def change_row(
    *, row: RolloutRow, quota: int, topics: Sequence[Topic], sittings: Sequence[Sitting], by: User
) -> RolloutRow:
    """A row as somebody wrote it: sessions with day, hours, topic, instructor and venue. From now on it is fixed."""
    locked = draft_of(row.rollout, by)
    row = _locked_row(locked, row)
    if any(sitting.end <= sitting.begin for sitting in sittings):
        raise ValidationError(_("A session needs a beginning and a later end."), code="rollout_sitting_ends_later")
    row.quota = quota
    with spoken_refusals(RolloutRow):
        row.save(update_fields=["quota"])
    row.topics.set(topics)
    _keep_sittings(row, sittings)
    _fix(row, True)
    changes = {"region": row.region_id, "quota": quota, "sessions": len(sittings)}
    record(action="rollout.row_changed", by=by, target=locked, agency=locked.program.agency, changes=changes)
    return row


@transaction.atomic
def ask_again(*, row: RolloutRow, quota: int, topics: Sequence[Topic], by: User) -> RolloutRow:
    """Other topics or seats for a row whose days, instructors and venue are proposed anew; all others stay."""
    locked = draft_of(row.rollout, by)
    row = _locked_row(locked, row)
    if row.batch_id is not None:
        raise ValidationError(
            _("This batch exists already: move it, or free it and propose again."), code="row_has_batch"
        )
    row.quota = quota
    with spoken_refusals(RolloutRow):
        row.save(update_fields=["quota"])
    row.topics.set(topics)
    row.sittings.all().delete()
    _fix(row, False)
    propose_rows(locked, keep=True)
    changes = {"region": row.region_id, "quota": quota, "topics": [topic.pk for topic in topics]}
    record(action="rollout.row_changed", by=by, target=locked, agency=locked.program.agency, changes=changes)
    return row


@transaction.atomic
def free_row(*, row: RolloutRow, by: User) -> RolloutRow:
    """Lets the next proposal move the row again."""
    locked = draft_of(row.rollout, by)
    row = _locked_row(locked, row)
    _fix(row, False)
    record(
        action="rollout.row_freed",
        by=by,
        target=locked,
        agency=locked.program.agency,
        changes={"region": row.region_id},
    )
    return row


def _locked_row(rollout: Rollout, row: RolloutRow) -> RolloutRow:
    found = rollout.rows.filter(pk=row.pk).select_related("batch").first()
    if found is None:
        raise ValidationError(_("This region is no longer in the plan."), code="row_gone")
    if found.batch and found.batch.starts_at and found.batch.starts_at <= timezone.now():
        raise ValidationError(_("This batch has begun and stays as it is."), code="row_begun")
    return found


def _fix(row: RolloutRow, fixed: bool) -> None:
    row.fixed, row.reasons = fixed, []
    row.save(update_fields=["fixed", "reasons"])


def _run_from(frame: Frame, first: date) -> list[date]:
    """As many training days as a batch has, from this one on."""
    if not frame.first <= first <= frame.last:
        raise ValidationError(_("This day lies outside of the window."), code="outside_window")
    window = (first + timedelta(days=number) for number in range((frame.last - first).days + 1))
    run = [day for day in window if day.weekday() in frame.weekdays and day not in frame.holidays][: frame.days]
    if not run or run[0] != first:
        raise ValidationError(_("This is no training day of the plan."), code="no_working_day")
    if len(run) < frame.days:
        raise ValidationError(_("The batch would not end inside of the window."), code="run_too_short")
    return run


def _carried(value: Row, fresh: Iterable[Sitting]) -> list[Sitting]:
    """The new sessions with the instructors and venues of those before, one after the other."""
    before = in_order(value.sittings)
    made = in_order(fresh)
    if len(before) != len(made):
        return made
    return [
        replace(new, topic=old.topic, teacher=old.teacher, place=old.place)
        for old, new in zip(before, made, strict=True)
    ]


def _shifted(value: Row, run: Sequence[date]) -> list[Sitting]:
    """Sessions that exist keep their hours and only change days."""
    by_day = dict(zip(value.days, run, strict=False))
    ordered = in_order(value.sittings)
    return [replace(sitting, day=by_day.get(sitting.day, run[-1])) for sitting in ordered]


def _keep_sittings(row: RolloutRow, sittings: Sequence[Sitting]) -> None:
    """Replaces the row's sessions; the first stays the first, so that what exists already is moved and not doubled."""
    known = list(row.sittings.order_by("day", "begin", "pk").values_list("session_id", flat=True))
    row.sittings.all().delete()
    RolloutSitting.objects.bulk_create(rows_of(row.pk, sittings, known))
