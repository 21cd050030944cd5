"""A list of an office with ten mistakes of each kind: every one is named in its cell, and none comes in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lists import brought_in, checked, findings, person

pytestmark = pytest.mark.usefixtures("own_folder")

ROWS, EACH = 10_000, 10
NEW = date(2015, 1, 1)
Row = dict[str, Any]
# Kind -> what is written instead, and the column and code that it must be named by.
KINDS: dict[str, tuple[Callable[[Row, int], Row], str]] = {
    "NIK as a number": (lambda row, n: row | {"nik": float(row["nik"])}, "nik:nik_number"),
    "NIK shortened": (lambda row, n: row | {"nik": "9,97102E+15"}, "nik:nik_shortened"),
    "NIK of 15 digits": (lambda row, n: row | {"nik": row["nik"][:15]}, "nik:nik_length"),
    "NIK of 17 digits": (lambda row, n: row | {"nik": row["nik"] + "1"}, "nik:nik_length"),
    "NIK with a letter": (lambda row, n: row | {"nik": row["nik"][:15] + "O"}, "nik:nik_not_digits"),
    "NIK of one digit": (lambda row, n: row | {"nik": "9" * 16}, "nik:nik_impossible"),
    "NIK of no province": (lambda row, n: row | {"nik": "00" + row["nik"][2:]}, "nik:nik_impossible"),
    "NIK left empty": (lambda row, n: row | {"nik": ""}, "nik:required"),
    "NIK as a formula": (lambda row, n: row | {"nik": f'="{row["nik"]}"'}, "nik:nik_formula"),
    "name left empty": (lambda row, n: row | {"full_name": "  "}, "full_name:required"),
    "name with signs": (lambda row, n: row | {"full_name": "Budi <b>"}, "full_name:name_signs"),
    "name too long": (lambda row, n: row | {"full_name": "Budi " * 30}, "full_name:name_long"),
    "no birth date": (lambda row, n: row | {"birth_date": ""}, "birth_date:required"),
    "31 February": (lambda row, n: row | {"birth_date": "31/02/1990"}, "birth_date:date_impossible"),
    "month first": (lambda row, n: row | {"birth_date": "02/28/1990"}, "birth_date:date_month_first"),
    "short year": (lambda row, n: row | {"birth_date": "12/07/99"}, "birth_date:date_short_year"),
    "born tomorrow": (
        lambda row, n: row | {"birth_date": timezone.localdate() + timedelta(days=1)},
        "birth_date:birth_date_future",
    ),
    "born 1890": (lambda row, n: row | {"birth_date": "12/07/1890"}, "birth_date:birth_date_old"),
    "date as a number": (lambda row, n: row | {"birth_date": 36353}, "birth_date:date_number"),
    "date of words": (lambda row, n: row | {"birth_date": "Jumat Kliwon"}, "birth_date:date_unreadable"),
    "too old": (lambda row, n: row | {"birth_date": date(1950, 1, 1)}, "birth_date:not_eligible:age"),
    "unknown sex": (lambda row, n: row | {"sex": "X"}, "sex:sex_unknown"),
    "two phones": (lambda row, n: row | {"phone": "081234567890/085612345678"}, "phone:phone_several"),
    "short phone": (lambda row, n: row | {"phone": "0815 1234"}, "phone:phone_invalid"),
    "landline": (lambda row, n: row | {"phone": "(0285) 421 234"}, "phone:phone_not_mobile"),
    "phone shortened": (lambda row, n: row | {"phone": "8,12E+10"}, "phone:phone_shortened"),
    "half an e-mail": (lambda row, n: row | {"email": "budi@contoh"}, "email:invalid"),
    "unknown village": (lambda row, n: row | {"region": "Bendan Kregonn"}, "region:region_unknown"),
    "other village": (lambda row, n: row | {"region": "Medono"}, "region:not_eligible:domicile"),
    "letters in RT": (lambda row, n: row | {"rt": "A1"}, "rt:neighbourhood_digits"),
    "unknown school": (lambda row, n: row | {"education_level": "Akademi"}, "education_level:education_unknown"),
    "no address": (lambda row, n: row | {"address": ""}, "address:required"),
    "a failed formula": (lambda row, n: row | {"occupation": "#N/A"}, "occupation:cell_error"),
    "true or false": (lambda row, n: row | {"full_name": True}, "full_name:cell_kind"),
    "same NIK, other name": (lambda row, n: row | {"nik": person(n + 5_000)["nik"]}, "nik:nik_in_file"),
    "here already": (lambda row, n: row | {"nik": f"99710152018800{n % 10:02d}"}, "nik:already_in_batch"),
}


def planted() -> tuple[list[Row], dict[int, str]]:
    """The rows, and for each that is wrong what it must be named by. Row 1 of a sheet holds the headings."""
    rows = [person(number) for number in range(1, ROWS + 1)]
    expected = {}
    for kind, (spoil, code) in enumerate(KINDS.values()):
        for time in range(EACH):
            number = 7 + kind * EACH + time if "nik_in_file" in code else 7 + 13 * (kind * EACH + time)
            rows[number - 1] = spoil(person(number), number)
            expected[number + 1] = code
    return rows, expected


@pytest.fixture
def big_batch() -> Batch:
    """With room for everybody, and ten people who registered themselves."""
    batch = factories.batch(factories.program(cast.home_agency()), quota=10_000, waiting_quota=5_000)
    for number in range(10):
        factories.registration(batch, nik=f"99710152018800{number:02d}", full_name="Dahulu " + "ABCDEFGHIJ"[number])
    return batch


@pytest.mark.django_db
def test_ten_of_each_kind_of_mistake_in_10000_rows_are_named_and_none_comes_in(big_batch: Batch) -> None:
    assert len(KINDS) >= 30
    rows, expected = planted()
    upload = checked(big_batch, rows)
    found = findings(upload)
    twins = {number for number, codes in found.items() if number not in expected}
    assert {number: codes for number, codes in found.items() if number not in twins} == {
        number: [code] for number, code in expected.items()
    }
    # The rows from which a NIK was copied: nobody knows which of the two is wrong.
    assert {tuple(found[number]) for number in twins} == {("nik:nik_in_file",)}
    good = ROWS - len(expected) - len(twins)
    assert (upload.counts["good"], upload.counts["wrong"], upload.total) == (good, ROWS - good, ROWS)
    done = brought_in(upload)
    assert done.counts["imported"] == good
    assert Registration.objects.filter(batch=big_batch, source="import").count() == good
    into = set(done.rows.filter(state="imported").values_list("number", flat=True))
    assert into & (set(expected) | twins) == set()
