from hypothesis import given
from hypothesis import strategies as st

from kit.digits import without_separators


@given(st.text(max_size=40))
def test_without_separators_keeps_every_letter_and_digit_in_order(text: str) -> None:
    kept = [character for character in text if character.isalnum()]
    assert [character for character in without_separators(text) if character.isalnum()] == kept


@given(st.text(max_size=40))
def test_without_separators_is_settled_at_once(text: str) -> None:
    assert without_separators(without_separators(text)) == without_separators(text)
