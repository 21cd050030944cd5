"""The lock of a result against itself and against whoever still submits."""

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from budgets.actions import approve_payments, record_paid
from budgets.models import BudgetLine, Payment
from incentives import actions
from incentives.models import Award, Result, Score, ScoreSheet
from incentives.queries.facts import Facts
from tests import cast, factories
from tests.budgets.money import sums
from tests.incentives import decided, made
from tests.participants.crowd import at_once, outcomes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_eight_lock_at_once_and_there_is_one_result() -> None:
    of, chair, _entries = decided.example()
    lock = partial(actions.lock_result, competition=of, chair=chair, by=None)
    found = at_once([lock] * 8)
    assert {result.pk for result in found} == {Result.objects.get().pk}
    assert Award.objects.count() == 3


def test_a_sheet_submitted_against_the_lock_counts_or_is_refused() -> None:
    """Never a sheet that is submitted and not in the result."""
    for _turn in range(5):
        of = made.competition()
        jurors = decided.jury(of)
        decided.scored(of, jurors, 80)
        late = made.sheet(jurors[0], made.entry(of, state="withdrawn"))

        def submit(sheet: ScoreSheet = late) -> str:
            try:
                with transaction.atomic():
                    for criterion in sheet.edition.criteria.all():
                        Score.objects.create(sheet=sheet, criterion=criterion, value=Decimal(70))
                    sheet.state, sheet.submitted_at = "submitted", sheet.competition.first_score_at
                    sheet.save()
            except IntegrityError:
                return "refused"
            return "submitted"

        submitted, result = at_once([submit, partial(actions.lock_result, competition=of, chair=jurors[0], by=None)])
        assert isinstance(result, Result)
        [sheet] = [one for one in Facts.from_json(result.inputs).sheets if one.entry == late.entry_id]
        late.refresh_from_db()
        assert {"submitted": "submitted", "refused": "assigned"}[submitted] == late.state == sheet.state


def test_a_withdrawal_and_a_reopening_at_once_leave_one_standing_result_at_most() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    pitches = decided.scored(of, jurors, 90, 80, 70)
    actions.lock_result(competition=of, chair=jurors[0], by=None)

    officer = cast.program_officer()
    answers = outcomes(
        at_once(
            [
                partial(actions.reopen_result, competition=of, chair=jurors[0], reason="x", by=None),
                partial(actions.remove_entry, entry=pitches[0], state="withdrawn", reason="y", by=officer),
            ]
        )
    )
    of.refresh_from_db()
    assert Counter(answers) in (Counter({"done": 2}), Counter({"done": 1, "not_locked": 1}))
    assert (of.locked_at, Result.objects.in_force().count(), Award.objects.standing().count()) == (None, 0, 0)


def test_awards_proposed_ten_times_at_once_are_proposed_once() -> None:
    of = decided.won(factories.batch(factories.program(cast.home_agency())), 3)
    by = cast.activity_officer()
    answers = outcomes(at_once([partial(actions.propose_awards, competition=of, by=by)] * 10))
    assert Counter(answers) == {"done": 1, "nothing_to_propose": 9}
    assert Payment.objects.count() == 3
    assert sums(BudgetLine.objects.get(pk=of.line_id or 0)) == (14_400_000, 0)


def test_an_award_paid_by_two_treasurers_at_once_is_paid_once() -> None:
    of = decided.won(factories.batch(factories.program(cast.home_agency())), 1)
    [payment] = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=[payment], by=cast.budget_authority())
    both = [cast.treasurer(), factories.user("bendahara.dua", role=Role.TREASURER)]
    told: dict[str, Any] = {"payments": [payment], "paid_on": of.program.agency.today(), "document": "SP2D 1"}
    told |= {"tax": 150_000, "cash": True}
    answers = outcomes(at_once([partial(record_paid, by=by, **told) for by in both]))
    assert Counter(answers) == {"done": 1, "payment_moved": 1}
    assert sums(BudgetLine.objects.get(pk=of.line_id or 0)) == (11_400_000, 3_000_000)
