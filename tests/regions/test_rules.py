import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions import rules

CODES = st.one_of(
    st.from_regex(r"[1-9][0-9](\.[0-9]{2}(\.[0-9]{2}(\.[123][0-9]{3})?)?)?", fullmatch=True).filter(str.isascii),
)
NAMES = st.text(alphabet=string.ascii_letters, min_size=1, max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "Bendan Kergon",
        "Bendankergon",
        "bendan-kergon",
        "BENDAN  KERGON ",
        "Kelurahan Bendan Kergon",
        "Kel. Bendan Kergon",
        "kel.bendan kergon",
        "Kel: Bendan' Kergon",
        "Béndan Kergon",
    ],
)
def test_normalise_name_spellings_give_one_key(text: str) -> None:
    assert rules.normalise_name(text) == "bendankergon"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Kecamatan Pekalongan Barat", "pekalonganbarat"),
        ("Desa Du'en", "duen"),
        ("Desagemuk", "desagemuk"),
        ("Kelapa Dua", "kelapadua"),
        ("Kelurahan", "kelurahan"),
        ("Desa ", "desa"),
        ("Kota Baru", "kotabaru"),
        ("  ", ""),
        ("-'!", ""),
        ("🙂", ""),
    ],
)
def test_normalise_name_keeps_what_belongs_to_the_name(text: str, key: str) -> None:
    assert rules.normalise_name(text) == key


@given(st.text(max_size=40))
def test_normalise_name_gives_only_letters_and_digits(text: str) -> None:
    assert set(rules.normalise_name(text)) <= set(string.ascii_lowercase + string.digits)


@given(st.lists(NAMES, min_size=2, max_size=4))
def test_normalise_name_ignores_how_words_are_joined(words: list[str]) -> None:
    """A first word such as "desa" is dropped when it stands alone, so the words begin with a neutral one."""
    words = ["x", *words]
    assert len({rules.normalise_name(joint.join(words)) for joint in (" ", "-", "", "  ", "'")}) == 1


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("Kota Pekalongan", "city", "pekalongan"),
        ("Kabupaten Pekalongan", "regency", "pekalongan"),
        ("Kab. Pekalongan", "regency", "pekalongan"),
        ("Kota Administrasi Jakarta Pusat", "city", "jakartapusat"),
        ("Kotabaru", "", "kotabaru"),
        ("Kota", "", "kota"),
    ],
)
def test_split_city_takes_the_kind_away(text: str, kind: str, key: str) -> None:
    assert rules.split_city(text) == (kind, key)


def test_search_key_drops_the_kind_of_cities_only() -> None:
    assert rules.search_key("33.75", "Kota Pekalongan") == "pekalongan"
    assert rules.search_key("11.71.02.2005", "Kota Baru") == "kotabaru"


@pytest.mark.parametrize(
    ("code", "level", "kind", "parent"),
    [
        ("33", 1, "province", None),
        ("33.26", 2, "regency", "33"),
        ("33.75", 2, "city", "33"),
        ("33.75.01", 3, "district", "33.75"),
        ("33.75.01.1006", 4, "urban_village", "33.75.01"),
        ("33.26.01.2001", 4, "village", "33.26.01"),
        ("91.03.01.3001", 4, "customary_village", "91.03.01"),
    ],
)
def test_code_tells_level_kind_and_parent(code: str, level: int, kind: str, parent: str | None) -> None:
    assert (rules.level_of(code), rules.kind_of(code), rules.parent_of(code)) == (level, kind, parent)


@given(CODES)
def test_code_begins_with_its_parent_one_level_up(code: str) -> None:
    parent = rules.parent_of(code)
    if parent is None:
        assert rules.level_of(code) == 1
    else:
        assert code.startswith(parent + ".")
        assert rules.level_of(parent) == rules.level_of(code) - 1


@pytest.mark.parametrize(
    "text", ["", "3", "33.7", "33.75.", "33.75.1", "33.75.01.4001", "03", "33 75", "٣٣", "33.75\n"]
)
def test_is_code_refuses_other_text(text: str) -> None:
    assert not rules.is_code(text)
    with pytest.raises(ValueError, match="not a region code"):
        rules.level_of(text)


@given(CODES)
def test_dotted_code_reads_codes_with_and_without_dots(code: str) -> None:
    assert rules.dotted_code(code) == rules.dotted_code(code.replace(".", "")) == rules.dotted_code(f" {code} ") == code


@pytest.mark.parametrize("text", ["", "337", "33.7501.1006", "3.3", "Medono", "33750110061", "9971015207990001"])
def test_dotted_code_finds_none_in_other_text(text: str) -> None:
    assert rules.dotted_code(text) == ""
