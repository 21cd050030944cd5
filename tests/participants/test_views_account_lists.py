"""The pages of a list of bank accounts, from the batch to the second person; none of them needs a script."""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from budgets.models import PayeeAccount
from participants.models import Registration, RegistrationImport
from programs.models import Batch
from tests import cast
from tests.participants.account_lists import brought_in, checked, line, with_banks, workbook
from tests.participants.desk import at_desk, errors, url
from tests.participants.lists import worked
from tests.participants.selecting import verified

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def desk(batch: Batch) -> Client:
    with_banks()
    return at_desk(cast.activity_officer())


@pytest.fixture
def payees(batch: Batch) -> list[Registration]:
    return verified(batch, 2)


def page(name: str, upload: RegistrationImport, *more: int) -> str:
    return reverse(f"participants:import_{name}", args=[upload.pk, *more])


def send(desk: Client, batch: Batch, content: bytes, name: str = "rekening.xlsx") -> Any:
    return desk.post(url("batch_accounts", batch), {"file": SimpleUploadedFile(name, content)})


def last() -> RegistrationImport:
    return RegistrationImport.objects.with_parts().latest("pk")


def test_batch_accounts_leads_from_the_batch_to_accounts_that_wait(
    desk: Client, batch: Batch, payees: list[Registration]
) -> None:
    shown = desk.get(url("batch_allowances", batch)).content.decode()
    assert url("batch_accounts", batch) in shown
    first = desk.get(url("batch_accounts", batch)).content.decode()
    assert [entry.full_name in first for entry in payees] == [True, True]
    answer = send(desk, batch, workbook([line(payees[0], "0081234567"), line(payees[1], "12")]))
    assert answer["Location"] == page("detail", last())
    upload = worked(last())
    wrong = desk.get(page("detail", upload)).content.decode()
    assert "5 sampai 20 angka" in wrong
    good = desk.get(page("detail", upload) + "?rows=good").content.decode()
    assert ("… 4567" in good, "0081234567" in good) == (True, False)
    row = desk.get(page("row", upload, 3))
    typed = {field.name: field.value() or "" for field in row.context["form"]}
    assert typed["number"] == "12"
    assert desk.post(page("row", upload, 3), typed | {"number": "0081234999"}).status_code == 302
    assert b"0081234567" not in desk.get(page("row", upload, 2)).content
    asked = desk.get(page("confirm", upload))
    expected = asked.context["form"]["expected"].value()
    assert list(errors(desk.post(page("confirm", upload), {"expected": expected}))) == ["copied"]
    assert desk.post(page("confirm", upload), {"expected": expected, "copied": "on"}).status_code == 302
    done = worked(last())
    assert done.state == "imported"
    assert list(PayeeAccount.objects.values_list("state", flat=True)) == ["pending"] * 2
    source = reverse("budgets:account_source", args=[done.agency_id, f"import-{done.pk}"])
    assert source in desk.get(page("detail", done)).content.decode()


def test_account_source_is_confirmed_whole_by_a_second_person(batch: Batch, payees: list[Registration]) -> None:
    rows = [line(payees[0], "0081234567"), line(payees[1], "0081234999")]
    done = brought_in(checked(batch, rows))
    source = reverse("budgets:account_source", args=[done.agency_id, f"import-{done.pk}"])
    owner, colleague = at_desk(done.created_by), at_desk(cast.treasurer())
    assert source in colleague.get(reverse("budgets:account_list")).content.decode()
    assert "compared" not in owner.get(source).content.decode()
    looked = colleague.get(source)
    words = looked.content.decode()
    assert ("…4567" in words, "0081234567" in words) == (True, False)
    seen = looked.context["form"]["seen"].value()
    own = owner.post(source, {"seen": seen, "compared": "on"})
    assert (own.status_code, PayeeAccount.objects.filter(state="in_force").count()) == (422, 0)
    assert list(errors(colleague.post(source, {"seen": seen}))) == ["compared"]
    assert colleague.post(source, {"seen": seen, "compared": "on"}).status_code == 302
    assert PayeeAccount.objects.filter(state="in_force", decided_by=cast.treasurer()).count() == 2
    assert at_desk(cast.auditor()).get(source).status_code == 200
    assert at_desk(cast.auditor()).post(source, {"seen": seen, "compared": "on"}).status_code == 403


def test_batch_accounts_refuses_the_list_of_another_purpose(
    desk: Client, batch: Batch, payees: list[Registration]
) -> None:
    template = at_desk(cast.program_officer()).get(reverse("participants:import_template") + f"?batch={batch.pk}")
    answer = send(desk, batch, template.content)
    assert (answer.status_code, list(errors(answer))) == (422, ["file"])
    assert "templat pendaftaran" in errors(answer)["file"][0]
    assert list(errors(send(desk, batch, b"%PDF-1.7 tidak penting %%EOF"))) == ["file"]
    assert RegistrationImport.objects.count() == 0


def test_batch_accounts_template_names_those_without_an_account(
    desk: Client, batch: Batch, payees: list[Registration]
) -> None:
    answer = desk.get(url("batch_accounts_template", batch))
    assert answer["Content-Disposition"] == f'attachment; filename="templat-rekening-{batch.slug}.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Rekening"]
    assert [cell.value for (cell,) in sheet["A5:A6"]] == [entry.shown_code for entry in payees]
    upload = send(desk, batch, answer.content)
    assert upload["Location"] == page("detail", last())  # its own headings are known
    assert worked(last()).total == 0


def test_import_columns_of_a_list_of_accounts_show_no_whole_number(
    desk: Client, batch: Batch, payees: list[Registration]
) -> None:
    content = b"Kolom satu;Kolom dua\nSiti;12345\n"
    assert send(desk, batch, content, "rekening.csv")["Location"] == page("columns", last())
    shown = desk.get(page("columns", last())).content.decode()
    assert ("12345" in shown, "… 2345" in shown) == (False, True)
    assert "Nomor rekening" in shown
    assert "Tanggal lahir" not in shown


def test_import_undo_of_accounts_says_what_stands_in_the_way(
    desk: Client, batch: Batch, payees: list[Registration]
) -> None:
    upload = brought_in(checked(batch, [line(payees[0], "900000001")]))
    assert "rekening hilang" in desk.get(page("undo", upload)).content.decode()
    PayeeAccount.objects.update(state="in_force", decided_by=cast.treasurer(), decided_at=upload.imported_at)
    assert "Rekening yang sudah dikonfirmasi: 1" in desk.get(page("undo", upload)).content.decode()
    desk.post(page("undo", upload))
    assert last().state == "imported"
    PayeeAccount.objects.update(state="pending", decided_by=None, decided_at=None)
    desk.post(page("undo", upload))
    assert (last().state, PayeeAccount.objects.count()) == ("undone", 0)
    assert "ditarik kembali" in desk.get(page("detail", upload)).content.decode()


def test_lists_of_one_purpose_are_nobody_s_who_has_the_other_duty(batch: Batch, payees: list[Registration]) -> None:
    accounts = checked(batch, [line(payees[0], "900000001")])
    assert at_desk(cast.program_officer()).get(page("detail", accounts)).status_code == 404
    assert at_desk(cast.treasurer()).get(page("detail", accounts)).status_code == 200
    assert at_desk(cast.program_officer()).get(url("batch_accounts", batch)).status_code == 403
    assert at_desk(cast.treasurer()).get(url("batch_accounts", batch)).status_code == 200
