from hypothesis import given
from hypothesis import strategies as st

from kit.sealed import SealedSearchField, seal, unseal

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100)


@given(TEXT)
def test_seal_comes_back_and_hides_the_text(text: str) -> None:
    token = seal(text)
    assert unseal(token) == text
    assert len(text) < 4 or text not in token


def test_seal_of_nothing_is_nothing() -> None:
    assert seal("") == ""


def test_unseal_of_a_broken_token_is_nothing() -> None:
    token = seal("Siti")
    broken = ["~", "~x", "~é", token[:-3], token[:5] + "AAAA" + token[9:], "~" + "A" * 80]
    assert [unseal(each) for each in broken] == [""] * len(broken)


def test_field_takes_typed_and_sealed_text() -> None:
    field = SealedSearchField(max_length=10)
    assert [field.clean("Siti"), field.clean(seal("Siti"))] == ["Siti", "Siti"]
    assert field.prepare_value(seal("Siti")) == "Siti"
