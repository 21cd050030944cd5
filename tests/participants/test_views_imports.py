from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from participants.models import ImportRow, Registration, RegistrationImport
from programs.models import Batch
from tests import cast
from tests.participants.desk import at_desk, errors, flash
from tests.participants.lists import HEADINGS, brought_in, checked, person, text_file, workbook, worked

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def desk(batch: Batch) -> Client:
    return at_desk(cast.program_officer())


def url(name: str, upload: RegistrationImport | None = None, *more: int) -> str:
    return reverse(f"participants:import_{name}", args=[upload.pk, *more] if upload else [])


def send(desk: Client, batch: Batch, content: bytes, name: str = "peserta.xlsx") -> Any:
    return desk.post(url("start"), {"target": f"b{batch.pk}", "file": SimpleUploadedFile(name, content)})


def last() -> RegistrationImport:
    return RegistrationImport.objects.with_parts().latest("pk")


def test_import_start_with_known_headings_goes_on_by_itself(desk: Client, batch: Batch) -> None:
    response = send(desk, batch, workbook([person(1)]))
    assert response["Location"] == url("detail", last())
    assert worked(last()).counts["good"] == 1
    assert b"Warga B" in desk.get(url("detail", last())).content


def test_import_start_refuses_a_renamed_pdf_beside_the_field(desk: Client, batch: Batch) -> None:
    response = send(desk, batch, b"%PDF-1.7 tidak penting %%EOF")
    assert (response.status_code, list(errors(response))) == (422, ["file"])
    assert RegistrationImport.objects.count() == 0


def test_import_start_without_a_file_keeps_what_was_chosen(desk: Client, batch: Batch) -> None:
    response = desk.post(url("start"), {"target": f"b{batch.pk}"})
    assert (response.status_code, list(errors(response))) == (422, ["file"])
    assert response.context["form"]["target"].value() == f"b{batch.pk}"


def test_import_start_offers_no_batch_of_another_office(batch: Batch) -> None:
    response = send(at_desk(cast.other_agency_officer()), batch, workbook([person(1)]))
    assert (response.status_code, list(errors(response))) == (422, ["target"])


def test_import_columns_of_a_foreign_list_are_asked_once_and_remembered(desk: Client, batch: Batch) -> None:
    foreign = HEADINGS | {"full_name": "Yang bersangkutan", "phone": "Bisa dihubungi di"}
    response = send(desk, batch, workbook([person(1)], foreign))
    assert response["Location"] == url("columns", last())
    page = desk.get(url("columns", last()))
    assert person(1)["nik"].encode() not in page.content  # only the end of a long number is shown
    fields = {f"c{place}": name for place, name in enumerate(foreign)}
    missing = desk.post(url("columns", last()), fields | {"c1": ""})
    assert (missing.status_code, "Nama lengkap" in errors(missing)["__all__"][0]) == (422, True)
    twice = desk.post(url("columns", last()), fields | {"c5": "nik"})
    assert list(errors(twice)) == ["c5"]
    assert desk.post(url("columns", last()), fields)["Location"] == url("detail", last())
    assert worked(last()).counts["good"] == 1
    again = send(desk, batch, workbook([person(2)], foreign))
    assert again["Location"] == url("detail", last())


def test_import_detail_names_every_mistake_beside_its_row(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1), person(2, nik="123", sex="X")])
    page = desk.get(url("detail", upload)).content.decode()
    assert [said in page for said in ("NIK harus 16 angka", "Tulis L untuk laki-laki")] == [True, True]
    assert "Warga B" not in page  # the good row stands under another tab
    assert "Warga B" in desk.get(url("detail", upload), {"rows": "good"}).content.decode()


def test_import_detail_has_pages(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(number, sex="X") for number in range(1, 71)])
    first = desk.get(url("detail", upload))
    assert len(first.context["lines"]) == 50
    rest = desk.get(url("detail", upload), {"after": first.context["page"].next_key})
    assert [line.row.number for line in rest.context["lines"]] == list(range(52, 72))


def test_import_row_is_mended_in_the_browser(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1, nik="123", birth_date="31/02/1999")])
    page = desk.get(url("row", upload, 2))
    assert sorted(errors(page)) == ["birth_date", "nik"]
    typed = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    still = desk.post(url("row", upload, 2), typed | {"nik": person(1)["nik"]})
    assert (still.status_code, list(errors(still))) == (422, ["birth_date"])
    assert still.context["form"]["nik"].value() == person(1)["nik"]
    done = desk.post(url("row", upload, 2), typed | {"nik": person(1)["nik"], "birth_date": "28/02/1999"})
    assert done["Location"] == url("detail", upload)
    assert upload.rows.get().state == ImportRow.State.GOOD
    assert last().counts["good"] == 1


def test_import_row_changed_by_a_colleague_is_not_overwritten(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1, sex="X")])
    typed = {name: field.value() for name, field in fields_of(desk.get(url("row", upload, 2)))} | {"sex": "P"}
    other = at_desk(cast.program_officer())
    other.post(url("row", upload, 2), typed)
    response = desk.post(url("row", upload, 2), typed)
    assert (response.status_code, list(errors(response))) == (422, ["__all__"])


