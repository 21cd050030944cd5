import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Agency
from accounts.roles import Role
from budgets import actions
from budgets.models import (
    Bank,
    BudgetLine,
    BudgetSheet,
    FundGroup,
    FundReport,
    FundShare,
    FundSource,
    Payment,
    StandIn,
    TaxRule,
)
from budgets.queries import absorption_of, share_sums
from tests import cast, factories
from tests.budgets.money import approved, paid, proposed, refused, sums

pytestmark = pytest.mark.django_db
MILLION = 1_000_000
DAY = dt.date(2026, 1, 2)


@pytest.fixture
def fund() -> FundSource:
    return factories.fund_source(cast.home_agency())


def decree(kind: str) -> actions.Decree:
    return actions.Decree(kind, "DPA/1", DAY)


def original(fund: FundSource, *amounts: int) -> list[BudgetLine]:
    lines = [factories.budget_line(fund, ceiling=0) for _ in amounts]
    told = {line.pk: amount for line, amount in zip(lines, amounts, strict=True)}
    actions.apply_version(fund=fund, decree=decree("original"), amounts=told, by=cast.activity_officer())
    for line in lines:
        line.refresh_from_db()
    return lines


def test_versions_are_kept_and_the_newest_holds(fund: FundSource) -> None:
    first, second = original(fund, 3 * MILLION, 2 * MILLION)
    by = cast.activity_officer()
    actions.shift_between(source=first, target=second, amount=MILLION, decree=decree("shift"), by=by)
    actions.apply_version(fund=fund, decree=decree("revised"), amounts={second.pk: 5 * MILLION}, by=by)
    told = [
        (version.kind, version.position, sorted(version.amounts.values_list("before", "amount")))
        for version in fund.versions.all()
    ]
    assert told == [
        ("original", 0, [(0, 2 * MILLION), (0, 3 * MILLION)]),
        ("shift", 1, [(2 * MILLION, 3 * MILLION), (3 * MILLION, 2 * MILLION)]),
        ("revised", 2, [(3 * MILLION, 5 * MILLION)]),
    ]
    assert sorted(fund.lines.values_list("ceiling", flat=True)) == [2 * MILLION, 5 * MILLION]


def test_version_that_does_not_fit_changes_nothing(fund: FundSource) -> None:
    call: dict[str, Any] = {"fund": fund, "amounts": {}, "by": cast.activity_officer()}
    refused("original_missing", action=actions.apply_version, decree=decree("shift"), **call)
    first, second = original(fund, MILLION, MILLION)
    refused("original_twice", action=actions.apply_version, decree=decree("original"), **call)
    proposed(first, gross=600_000)
    call["amounts"] = {first.pk: 500_000, second.pk: 9 * MILLION}
    refused("ceiling_below_used", action=actions.apply_version, decree=decree("revised"), **call)
    call["amounts"] = {first.pk: MILLION, second.pk: MILLION + 1}
    refused("shift_changes_total", action=actions.apply_version, decree=decree("shift"), **call)
    call["amounts"] = {factories.budget_line().pk: 1}
    refused("line_elsewhere", action=actions.apply_version, decree=decree("revised"), **call)
    shift = {"source": first, "target": second, "decree": decree("shift"), "by": cast.activity_officer()}
    refused("shift_amount", action=actions.shift_between, amount=MILLION + 1, **shift)
    refused("shift_same_line", action=actions.shift_between, amount=1, **(shift | {"target": first}))
    assert (fund.versions.count(), set(fund.lines.values_list("ceiling", flat=True))) == (1, {MILLION})


