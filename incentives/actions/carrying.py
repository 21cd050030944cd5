"""A change of the method takes the sheets of the jurors along: nothing that was scored is lost or counted twice."""

from collections import defaultdict
from typing import Any

from django.db.models import F

from accounts.models import User
from incentives.models import Competition, Criterion, Edition, Score, ScoreSheet, SheetEvent
from incentives.queries.methods import asked_of_jurors

State = ScoreSheet.State


def carry_sheets(*, competition: Competition, old: Edition, new: Edition, reason: str, by: User) -> int:
    """Every sheet goes on with the new wording; how many that were submitted go back to their jurors.

    Scores follow their criterion where its scale is the same. Sheets go back only where what jurors are asked changed.
    """
    sheets = ScoreSheet.objects.filter(competition=competition)
    states = dict(sheets.values_list("pk", "state"))
    if not states:
        return 0
    reopens = asked_of_jurors(old) != asked_of_jurors(new)
    submitted = [pk for pk, state in states.items() if state == State.SUBMITTED]
    if reopens:
        _note(submitted, reason, by)
    # PostgreSQL lets no score of a closed sheet move, so all are open for a moment.
    sheets.update(state=State.DRAFT, edition=new)
    _move_scores(old, new)
    by_state = defaultdict(list)
    for pk, state in states.items():
        by_state[State.DRAFT if reopens and state == State.SUBMITTED else state].append(pk)
    for state, keys in by_state.items():
        # A device that still shows the old criteria is told when it saves.
        changes: dict[str, Any] = {"revision": F("revision") + 1, "device": ""} if reopens else {}
        ScoreSheet.objects.filter(pk__in=keys).update(state=state, **changes)
    return len(submitted) if reopens else 0


def _note(submitted: list[int], reason: str, by: User) -> None:
    given: dict[int, dict[str, str]] = {pk: {} for pk in submitted}
    scores = Score.objects.filter(sheet__in=submitted).order_by()
    for pk, code, value in scores.values_list("sheet_id", "criterion__code", "value"):
        given[pk][code] = str(value)
    SheetEvent.objects.bulk_create(
        SheetEvent(sheet_id=pk, kind=SheetEvent.Kind.REOPENED, scores=given[pk], user=by, reason=reason)
        for pk in submitted
    )


def _move_scores(old: Edition, new: Edition) -> None:
    successors = {one.code: one for one in new.criteria.all()}
    for criterion in old.criteria.all():
        scores, successor = Score.objects.filter(criterion=criterion), successors.get(criterion.code)
        if successor is not None and _scale(successor) == _scale(criterion):
            scores.update(criterion=successor)
        else:
            scores.delete()


def _scale(criterion: Criterion) -> tuple[Any, Any]:
    return criterion.lowest, criterion.highest
