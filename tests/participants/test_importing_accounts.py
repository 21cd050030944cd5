"""Bank accounts of a batch from a spreadsheet: by the rules of the form for one, all waiting for a second person."""

import io
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from budgets import actions as money
from budgets.models import PayeeAccount
from kit.tables.apart import read_head
from participants.actions import bring_in, let_row_in, undo_import, wipe_imports
from participants.jobs import import_limits
from participants.models import ImportRow, Registration, Seat
from participants.queries.import_accounts import entries_with_payees, without_account
from participants.sheets import ACCOUNTS, found_layout, write_account_template, write_template
from programs.models import Batch
from tests import cast, factories
from tests.budgets.money import refused
from tests.participants.account_lists import accounts_of, brought_in, checked, line, sent, starting, with_banks
from tests.participants.lists import findings, worked
from tests.participants.selecting import verified
from tests.support.searching import files_with, places_in_database

pytestmark = pytest.mark.usefixtures("own_folder")
NUMBER = "0081234567"


@pytest.fixture
def payees(batch: Batch) -> list[Registration]:
    return verified(batch, 3)


def account(entry: Registration, number: str = "77001122", **values: Any) -> PayeeAccount:
    """In force, as entered by hand."""
    with_banks()
    bank = money.AccountDetails(factories.payee_account().bank, number, values.pop("holder", entry.full_name), "Suami")
    return money.enter_account(
        agency=cast.home_agency(),
        owner=f"person:{entry.person_id}",
        payee_name=entry.full_name,
        details=bank,
        by=values.pop("by", cast.activity_officer()),
    )


def test_template_goes_out_with_the_payees_and_comes_back_filled_in(batch: Batch, payees: list[Registration]) -> None:
    account(payees[0])
    assert without_account(batch) == payees[1:]
    book = openpyxl.load_workbook(io.BytesIO(write_account_template(batch, without_account(batch))))
    sheet = book["Rekening"]
    assert sheet["A1"].value.startswith("Templat rekening, versi 1: ")
    assert book["Kode"].sheet_state == "hidden"
    assert {"Bank Jateng", "Bank Mandiri"} <= {cell.value for cell in book["Kode"]["A"]}
    assert [[cell.value for cell in row[:2]] for row in sheet["A5:B6"]] == [
        [entry.shown_code, entry.full_name] for entry in payees[1:]
    ]
    assert sheet["D5"].number_format == sheet.column_dimensions["D"].number_format == "@"
    for place, text in enumerate(["Bank Mandiri", NUMBER, payees[1].full_name], 3):
        sheet.cell(5, place, text)
    out = io.BytesIO()
    book.save(out)
    upload = worked(sent(batch, out.getvalue()))
    assert (upload.total, upload.counts["good"], findings(upload)) == (1, 1, {})  # what nobody filled in is no mistake
    made = brought_in(upload).rows.get().account
    assert made is not None
    assert (made.owner, made.number, made.bank.name) == (f"person:{payees[1].person_id}", NUMBER, "Bank Mandiri")


def test_template_of_another_purpose_or_version_is_refused_with_a_sentence(batch: Batch) -> None:
    registering = read_head(write_template(batch.program, [batch], whole_programme=False), import_limits())
    with pytest.raises(ValidationError) as other:
        found_layout(registering.rows, ACCOUNTS)
    assert (other.value.code, "pendaftaran" in other.value.messages[0]) == ("template_kind", True)
    with_banks()
    head = read_head(write_account_template(batch, []), import_limits())
    with pytest.raises(ValidationError) as back:
        found_layout(head.rows)
    assert back.value.code == "template_kind"
    first = [(number, [str(cell).replace("versi 1", "versi 9") for cell in cells]) for number, cells in head.rows]
    with pytest.raises(ValidationError) as old:
        found_layout(first, ACCOUNTS)
    assert old.value.code == "template_version"


