"""Numbers, names and forms of officials."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from documents.rules import GRADES, RANKS, Form, clean_nip, title_lines, written_name, written_nip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19620705 198803 1 002", "196207051988031002"),
        ("196207051988031002", "196207051988031002"),
        ("19850101-202321-2-001", "198501012023212001"),  # a worker with an agreement: month 21
        ("", ""),
        ("  ", ""),
    ],
)
def test_nip_is_kept_as_18_digits(typed: str, kept: str) -> None:
    assert clean_nip(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("19620705 198803 1 00", "nip_length"),
        ("1962070519880310021", "nip_length"),
        ("19620705198803100x", "nip_length"),
        ("١٩٦٢٠٧٠٥١٩٨٨٠٣١٠٠٢", "nip_length"),
        ("196213051988031002", "nip_birth"),
        ("196102291988031002", "nip_birth"),
        ("196207051988131002", "nip_service"),
        ("196207051988001002", "nip_service"),
        ("196207051970031002", "nip_service"),  # at the age of eight
        ("196207051988033002", "nip_sex"),
        ("196207051988031000", "nip_serial"),
    ],
)
def test_nip_that_cannot_be_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_nip(typed)
    assert refused.value.code == code


@given(
    born=st.dates(dt.date(1940, 1, 1), dt.date(2005, 12, 31)),
    age=st.integers(15, 60),
    month=st.sampled_from([*range(1, 13), 21]),
    sex=st.sampled_from("12"),
    serial=st.integers(1, 999),
)
def test_nip_of_any_official_is_taken_as_it_is_written(
    born: dt.date, age: int, month: int, sex: str, serial: int
) -> None:
    nip = f"{born:%Y%m%d}{born.year + age}{month:02d}{sex}{serial:03d}"
    assert clean_nip(written_nip(nip)) == nip


@given(st.text(max_size=30))
def test_nip_of_anything_typed_is_refused_or_kept_whole(typed: str) -> None:
    try:
        kept = clean_nip(typed)
    except ValidationError:
        return
    assert kept == "" or (len(kept) == 18 and kept.isascii() and kept.isdigit())


def test_name_is_written_with_its_titles() -> None:
    assert written_name("Dra. Hj.", "Siti Contoh", "M.M.") == "Dra. Hj. Siti Contoh, M.M."
    assert written_name("", "Siti", "") == "Siti"


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        (Form.DEFINITIVE, ("Kepala Dinas",)),
        (Form.ACTING, ("Plt. Kepala Dinas",)),
        (Form.DAILY, ("Plh. Kepala Dinas",)),
        (Form.IN_NAME, ("a.n. Kepala Dinas", "Sekretaris")),
        (Form.FOR_HIM, ("a.n. Kepala Dinas", "Kepala Bidang", "u.b.", "Sekretaris")),
    ],
)
def test_title_lines_say_in_which_form_one_signs(form: Form, lines: tuple[str, ...]) -> None:
    assert title_lines(form, "Kepala Dinas", deputy="Sekretaris", via="Kepala Bidang") == lines


def test_grades_with_and_without_a_rank_are_known() -> None:
    assert RANKS["IV/c"] == "Pembina Utama Muda"
    assert len(RANKS) == 17
    assert {"IX", "XVII"} <= set(GRADES) - set(RANKS)
