"""Proposals of withholding slips for awards, and the month's list of what was kept back."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest

from accounts.models import AuditEntry
from budgets.actions import approve_payments, hand_out_withheld, load_money_lists, record_paid
from budgets.models import Payment
from budgets.views import withholding
from documents.kinds import paper_kinds
from documents.typesetting import Typesetter
from incentives import actions
from incentives.models import Competition
from participants.models import Person
from programs.models import Batch
from tests import cast
from tests.budgets.money import refused
from tests.documents.typed import one_typesetter, papers, pdf_of
from tests.incentives import decided
from tests.participants.desk import at_desk

pytestmark = pytest.mark.django_db
KIND = "award_withholding_slip"
LIST = "/kerja/pembayaran/pph/"
SHEET = f"{LIST}unduh/"


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as found:
        yield found


@pytest.fixture
def approved(batch: Batch) -> Competition:
    """Six winners whose awards are approved."""
    load_money_lists(by=None)
    of = decided.won(batch)
    payments = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=payments, by=cast.budget_authority())
    return of


@pytest.fixture
def paid(approved: Competition) -> Competition:
    payments = list(Payment.objects.filter(bundle=approved.reference))
    today = approved.program.agency.today()
    record_paid(payments=payments, paid_on=today, document="SP2D 7", by=cast.treasurer(), cash=True)
    return approved


def winner(number: int = 0) -> Person:
    return Person.objects.get(pk=Payment.objects.order_by("pk")[number].payee_key.removeprefix("person:"))


def test_slip_of_each_award_proposes_base_rate_and_rule(typesetter: Typesetter, approved: Competition) -> None:
    kind = paper_kinds()[KIND]
    subjects = list(kind.subjects(approved))
    found = [pages[0] for pages in papers(typesetter, kind, subjects)]
    if folder := os.environ.get("PAPERS_LOOKED_AT"):
        (Path(folder) / f"{KIND}.pdf").write_bytes(pdf_of(typesetter, kind, kind.build(subjects)[0]))
    assert kind.counts is not None
    assert (len(found), kind.counts([approved.pk])) == (6, {approved.pk: 6})
    person = winner()
    for words in (
        *("USULAN", "bukan bukti pemotongan", f"************{person.nik_last4}", "Rp3.000.000", "5 %", "Rp150.000"),
        *("seratus lima puluh ribu rupiah", "Rp2.850.000", "PMK 168/2023", "tidak final", "bulan pembayaran"),
        "Hadiah atau penghargaan kepada peserta perlombaan",
    ):
        assert words in found[0], words
    assert not any(person.nik in page for page in found)


def test_slip_waits_for_approval_and_goes_with_the_payment(approved: Competition) -> None:
    kind = paper_kinds()[KIND]
    first, second, *_others = list(Payment.objects.order_by("pk"))
    Payment.objects.filter(pk=first.pk).update(state="proposed")
    Payment.objects.filter(pk=second.pk).update(tax=0)
    assert kind.counts is not None
    assert (len(list(kind.subjects(approved))), kind.counts([approved.pk])) == (4, {approved.pk: 4})


def test_slip_says_where_the_treasurer_set_the_tax(approved: Competition) -> None:
    row = Payment.objects.order_by("pk")[0]
    assert (row.withheld("").rate, row.withheld("").base) == ("5 %", 3_000_000)
    row.tax = 180_000
    assert row.withheld("").rate == "ditetapkan bendahara"
    row.tax_rule = None
    assert (row.withheld("").base, row.withheld("").rule) == (None, "ditetapkan bendahara")


def test_withholding_list_sums_the_month_and_masks_everybody(paid: Competition) -> None:
    today, person = paid.program.agency.today(), winner()
    for user in (cast.treasurer(), cast.auditor(), cast.program_officer()):
        answer = at_desk(user).get(LIST)
        shown = answer.content.decode()
        assert (answer.context["gross"], answer.context["tax"]) == (14_400_000, 720_000)
        assert (person.nik in shown, f"************{person.nik_last4}" in shown) == (False, True)
    assert at_desk(cast.auditor()).get(f"{LIST}?bulan={today.year - 1}-01").context["rows"] == []
    for wild in ("x", "2024-13", "9999-99", "%00", "2024-01'--"):
        assert at_desk(cast.auditor()).get(f"{LIST}?bulan={wild}").status_code == 200


def test_withholding_list_sums_the_whole_month_whatever_it_shows(
    paid: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withholding, "MOST", 2)
    told = at_desk(cast.treasurer()).get(LIST).context
    assert (len(told["rows"]), told["more"], told["count"]) == (2, True, 6)
    assert (told["gross"], told["tax"]) == (14_400_000, 720_000)


def test_withholding_list_asks_as_often_with_many(paid: Competition, django_assert_num_queries: Any) -> None:
    client = at_desk(cast.treasurer())
    client.get(LIST)
    with django_assert_num_queries(100, exact=False) as asked:
        client.get(LIST)
    Payment.objects.filter(pk__gt=Payment.objects.order_by("pk")[0].pk).update(tax=0)
    with django_assert_num_queries(len(asked.captured_queries)):
        client.get(LIST)


def sheet_of(answer: Any) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_withholding_sheet_holds_720_000_and_masked_numbers(paid: Competition) -> None:
    answer = at_desk(cast.treasurer()).post(SHEET, {"agency": paid.program.agency_id})
    rows = sheet_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert [row[9] for row in rows] == [150_000, 150_000, 120_000, 120_000, 90_000, 90_000, 720_000]
    assert (rows[-1][2], rows[-1][6], rows[-1][10]) == ("Jumlah", 14_400_000, 13_680_000)
    person, today = winner(), paid.program.agency.today()
    first = rows[0]
    assert (first[0], first[1].date(), first[2], first[3]) == (
        1,
        today,
        person.full_name,
        f"{'*' * 12}{person.nik_last4}",
    )
    assert first[6:9] == [3_000_000, 3_000_000, "5 %"]
    assert first[11:] == ["PP 58/2023, PMK 168/2023 (tidak final)", "SP2D 7"]
    entry = AuditEntry.objects.get(action="withholding.downloaded")
    assert (entry.actor, entry.changes["whole_numbers"]) == (cast.treasurer(), False)


def test_withholding_sheet_gives_whole_numbers_for_a_reason(paid: Competition) -> None:
    client, agency = at_desk(cast.treasurer()), paid.program.agency_id
    assert client.post(SHEET, {"agency": agency, "whole": "on"}).status_code == 422
    answer = client.post(SHEET, {"agency": agency, "whole": "on", "purpose": "Bukti potong Juli"})
    person = winner()
    assert (sheet_of(answer)[0][3], person.nik.isdigit()) == (person.nik, True)
    taken = AuditEntry.objects.filter(action="payment.identity_taken")
    assert (taken.count(), taken.filter(subject_type="participants.person", subject_id=str(person.pk)).count()) == (
        6,
        1,
    )
    assert person.nik not in str(list(AuditEntry.objects.values_list("changes", "purpose")))


def test_withholding_sheet_is_for_the_treasurer_of_the_office(paid: Competition) -> None:
    agency, today = paid.program.agency, paid.program.agency.today()
    strangers = (cast.auditor(), cast.program_officer(), cast.activity_officer(), cast.budget_authority())
    assert [at_desk(user).post(SHEET, {"agency": agency.pk}).status_code for user in strangers] == [403] * 4
    told: dict[str, Any] = {"action": hand_out_withheld, "month": today, "whole": False, "purpose": ""}
    refused("no_duty", agency=agency, by=cast.auditor(), **told)
    refused("no_duty", agency=cast.next_agency(), by=cast.treasurer(), **told)
    foreign = at_desk(cast.treasurer()).post(SHEET, {"agency": cast.next_agency().pk})
    assert foreign.status_code == 422
    assert at_desk(cast.treasurer()).post(f"{SHEET}?bulan=2020-01", {"agency": agency.pk}).status_code == 422
