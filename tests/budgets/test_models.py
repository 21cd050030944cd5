import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from budgets.models import (
    Bank,
    BudgetLine,
    CeilingVersion,
    FundSource,
    PayeeAccount,
    Payment,
    Reservation,
    StandIn,
    TaxRule,
)
from tests import cast, factories
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db
Write = Callable[[], Any]


def fund(year: int) -> Write:
    return lambda: FundSource.objects.create(agency=cast.home_agency(), code="dbhcht", name="DBHCHT", fiscal_year=year)


def of_fund(rows: str, *, times: int = 1, **values: Any) -> Write:
    """Writes below a fund: its shares, groups or reports."""

    def write() -> None:
        owner = factories.fund_source(cast.home_agency())
        for _ in range(times):
            getattr(owner, rows).create(**values)

    return write


def two_groups() -> None:
    owner = factories.fund_source(cast.home_agency())
    owner.groups.create(group="pencari_kerja", priority=1)
    owner.groups.create(group="pelaku_ikm", priority=1)


def line(**values: Any) -> Write:
    return lambda: factories.budget_line(**values)


def line_twice() -> None:
    first = factories.budget_line()
    factories.budget_line(first.fund, description=first.description)


def version(*kinds: tuple[str, int]) -> Write:
    def write() -> None:
        owner = factories.fund_source(cast.home_agency())
        for kind, position in kinds:
            CeilingVersion.objects.create(
                fund=owner, kind=kind, position=position, document="DPA/1", decided_on=dt.date(2026, 1, 2)
            )

    return write


def ceiling(*, times: int = 1, amount: int = 0) -> Write:
    def write() -> None:
        row = factories.budget_line()
        made = CeilingVersion.objects.create(
            fund=row.fund, kind="original", position=0, document="DPA/1", decided_on=dt.date(2026, 1, 2)
        )
        for _ in range(times):
            made.amounts.create(line=row, before=0, amount=amount)

    return write


def reserved(*, times: int = 1, **values: Any) -> Write:
    def write() -> None:
        row, by = factories.budget_line(), cast.activity_officer()
        for _ in range(times):
            told = {"purpose": "Hadiah", "reference": "competition:1", "amount": 100, "created_by": by}
            Reservation.objects.create(line=row, **(told | values))

    return write


def account(*, times: int = 1, **values: Any) -> Write:
    def write() -> None:
        for _ in range(times):
            factories.payee_account(owner="instructor:1", **values)

    return write


def decided_by_its_writer() -> None:
    me = cast.activity_officer()
    factories.payee_account(entered_by=me, decided_by=me, decided_at=timezone.now())


def payment(*, times: int = 1, **values: Any) -> Write:
    """A payment of the activity officer; `by_..` names of the cast are made when they are needed."""

    def write() -> None:
        row = factories.budget_line()
        told: dict[str, Any] = {"kind": "honorarium", "purpose": "Mengajar", "reference": "session:1", "gross": 1000}
        told |= {"payee_name": "Sari", "payee_key": "SARI", "proposed_by": cast.activity_officer()}
        told |= {name: value() if callable(value) else value for name, value in values.items()}
        for _ in range(times):
            Payment.objects.create(agency=row.fund.agency, line=row, **told)

    return write


def rule(*, times: int = 2, agency: Callable[[], Any] | None = None, **values: Any) -> Write:
    def write() -> None:
        told: dict[str, Any] = {"kind": "winner", "legal_basis": "PMK", "base_percent": 100, "rates": [[None, "5"]]}
        told |= {"valid": (dt.date(2024, 1, 1), None), "agency": agency() if agency else None}
        for _ in range(times):
            TaxRule.objects.create(**(told | values))

    return write


def stand_in(substitute: Callable[[], Any], first: int, last: int) -> Write:
    return lambda: StandIn.objects.create(
        agency=cast.home_agency(),
        duty="approve_payments",
        absent=cast.budget_authority(),
        substitute=substitute(),
        valid_from=dt.date(2026, 7, first),
        valid_to=dt.date(2026, 7, last),
        document="1",
    )