def test_a_bank_is_known_by_code_name_and_what_people_call_it(batch: Batch) -> None:
    words = [8, "008", "bank  mandiri", "BRI", "Bank BRI", "Bank Rakyat Indonesia", "002"]
    people = verified(batch, len(words))
    rows = [line(one, f"90000000{n}", bank=words[n]) for n, one in enumerate(people)]
    upload = checked(batch, rows)
    assert findings(upload) == {}
    brought_in(upload)
    found = dict(PayeeAccount.objects.values_list("owner", "bank"))
    assert [found[f"person:{one.person_id}"] for one in people] == ["008"] * 3 + ["002"] * 4


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no entry": ({"entry": ""}, "entry:required"),
    "entry of nobody": ({"entry": "ZZZZ-2222"}, "entry:entry_unknown"),
    "row of somebody else": ({"payee": "Orang Lain Sama Sekali"}, "payee:payee_other"),
    "no bank": ({"bank": ""}, "bank:required"),
    "unknown bank": ({"bank": "Bank Mana Saja"}, "bank:bank_unknown"),
    "unknown code": ({"bank": "999"}, "bank:bank_unknown"),
    "no number": ({"number": ""}, "number:required"),
    "number cell": ({"number": 81234567}, "number:account_number_cell"),
    "scientific": ({"number": "8,12346E+12"}, "number:account_shortened"),
    "letters": ({"number": "12345AB"}, "number:account_number"),
    "too short": ({"number": "1234"}, "number:account_number"),
    "too long": ({"number": "1" * 21}, "number:account_number"),
    "formula": ({"number": "=1+12345678"}, "number:account_formula"),
    "no holder": ({"holder_name": ""}, "holder_name:required"),
    "long holder": ({"holder_name": "A" * 151}, "holder_name:max_length"),
    "other holder without reason": ({"holder_name": "Budi Santoso"}, "holder_reason:holder_reason"),
    "truth value": ({"holder_name": True}, "holder_name:cell_kind"),
}


def test_every_planted_mistake_is_told_in_its_cell_and_none_comes_in(batch: Batch) -> None:
    people = verified(batch, len(MISTAKES) + 1)
    rows = [
        line(entry, f"90000{place:05d}", **broken)
        for place, (entry, (broken, _told)) in enumerate(zip(people[1:], MISTAKES.values(), strict=True))
    ]
    upload = checked(batch, [line(people[0], NUMBER), *rows])
    wanted = {number: [told] for number, (_broken, told) in enumerate(MISTAKES.values(), 3)}
    assert findings(upload) == wanted
    assert accounts_of(brought_in(upload)) == {f"person:{people[0].person_id}": "pending"}


def test_entries_that_are_paid_no_allowance_are_mistakes(batch: Batch) -> None:
    unchecked, gone = factories.registration(batch), verified(batch)[0]
    Registration.objects.filter(pk=gone.pk).update(seat=Seat.RELEASED)
    elsewhere = verified(factories.batch(batch.program, slug="lain"))[0]
    rows = [line(unchecked, "900000001"), line(gone, "900000002"), line(elsewhere, "900000003")]
    assert findings(checked(batch, rows)) == {
        2: ["entry:entry_not_verified"],
        3: ["entry:entry_not_held"],
        4: ["entry:entry_unknown"],
    }
    assert entries_with_payees(batch) == []


def test_what_is_doubtful_waits_for_a_decision(batch: Batch) -> None:
    plain, other_holder, twin_a, twin_b, changed, known, seventh = verified(batch, 7)
    account(changed)
    account(known, "55001122")
    rows = [
        line(plain, NUMBER),
        line(other_holder, "900000001", holder_name="Budi Santoso", holder_reason="Rekening suami, surat kuasa ada"),
        line(twin_a, "900000002"),
        line(twin_b, "9000 00002"),
        line(changed, "900000003"),
        line(seventh, "55001122"),
        line(plain, "900000004"),
    ]
    upload = checked(batch, rows)
    assert findings(upload) == {
        3: ["holder_name:holder_differs"],
        4: ["number:account_in_file"],
        5: ["number:account_in_file"],
        6: ["number:account_changes"],
        7: ["number:account_of_other"],
        8: ["entry:entry_in_file"],
    }
    states = dict(upload.rows.values_list("number", "state"))
    assert states == {2: "good", 8: "wrong"} | dict.fromkeys([3, 4, 5, 6, 7], "doubtful")
    let_row_in(row=upload.rows.get(number=6), batches=[batch], by=upload.created_by)
    upload.refresh_from_db()
    done = brought_in(upload)
    assert accounts_of(done) == {f"person:{one.person_id}": "pending" for one in (plain, changed)}
    assert PayeeAccount.objects.get(owner=f"person:{changed.person_id}", state="in_force").number == "77001122"


def test_an_account_that_is_here_already_is_left_out_by_itself(batch: Batch, payees: list[Registration]) -> None:
    account(payees[0], holder=payees[0].full_name.upper())
    upload = checked(batch, [line(payees[0], "7700-1122"), line(payees[1], NUMBER)])
    assert findings(upload) == {2: ["number:account_same"]}
    brought_in(upload)
    again = checked(batch, [line(payees[0], "77001122"), line(payees[1], NUMBER), line(payees[2], "900000009")])
    assert findings(again) == {2: ["number:account_same"], 3: ["number:account_waits"]}
    assert (again.counts["left_out"], again.counts["good"]) == (2, 1)


