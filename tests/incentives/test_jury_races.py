"""Two phones of one juror, the chair, the office and the lock, all at the same moment."""

import uuid
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from incentives import actions
from incentives.actions import Said
from incentives.models import Competition, Juror, ScoreSheet, SheetEvent
from tests import cast
from tests.incentives import made
from tests.incentives.sitting import PIN, given, sheet_of, sitting
from tests.participants.crowd import at_once, outcomes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HIGH, LOW = (90, 90, 90, 90, 90), (60, 60, 60, 60, 60)


def sent(sheet: ScoreSheet, values: tuple[int, ...], client_id: uuid.UUID, **more: object) -> partial[ScoreSheet]:
    return partial(actions.submit_sheet, sheet=sheet, given=given(values, **more), client_id=client_id)


def test_two_devices_of_one_juror_submit_at_once_and_one_holds() -> None:
    for _turn in range(4):
        _competition, jurors = sitting(jurors=2, entries=1)
        sheet = sheet_of(jurors[0])
        jobs = [sent(sheet, HIGH, uuid.uuid4(), device="a"), sent(sheet, LOW, uuid.uuid4(), device="b")]
        assert sorted(outcomes(at_once(jobs))) == ["done", "submitted"]
        event = sheet.events.get()
        assert {f"{score.value}" for score in sheet.scores.all()} == set(event.scores.values())


def test_one_submission_over_eight_lines_is_one() -> None:
    _competition, jurors = sitting(jurors=2, entries=1)
    sheet, key = sheet_of(jurors[0]), uuid.uuid4()
    assert Counter(outcomes(at_once([sent(sheet, HIGH, key, device="a")] * 8))) == {"done": 8}
    assert (SheetEvent.objects.count(), ScoreSheet.objects.get(pk=sheet.pk).revision) == (1, 1)


def test_first_submissions_of_a_whole_jury_never_wait_in_a_circle() -> None:
    competition, jurors = sitting(jurors=6, entries=2)
    sheets = list(ScoreSheet.objects.order_by("?"))
    assert set(outcomes(at_once([sent(sheet, HIGH, uuid.uuid4()) for sheet in sheets]))) == {"done"}
    competition.refresh_from_db()
    assert competition.first_score_at is not None


def lock(competition: Competition) -> None:
    """As the lock of a result holds the row: every sheet that counts is seen by it, or is refused."""
    with transaction.atomic():
        row = Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
        row.first_score_at = row.first_score_at or timezone.now()
        row.locked_at = timezone.now()
        row.save()
        SEEN[row.pk] = ScoreSheet.objects.counting().filter(competition=row).count()


SEEN: dict[int, int] = {}


def test_submission_against_the_lock_is_in_the_result_or_refused() -> None:
    for _turn in range(5):
        competition, jurors = sitting(jurors=3, entries=1)
        jobs = [sent(sheet, HIGH, uuid.uuid4()) for sheet in ScoreSheet.objects.filter(competition=competition)]
        found = outcomes(at_once([*jobs, partial(lock, competition)]))
        assert set(found) <= {"done", "locked"}
        submitted = ScoreSheet.objects.counting().filter(competition=competition).count()
        assert submitted == SEEN[competition.pk] == found[:3].count("done")


def test_correction_of_the_chair_against_a_late_submission() -> None:
    """The sheet is submitted first and corrected then, or the chair is told that there is nothing to correct."""
    for _turn in range(4):
        _competition, [chair, juror] = sitting(jurors=2, entries=1)
        sheet = sheet_of(juror)
        correct = partial(
            actions.correct_sheet,
            sheet=sheet,
            given=given(LOW, revision=1),
            reason="Tertukar",
            chair=chair,
            client_id=uuid.uuid4(),
        )
        done, corrected = outcomes(at_once([sent(sheet, HIGH, uuid.uuid4()), correct]))
        assert done == "done"
        assert corrected in {"done", "not_submitted"}
        kinds = list(sheet.events.values_list("kind", flat=True))
        assert kinds == (["submitted", "corrected"] if corrected == "done" else ["submitted"])


def test_recusal_dealing_out_and_saving_at_once_leave_each_entry_its_jurors() -> None:
    by = cast.program_officer()
    for _turn in range(3):
        competition, jurors = sitting(jurors=4, entries=3, jurors_per_entry=2)
        sheet = ScoreSheet.objects.filter(competition=competition).order_by("pk")[0]
        jobs: list[Callable[[], Any]] = [
            partial(actions.recuse, juror=sheet.juror, entry=sheet.entry, said=Said("family")),
            partial(actions.assign_sheets, competition=competition, by=by),
            partial(actions.save_sheet, sheet=sheet, given=given((70,))),
            partial(actions.withdraw_juror, juror=jurors[3], reason="Sakit", with_submitted=False, by=by),
        ]
        assert set(outcomes(at_once(jobs))) <= {"done", "sheet_closed", "juror_withdrawn"}
        standing = Counter(ScoreSheet.objects.filter(competition=competition).missing().values_list("entry", flat=True))
        assert set(standing.values()) == {2}


def test_link_that_two_open_at_once_lets_one_in() -> None:
    juror = made.juror(made.competition())
    token = actions.invite_juror(juror=juror, by=cast.program_officer())
    jobs = [partial(actions.join_jury, token=token, pin=pin) for pin in (PIN, "861204")]
    assert sorted(outcomes(at_once(jobs))) == ["done", "link_over"]


def test_wrong_pins_at_once_are_counted_one_by_one() -> None:
    _competition, [juror, *_others] = sitting(entries=1)
    guesses = [partial(actions.enter_jury, juror=juror, pin=f"90010{number}") for number in range(8)]
    assert Counter(outcomes(at_once(guesses))) == {"pin_wrong": 5, "pin_locked": 3}
    assert Juror.objects.get(pk=juror.pk).wrong_pins == 5


def test_two_officers_call_two_onto_the_stage_and_one_stands_there() -> None:
    competition, _jurors = sitting(entries=2)
    by = cast.program_officer()
    jobs = [partial(actions.start_pitch, entry=entry, by=by) for entry in competition.entries.all()]
    assert sorted(outcomes(at_once(jobs))) == ["done", "entry_one_at_a_time"]
