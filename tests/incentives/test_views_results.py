"""The pages of a result: who sees which figure, and when."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incentives import actions
from incentives.models import Competition
from participants.models import Registration
from tests import cast
from tests.incentives import decided, made
from tests.participants.desk import at_desk, errors

pytestmark = pytest.mark.django_db

# Who sees competitions at all, and whether the scores of a locked result are for them.
OFFICERS: dict[str, tuple[Callable[[], User], bool]] = {
    "program_officer": (cast.program_officer, True),
    "activity_officer": (cast.activity_officer, True),
    "division_head": (cast.division_head, True),
    "budget_authority": (cast.budget_authority, True),
    "auditor": (cast.auditor, True),
    "verifier": (cast.verifier, False),
    "treasurer": (cast.treasurer, False),
}
TOTALS = ("80,38", "79,95", "72,33", "80,85", "72,50")


def page_of(desk: Client, of: Competition, name: str = "result_detail") -> Any:
    return desk.get(reverse(f"incentives:{name}", args=[of.pk]))


@pytest.mark.parametrize("officer", OFFICERS)
def test_result_detail_tells_no_score_before_the_lock_and_then_only_who_may(officer: str) -> None:
    made_user, may = OFFICERS[officer]
    desk = at_desk(made_user())
    of, chair, entries = decided.example()
    before = page_of(desk, of)
    assert (before.status_code, "board" in before.context) == (200, False)
    told = before.content.decode()
    assert [total for total in TOTALS if total in told] == []
    assert str(entries["B"]) not in told
    actions.lock_result(competition=of, chair=chair, by=None)
    after = page_of(desk, of)
    told = after.content.decode()
    assert [total for total in TOTALS if total in told] == (list(TOTALS) if may else [])
    assert after.context["result"].sha256 in told


def test_result_detail_names_what_is_missing_and_who_is_tied() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    _first, *tied = decided.scored(of, jurors, 90, 80, 80)
    late = made.entry(of)
    made.sheet(jurors[1], late)
    desk = at_desk(cast.program_officer())
    waiting = page_of(desk, of)
    assert [one.code for one in waiting.context["progress"].obstacles] == ["sheets_missing"]
    assert tied[0].business_name not in waiting.content.decode()
    type(late).objects.filter(pk=late.pk).update(state="withdrawn")
    told = page_of(desk, of)
    assert [one.code for one in told.context["progress"].obstacles] == ["ties_open"]
    assert [entry.business_name in told.content.decode() for entry in tied] == [True, True]


@pytest.mark.parametrize("count", [1, 12])
def test_result_detail_takes_a_fixed_number_of_queries(count: int, django_assert_max_num_queries: Any) -> None:
    of = made.competition()
    jurors = decided.jury(of)
    decided.scored(of, jurors, *range(60, 60 + count))
    desk = at_desk(cast.program_officer())
    page_of(desk, of)
    with django_assert_max_num_queries(22):
        page_of(desk, of)
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    with django_assert_max_num_queries(18):
        assert len(page_of(desk, of).context["board"].lines) == count


def test_result_detail_shows_of_restricted_people_the_code_alone(batch: Any) -> None:
    of = made.competition(batch)
    jurors = decided.jury(of)
    _first, *tied = decided.scored(of, jurors, 90, 80, 80, batch=batch)
    pitch = tied[0]
    Registration.objects.filter(pk=pitch.registration_id or 0).update(restricted_at=of.created_at)
    desk = at_desk(cast.program_officer())
    told = page_of(desk, of).content.decode()
    assert (pitch.code in told, pitch.business_name in told, tied[1].business_name in told) == (True, False, True)
    keys = [entry.pk for entry in tied]
    actions.decide_tie(competition=of, chair=jurors[0], entries=keys, way="chair", reason="Musyawarah", by=None)
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    after = page_of(desk, of)
    told = after.content.decode()
    assert [len(tie["entries"]) for tie in after.context["ties"]] == [2]
    assert (pitch.code in told, pitch.business_name in told, tied[1].business_name in told) == (True, False, True)


def test_result_detail_says_what_another_method_would_change() -> None:
    of = made.competition(tiers=(("Juara I", 1, 3_000_000),))
    jurors = decided.jury(of)
    for totals in ((70, 70, 70), (60, 60, 95)):
        pitch = made.entry(of)
        for juror, total in zip(jurors, totals, strict=True):
            made.sheet(juror, pitch, decided.same(total))
    decided.begun(of)
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    board = page_of(at_desk(cast.auditor()), of).context["board"]
    assert [(row["label"], row["changes"]) for row in board.variants if row["changes"]] == [
        ("Median juri", True),
        (f"Tanpa {jurors[2]}", True),
    ]
    assert [cell.is_outlier for cell in board.lines[0].cells] == [True, True, True]
    assert [line.result.is_split for line in board.lines] == [True, False]


def test_result_remove_makes_a_new_version_or_says_why_not() -> None:
    of, chair, entries = decided.example()
    desk, address = at_desk(cast.program_officer()), reverse("incentives:result_remove", args=[of.pk])
    sent = {"entry": entries["B"].pk, "state": "withdrawn", "reason": "Pindah kota"}
    assert desk.post(address, sent).status_code == 422
    actions.lock_result(competition=of, chair=chair, by=None)
    assert list(errors(desk.post(address, sent | {"reason": ""}))) == ["reason"]
    assert desk.post(address, sent).status_code == 302
    assert of.results.in_force().get().version == 2
