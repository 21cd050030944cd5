import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from budgets import actions
from budgets.models import BudgetLine, PayeeAccount, Payment, StandIn, TaxRule
from budgets.permissions import may_approve, may_record
from tests import cast, factories
from tests.budgets.money import approved, paid, path, proposed, refused, sums

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def line() -> BudgetLine:
    return factories.budget_line(ceiling=3 * MILLION)


def test_payment_goes_its_way(line: BudgetLine) -> None:
    payment = proposed(line)
    assert (payment.state, sums(line)) == ("proposed", (MILLION, 0))
    actions.approve_payments(payments=[payment], by=cast.budget_authority())
    assert sums(line) == (MILLION, 0)
    today = line.fund.agency.today()
    row = actions.record_paid(payments=[payment], paid_on=today, document=" SP2D 7 ", tax=50_000, by=cast.treasurer())[
        0
    ]
    assert (row.state, row.net, row.document, row.method) == ("paid", 950_000, "SP2D 7", "transfer")
    assert (sums(line), path(payment)) == ((0, MILLION), ["proposed", "approved", "paid"])
    told = list(AuditEntry.objects.about(payment).order_by("pk").values_list("action", flat=True))
    assert told == ["payment.proposed", "payment.approved", "payment.paid"]


def test_payment_beyond_the_line_is_refused_whole(line: BudgetLine) -> None:
    payees = [factories.payee_account() for _ in range(4)]
    bundle = [actions.Proposal(one.payee_name, MILLION, "Uang saku", f"entry:{one.pk}", one) for one in payees]
    call: dict[str, Any] = {"line": line, "proposals": bundle, "kind": "allowance", "by": cast.activity_officer()}
    refused("line_overdrawn", action=actions.propose_payments, **call)
    assert (sums(line), Payment.objects.count()) == ((0, 0), 0)
    actions.propose_payments(**(call | {"proposals": bundle[:3]}))
    assert sums(line) == (3 * MILLION, 0)


def test_payment_is_proposed_once_until_it_is_dropped(line: BudgetLine) -> None:
    payee = factories.payee_account()
    first = proposed(line, payee=payee)
    with pytest.raises(ValidationError) as refusal:
        proposed(line, payee=payee)
    assert refusal.value.code == "payment_once"
    assert sums(line) == (MILLION, 0)
    actions.cancel_payment(payment=first, reason="Sesi batal", by=cast.activity_officer())
    proposed(line, payee=payee)
    proposed(line, payee=payee, reference="session:2")
    assert sums(line) == (2 * MILLION, 0)


def test_payment_names_two_of_the_same_name_by_their_references(line: BudgetLine) -> None:
    twins = [actions.Proposal("Siti", 50_000, "Uang saku", f"entry:{number}") for number in (1, 2)]
    call: dict[str, Any] = {"line": line, "kind": "allowance", "by": cast.activity_officer()}
    assert len(actions.propose_payments(proposals=twins, **call)) == 2
    same = [actions.Proposal("Siti", 50_000, "Uang saku", "entry:3")] * 2
    refused("payment_once", action=actions.propose_payments, proposals=same, **call)


def test_payment_is_never_approved_or_paid_by_the_same_hands(line: BudgetLine) -> None:
    everything = cast.activity_officer()
    for role in (Role.BUDGET_AUTHORITY, Role.TREASURER):
        factories.user("pptk", role=role)
    payment = proposed(line, by=everything)
    refused("own_proposal", action=actions.approve_payments, payments=[payment], by=everything)
    actions.approve_payments(payments=[payment], by=cast.budget_authority())
    call: dict[str, Any] = {"payments": [payment], "paid_on": line.fund.agency.today(), "document": "1", "tax": 0}
    refused("own_payment", action=actions.record_paid, by=everything, **call)
    both = factories.user("kpa", role=Role.TREASURER)
    refused("own_payment", action=actions.record_paid, by=both, **call)


@pytest.mark.parametrize("who", [cast.activity_officer, cast.program_officer, cast.treasurer, cast.division_head])
def test_approve_payments_needs_the_duty(line: BudgetLine, who: Any) -> None:
    payment = proposed(line, by=factories.user("pptk.lain", role=Role.ACTIVITY_OFFICER))
    refused("no_duty", action=actions.approve_payments, payments=[payment], by=who())


def test_record_paid_refuses_what_was_not_approved_or_paid_already(line: BudgetLine) -> None:
    payment = proposed(line)
    call: dict[str, Any] = {"payments": [payment], "paid_on": line.fund.agency.today(), "document": "1", "tax": 0}
    refused("payment_moved", action=actions.record_paid, by=cast.treasurer(), **call)
    actions.approve_payments(payments=[payment], by=cast.budget_authority())
    actions.record_paid(by=cast.treasurer(), **call)
    refused("payment_moved", action=actions.record_paid, by=cast.treasurer(), **call)
    assert sums(line) == (0, MILLION)


