"""Jurors who save and an office that changes the method, at the same moment."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from incentives import actions
from incentives.models import Score, ScoreSheet
from tests import cast
from tests.incentives import sitting
from tests.incentives.declared import changed, line_of
from tests.participants.crowd import at_once, outcomes


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("renamed", [False, True])
def test_every_sheet_ends_with_the_new_wording_however_jurors_and_office_meet(renamed: bool) -> None:
    competition, jurors = sitting.sitting(jurors=3, entries=3)
    line = line_of(competition.program)
    edition = changed(competition, line=line, objection_days=5)
    if renamed:
        edition.criteria.filter(code="model").update(name="Usaha")
    sheets = [sitting.sheet_of(juror, place) for juror in jurors for place in range(3)]
    office = partial(actions.declare_change, competition=competition, by=cast.program_officer())
    jobs: list[Any] = [partial(sitting.submit, sheet) for sheet in sheets]
    answers = outcomes(at_once([*jobs[:4], office, *jobs[4:]]))
    assert answers[4] == "done"
    # New wording may find a page that still shows the old one; other days for objections stop nobody.
    assert renamed or set(answers) == {"done"}
    assert set(ScoreSheet.objects.filter(entry__is_training=False).values_list("edition", flat=True)) == {edition.pk}
    assert set(Score.objects.values_list("criterion__edition", flat=True)) <= {edition.pk}
    for sheet in ScoreSheet.objects.filter(state="submitted"):
        assert sheet.scores.count() == 5


@pytest.mark.django_db
def test_a_device_that_shows_old_criteria_is_told_after_a_change() -> None:
    competition, jurors = sitting.sitting(jurors=1, entries=1)
    sheet = sitting.sheet_of(jurors[0])
    saved = actions.save_sheet(sheet=sheet, given=sitting.given(device="hp"))
    edition = changed(competition, line=line_of(competition.program))
    edition.criteria.filter(code="model").update(name="Usaha")
    actions.declare_change(competition=competition, by=cast.program_officer())
    with pytest.raises(ValidationError) as refusal:
        actions.save_sheet(sheet=sheet, given=sitting.given(device="hp", revision=saved.revision))
    assert refusal.value.code == "stale"
