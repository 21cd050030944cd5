"""Pure rules of registration: codes that are read aloud, doubts that a verifier settles, similar entries."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kit.identity import is_temporary, nik_warnings
from kit.names import name_key
from participants.rules.persons import TEMPORARY_FLAG

# No 0, O, 1, I, L, U: nothing that is misread on paper or sounds like a rude word by accident.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
PIN_DIGITS = 6
PIN_FAILURES_ALLOWED = 5
ADULT_AGE = 18  # Law 35 of 2014: a child is who is not 18 yet
GENERAL_PUBLIC = "masyarakat_lain"  # the target group that needs no proof


def is_child(birth_date: date, day: date) -> bool:
    """Whether somebody is not of age yet on this day. Who was born on 29 February is from 1 March."""
    return (day.year - birth_date.year, day.month, day.day) < (ADULT_AGE, birth_date.month, birth_date.day)


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
    if is_temporary(nik):
        flags = [TEMPORARY_FLAG]
    else:
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


SYLLABLES = [consonant + vowel for consonant in "bdgjklmnrstw" for vowel in "aeiou"]
WORD_SYLLABLES = 5


def spoken_word(digest: str) -> str:
    """A secret word that can be said on the telephone, out of hexadecimal digits: 60 to the fifth, about 29 bits."""
    number, word = int(digest, 16), ""
    for _place in range(WORD_SYLLABLES):
        number, place = divmod(number, len(SYLLABLES))
        word += SYLLABLES[place]
    return word


def clean_word(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalpha())


def working_day_after(day: date, count: int) -> date:
    """So many working days later, Monday to Friday. Public holidays are not known here: the clock is the stricter."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
# Taken out before numbers are looked for: times of day and dates have as many digits as a telephone number.
TIMES = re.compile(r"\b[0-9]{1,2}[.:][0-9]{2}\b|\b[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{4}\b")
IDENTITY = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){15}(?![0-9])")
PHONE = re.compile(r"(?<![0-9])(?:\+?62|0|8(?=[0-9]))[ .()\-]*[0-9](?:[ .()\-]*[0-9]){6,12}(?![0-9])")


def personal_traces(text: str, *, allowed: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What in a text can be read off as somebody's: (kind, the words), of identity, email, phone.

    `allowed` is the office's own telephone and e-mail.
    """
    permitted = {_bare(words) for words in allowed if words}
    bare = TIMES.sub(" ", text)
    found = [("identity", match.group()) for match in IDENTITY.finditer(bare)]
    found += [("email", match.group().rstrip(".")) for match in EMAIL.finditer(text)]
    found += [("phone", match.group()) for match in PHONE.finditer(IDENTITY.sub(" ", bare))]
    return [(kind, words) for kind, words in found if _bare(words) not in permitted]


def _bare(text: str) -> str:
    """For comparing: an address in small letters, a number by its digits alone, +62 like 0."""
    if "@" in text:
        return text.lower()
    return re.sub(r"^(62|0)+", "", re.sub(r"[^0-9]", "", text))


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """The words of these names that stand in the text; short ones and titles say nothing."""
    words = set(name_key(text.replace(",", " ")).split())
    wanted = [word for name in names for word in name_key(name).split() if len(word) > 2]
    return [word.capitalize() for word in dict.fromkeys(wanted) if word in words]
