import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kit.phones import clean_mobile, is_mobile, mask_phone, parse_phone, show_phone, whatsapp_digits

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "test_vectors.json").read_text())
SUBSCRIBERS = st.text("0123456789", min_size=8, max_size=11)


@pytest.mark.parametrize("vector", VECTORS["phone"], ids=lambda vector: vector["in"])
def test_parse_phone_of_the_worked_examples(vector: dict[str, Any]) -> None:
    assert parse_phone(vector["in"]) == vector["e164"]
    if vector["e164"]:
        assert is_mobile(vector["e164"]) == vector.get("mobile", True)


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("+6208123456789", "+628123456789"),
        ("6208123456789", "+628123456789"),
        ("\u202a+62\u00a0812\u20113456\u20117890\u202c", "+6281234567890"),
        ("0812.3456.7890", "+6281234567890"),
        ("(0812) 3456 7890", "+6281234567890"),
        ("0285421234", "+62285421234"),
        ("+65 6123 4567", "+6561234567"),
        ("0815 1234", None),
        ("08123456789012", None),
        ("+62 8", None),
        ("081234567890 / 085612345678", None),
        ("08l234567890", None),
        ("٠٨١٢٣٤٥٦٧٨٩٠", None),
        ("++6281234567890", None),
        ("0812345678+90", None),
        ("", None),
        ("9" * 10_000, None),
    ],
)
def test_parse_phone_of_what_people_write(typed: str, e164: str | None) -> None:
    assert parse_phone(typed) == e164


@given(st.text(max_size=40))
def test_parse_phone_never_fails_and_is_settled_at_once(typed: str) -> None:
    e164 = parse_phone(typed)
    assert e164 is None or (e164.startswith("+") and parse_phone(e164) == e164)


@given(SUBSCRIBERS, st.sampled_from(["0", "62", "+62", "+620", "620", ""]), st.sampled_from(["", " ", "-", "."]))
def test_parse_phone_reads_every_way_of_writing_a_mobile(subscriber: str, prefix: str, separator: str) -> None:
    typed = prefix + separator.join(["8", subscriber[:4], subscriber[4:]])
    assert parse_phone(typed) == f"+628{subscriber}"


@given(SUBSCRIBERS)
def test_show_phone_can_be_typed_again(subscriber: str) -> None:
    assert parse_phone(show_phone(f"+628{subscriber}")) == f"+628{subscriber}"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("081234567890/085612345678", "phone_several"),
        ("081234567890, 085612345678", "phone_several"),
        ("081234567890 atau 085612345678", "phone_several"),
        ("0815 1234", "phone_invalid"),
        ("nomor saya", "phone_invalid"),
        ("", "phone_invalid"),
        ("(0285) 421 234", "phone_not_mobile"),
        ("+65 6123 4567", "phone_not_mobile"),
    ],
)
def test_clean_mobile_refuses(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_mobile(typed)
    assert refused.value.code == code


def test_clean_mobile_gives_e164() -> None:
    assert clean_mobile("0812-3456-7890") == "+6281234567890"


@pytest.mark.parametrize(
    ("e164", "shown", "masked"),
    [
        ("+6281234567890", "0812-3456-7890", "0812-****-7890"),
        ("+628123456789", "0812-3456-789", "0812-****-6789"),
        ("+62812345678901", "0812-3456-78901", "0812-****-8901"),
        ("+6561234567", "+6561234567", "+656-****-4567"),
        ("+62285421234", "(0285) 421234", "0285-****-1234"),
        ("+621234", "(0123) 4", "****"),
    ],
)
def test_show_and_mask_phone(e164: str, shown: str, masked: str) -> None:
    assert show_phone(e164) == shown
    assert mask_phone(e164) == masked


@given(SUBSCRIBERS)
def test_mask_phone_hides_the_middle(subscriber: str) -> None:
    e164 = f"+628{subscriber}"
    masked = mask_phone(e164)
    assert masked == f"08{subscriber[:2]}-****-{e164[-4:]}"


def test_whatsapp_digits_have_no_plus() -> None:
    assert whatsapp_digits("+6281234567890") == "6281234567890"
