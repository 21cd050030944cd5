"""What PostgreSQL keeps of imports, whoever writes."""

from typing import Any

import pytest
from django.utils import timezone

from kit.crypto import new_file_key
from participants.models import ImportLayout, ImportRow, RegistrationImport
from programs.models import Batch
from tests import cast, factories
from tests.support.constraints import broken_by

State = RegistrationImport.State


@pytest.fixture
def sheet(batch: Batch) -> RegistrationImport:
    return made(batch)


def made(batch: Batch, **values: Any) -> RegistrationImport:
    agency = batch.program.agency
    defaults = {"region": agency.region, "file_name": "peserta.xlsx", "created_by": cast.program_officer()}
    return RegistrationImport.objects.create(agency=agency, program=batch.program, batch=batch, **(defaults | values))


def row(sheet: RegistrationImport, number: int = 1, **values: Any) -> ImportRow:
    defaults = {"state": "good", "batch": sheet.batch, "nik_hash": "a" * 64, "content": "{}"}
    return ImportRow.objects.create(upload=sheet, number=number, **(defaults | values))


def test_import_state_must_be_known(batch: Batch) -> None:
    assert broken_by(lambda: made(batch, state="lost")) == "registration_import_state_known"


def test_import_purpose_must_be_known_and_accounts_are_of_one_batch(batch: Batch) -> None:
    name = "registration_import_purpose_known"
    assert broken_by(lambda: made(batch, purpose="other")) == name
    whole: dict[str, Any] = {"agency": batch.program.agency, "program": batch.program, "region": batch.region}
    whole |= {"purpose": "accounts", "file_name": "rekening.xlsx", "created_by": cast.program_officer()}
    assert broken_by(lambda: RegistrationImport.objects.create(**whole)) == name


def test_import_names_who_brought_it_in(batch: Batch) -> None:
    name = "registration_import_names_who_and_when"
    assert broken_by(lambda: made(batch, state=State.IMPORTED)) == name
    assert broken_by(lambda: made(batch, imported_at=timezone.now())) == name


def test_import_names_who_took_it_back(batch: Batch) -> None:
    name = "registration_import_undoing_names_who_and_when"
    told = {"imported_at": timezone.now(), "imported_by": cast.program_officer()}
    assert broken_by(lambda: made(batch, state=State.UNDONE, **told)) == name
    assert broken_by(lambda: made(batch, undone_at=timezone.now())) == name


def test_import_file_is_kept_encrypted(batch: Batch, own_folder: object) -> None:
    stored = factories.stored_picture(batch.program.agency)
    assert broken_by(lambda: made(batch, stored=stored)) == "registration_import_file_has_key"
    assert made(batch, stored=stored, file_key=new_file_key()).file_key is not None


def test_import_row_is_read_once(sheet: RegistrationImport) -> None:
    row(sheet)
    assert broken_by(lambda: row(sheet)) == "import_row_once"


def test_import_row_state_must_be_known(sheet: RegistrationImport) -> None:
    assert broken_by(lambda: row(sheet, state="lost")) == "import_row_state_known"


@pytest.mark.parametrize("values", [{"batch": None}, {"nik_hash": ""}, {"problems": [["nik", "nik_length", {}]]}])
def test_import_row_with_a_mistake_is_not_good(sheet: RegistrationImport, values: dict[str, Any]) -> None:
    assert broken_by(lambda: row(sheet, **values)) == "import_row_usable_is_whole"
    assert row(sheet, **values | {"state": "wrong"}).pk is not None


def test_import_row_becomes_an_entry_by_being_imported(sheet: RegistrationImport, batch: Batch) -> None:
    entry = factories.registration(batch)
    assert broken_by(lambda: row(sheet, registration=entry)) == "import_row_entry_when_imported"


def test_import_row_becomes_an_account_by_being_imported(sheet: RegistrationImport, batch: Batch) -> None:
    name, account = "import_row_account_when_imported", factories.payee_account()
    assert broken_by(lambda: row(sheet, account=account)) == name
    both: dict[str, Any] = {"account": account, "registration": factories.registration(batch), "state": "imported"}
    assert broken_by(lambda: row(sheet, **both)) == name


def test_import_row_is_let_in_only_when_doubtful(sheet: RegistrationImport) -> None:
    assert broken_by(lambda: row(sheet, let_in=True)) == "import_row_let_in_when_doubtful"


def test_import_rows_are_counted_from_one(sheet: RegistrationImport) -> None:
    assert broken_by(lambda: row(sheet, number=0)) == "import_row_number_from_1"


def test_import_layout_is_known_once(sheet: RegistrationImport) -> None:
    def again() -> None:
        ImportLayout.objects.create(agency=sheet.agency, fingerprint="f" * 64, saved_by=sheet.created_by)

    again()
    assert broken_by(again) == "import_layout_once_per_agency"


def test_import_is_seen_by_who_may_bring_in_here(sheet: RegistrationImport) -> None:
    seen = {
        person: list(RegistrationImport.objects.visible_to(person()))
        for person in (cast.program_officer, cast.other_agency_officer, cast.verifier, cast.village_officer_here)
    }
    assert [person.__name__ for person, found in seen.items() if found] == ["program_officer"]


def test_usable_rows_are_good_or_let_in(sheet: RegistrationImport) -> None:
    row(sheet, 1)
    row(sheet, 2, state="doubtful", nik_hash="b" * 64)
    row(sheet, 3, state="doubtful", nik_hash="c" * 64, let_in=True)
    row(sheet, 4, state="wrong", nik_hash="")
    assert [found.number for found in sheet.rows.usable().in_order()] == [1, 3]