def test_accounts_of_a_list_all_wait_for_somebody_else(batch: Batch, payees: list[Registration]) -> None:
    upload = brought_in(checked(batch, [line(one, f"90000000{n}") for n, one in enumerate(payees)]))
    source = f"import-{upload.pk}"
    rows = PayeeAccount.objects.from_list(source)
    assert {(row.state, row.needs_second, row.entered_by, row.source_name) for row in rows} == {
        ("pending", True, upload.created_by, f"{batch.program.name} · {batch.name}")
    }
    office = cast.home_agency()
    seen = set(rows.values_list("pk", flat=True))
    refused("own_account", action=money.confirm_listed, agency=office, source=source, seen=seen, by=upload.created_by)
    told: dict[str, Any] = {"agency": office, "source": source, "by": cast.treasurer()}
    refused("list_changed", action=money.confirm_listed, seen=set(list(seen)[1:]), **told)
    assert money.confirm_listed(seen=seen, **told) == 3
    assert {(row.state, row.decided_by) for row in rows.all()} == {("in_force", cast.treasurer())}
    assert all(row.cools_until is not None for row in rows.all())
    refused("list_changed", action=money.confirm_listed, seen=seen, **told)


def test_undo_takes_back_all_and_what_they_replaced_waits_again(batch: Batch, payees: list[Registration]) -> None:
    account(payees[0])
    waiting = account(payees[0], "66001122")
    upload = checked(batch, [line(payees[0], "900000001"), line(payees[1], "900000002")])
    assert findings(upload) == {2: ["number:account_replaces"]}
    let_row_in(row=upload.rows.get(number=2), batches=[batch], by=upload.created_by)
    upload.refresh_from_db()
    done = brought_in(upload)
    waiting.refresh_from_db()
    assert (waiting.state, len(accounts_of(done))) == ("refused", 2)
    undone = undo_import(upload=done, by=done.created_by)
    waiting.refresh_from_db()
    assert (undone.state, waiting.state, accounts_of(done)) == ("undone", "pending", {})
    assert not ImportRow.objects.filter(upload=done, state="imported").exists()
    assert AuditEntry.objects.filter(action="payee_account.withdrawn").count() == 2


def test_undo_is_refused_once_one_of_them_was_confirmed(batch: Batch, payees: list[Registration]) -> None:
    upload = brought_in(checked(batch, [line(one, f"90000000{n}") for n, one in enumerate(payees)]))
    money.confirm_account(account=PayeeAccount.objects.from_list(f"import-{upload.pk}")[0], by=cast.treasurer())
    with pytest.raises(ValidationError) as refusal:
        undo_import(upload=upload, by=upload.created_by)
    assert [error.code for error in refusal.value.error_list] == ["built_on"]
    assert sorted(accounts_of(upload).values()) == ["in_force", "pending", "pending"]


def test_what_changes_after_the_check_brings_nothing_in(batch: Batch, payees: list[Registration]) -> None:
    upload = checked(batch, [line(one, f"90000000{n}") for n, one in enumerate(payees)])
    waiting = starting(upload)
    account(payees[1])
    late = worked(waiting)
    assert (late.state, accounts_of(upload)) == ("checking", {})
    assert findings(worked(late)) == {3: ["number:account_changes"]}


def test_run_again_after_a_crash_enters_nothing_twice(batch: Batch, payees: list[Registration]) -> None:
    done = brought_in(checked(batch, [line(payees[0], NUMBER)]))
    bring_in(upload=done, notice_version="1", alive=lambda: None, by=done.created_by)
    assert PayeeAccount.objects.count() == 1


def test_the_plain_number_lies_nowhere(batch: Batch, payees: list[Registration], own_folder: Path) -> None:
    wrong = "000888777666555X"
    upload = brought_in(checked(batch, [line(payees[0], NUMBER), line(payees[1], wrong)]))
    words = {"good": NUMBER, "wrong": wrong}
    rows = "participants_importrow.content"
    assert places_in_database(words) == {("good", rows), ("wrong", rows), ("good", "budgets_payeeaccount.number")}
    assert files_with(own_folder, words) == set()
    type(upload).objects.filter(pk=upload.pk).update(changed_at=upload.changed_at.replace(year=2020))
    assert wipe_imports(by=None) == 1
    assert places_in_database(words) == {("good", "budgets_payeeaccount.number")}
    assert not ImportRow.objects.exclude(account_hash="").exists()