def fields_of(page: Any) -> list[tuple[str, Any]]:
    return [(name, page.context["form"][name]) for name in page.context["form"].fields]


def test_import_row_decide_leaves_out_and_takes_back(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1), person(2)])
    for decision, state in (("leave_out", "left_out"), ("take_back", "good"), ("nonsense", "good")):
        desk.post(url("row_decide", upload, 2), {"decision": decision})
        assert upload.rows.get(number=2).state == state


def test_import_confirm_shows_seats_and_asks_for_the_notice(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(number) for number in range(1, 43)])
    page = desk.get(url("confirm", upload))
    assert [(share.rows, share.held, share.waiting) for share in page.context["shares"]] == [(42, 40, 2)]
    told = {"expected": page.context["form"]["expected"].value()}
    assert list(errors(desk.post(url("confirm", upload), told))) == ["informed"]
    assert desk.post(url("confirm", upload), told | {"informed": "on"})["Location"] == url("detail", upload)
    assert worked(last()).state == "imported"
    assert Registration.objects.filter(batch=batch).count() == 42


def test_import_confirm_refuses_when_the_list_has_changed(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1), person(2)])
    told = {"expected": desk.get(url("confirm", upload)).context["form"]["expected"].value(), "informed": "on"}
    desk.post(url("row_decide", upload, 2), {"decision": "leave_out"})
    assert list(errors(desk.post(url("confirm", upload), told))) == ["__all__"]
    for broken in ("", "[]", "{"):
        assert "expected" in errors(desk.post(url("confirm", upload), told | {"expected": broken}))


def test_import_mistakes_come_as_the_same_list_with_a_column_more(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1), person(2, sex="X")])
    response = desk.post(url("mistakes", upload))
    job = Job.objects.latest("pk")
    assert response["Location"] == reverse("jobs:job_detail", args=[job.pk])


def test_import_undo_says_first_what_stands_in_the_way(desk: Client, batch: Batch) -> None:
    upload = brought_in(checked(batch, [person(1)]))
    Registration.objects.update(withdraw_reason="pindah")
    assert desk.get(url("undo", upload)).context["reasons"] == []
    response = desk.post(url("undo", upload))
    assert (response["Location"], len(flash(response))) == (url("detail", upload), 1)
    assert (last().state, Registration.objects.count()) == ("undone", 0)


def test_import_discard_forgets_file_and_rows(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1)])
    assert "peserta.xlsx" in desk.get(url("discard", upload)).content.decode()
    assert last().state == "checked"
    desk.post(url("discard", upload))
    gone = last()
    assert (gone.state, gone.stored, gone.file_key, gone.rows.count()) == ("discarded", None, None, 0)
    assert desk.get(url("discard", upload))["Location"] == url("detail", upload)


def test_import_template_comes_back_as_a_list(desk: Client, batch: Batch) -> None:
    content = desk.get(url("template"), {"batch": batch.pk}).content
    response = send(desk, batch, content)
    assert response["Location"] == url("detail", last())
    assert worked(last()).total == 0  # the example is no person


def test_import_pages_of_every_state_can_be_opened(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1), person(2, sex="X")])
    for state in ("uploaded", "checking", "checked", "importing", "discarded"):
        RegistrationImport.objects.filter(pk=upload.pk).update(state=state)
        assert desk.get(url("detail", upload)).status_code == 200


def test_import_list_shows_every_list_and_an_empty_page_says_what_to_do(desk: Client, batch: Batch) -> None:
    assert "Belum ada daftar yang diunggah" in desk.get(url("list")).content.decode()
    upload = checked(batch, [person(1)])
    assert desk.get(url("list")).context["page"].rows == [upload]


def test_import_progress_ends_with_the_whole_page_anew(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1)])
    assert desk.get(url("progress", upload))["HX-Refresh"] == "true"
    RegistrationImport.objects.filter(pk=upload.pk).update(state="checking")
    assert "Setiap baris sedang diperiksa" in desk.get(url("progress", upload)).content.decode()


def test_import_recheck_keeps_what_was_mended_and_decided(desk: Client, batch: Batch) -> None:
    upload = checked(batch, [person(1, sex="X"), person(2), person(3)])
    typed = {name: field.value() for name, field in fields_of(desk.get(url("row", upload, 2)))} | {"sex": "P"}
    desk.post(url("row", upload, 2), typed)
    desk.post(url("row_decide", upload, 3), {"decision": "leave_out"})
    desk.post(url("recheck", upload))
    again = worked(last())
    assert {row.number: row.state for row in again.rows.all()} == {2: "good", 3: "left_out", 4: "good"}


def test_import_of_a_text_file_with_semicolons(desk: Client, batch: Batch) -> None:
    send(desk, batch, text_file([person(1)]), "peserta.csv")
    assert worked(last()).counts["good"] == 1
