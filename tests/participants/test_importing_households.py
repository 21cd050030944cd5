"""The number of the family card in a list from Excel."""

import io
import json
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.test import Client

from kit.family_cards import hash_household
from participants.models import Registration, RegistrationImport
from participants.sheets import found_layout
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk
from tests.participants.households import CARD, household_batch
from tests.participants.lists import HEADINGS, brought_in, findings, person, uploaded, workbook, worked
from tests.participants.test_views_imports import last, send, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
WITH_CARD = {**HEADINGS, "family_card": "Nomor KK"}


@pytest.fixture
def asking() -> Batch:
    return household_batch()


@pytest.fixture
def desk() -> Client:
    return at_desk(cast.program_officer())


def carded(batch: Batch, *rows: dict[str, Any]) -> RegistrationImport:
    return worked(uploaded(batch, workbook(rows, WITH_CARD)))


@pytest.mark.parametrize(
    "heading",
    ["Nomor KK", "NO. KK", "No KK", "KK", "Kartu Keluarga", "No. Kartu Keluarga", "Nomor Kartu Keluarga (KK)"],
)
def test_heading_of_the_card_is_known(heading: str) -> None:
    assert found_layout([(1, ["NIK", "Nama", heading])]).columns["family_card"] == 2


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (float(CARD), "family_card_number"),
        (9971010101240001, "family_card_number"),
        ("9,97101E+15", "family_card_shortened"),
        (f'="{CARD}"', "family_card_formula"),
        (CARD[:15], "family_card"),
        (CARD[:15] + "O", "family_card"),
        ("", "required"),
    ],
)
def test_card_that_cannot_be_right_is_named_in_its_cell(asking: Batch, written: Any, code: str) -> None:
    upload = carded(asking, person(1, family_card=written), person(2, family_card=CARD))
    assert findings(upload) == {2: [f"family_card:{code}"]}


def test_import_brings_in_the_comparison_value_and_never_the_number(asking: Batch) -> None:
    """Two of one household come in like any others: whom to take is decided when they are verified."""
    upload = carded(asking, person(1, family_card="9971 0101 0124 0001"), person(2, family_card=CARD))
    clean = [json.loads(row.content or "{}")["clean"] for row in upload.rows.all()]
    assert [(told["household_hash"], CARD in str(told)) for told in clean] == [(hash_household(CARD), False)] * 2
    brought_in(upload)
    entries = Registration.objects.order_by("queue_number")
    household = (hash_household(CARD), asking.program_id)
    assert list(entries.values_list("household_hash", "household_program")) == [household] * 2
    assert [entry.eligibility[-1]["kind"] for entry in entries] == ["household"] * 2


def test_programme_that_does_not_ask_leaves_the_column_alone(desk: Client, batch: Batch) -> None:
    send(desk, batch, workbook([person(1, family_card=float(CARD))], WITH_CARD))
    upload = worked(last())
    assert findings(upload) == {}
    page = desk.get(url("detail", upload))
    assert (page.context["unread"], "Nomor KK" in page.context["columns"]) == (["Nomor KK"], False)
    assert "kolom Nomor KK tidak dibaca" in page.content.decode()
    assert "family_card" not in desk.get(url("row", upload, 2)).context["form"].fields
    brought_in(upload)
    assert Registration.objects.get().household_hash == ""


def test_list_without_the_column_is_asked_which_one_it_is(desk: Client, asking: Batch) -> None:
    send(desk, asking, workbook([person(1)]))
    assert last().state == "uploaded"
    page = desk.post(url("columns", last()), {f"c{place}": name for place, name in enumerate(HEADINGS)})
    assert "Nomor KK" in str(page.context["form"].non_field_errors())


def test_row_is_mended_in_the_browser_without_showing_a_right_number(desk: Client, asking: Batch) -> None:
    upload = carded(asking, person(1, family_card=CARD, sex="X"), person(2, family_card="12"))
    page = desk.get(url("row", upload, 2))
    assert (CARD in page.content.decode(), page.context["form"]["family_card"].value()) == (False, "")
    wrong = desk.get(url("row", upload, 3)).context["form"]
    assert wrong["family_card"].value() == "12"
    typed = {name: wrong[name].value() or "" for name in wrong.fields} | {"family_card": CARD}
    assert desk.post(url("row", upload, 3), typed).status_code == 302
    assert list(findings(last())) == [2]


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_template_has_the_column_as_text_where_it_is_asked(desk: Client, asking: Batch, batch: Batch) -> None:
    factories.batch(asking.program)
    found = []
    for query in ({"batch": asking.pk}, {"program": asking.program_id}, {"batch": batch.pk}):
        content = desk.get(url("template"), query).content
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Pendaftaran"]
        found.append(
            [
                (
                    cell.value,
                    sheet.cell(4, cell.column).value,
                    sheet.column_dimensions[cell.column_letter].number_format,
                )
                for cell in sheet[3]
                if cell.value == "Nomor KK"
            ]
        )
    assert found == [[("Nomor KK", CARD, "@")]] * 2 + [[]]
