"""A row of a list and the public form judge the same: what one takes the other takes, in the same words."""

from datetime import date
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from participants.forms.declaration import DeclarationForm
from participants.sheets import RowReader
from programs.models import Batch
from tests.factories import BENDAN_KERGON

TEXTS = ("full_name", "nik", "phone", "email", "address", "rt", "rw", "occupation", "business_name")
COLUMNS = {name: place for place, name in enumerate((*TEXTS, "birth_date", "sex", "region"))}
# As people type and paste: marks that nobody sees, other alphabets, signs, numbers that are nearly right.
ODD = st.text(alphabet="aZ09 .,'-/()+@é\u200b\u202e\u00a0٣", max_size=20)
NUMBERS = st.from_regex(r"[ .]?99710152079[0-9]{3,6}", fullmatch=True)
PHONES = st.from_regex(r"(\+62|62|0)[ -]?8?[0-9]{2,4}[ -][0-9]{3,8}( ?/ ?08[0-9]{9})?", fullmatch=True)
PEOPLE = st.fixed_dictionaries(
    {
        "full_name": st.one_of(st.just("Siti Aminah"), ODD, st.text(max_size=120)),
        "nik": st.one_of(st.just("9971015207990001"), NUMBERS, ODD),
        "phone": st.one_of(st.just("0812-3456-7890"), PHONES, ODD),
        "email": st.one_of(st.just(""), st.just("warga@contoh.example"), ODD),
        "address": st.one_of(st.just("Jalan Contoh 1"), ODD, st.text(max_size=220)),
        "rt": st.one_of(st.just("3"), st.from_regex(r"[0-9]{0,4}", fullmatch=True), ODD),
        "rw": st.one_of(st.just("005"), st.from_regex(r"[0-9]{0,4}", fullmatch=True)),
        "occupation": st.one_of(st.just("Penjahit"), ODD, st.text(max_size=90)),
        "business_name": st.one_of(st.just("Batik Mawar"), ODD, st.text(max_size=110)),
    }
)
GOOD = {
    "full_name": " siti  AMINAH",
    "nik": "99 7101 520799 0001",
    "phone": "+62 812-3456-7890",
    "email": "warga@contoh.example",
    "address": "Jalan\u200b Contoh  1",
    "rt": "3",
    "rw": "",
    "occupation": "Penjahit",
    "business_name": " Batik\u200b Mawar ",
}
DAYS = st.one_of(st.dates(date(1890, 1, 1), date(2004, 1, 1)), st.just(date(2199, 12, 31)))


def by_form(batch: Batch, told: dict[str, str], born: date) -> tuple[set[str], dict[str, Any]]:
    day = {"birth_date_day": born.day, "birth_date_month": born.month, "birth_date_year": born.year}
    form = DeclarationForm(told | day | {"sex": "female", "region": BENDAN_KERGON}, batch=batch)
    form.full_clean()
    return set(form.errors), {name: form.cleaned_data.get(name) for name in TEXTS}


def by_list(reader: RowReader, told: dict[str, str], born: date) -> tuple[set[str], dict[str, Any]]:
    read = reader.read(5, [*[told[name] for name in TEXTS], f"{born:%d/%m/%Y}", "P", "Bendan Kergon"])
    assert read is not None
    own = {problem[0] for problem in read.problems if not problem[1].startswith("not_eligible:")}
    return own, {name: (read.clean or {}).get(name) for name in TEXTS}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=PEOPLE, born=DAYS)
@example(told=GOOD, born=date(1999, 7, 12))
@example(told=dict.fromkeys(TEXTS, ""), born=date(1999, 7, 12))
@example(told=dict.fromkeys(TEXTS, "\u200b"), born=date(1999, 7, 12))
def test_a_row_is_judged_as_the_form_judges_it(batch: Batch, told: dict[str, str], born: date) -> None:
    reader = RowReader(COLUMNS, [batch], timezone.now())
    wrong, values = by_form(batch, told, born)
    found, read = by_list(reader, told, born)
    assert found == wrong
    assert told is not GOOD or read["nik"]
    if read["nik"] is not None:
        assert read == values
