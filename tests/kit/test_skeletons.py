from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.skeletons import spliced


def greeting(words: Mapping[str, str]) -> str:
    return f'<p title="{words["name"]}">Halo {words["name"]}, nomor {words["number"]}</p>'


def test_spliced_draws_once_for_each_key() -> None:
    drawn: list[Mapping[str, str]] = []

    def draw(words: Mapping[str, str]) -> str:
        drawn.append(words)
        return greeting(words)

    pages = [
        spliced(("once", key), draw, {"name": name, "number": "1"}) for key, name in [(1, "A"), (1, "B"), (2, "C")]
    ]
    assert [page.split(",")[0] for page in pages] == [f'<p title="{name}">Halo {name}' for name in "ABC"]
    assert len(drawn) == 2
    assert not {"A", "B", "C"} & {word for words in drawn for word in words.values()}


@given(st.text(max_size=30))
def test_spliced_escapes_every_value(text: str) -> None:
    page = spliced("escaped", greeting, {"name": f'"><script>{text}', "number": "'&"})
    assert "<script>" not in page
    assert page.count('"') == 2
    assert page.endswith("nomor &#x27;&amp;</p>")


def test_spliced_refuses_a_page_that_does_not_show_a_value() -> None:
    with pytest.raises(ValueError, match="email"):
        spliced("missing", greeting, {"name": "A", "number": "1", "email": "x"})


def test_spliced_page_without_values_is_kept_too() -> None:
    assert [spliced("plain", lambda _words: "a", {}), spliced("plain", lambda _words: "b", {})] == ["a", "a"]
