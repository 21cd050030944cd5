"""Pure rules of registration: codes that are read aloud, doubts that a verifier settles, similar entries."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kit.identity import nik_warnings

# No 0, O, 1, I, L, U: nothing that is misread on paper or sounds like a rude word by accident.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
PIN_DIGITS = 6
PIN_FAILURES_ALLOWED = 5
GENERAL_PUBLIC = "masyarakat_lain"  # the target group that needs no proof


def new_code(length: int = CODE_LENGTH) -> str:
    """A registration number or a printed claim code: 30 signs, read aloud without mistakes."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def new_pin() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))


def clean_code(text: str) -> str:
    """As typed from paper: any case, spaces and hyphens."""
    return "".join(character for character in text.upper() if character.isalnum())


def is_code(text: str) -> bool:
    """Whether a text may be a registration number, in any case."""
    return len(text) == CODE_LENGTH and set(text.upper()) <= set(CODE_ALPHABET)


def pin_lock(failures: int) -> timedelta | None:
    """After every fifth wrong PIN the entry is locked: 15 minutes, then 30, 60, ... up to a day."""
    if failures == 0 or failures % PIN_FAILURES_ALLOWED:
        return None
    doublings = min(failures // PIN_FAILURES_ALLOWED - 1, 10)
    return min(timedelta(minutes=15) * 2**doublings, timedelta(days=1))


def declaration_flags(
    *, nik: str, birth_date: date, sex: str, full_name: str, today: date, contact_differs: bool
) -> list[str]:
    """Codes of what a verifier has to look at before verifying; none of them refuses anybody."""
    flags = [f"nik_{warning}" for warning in nik_warnings(nik, birth_date=birth_date, sex=sex, today=today)]
    if any(character.isdigit() for character in full_name):
        flags.append("name_has_digits")
    if contact_differs:
        flags.append("contact_differs")
    return flags


def similarity(first: Mapping[str, Any], second: Mapping[str, Any]) -> int:
    """How alike two entries are, 0 to 100: name 40, birth date 30, phone 20, last four digits 10."""
    same_name = first["name_key"] == second["name_key"]
    weights = (
        (same_name, 40),
        (first["birth_date"] == second["birth_date"], 30),
        (first["phone"] == second["phone"], 20),
        (first["nik_last4"] == second["nik_last4"], 10),
    )
    return sum(weight for alike, weight in weights if alike)


def ordered_pair(first: int, second: int) -> tuple[int, int]:
    return (first, second) if first < second else (second, first)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [name for name in names if before[name] != after[name]]


def documents_asked(demands: Mapping[str, str], *, has_domicile_letter: bool, target_group: str) -> dict[str, str]:
    """Of the documents that a programme asks for, those that concern this resident."""
    concerns = {"domicile_letter": has_domicile_letter, "target_group_letter": target_group not in {"", GENERAL_PUBLIC}}
    return {kind: demand for kind, demand in demands.items() if concerns.get(kind, True)}