def test_record_paid_refuses_days_that_cannot_be(line: BudgetLine) -> None:
    payment, today = approved(line), line.fund.agency.today()
    call: dict[str, Any] = {"payments": [payment], "document": "1", "tax": 0, "by": cast.treasurer()}
    for day, code in [
        (today + dt.timedelta(days=1), "paid_in_future"),
        (today.replace(year=today.year - 1, day=1), "paid_in_other_year"),
    ]:
        refused(code, action=actions.record_paid, paid_on=day, **call)


def test_record_paid_needs_tax_and_account(line: BudgetLine) -> None:
    payment = approved(line)
    call: dict[str, Any] = {
        "payments": [payment],
        "paid_on": line.fund.agency.today(),
        "document": "1",
        "by": cast.treasurer(),
    }
    refused("tax_missing", action=actions.record_paid, **call)
    refused("payment_tax_within_gross", action=actions.record_paid, tax=MILLION + 1, **call)
    refused("payment_paid_is_told", action=actions.record_paid, tax=0, **(call | {"document": " "}))
    nameless = actions.propose_payment(
        line=line,
        payee=None,
        payee_name="Siti",
        gross=50_000,
        kind="allowance",
        purpose="Uang saku",
        reference="entry:1",
        by=cast.activity_officer(),
    )
    actions.approve_payments(payments=[nameless], by=cast.budget_authority())
    call["payments"] = [nameless]
    refused("account_missing", action=actions.record_paid, tax=0, **call)
    assert actions.record_paid(tax=2_500, cash=True, **call)[0].method == "cash"


def test_tax_is_proposed_by_the_rule_in_force(line: BudgetLine) -> None:
    def rule(agency: Any, percent: str, first: int, last: int | None) -> None:
        TaxRule.objects.create(
            agency=agency,
            kind="not_employee",
            valid=(dt.date(first, 1, 1), last and dt.date(last, 1, 1)),
            legal_basis="PMK 168/2023",
            base_percent=50,
            rates=[[None, percent]],
        )

    year = line.fund.fiscal_year
    rule(None, "9", year - 3, year)
    rule(None, "5", year, None)
    payment = proposed(line, tax_kind="not_employee")
    assert (payment.tax, payment.net, payment.tax_confirmed) == (25_000, 975_000, False)
    rule(cast.home_agency(), "6", year, None)
    assert proposed(line, tax_kind="not_employee", reference="session:2").tax == 30_000
    assert proposed(line, tax_kind="company", reference="session:3").tax is None


def test_failed_payment_keeps_its_money_and_goes_the_whole_way_again(line: BudgetLine) -> None:
    payment = approved(line)
    actions.record_failed(payment=payment, reason="Rekening tutup", by=cast.treasurer())
    assert sums(line) == (MILLION, 0)
    other = factories.payee_account(owner="instructor:other", payee_name=payment.payee_name)
    row = actions.propose_again(payment=payment, account=other, reason="Rekening baru", by=cast.activity_officer())
    assert (row.state, row.account, row.approved_by) == ("proposed", other, None)
    actions.approve_payments(payments=[payment], by=cast.budget_authority())
    call: dict[str, Any] = {"paid_on": line.fund.agency.today(), "document": "SP2D 9", "tax": 0, "by": cast.treasurer()}
    actions.record_paid(payments=[payment], **call)
    assert sums(line) == (0, MILLION)
    assert path(payment) == ["proposed", "approved", "failed", "proposed", "approved", "paid"]


def test_returned_payment_is_reserved_again_and_can_be_taken_back(line: BudgetLine) -> None:
    payment = paid(line)
    actions.record_returned(payment=payment, reason="Retur bank", by=cast.treasurer())
    assert sums(line) == (MILLION, 0)
    actions.cancel_payment(payment=payment, reason="Tidak jadi", by=cast.activity_officer())
    assert sums(line) == (0, 0)
    refused("payment_moved", action=actions.cancel_payment, payment=payment, reason="x", by=cast.activity_officer())


def test_rejected_payment_gives_its_money_back(line: BudgetLine) -> None:
    payment = proposed(line)
    call: dict[str, Any] = {"payment": payment, "by": cast.budget_authority()}
    refused("reason_missing", action=actions.reject_payment, reason=" ", **call)
    actions.reject_payment(reason="Tidak ada daftar hadir", **call)
    assert (sums(line), path(payment)) == ((0, 0), ["proposed", "rejected"])


def test_reservation_is_drawn_and_released(line: BudgetLine) -> None:
    by = cast.activity_officer()
    kept = actions.reserve(line=line, amount=2 * MILLION, purpose="Hadiah", reference="competition:1", by=by)
    first = proposed(line, reservation=kept)
    assert sums(line) == (2 * MILLION, 0)
    with pytest.raises(ValidationError) as refusal:
        proposed(line, reservation=kept, reference="session:2", gross=MILLION + 1)
    assert refusal.value.code == "reservation_overdrawn"
    actions.cancel_payment(payment=first, reason="Mundur", by=by)
    kept.refresh_from_db()
    assert (kept.drawn, sums(line)) == (0, (2 * MILLION, 0))
    again = proposed(line, reservation=kept)
    actions.release(reservation=kept, by=by)
    assert sums(line) == (MILLION, 0)
    refused("reservation_released", action=actions.release, reservation=kept, by=by)
    actions.cancel_payment(payment=again, reason="Mundur", by=by)
    assert sums(line) == (0, 0)


