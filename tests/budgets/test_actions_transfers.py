"""Transfer lists: what may stand on one, frozen, and each line recorded once."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from budgets import actions
from budgets.actions import Outcome
from budgets.models import BudgetLine, PayeeAccount, Payment, StandIn, TransferLayout, TransferLine, TransferList
from ikm_portal.rotation import rotate_keys
from tests import cast, factories
from tests.budgets.listed import award, layout, listed, six_awards
from tests.budgets.money import path, refused, sums

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> BudgetLine:
    return factories.budget_line(ceiling=20_000_000)


def make(*payments: Payment, **values: Any) -> dict[str, Any]:
    return {"payments": list(payments), "layout": layout(), "by": cast.treasurer()} | values


def codes(**call: Any) -> list[str | None]:
    with pytest.raises(ValidationError) as refusal:
        actions.make_transfer_list(**call)
    return [error.code for error in refusal.value.error_list]


def paid_all(made: TransferList, number: str = "TRX-1") -> Outcome:
    today = made.agency.today()
    return Outcome(today, dict.fromkeys(made.lines.values_list("pk", flat=True), number))


def test_six_awards_stand_on_a_list_to_the_rupiah(line: BudgetLine) -> None:
    made = listed(line)
    lines = list(made.lines.all())
    assert (str(made), made.state, len(lines)) == (f"001/{line.fund.fiscal_year}", "made", 6)
    assert (sum(x.gross for x in lines), sum(x.tax for x in lines), sum(x.net for x in lines)) == (
        14_400_000,
        720_000,
        13_680_000,
    )
    assert [x.tax for x in lines] == [150_000, 150_000, 120_000, 120_000, 90_000, 90_000]
    assert sums(line) == (14_400_000, 0)
    entry = AuditEntry.objects.about(made).get()
    assert (entry.action, entry.changes["net"]) == ("transfer_list.made", 13_680_000)
    assert not any(x.number in str(entry.changes) for x in lines)


def test_numbers_run_within_office_and_year(line: BudgetLine) -> None:
    first, second = listed(line, award(line, reference="a:1")), listed(line, award(line, reference="a:2"))
    assert (first.number, second.number) == (1, 2)
    actions.cancel_transfer_list(transfer_list=second, reason="Salah", by=cast.treasurer())
    assert listed(line, award(line, reference="a:3")).number == 3


def test_list_keeps_what_was_approved(line: BudgetLine) -> None:
    made = listed(line, award(line))
    row = made.lines.get()
    PayeeAccount.objects.filter(pk=row.account_id).update(state="ended")
    again = TransferLine.objects.get(pk=row.pk)
    assert (again.number, again.last4, again.net) == (row.number, row.number[-4:], 950_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM budgets_transferline")
        assert row.number.encode() not in bytes(cursor.fetchone()[0])
    frozen = {"gross": 1, "holder_name": "X", "number_hash": "0", "last4": "0000", "position": 9}
    for name, value in frozen.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            TransferLine.objects.filter(pk=row.pk).update(**{name: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        TransferLine.objects.filter(pk=row.pk).delete()
    rotate_keys()
    assert TransferLine.objects.get(pk=row.pk).number == row.number


def test_what_may_not_go_out_is_told_row_by_row(line: BudgetLine) -> None:
    now = timezone.now()
    second = {"needs_second": True, "decided_by": cast.treasurer()}
    payments = {
        "cools": award(line, reference="a:1"),
        "waits": award(line, reference="a:2"),
        "differs": award(line, reference="a:3"),
        "replaced": award(line, reference="a:4"),
        "cash": award(line, reference="a:5"),
        "untaxed": award(line, reference="a:6"),
        "nothing": award(line, reference="a:7"),
    }
    accounts = PayeeAccount.objects

    def account(name: str, **values: Any) -> None:
        accounts.filter(pk=payments[name].account_id or 0).update(**values)

    account("cools", decided_at=now - dt.timedelta(hours=23), **second)
    account("waits", state="pending")
    account("differs", state="pending", holder_name="Budi", holder_reason="Suami")
    account("replaced", state="ended")
    Payment.objects.filter(pk=payments["cash"].pk).update(account=None)
    Payment.objects.filter(pk=payments["untaxed"].pk).update(tax=None)
    Payment.objects.filter(pk=payments["nothing"].pk).update(tax=1_000_000)
    assert codes(**make(*payments.values())) == [
        *("account_cools", "account_not_confirmed", "holder_not_accepted", "account_replaced"),
        *("account_missing", "tax_missing", "nothing_left"),
    ]
    assert not TransferList.objects.exists()
    account("cools", decided_at=now - dt.timedelta(hours=25))
    assert actions.make_transfer_list(**make(payments["cools"])).lines.count() == 1


def test_account_that_cools_is_not_paid_beside_the_list_either(line: BudgetLine) -> None:
    row = award(line)
    changed = {"needs_second": True, "decided_by": cast.treasurer(), "decided_at": timezone.now()}
    PayeeAccount.objects.filter(pk=row.account_id or 0).update(**changed)
    told: dict[str, Any] = {"payments": [row], "paid_on": row.agency.today(), "document": "1", "by": cast.treasurer()}
    refused("account_cools", action=actions.record_paid, **told)
    assert actions.record_paid(**(told | {"cash": True}))[0].state == "paid"


def test_list_refuses_strangers_and_whoever_took_an_earlier_step(line: BudgetLine) -> None:
    row = award(line)
    refused("no_duty", action=actions.make_transfer_list, **make(row, by=cast.auditor()))
    refused("no_duty", action=actions.make_transfer_list, **make(row, by=cast.activity_officer()))
    both = factories.user("rangkap", role=Role.TREASURER)
    Payment.objects.filter(pk=row.pk).update(proposed_by=both)
    assert codes(**make(row, by=both)) == ["own_payment"]


def test_stand_in_of_the_treasurer_makes_a_list(line: BudgetLine) -> None:
    row, today, stand_in = award(line), line.fund.agency.today(), cast.division_head()
    StandIn.objects.create(
        agency=line.fund.agency,
        duty="record_payments",
        absent=cast.treasurer(),
        substitute=stand_in,
        valid_from=today,
        valid_to=today,
        document="ST/1",
    )
    assert actions.make_transfer_list(**make(row, by=stand_in)).made_by == stand_in


def test_list_is_of_one_office_and_takes_approved_payments_alone(line: BudgetLine) -> None:
    other = award(line, reference="a:3")
    Payment.objects.filter(pk=other.pk).update(agency=cast.next_agency())
    assert codes(**make(award(line, reference="a:1"), other)) == ["list_mixed"]
    refused("nothing_chosen", action=actions.make_transfer_list, **make())
    done = award(line, reference="a:2")
    actions.record_failed(payment=done, reason="x", by=cast.treasurer())
    refused("payment_moved", action=actions.make_transfer_list, **make(done))


def test_value_that_does_not_fit_the_layout_is_told_before(line: BudgetLine) -> None:
    payee = factories.payee_account(payee_name="Ni Made Ayu Puspita Rahayu Kusumawardhani Dewi")
    row, wild = award(line, payee=payee), factories.payee_account(payee_name="=cmd|calc")
    with pytest.raises(ValidationError) as refusal:
        actions.make_transfer_list(**make(row, layout=layout("contoh-lebar-tetap")))
    [said] = refusal.value.messages
    assert (payee.payee_name in said, "46" in said, "35" in said) == (True, True, True)
    assert codes(**make(award(line, payee=wild, reference="a:2"))) == ["misfit"]
    assert actions.make_transfer_list(**make(row)).lines.get().holder_name == payee.payee_name


def test_payment_stands_on_one_open_list(line: BudgetLine) -> None:
    made = listed(line, award(line))
    row = made.lines.get().payment
    assert codes(**make(row)) == ["listed"]
    treasurer, officer, today = cast.treasurer(), cast.activity_officer(), line.fund.agency.today()
    beside = "payment_listed"
    refused(beside, action=actions.record_paid, payments=[row], paid_on=today, document="1", by=treasurer)
    refused(beside, action=actions.record_failed, payment=row, reason="x", by=treasurer)
    refused(beside, action=actions.cancel_payment, payment=row, reason="x", by=officer)
    refused(beside, action=actions.propose_again, payment=row, account=None, reason="x", by=officer)
    actions.cancel_transfer_list(transfer_list=made, reason="Salah bank", by=treasurer)
    assert (made.lines.get().state, Payment.objects.get(pk=row.pk).state) == ("dropped", "approved")
    assert listed(line, row).number == 2
    other = listed(line, award(line, reference="b:1"))
    refused("reason_missing", action=actions.cancel_transfer_list, transfer_list=other, reason=" ", by=treasurer)


def test_outcome_pays_each_line_once_with_its_number(line: BudgetLine) -> None:
    made = listed(line)
    first, second, *others = made.lines.values_list("pk", flat=True)
    today = made.agency.today()
    some = Outcome(today, {first: "TRX-1", second: "TRX-2"}, {others[0]: "Rekening ditutup"})
    actions.record_outcome(transfer_list=made, outcome=some, by=cast.treasurer())
    rows = {row.pk: row for row in made.lines.select_related("payment")}
    assert [rows[pk].payment.document for pk in (first, second)] == ["TRX-1", "TRX-2"]
    assert (rows[first].payment.state, rows[first].payment.tax_confirmed) == ("paid", True)
    assert (rows[others[0]].state, rows[others[0]].payment.state) == ("failed", "failed")
    assert TransferList.objects.get().state == "made"
    assert sums(line) == (8_400_000, 6_000_000)
    for again in (some, Outcome(today, {first: "TRX-9"}), Outcome(failed={second: "x"})):
        refused("line_settled", action=actions.record_outcome, transfer_list=made, outcome=again, by=cast.treasurer())
    rest = Outcome(today, dict.fromkeys(others[1:], "TRX-3"))
    assert actions.record_outcome(transfer_list=made, outcome=rest, by=cast.treasurer()).state == "closed"
    assert sums(line) == (2_400_000, 12_000_000)
    refused("list_begun", action=actions.cancel_transfer_list, transfer_list=made, reason="x", by=cast.treasurer())


def test_outcome_of_six_awards_is_paid_in_full(line: BudgetLine) -> None:
    made = listed(line)
    actions.record_outcome(transfer_list=made, outcome=paid_all(made), by=cast.treasurer())
    assert (sums(line), Payment.objects.filter(state="paid", document="TRX-1").count()) == ((0, 14_400_000), 6)
    assert path(Payment.objects.all()[0]) == ["proposed", "approved", "paid"]


def test_outcome_is_recorded_though_the_account_was_replaced_meanwhile(line: BudgetLine) -> None:
    made = listed(line, award(line))
    PayeeAccount.objects.update(state="ended")
    actions.record_outcome(transfer_list=made, outcome=paid_all(made), by=cast.treasurer())
    assert Payment.objects.get().state == "paid"


def test_outcome_is_whole_or_nothing(line: BudgetLine) -> None:
    made = listed(line)
    first, *others = made.lines.values_list("pk", flat=True)
    today = made.agency.today()
    treasurer = cast.treasurer()
    call: dict[str, Any] = {"action": actions.record_outcome, "transfer_list": made, "by": treasurer}
    refused("reason_missing", outcome=Outcome(today, dict.fromkeys(others, "1"), {first: " "}), **call)
    refused("document_missing", outcome=Outcome(today, {first: "1", others[0]: " "}), **call)
    refused("paid_in_future", outcome=Outcome(today + dt.timedelta(days=1), {first: "1"}), **call)
    refused("required", outcome=Outcome(None, {first: "1"}), **call)
    refused("nothing_told", outcome=Outcome(today), **call)
    refused("nothing_told", outcome=Outcome(today, {first: "1", 0: "1"}), **call)
    refused("no_duty", outcome=Outcome(today, {first: "1"}), **(call | {"by": cast.auditor()}))
    assert (set(Payment.objects.values_list("state", flat=True)), sums(line)) == ({"approved"}, (14_400_000, 0))
    assert set(made.lines.values_list("state", flat=True)) == {"waiting"}


def test_outcome_that_breaks_off_between_two_lines_leaves_nothing(
    line: BudgetLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = listed(line)
    first, second, *_others = made.lines.values_list("pk", flat=True)
    told = Outcome(made.agency.today(), {first: "1"}, {second: "Ditolak"})

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as during:
        during.setattr("budgets.actions.transfers.fail_row", broken)
        with pytest.raises(RuntimeError, match="killed"):
            actions.record_outcome(transfer_list=made, outcome=told, by=cast.treasurer())
    assert (sums(line), set(made.lines.values_list("state", flat=True))) == ((14_400_000, 0), {"waiting"})
    actions.record_outcome(transfer_list=made, outcome=told, by=cast.treasurer())
    assert sums(line) == (11_400_000, 3_000_000)


@pytest.mark.parametrize("by_payment", [True, False])
def test_money_that_came_back_can_go_onto_another_list(line: BudgetLine, by_payment: bool) -> None:
    made = listed(line, award(line))
    actions.record_outcome(transfer_list=made, outcome=paid_all(made), by=cast.treasurer())
    row, order = Payment.objects.get(), made.lines.get()
    if by_payment:
        actions.record_returned(payment=row, reason="Retur", by=cast.treasurer())
    else:
        back = Outcome(returned={order.pk: "Retur"})
        actions.record_outcome(transfer_list=made, outcome=back, by=cast.treasurer())
    order.refresh_from_db()
    assert (order.state, order.reason, sums(line)) == ("returned", "Retur", (1_000_000, 0))
    actions.propose_again(payment=row, account=row.account, reason="Dikirim lagi", by=cast.activity_officer())
    actions.approve_payments(payments=[row], by=cast.budget_authority())
    row.refresh_from_db()
    again = listed(line, row)
    actions.record_outcome(transfer_list=again, outcome=paid_all(again, "TRX-2"), by=cast.treasurer())
    assert (Payment.objects.get().document, sums(line)) == ("TRX-2", (0, 1_000_000))
    with pytest.raises(DatabaseError), transaction.atomic():
        TransferLine.objects.filter(pk=order.pk).update(state="paid")


def test_orders_are_handed_out_to_the_treasurer_and_noted(line: BudgetLine) -> None:
    made = listed(line, award(line))
    call: dict[str, Any] = {"action": actions.hand_out_orders, "transfer_list": made, "what": "xlsx"}
    refused("no_duty", by=cast.budget_authority(), **call)
    found = actions.hand_out_orders(transfer_list=made, what="xlsx", by=cast.treasurer())
    row = made.lines.get()
    assert (found.total, found.rows[0].account) == (950_000, row.number)
    assert found.rows[0].reference == f"TL{made.year % 100:02d}0010001"
    entry = AuditEntry.objects.about(made).filter(action="transfer_list.downloaded").get()
    assert (entry.actor, entry.changes["file"], row.number in str(entry.changes)) == (cast.treasurer(), "xlsx", False)
    actions.cancel_transfer_list(transfer_list=made, reason="x", by=cast.treasurer())
    refused("list_cancelled", by=cast.treasurer(), **call)


def test_layouts_of_an_office_replace_each_other_by_day() -> None:
    actions.load_money_lists(by=None)
    actions.load_money_lists(by=None)
    assert TransferLayout.objects.filter(agency=None, is_example=True).count() == 3
    head = '[[layout]]\ncode = "bank"\nname = "Bank"\nvalid_from = {day}\n[layout.file]\nshape = "delimited"\n'
    body = (
        '[[layout.file.column]]\ntitle = "A"\nsource = "account"\n[[layout.file.column]]\ntitle = "B"\nsource = "net"\n'
    )
    agency, by = cast.home_agency(), cast.treasurer()
    for day in ("2024-01-01", "2025-01-01"):
        actions.load_transfer_layouts(text=head.format(day=day) + body, agency=agency, by=by)
    rows = TransferLayout.objects.filter(agency=agency).order_by("valid")
    assert [(row.valid.lower.year, row.valid.upper and row.valid.upper.year) for row in rows] == [
        (2024, 2025),
        (2025, None),
    ]
    first = TransferLayout.objects.usable(agency, dt.date(2024, 5, 1))[0]
    assert (first.code, first.valid.lower.year) == ("bank", 2024)
    for broken in ("x =", head.format(day="2026-01-01"), body):
        refused("layout", action=actions.load_transfer_layouts, text=broken, agency=agency, by=by)
    twice = head.format(day="2024-06-01") + body
    refused("transfer_layout_one_of_the_office", action=actions.load_transfer_layouts, text=twice, agency=agency, by=by)


def test_layout_that_is_over_is_refused(line: BudgetLine) -> None:
    row, old = award(line), layout()
    TransferLayout.objects.filter(pk=old.pk).update(valid=(dt.date(2020, 1, 1), dt.date(2021, 1, 1)))
    refused("layout_over", action=actions.make_transfer_list, **make(row, layout=old))


def test_list_has_two_hundred_lines_at_most(line: BudgetLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("budgets.actions.transfers.LONGEST", 5)
    refused("list_long", action=actions.make_transfer_list, **make(*six_awards(line)))


def test_office_loads_its_own_layout_by_a_command(tmp_path: Path) -> None:
    cast.home_agency()
    examples = Path("budgets/data/transfer_layouts.toml").read_text()
    (tmp_path / "own.toml").write_text(examples.replace("contoh-csv", "bank-csv"))
    call_command("load_transfer_layouts", tmp_path / "own.toml", agency="pekalongan", stdout=io.StringIO())
    own = TransferLayout.objects.filter(agency=cast.home_agency())
    assert ({row.code for row in own}, any(row.is_example for row in own)) == (
        {"bank-csv", "contoh-titik-koma", "contoh-lebar-tetap"},
        False,
    )
    for file, agency in (("own.toml", "tidak-ada"), ("none.toml", "pekalongan"), ("own.toml", "pekalongan")):
        with pytest.raises(CommandError):
            call_command("load_transfer_layouts", tmp_path / file, agency=agency)


def one_account(*payments: Payment) -> None:
    """All of them to one number at one bank."""
    PayeeAccount.objects.filter(pk__in=[row.account_id or 0 for row in payments]).update(number_hash="a" * 64)


def test_list_with_one_account_of_several_payees_is_made_once_that_was_seen(line: BudgetLine) -> None:
    first, second, third = (award(line, reference=f"a:{number}") for number in range(3))
    one_account(first, third)
    call = make(first, second, third)
    refused("account_shared", action=actions.make_transfer_list, **call)
    assert not TransferList.objects.exists()
    made = actions.make_transfer_list(**call, shared_seen=True)
    entry = AuditEntry.objects.about(made).get(action="transfer_list.shared_seen")
    assert (entry.actor, entry.changes) == (cast.treasurer(), {"payments": [[first.pk, third.pk]]})
    assert {row.number_hash for row in made.lines.filter(payment__in=[first, third])} == {"a" * 64}


@pytest.mark.parametrize("state", ["proposed", "approved", "failed", "returned"])
def test_list_tells_of_another_payee_who_is_not_paid_yet(line: BudgetLine, state: str) -> None:
    first, other = award(line, reference="a:1"), award(line, reference="a:2")
    one_account(first, other)
    Payment.objects.filter(pk=other.pk).update(state=state)
    refused("account_shared", action=actions.make_transfer_list, **make(first))


def test_list_says_nothing_of_accounts_that_nobody_else_waits_for(line: BudgetLine) -> None:
    """Twice to one payee; to somebody who was paid or rejected; of another office."""
    first, again = (
        award(line, reference="a:1", payee_key="person:1"),
        award(line, reference="a:2", payee_key="person:1"),
    )
    gone = award(line, reference="a:3", payee_key="person:2")
    elsewhere = award(line, reference="a:4", payee_key="person:3")
    one_account(first, again, gone, elsewhere)
    Payment.objects.filter(pk=gone.pk).update(state="rejected")
    Payment.objects.filter(pk=elsewhere.pk).update(agency=cast.next_agency())
    made = actions.make_transfer_list(**make(first, again))
    assert not AuditEntry.objects.filter(action="transfer_list.shared_seen").exists()
    actions.record_outcome(transfer_list=made, outcome=paid_all(made), by=cast.treasurer())
    late = award(line, reference="a:5", payee_key="person:4")
    one_account(late)
    assert actions.make_transfer_list(**make(late)).lines.count() == 1
