"""The pages of accounts and of stand-ins."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from accounts.roles import Role
from budgets.models import Bank, PayeeAccount, StandIn
from tests import cast, factories
from tests.budgets.test_views_payments import at, words

pytestmark = pytest.mark.django_db
ACCOUNTS, STAND_INS = "/kerja/rekening/", "/kerja/pengganti/"


@pytest.fixture
def office() -> Client:
    Bank.objects.get_or_create(code="113", defaults={"name": "Bank Jateng"})
    return at(cast.activity_officer())


def told(**values: Any) -> dict[str, Any]:
    known = {"owner": "instructor:12", "payee_name": "Ratna Wulan", "bank": "113", "number": "3-021-555.1"}
    return known | {"holder_name": "RATNA WULAN", "holder_reason": ""} | values


def test_account_create_is_in_force_when_it_is_the_first_and_own(office: Client) -> None:
    assert office.post(f"{ACCOUNTS}baru/", told()).status_code == 302
    made = PayeeAccount.objects.get()
    assert (made.state, made.number, made.last4) == ("in_force", "30215551", "5551")
    assert 'value="Ratna Wulan"' in words(office.get(f"{ACCOUNTS}baru/?owner=instructor:12"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"owner": "Ratna"}, "owner"),
        ({"number": "12ab"}, "number"),
        ({"number": "1" * 21}, "number"),
        ({"bank": "999"}, "bank"),
        ({"holder_name": "Joko"}, "holder_reason"),
        ({"payee_name": ""}, "payee_name"),
    ],
)
def test_account_create_refuses_beside_the_field(office: Client, values: dict[str, Any], field: str) -> None:
    refused = office.post(f"{ACCOUNTS}baru/", told(**values))
    assert (refused.status_code, f"id_{field}_error" in words(refused)) == (422, True)
    assert PayeeAccount.objects.count() == 0


def test_account_confirm_is_a_second_person_s(office: Client) -> None:
    office.post(f"{ACCOUNTS}baru/", told())
    office.post(f"{ACCOUNTS}baru/", told(number="777888999"))
    new = PayeeAccount.objects.get(state="pending")
    office.post(f"{ACCOUNTS}{new.pk}/konfirmasi/")
    assert PayeeAccount.objects.get(pk=new.pk).state == "pending"
    assert at(cast.budget_authority()).post(f"{ACCOUNTS}{new.pk}/konfirmasi/").status_code == 403
    second = at(cast.treasurer())
    assert "Ratna Wulan" in words(second.get(f"{ACCOUNTS}?tab=confirm"))
    assert f"{ACCOUNTS}{new.pk}/konfirmasi/" in words(second.get(f"{ACCOUNTS}{new.pk}/"))
    second.post(f"{ACCOUNTS}{new.pk}/konfirmasi/")
    assert list(PayeeAccount.objects.order_by("pk").values_list("state", flat=True)) == ["ended", "in_force"]


def test_account_refuse_needs_a_reason(office: Client) -> None:
    account = factories.payee_account(state="pending")
    second = at(cast.treasurer())
    assert second.post(f"{ACCOUNTS}{account.pk}/tolak/", {"reason": ""}).status_code == 422
    assert second.post(f"{ACCOUNTS}{account.pk}/tolak/", {"reason": "Bukan nomor ini"}).status_code == 302
    assert PayeeAccount.objects.get(pk=account.pk).state == "refused"
    own = factories.payee_account(state="pending")
    mine = office.post(f"{ACCOUNTS}{own.pk}/tolak/", {"reason": "x"})
    assert mine.status_code == 422
    assert PayeeAccount.objects.get(pk=own.pk).state == "pending"


def test_account_reveal_writes_down_who_and_why(office: Client) -> None:
    account = factories.payee_account()
    treasurer = at(cast.treasurer())
    url = f"{ACCOUNTS}{account.pk}/lihat/"
    assert account.number not in words(treasurer.get(url))
    assert account.number not in words(treasurer.post(url, {"purpose": " "}))
    shown = treasurer.post(url, {"purpose": "Transfer honor"})
    assert account.number in words(shown)
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.about(account).get(action="payee_account.revealed")
    assert (entry.purpose, AuditEntry.objects.filter(action="payee_account.revealed").count()) == ("Transfer honor", 1)
    assert at(cast.auditor()).post(url, {"purpose": "Ingin tahu"}).status_code == 403


def test_account_list_finds_by_owner_and_name(office: Client) -> None:
    office.post(f"{ACCOUNTS}baru/", told())
    other = factories.payee_account(payee_name="Joko")
    for text in ("ratna", "instructor:12"):
        moved = office.post(ACCOUNTS, {"q": text})
        found = words(office.get(moved["Location"]))
        assert "Ratna Wulan" in found
        assert other.payee_name not in found
        assert text not in moved["Location"]


def test_account_detail_is_the_own_office_s_alone(office: Client) -> None:
    account = factories.payee_account(cast.next_agency())
    assert [office.get(f"{ACCOUNTS}{account.pk}/{step}").status_code for step in ("", "tolak/", "lihat/")] == [404] * 3


def period(**values: Any) -> dict[str, Any]:
    today = cast.home_agency().today()
    known: dict[str, Any] = {"duty": "record_payments", "substitute": cast.division_head().pk, "document": "ST/1"}
    return known | {"valid_from": today, "valid_to": today + dt.timedelta(days=3)} | values


def test_stand_in_list_names_and_stand_in_end_ends() -> None:
    client = at(cast.treasurer())
    assert client.post(STAND_INS, period()).status_code == 302
    row = StandIn.objects.get()
    assert (row.absent, row.substitute) == (cast.treasurer(), cast.division_head())
    assert cast.division_head().full_name in words(client.get(STAND_INS))
    assert at(cast.division_head()).post(f"{STAND_INS}{row.pk}/akhiri/").status_code == 403
    assert client.post(f"{STAND_INS}{row.pk}/akhiri/").status_code == 302
    assert StandIn.objects.get().ended_at is not None


def test_stand_in_end_is_in_the_own_office_alone() -> None:
    at(cast.treasurer()).post(STAND_INS, period())
    elsewhere = factories.user("bendahara.semarang", role=Role.TREASURER, agency=cast.next_agency())
    assert at(elsewhere).post(f"{STAND_INS}{StandIn.objects.get().pk}/akhiri/").status_code == 404


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"valid_to": "9999-01-01"}, "valid_to"),
        ({"duty": "approve_payments"}, "duty"),
        ({"substitute": 0}, "substitute"),
        ({"document": ""}, "document"),
        ({"valid_from": "besok"}, "valid_from"),
    ],
)
def test_stand_in_list_refuses_beside_the_field(values: dict[str, Any], field: str) -> None:
    refused = at(cast.treasurer()).post(STAND_INS, period(**values))
    assert (refused.status_code, f"id_{field}_error" in words(refused)) == (422, True)
    assert StandIn.objects.count() == 0


def test_stand_in_list_is_for_those_with_a_duty() -> None:
    assert at(cast.activity_officer()).post(STAND_INS, period()).status_code == 403
    assert at(cast.activity_officer()).get(STAND_INS).status_code == 200