def test_close_fund_settles_what_is_open(fund: FundSource, monkeypatch: pytest.MonkeyPatch) -> None:
    line, by = original(fund, 5 * MILLION)[0], cast.activity_officer()
    held = approved(line)
    waiting = proposed(line, reference="session:2")
    early, late = dt.date(fund.fiscal_year, 11, 30), dt.date(fund.fiscal_year, 12, 31)
    monkeypatch.setattr(Agency, "today", lambda agency: early)
    refused("closed_too_early", action=actions.close_fund, fund=fund, by=by)
    monkeypatch.setattr(Agency, "today", lambda agency: late)
    refused("payments_unsettled", action=actions.close_fund, fund=fund, by=by)
    actions.cancel_payment(payment=held, reason="Batal", by=by)
    actions.close_fund(fund=fund, by=by)
    assert (Payment.objects.get(pk=waiting.pk).state, sums(line)) == ("cancelled", (0, 0))
    call: dict[str, Any] = {"line": line, "payee": None, "payee_name": "x", "gross": 1, "kind": "other"}
    refused("line_closed", action=actions.propose_payment, purpose="x", reference="x:1", by=by, **call)
    refused("fund_closed", action=actions.close_fund, fund=fund, by=by)
    refused("fund_closed", action=actions.apply_version, fund=fund, decree=decree("revised"), amounts={}, by=by)


def row(**values: Any) -> dict[str, Any]:
    told = {
        "sub_activity_code": "2.07.03.02.01.0001",
        "sub_activity_key": "2.7.3.2.1.1",
        "sub_activity_name": "Latihan",
    }
    told |= {"account_code": "5.1.02.02.01.0003", "account_key": "5.1.2.2.1.3", "account_name": "Honor"}
    return told | {"description": "", "share": "", "amount": MILLION, "problems": []} | values


def sheet(fund: FundSource, rows: list[dict[str, Any]], kind: str = "original", **values: Any) -> BudgetSheet:
    made = BudgetSheet(
        fund=fund, kind=kind, document="DPA/1", decided_on=DAY, file_name="dpa.xlsx", rows=rows, **values
    )
    return actions.keep_sheet(sheet=made, by=cast.activity_officer())


def test_sheet_is_taken_over_once_and_matches_other_spellings(fund: FundSource) -> None:
    by, first = cast.activity_officer(), sheet(fund, [row(), row(description="Konsumsi", amount=2)])
    actions.take_over_sheet(sheet=first, by=by)
    refused("sheet_taken", action=actions.take_over_sheet, sheet=first, by=by)
    newer = row(sub_activity_code="2.07.03.2.01.0001", amount=7)
    actions.take_over_sheet(sheet=sheet(fund, [newer], "revised", missing_become_zero=True), by=by)
    told = list(fund.lines.order_by("description").values_list("sub_activity_code", "description", "ceiling"))
    assert told == [("2.07.03.2.01.0001", "", 7), ("2.07.03.02.01.0001", "Konsumsi", 0)]


def test_broken_sheet_leaves_nothing_behind(fund: FundSource) -> None:
    by = cast.activity_officer()
    broken = sheet(fund, [row(), row(description="x", problems=["C7: ..."])])
    refused("sheet_broken", action=actions.take_over_sheet, sheet=broken, by=by)
    late = sheet(fund, [row()], "revised")
    refused("original_missing", action=actions.take_over_sheet, sheet=late, by=by)
    assert (fund.lines.count(), fund.versions.count()) == (0, 0)


def test_check_budgets_finds_the_line_that_differs(fund: FundSource) -> None:
    line = original(fund, 9 * MILLION)[0]
    by = cast.activity_officer()
    kept = actions.reserve(line=line, amount=3 * MILLION, purpose="Hadiah", reference="competition:1", by=by)
    paid(line, reservation=kept)
    proposed(line, reservation=kept, reference="session:2")
    proposed(line, reference="session:3")
    back = paid(line, reference="session:4")
    actions.record_returned(payment=back, reason="Retur", by=cast.treasurer())
    assert sums(line) == (4 * MILLION, MILLION)
    out = StringIO()
    call_command("check_budgets", stdout=out)
    actions.release(reservation=kept, by=by)
    call_command("check_budgets", stdout=out)
    BudgetLine.objects.filter(pk=line.pk).update(spent=0)
    err = StringIO()
    with pytest.raises(CommandError, match="1 budget lines differ"):
        call_command("check_budgets", stdout=out, stderr=err)
    assert f"line {line.pk}: spent 0 instead of {MILLION}" in err.getvalue()


