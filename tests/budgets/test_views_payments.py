"""The pages of payments: who finds what, and the way of a payment pressed through."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.roles import Role
from budgets import actions
from budgets.models import BudgetLine, PayeeAccount, Payment
from tests import cast, factories
from tests.budgets.money import approved, paid, proposed, sums

pytestmark = pytest.mark.django_db
PAYMENTS = "/kerja/pembayaran/"
MILLION = 1_000_000


@pytest.fixture
def line() -> BudgetLine:
    return factories.budget_line(ceiling=5 * MILLION)


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return str(response.content.decode())


def page(payment: Payment, step: str = "") -> str:
    return f"{PAYMENTS}{payment.pk}/{step}"


def state(payment: Payment) -> str:
    return Payment.objects.values_list("state", flat=True).get(pk=payment.pk)


def day(line: BudgetLine) -> str:
    return line.fund.agency.today().isoformat()


def test_payment_list_tells_each_what_waits(line: BudgetLine) -> None:
    first, second = proposed(line, reference="session:1"), approved(line, reference="session:2")
    first_name, second_name = first.payee_name, second.payee_name
    authority = words(at(cast.budget_authority()).get(f"{PAYMENTS}?tab=approve"))
    assert (first_name in authority, second_name in authority) == (True, False)
    treasurer = words(at(cast.treasurer()).get(f"{PAYMENTS}?tab=pay"))
    assert (first_name in treasurer, second_name in treasurer) == (False, True)
    proposer = words(at(cast.activity_officer()).get(f"{PAYMENTS}?tab=approve"))
    assert first_name in proposer
    assert second_name in proposer
    assert 'href="?tab=approve"' not in proposer


def test_payment_list_searches_without_names_in_the_address(line: BudgetLine) -> None:
    wanted = proposed(line, payee=factories.payee_account(payee_name="Ratna Wulan"))
    other = proposed(line, payee=factories.payee_account(payee_name="Joko"))
    client = at(cast.treasurer())
    moved = client.post(PAYMENTS, {"q": "ratna", "state": "proposed"})
    assert moved.status_code == 302
    assert "ratna" not in moved["Location"].lower()
    found = words(client.get(moved["Location"]))
    assert wanted.payee_name in found
    assert other.payee_name not in found
    assert other.payee_name not in words(client.get(f"{PAYMENTS}?state=approved"))
    assert client.get(f"{PAYMENTS}?state=x&kind=y&tab=z&after=1~2&q=~x").status_code == 200


def test_payment_list_goes_on_by_key(line: BudgetLine) -> None:
    who = [actions.Proposal(f"Warga {number:03d}", 1_000, "Uang saku", f"entry:{number}") for number in range(60)]
    actions.propose_payments(line=line, proposals=who, kind="allowance", bundle="batch:7", by=cast.activity_officer())
    client = at(cast.auditor())
    first = client.get(f"{PAYMENTS}?bundle=batch:7")
    rest = client.get(f"{PAYMENTS}?bundle=batch:7&after={first.context['page'].next_key}")
    assert (len(first.context["page"].rows), len(rest.context["page"].rows)) == (50, 10)


def test_payment_detail_shows_no_more_than_four_digits(line: BudgetLine) -> None:
    payment = approved(line)
    number = PayeeAccount.objects.get(payments=payment).number
    told = words(at(cast.treasurer()).get(page(payment)))
    assert payment.account is not None
    assert f"…{payment.account.last4}" in told
    assert number not in told
    assert "/bayar/" in told
    assert "/tolak/" not in told
    looking = words(at(cast.auditor()).get(page(payment)))
    assert "/bayar/" not in looking
    assert "/tarik/" not in looking
    assert "/lihat/" not in looking


def test_payment_approve_takes_several_or_none(line: BudgetLine) -> None:
    rows = [proposed(line, reference=f"session:{number}") for number in range(3)]
    client = at(cast.budget_authority())
    actions.cancel_payment(payment=rows[2], reason="Batal", by=cast.activity_officer())
    client.post(f"{PAYMENTS}setujui/", {"payment": [row.pk for row in rows]})
    assert [state(row) for row in rows] == ["proposed", "proposed", "cancelled"]
    client.post(f"{PAYMENTS}setujui/", {"payment": [rows[0].pk, rows[1].pk, "x"]})
    assert [state(row) for row in rows] == ["approved", "approved", "cancelled"]
    again = client.post(f"{PAYMENTS}setujui/", follow=True)
    assert [said.level_tag for said in again.context["messages"]] == ["error", "success", "error"]


@pytest.mark.parametrize(
    ("who", "status"), [(cast.activity_officer, 403), (cast.treasurer, 403), (cast.budget_authority, 302)]
)
def test_payment_approve_is_the_authority_s(line: BudgetLine, who: Any, status: int) -> None:
    payment = proposed(line, by=factories.user("pptk.lain", role=Role.ACTIVITY_OFFICER))
    assert at(who()).post(f"{PAYMENTS}setujui/", {"payment": payment.pk}).status_code == status
    assert state(payment) == ("approved" if status == 302 else "proposed")


def test_payment_approve_does_not_reach_another_office(line: BudgetLine) -> None:
    payment = proposed(line)
    elsewhere = factories.user("kpa.semarang", role=Role.BUDGET_AUTHORITY, agency=cast.next_agency())
    at(elsewhere).post(f"{PAYMENTS}setujui/", {"payment": payment.pk})
    assert (state(payment), at(elsewhere).get(page(payment)).status_code) == ("proposed", 404)


def test_payment_reject_needs_a_reason(line: BudgetLine) -> None:
    payment, client = proposed(line), at(cast.budget_authority())
    refused = client.post(page(payment, "tolak/"), {"reason": "  "})
    assert (refused.status_code, state(payment)) == (422, "proposed")
    assert "id_reason_error" in words(refused)
    assert client.post(page(payment, "tolak/"), {"reason": "Tanpa daftar hadir"}).status_code == 302
    assert (state(payment), sums(line)) == ("rejected", (0, 0))
    late = client.post(page(payment, "tolak/"), {"reason": "Sekali lagi"})
    assert late.status_code == 422
    assert "Sekali lagi" in words(late)


def test_payment_pay_confirms_the_tax(line: BudgetLine) -> None:
    payment, client = approved(line), at(cast.treasurer())
    told = {"paid_on": day(line), "way": "transfer", "document": "SP2D 12", "tax": "Rp 25.000"}
    for wrong, field in [
        ({"tax": "2.000.000"}, "tax"),
        ({"tax": "25,5"}, "tax"),
        ({"tax": ""}, "tax"),
        ({"document": ""}, "document"),
        ({"paid_on": "9999-12-31"}, "paid_on"),
        ({"paid_on": "kemarin"}, "paid_on"),
        ({"way": "x"}, "way"),
    ]:
        refused = client.post(page(payment, "bayar/"), told | wrong)
        assert (refused.status_code, f"id_{field}_error" in words(refused)) == (422, True), wrong
        assert state(payment) == "approved"
    assert client.post(page(payment, "bayar/"), told).status_code == 302
    payment.refresh_from_db()
    assert (payment.state, payment.tax, payment.tax_confirmed, payment.method) == ("paid", 25_000, True, "transfer")
    assert sums(line) == (0, MILLION)


def test_payment_pay_many_has_one_number(line: BudgetLine) -> None:
    rows = [approved(line, reference=f"session:{number}") for number in range(2)]
    client = at(cast.treasurer())
    query = "&".join(f"payment={row.pk}" for row in rows)
    page = words(client.get(f"{PAYMENTS}catat/?{query}"))
    assert ("Rp2.000.000" in page, "Rekening belanja" in page) == (True, False)
    told: dict[str, Any] = {"payment": [row.pk for row in rows], "paid_on": day(line), "document": "SP2D 3"}
    unknown = client.post(f"{PAYMENTS}catat/", told)
    assert unknown.status_code == 422
    assert [state(row) for row in rows] == ["approved", "approved"]
    Payment.objects.update(tax=0)
    assert client.post(f"{PAYMENTS}catat/", told).status_code == 302
    assert [state(row) for row in rows] == ["paid", "paid"]
    assert client.get(f"{PAYMENTS}catat/").status_code == 302


def test_payment_fail_and_payment_again_go_the_whole_way(line: BudgetLine) -> None:
    payment = approved(line)
    assert at(cast.treasurer()).post(page(payment, "gagal/"), {"reason": "Rekening tutup"}).status_code == 302
    assert (state(payment), sums(line)) == ("failed", (MILLION, 0))
    proposer = at(cast.activity_officer())
    foreign = factories.payee_account()
    wrong = proposer.post(page(payment, "ajukan-lagi/"), {"account": foreign.pk, "reason": "Rekening baru"})
    assert (wrong.status_code, "id_account_error" in words(wrong)) == (422, True)
    told = {"account": payment.account_id, "reason": "Rekening dibuka lagi"}
    assert proposer.post(page(payment, "ajukan-lagi/"), told).status_code == 302
    assert state(payment) == "proposed"


def test_payment_return_reserves_again(line: BudgetLine) -> None:
    payment = paid(line)
    assert at(cast.treasurer()).post(page(payment, "retur/"), {"reason": "Retur bank"}).status_code == 302
    assert (state(payment), sums(line)) == ("returned", (MILLION, 0))


def test_payment_again_offers_the_payee_s_own_accounts(line: BudgetLine) -> None:
    payment = proposed(line)
    stranger = factories.payee_account()
    told = words(at(cast.activity_officer()).get(page(payment, "ajukan-lagi/")))
    assert f'value="{payment.account_id}"' in told
    assert f'value="{stranger.pk}"' not in told


def test_payment_fail_is_the_treasurer_s(line: BudgetLine) -> None:
    payment = approved(line)
    for who in (cast.activity_officer, cast.budget_authority, cast.program_officer):
        assert at(who()).get(page(payment, "gagal/")).status_code == 403
        assert at(who()).get(page(payment, "bayar/")).status_code == 403


def test_payment_cancel_is_the_proposer_s(line: BudgetLine) -> None:
    payment = approved(line)
    assert at(cast.treasurer()).get(page(payment, "tarik/")).status_code == 403
    assert at(cast.activity_officer()).post(page(payment, "tarik/"), {"reason": "Sesi batal"}).status_code == 302
    assert (state(payment), sums(line)) == ("cancelled", (0, 0))


def test_payment_of_a_stand_in_names_both(line: BudgetLine) -> None:
    payment, office = proposed(line), cast.home_agency()
    at(cast.budget_authority()).post(
        "/kerja/pengganti/",
        {
            "duty": "approve_payments",
            "substitute": cast.division_head().pk,
            "valid_from": office.today(),
            "valid_to": office.today(),
            "document": "ST/7",
        },
    )
    deputy = at(cast.division_head())
    assert payment.payee_name in words(deputy.get(f"{PAYMENTS}?tab=approve"))
    deputy.post(f"{PAYMENTS}setujui/", {"payment": payment.pk})
    told = words(deputy.get(page(payment)))
    assert state(payment) == "approved"
    assert cast.budget_authority().full_name in told
    assert AuditEntry.objects.about(payment).filter(action="payment.approved").exists()
