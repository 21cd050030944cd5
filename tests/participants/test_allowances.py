"""Allowances of a batch's participants: proposed once, for those who hold a verified seat."""

from typing import Any

import pytest

from budgets.actions import cancel_payment
from budgets.models import BudgetLine, Payment
from participants import actions
from programs.models import Batch
from tests import cast, factories
from tests.budgets.money import refused, sums
from tests.participants.desk import at_desk, errors, url
from tests.participants.selecting import verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(batch: Batch) -> BudgetLine:
    return factories.budget_line(batch.program.fund_source, ceiling=1_000_000)


def test_allowances_are_proposed_once(batch: Batch, line: BudgetLine) -> None:
    first, second = verified(batch, 2)
    factories.registration(batch)
    account = factories.payee_account(owner=f"person:{first.person_id}", payee_name=first.full_name)
    call: dict[str, Any] = {"batch": batch, "line": line, "amount": 150_000, "by": cast.activity_officer()}
    made = actions.propose_allowances(**call)
    assert [(row.reference, row.account, row.tax_kind) for row in made] == [
        (f"entry:{first.pk}", account, "participant"),
        (f"entry:{second.pk}", None, "participant"),
    ]
    assert ({row.bundle for row in made}, sums(line)) == ({f"batch:{batch.pk}"}, (300_000, 0))
    refused("nothing_to_propose", action=actions.propose_allowances, **call)
    verified(batch)
    assert len(actions.propose_allowances(**call)) == 1
    cancel_payment(payment=made[0], reason="Salah jumlah", by=cast.activity_officer())
    assert [row.reference for row in actions.propose_allowances(**call)] == [f"entry:{first.pk}"]
    assert sums(line) == (450_000, 0)


def test_allowances_beyond_the_line_or_without_the_duty_are_refused_whole(batch: Batch, line: BudgetLine) -> None:
    verified(batch, 2)
    call: dict[str, Any] = {"batch": batch, "line": line, "by": cast.activity_officer()}
    refused("line_overdrawn", action=actions.propose_allowances, amount=600_000, **call)
    refused("no_duty", action=actions.propose_allowances, amount=1, **(call | {"by": cast.treasurer()}))
    elsewhere = factories.budget_line(factories.fund_source(cast.next_agency()))
    refused("line_elsewhere", action=actions.propose_allowances, amount=1, **(call | {"line": elsewhere}))
    assert (Payment.objects.count(), sums(line)) == (0, (0, 0))


def test_batch_allowances_proposes_and_tells(batch: Batch, line: BudgetLine) -> None:
    verified(batch)
    desk, address = at_desk(cast.activity_officer()), url("batch_allowances", batch)
    for wrong in ("2,5", "0", "", "-1", "seratus"):
        answer = desk.post(address, {"line": line.pk, "amount": wrong})
        assert (answer.status_code, list(errors(answer))) == (422, ["amount"]), wrong
    other = factories.budget_line()
    assert list(errors(desk.post(address, {"line": other.pk, "amount": "150.000"}))) == ["line"]
    assert desk.post(address, {"line": line.pk, "amount": "150.000"}).status_code == 302
    assert Payment.objects.get().gross == 150_000
    assert desk.get(address).context["found"].ready == []
    assert desk.post(address, {"line": line.pk, "amount": "150.000"}).status_code == 422
    assert at_desk(cast.treasurer()).post(address, {"line": line.pk, "amount": "1"}).status_code == 403


def test_batch_allowances_tells_of_those_who_left(batch: Batch, line: BudgetLine) -> None:
    entry = verified(batch)[0]
    actions.propose_allowances(batch=batch, line=line, amount=1_000, by=cast.activity_officer())
    actions.withdraw(registration=entry, reason="", by=None)
    assert at_desk(cast.treasurer()).get(url("batch_allowances", batch)).context["found"].lost == 1