@pytest.mark.parametrize(("years", "code"), [(-1, "year_over"), (1, "year_not_begun")])
def test_payment_of_another_year_is_refused(years: int, code: str) -> None:
    year = cast.home_agency().today().year + years
    row = factories.budget_line(factories.fund_source(cast.home_agency(), fiscal_year=year))
    call: dict[str, Any] = {
        "line": row,
        "payee": None,
        "payee_name": "Siti",
        "gross": 1,
        "kind": "other",
        "purpose": "x",
    }
    refused(code, action=actions.propose_payment, reference="x:1", by=cast.activity_officer(), **call)


def standing_in(first: int, last: int, **values: Any) -> StandIn:
    today = cast.home_agency().today()
    told: dict[str, Any] = {"agency": cast.home_agency(), "duty": "approve_payments", "absent": cast.budget_authority()}
    told |= {"substitute": cast.division_head(), "document": "ST/1"}
    told |= {"valid_from": today + dt.timedelta(days=first), "valid_to": today + dt.timedelta(days=last)}
    return StandIn.objects.create(**(told | values))


@pytest.mark.parametrize(("first", "last", "in_force"), [(-5, 0, True), (0, 0, True), (-5, -1, False), (1, 5, False)])
def test_stand_in_approves_in_the_period_alone(line: BudgetLine, first: int, last: int, in_force: bool) -> None:
    standing_in(first, last)
    payment, by = proposed(line), cast.division_head()
    if not in_force:
        return refused("no_duty", action=actions.approve_payments, payments=[payment], by=by)
    actions.approve_payments(payments=[payment], by=by)
    step = payment.steps.order_by("-pk")[0]
    assert (step.by, step.instead_of) == (by, cast.budget_authority())
    return None


def test_stand_in_of_somebody_whose_own_role_ended_has_none(line: BudgetLine) -> None:
    standing_in(-5, 5)
    yesterday = cast.home_agency().today() - dt.timedelta(days=1)
    cast.budget_authority().role_assignments.update(valid_from=yesterday, valid_to=yesterday)
    refused("no_duty", action=actions.approve_payments, payments=[proposed(line)], by=cast.division_head())


def test_stand_in_of_whoever_did_an_earlier_step_does_not_do_the_next(line: BudgetLine) -> None:
    """Who proposed and is then away does not approve through somebody else; who approved does not pay so."""
    standing_in(-5, 5)
    own = proposed(line, by=cast.budget_authority())
    refused("stand_in_of_own", action=actions.approve_payments, payments=[own], by=cast.division_head())
    assert not may_approve(cast.division_head(), own)
    other = approved(line, reference="session:2")
    standing_in(-5, 5, duty="record_payments")
    factories.user("kpa", role=Role.TREASURER)
    call: dict[str, Any] = {"payments": [other], "paid_on": line.fund.agency.today(), "document": "1", "tax": 0}
    refused("stand_in_of_own", action=actions.record_paid, by=cast.division_head(), **call)
    assert not may_record(cast.division_head(), other)


def test_payment_never_goes_to_the_account_of_another_payee(line: BudgetLine) -> None:
    mine, anothers = factories.payee_account(), factories.payee_account()
    named: dict[str, Any] = {"payee_name": mine.payee_name, "payee_key": mine.owner}
    with pytest.raises(ValidationError) as refusal:
        proposed(line, payee=anothers, **named)
    assert refusal.value.code == "account_foreign"
    payment = proposed(line, payee=mine, **named)
    call: dict[str, Any] = {"payment": payment, "reason": "Rekening baru", "by": cast.activity_officer()}
    refused("account_foreign", action=actions.propose_again, account=anothers, **call)
    assert Payment.objects.get(pk=payment.pk).account == mine


def test_stand_in_that_was_ended_has_none(line: BudgetLine) -> None:
    standing_in(-5, 5, ended_at=timezone.now())
    refused("no_duty", action=actions.approve_payments, payments=[proposed(line)], by=cast.division_head())


def test_payment_to_an_account_that_was_replaced_waits(line: BudgetLine) -> None:
    payee = factories.payee_account()
    payment = approved(line, payee=payee)
    PayeeAccount.objects.filter(pk=payee.pk).update(state="ended")
    call: dict[str, Any] = {"payments": [payment], "paid_on": line.fund.agency.today(), "document": "1", "tax": 0}
    refused("account_not_in_force", action=actions.record_paid, by=cast.treasurer(), **call)
    pending = proposed(line, payee=factories.payee_account(state="pending"), reference="session:2")
    refused("account_not_in_force", action=actions.approve_payments, payments=[pending], by=cast.budget_authority())
