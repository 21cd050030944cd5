import pytest
from django.core.exceptions import ValidationError

from kit.family_cards import FamilyCardField, clean_family_card, hash_household

NUMBER = "9971010101240001"


@pytest.mark.parametrize("text", [NUMBER, "9971 0101 0124 0001", "99.71.01-010124-0001", "\t9971010101240001 "])
def test_family_card_is_read_in_any_spacing(text: str) -> None:
    assert (clean_family_card(text), FamilyCardField().clean(text)) == (NUMBER, NUMBER)


@pytest.mark.parametrize("text", ["123", NUMBER + "1", NUMBER[:-1] + "O", "٩٩٧١٠١٠١٠١٢٤٠٠٠١", "9,97101E+15"])
def test_family_card_has_16_digits(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FamilyCardField().clean(text)
    assert [error.code for error in refused.value.error_list] == ["family_card"]


def test_family_card_only_its_digits_are_judged() -> None:
    """A serial of 0000 or a district that is no more: cards of other years and offices are as good."""
    assert clean_family_card("0000000000000000") == "0" * 16


def test_household_is_a_keyed_hash_that_tells_equal_from_other() -> None:
    first, same, other = hash_household(NUMBER), hash_household(NUMBER), hash_household("9971010101240002")
    assert (len(first), first == same, first == other, NUMBER in first, hash_household("")) == (
        *(64, True, False, False),
        "",
    )
