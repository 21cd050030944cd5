import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import rules
from documents.rules import Series

JULY = dt.date(2024, 7, 2)


def test_written_number_follows_the_pattern_of_the_office() -> None:
    series = Series(rules.STANDARD_PATTERN, classification="500.15", unit="DPK")
    assert rules.written_number(series, 45, JULY) == "500.15/045/DPK/VII/2024"


def test_written_number_knows_plain_sequence_month_and_code() -> None:
    series = Series("{kode}-{seq}/{bulan}/{tahun}", code="SU")
    assert rules.written_number(series, 7, JULY) == "SU-7/07/2024"


def test_written_number_grows_beyond_its_width() -> None:
    assert rules.written_number(Series("{seq:03d}/{tahun}"), 1234, JULY) == "1234/2024"


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_written_number_of_two_sequences_is_never_the_same(first: int, second: int, day: dt.date) -> None:
    series = Series(rules.STANDARD_PATTERN, classification="500.15", unit="DPK")
    same = rules.written_number(series, first, day) == rules.written_number(series, second, day)
    assert same == (first == second)


@pytest.mark.parametrize(
    ("pattern", "faults"),
    [
        (rules.STANDARD_PATTERN, []),
        ("{seq}/{tahun}", []),
        ("{seq}/{tahn}", [("token_unknown", "{tahn}"), ("year_missing", "{seq}/{tahn}")]),
        ("{tahun}", [("sequence_once", "{tahun}")]),
        ("{seq}/{seq}/{tahun}", [("sequence_once", "{seq}/{seq}/{tahun}")]),
        ("{seq:3}/{tahun}", [("token_unknown", "{seq:3}"), ("sequence_once", "{seq:3}/{tahun}")]),
        ("{seq}/{tahun:04d}", [("token_unknown", "{tahun:04d}")]),
        ("{seq/{tahun}", [("token_unknown", "{seq/"), ("sequence_once", "{seq/{tahun}")]),
        ("{seq}/{tahun}}", [("token_unknown", "}")]),
        ("{seq}/{tahun}" + "x" * 80, [("too_long", "{seq}/{tahun}" + "x" * 80)]),
    ],
)
def test_faults_of_pattern_are_named(pattern: str, faults: list[tuple[str, str]]) -> None:
    assert list(rules.faults_of_pattern(Series(pattern, classification="500", unit="DPK"))) == faults


def test_faults_of_pattern_tells_what_the_office_has_not_entered() -> None:
    faults = [code for code, _typed in rules.faults_of_pattern(Series(rules.STANDARD_PATTERN))]
    assert faults == ["classification_missing", "unit_missing"]


def test_filled_block_leaves_out_a_point_that_begins_with_nothing() -> None:
    text = "Undang-Undang;\n\n{dasar} tentang {dana};\n\nberdasarkan {dasar};"
    values = {"dasar": "", "dana": "DBHCHT"}
    assert rules.filled_block(text, values) == ["Undang-Undang;", "berdasarkan ;"]
    assert rules.filled_block(text, values | {"dasar": "PMK"})[1] == "PMK tentang DBHCHT;"
    assert rules.filled_block("{dasar} tentang {dana}", values) == [" tentang DBHCHT"]


def test_filled_block_puts_values_in_once_and_parts_paragraphs() -> None:
    text = "Yth. {nama}\ndi {kota}\n\n\nDengan hormat, {nama}."
    assert rules.filled_block(text, {"nama": "{kota} #panic()", "kota": "Pekalongan"}) == [
        "Yth. {kota} #panic()\ndi Pekalongan",
        "Dengan hormat, {kota} #panic().",
    ]


def test_faults_of_block_name_line_and_what_was_meant() -> None:
    faults = list(rules.faults_of_block("Yth. {nama}\n{tempt} {x", ["nama", "tempat"], ["tanggal"]))
    assert faults == [
        ("placeholder_unknown", 2, "{tempt}", "tempat"),
        ("placeholder_unknown", 2, "{", ""),
        ("placeholder_missing", 0, "{tanggal}", ""),
    ]