def test_fund_rules_are_kept_as_a_whole(fund: FundSource) -> None:
    by = cast.activity_officer()
    share = FundShare(name="Kesejahteraan", percent=50)
    groups = [FundGroup(group="buruh_pabrik_rokok", evidence="Surat pabrik"), FundGroup(group="pencari_kerja")]
    reports = [FundReport(name="Semester I", due_on=dt.date(2026, 7, 10))]
    call: dict[str, Any] = {"fund": fund, "groups": groups, "reports": reports, "by": by}
    actions.set_fund_rules(shares=[share], **call)
    assert list(fund.groups.values_list("group", "priority")) == [("buruh_pabrik_rokok", 1), ("pencari_kerja", 2)]
    line = factories.budget_line(fund, share=fund.shares.get(), ceiling=600)
    factories.budget_line(fund, ceiling=400)
    assert [(str(part), over) for _share, _sum, part, over in share_sums(fund)] == [("60.00", True)]
    assert str(absorption_of([BudgetLine(ceiling=3, spent=1)]).percent) == "33.33"
    call |= {"groups": [], "reports": []}
    refused("share_in_use", action=actions.set_fund_rules, shares=[], **call)
    whole = [FundShare(name="A", percent=60), FundShare(name="B", percent=41)]
    refused("shares_above_whole", action=actions.set_fund_rules, shares=whole, **call)
    actions.set_fund_rules(shares=[FundShare(name="kesejahteraan", percent=70)], **call)
    line.refresh_from_db()
    assert line.share is not None
    assert (int(line.share.percent), fund.groups.count()) == (70, 0)


def test_stand_in_is_named_by_who_has_the_duty() -> None:
    agency, chief = cast.home_agency(), cast.budget_authority()
    today = agency.today()

    def period(**values: Any) -> StandIn:
        told: dict[str, Any] = {"agency": agency, "duty": "approve_payments", "absent": chief, "document": "ST/1"}
        told |= {"substitute": cast.division_head(), "valid_from": today, "valid_to": today}
        return StandIn(**(told | values))

    refused("not_own_duty", action=actions.name_stand_in, period=period(), by=cast.division_head())
    refused("not_own_duty", action=actions.name_stand_in, period=period(duty="record_payments"), by=chief)
    refused(
        "substitute_sees_nothing", action=actions.name_stand_in, period=period(substitute=cast.verifier()), by=chief
    )
    past = today - dt.timedelta(days=1)
    refused("period_over", action=actions.name_stand_in, period=period(valid_from=past, valid_to=past), by=chief)
    far = today + dt.timedelta(days=366)
    refused("period_long", action=actions.name_stand_in, period=period(valid_to=far), by=chief)
    made = actions.name_stand_in(period=period(), by=chief)
    refused("not_own_duty", action=actions.end_stand_in, period=made, by=factories.user("lain", role=Role.TREASURER))
    assert actions.end_stand_in(period=made, by=chief).ended_at is not None


def test_money_lists_are_loaded_once_and_never_overwritten() -> None:
    first = actions.load_money_lists(by=None)
    assert first == (Bank.objects.count(), 7)
    Bank.objects.filter(pk="113").update(name="Bank kita")
    call_command("load_money_lists", stdout=StringIO())
    assert (actions.load_money_lists(by=None), Bank.objects.get(pk="113").name) == ((0, 0), "Bank kita")
    line = factories.budget_line()
    taxes = [
        proposed(line, tax_kind=kind, reference=f"session:{kind}", gross=1_000_000).tax
        for kind in ("winner", "not_employee", "civil_servant_4", "at_cost", "unset")
    ]
    assert (taxes, TaxRule.objects.filter(agency=None).count()) == ([50_000, 25_000, 150_000, 0, None], 7)