PAID: dict[str, Any] = {"state": "paid", "approved_by": cast.budget_authority, "paid_by": cast.treasurer, "tax": 0}
BREAKING: list[tuple[str, Write]] = [
    ("fund_source_once_a_year", lambda: (fund(2026)(), fund(2026)())),
    ("fund_source_year_plausible", fund(1999)),
    ("fund_source_year_plausible", fund(2101)),
    ("fund_share_once", of_fund("shares", times=2, name="Kesehatan", percent=40)),
    ("fund_share_percent", of_fund("shares", name="Kesehatan", percent=Decimal("100.01"))),
    ("fund_share_percent", of_fund("shares", name="Kesehatan", percent=0)),
    ("fund_group_once", of_fund("groups", times=2, group="pencari_kerja", priority=1)),
    ("fund_group_priority_once", two_groups),
    ("fund_group_quota_percent", of_fund("groups", group="pencari_kerja", priority=1, quota_percent=101)),
    ("fund_group_known", of_fund("groups", group="semua", priority=1)),
    ("fund_report_once", of_fund("reports", times=2, name="Semester I", due_on=dt.date(2026, 7, 10))),
    ("budget_line_once", line_twice),
    ("budget_line_sums_not_negative", line(reserved=-1)),
    ("budget_line_sums_not_negative", line(spent=-1)),
    ("budget_line_within_ceiling", line(ceiling=99, reserved=50, spent=50)),
    ("ceiling_version_in_order", version(("shift", 1), ("shift", 1))),
    ("ceiling_version_original_first", version(("shift", 0))),
    ("ceiling_version_original_first", version(("original", 1))),
    ("ceiling_amount_once", ceiling(times=2)),
    ("ceiling_amount_not_negative", ceiling(amount=-1)),
    ("reservation_once", reserved(times=2)),
    ("reservation_not_overdrawn", reserved(drawn=101)),
    ("bank_code_three_digits", lambda: Bank.objects.create(code="8A", name="Bank")),
    ("payee_account_one_in_force", account(times=2)),
    ("payee_account_one_pending", account(times=2, state="pending")),
    ("payee_account_second_person", decided_by_its_writer),
    ("payee_account_confirmed_before_use", account(needs_second=True)),
    ("payee_account_of_list_needs_second", account(source="import-1")),
    ("payee_account_of_list_needs_second", account(source_name="Daftar")),
    ("payee_account_decision_whole", account(decided_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))),
    ("payment_once", payment(times=2)),
    ("payment_gross_positive", payment(gross=0)),
    ("payment_tax_within_gross", payment(tax=1001)),
    ("payment_tax_within_gross", payment(tax=-1)),
    ("payment_approved_by_another", payment(state="approved", approved_by=cast.activity_officer)),
    ("payment_paid_by_a_third", payment(approved_by=cast.budget_authority, paid_by=cast.budget_authority)),
    ("payment_paid_by_a_third", payment(approved_by=cast.budget_authority, paid_by=cast.activity_officer)),
    ("payment_approved_first", payment(state="approved")),
    ("payment_paid_is_told", payment(**PAID)),
    ("payment_transfer_has_account", payment(method="transfer")),
    ("tax_rule_one_of_the_office", rule(agency=cast.home_agency)),
    ("tax_rule_one_of_the_state", rule()),
    ("tax_rule_percent", rule(times=1, base_percent=101)),
    ("stand_in_somebody_else", stand_in(cast.budget_authority, 1, 2)),
    ("stand_in_days_in_order", stand_in(cast.division_head, 2, 1)),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_refuses(constraint: str, write: Write) -> None:
    assert broken_by(write) == constraint


def test_number_of_an_account_is_never_in_the_table() -> None:
    row = factories.payee_account(number="9000012345")
    raw = PayeeAccount.objects.raw("SELECT id, number::text AS shown FROM budgets_payeeaccount")[0]
    assert (row.number, "9000012345" in getattr(raw, "shown", "")) == ("9000012345", False)


def test_line_is_found_however_its_zeros_are_written() -> None:
    made = factories.budget_line()
    found = [
        BudgetLine.objects.matching(text).count() for text in ("2.07.03.2.01.0001", "2.07.03.02.01", "2.7.3", "honor")
    ]
    assert (made.sub_activity_key, found, BudgetLine.objects.matching("2.07.04").count()) == (
        "2.7.3.2.1.1",
        [1, 1, 1, 1],
        0,
    )
