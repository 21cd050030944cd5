"""How wishes are compared, counted and shown."""

import re
import unicodedata
from dataclasses import dataclass

MOST_WISHES = 3
MOST_MEETING_TOPICS = 10
LONGEST_WISH = 60
# Fewer are told to nobody outside the office, and above that only the step: one wish more or less shows nothing.
STEP = 5

_NOT_KEY = re.compile(r"[^a-z0-9]+")
# Said of any training, so they make two wishes look alike that are not.
_EMPTY = {"pelatihan", "kursus", "belajar", "membuat", "bikin", "buat", "cara", "keterampilan", "usaha", "training"}
_NUMBERS = re.compile(r"([0-9][^a-zA-Z]*){5}")


@dataclass(frozen=True)
class Band:
    """A count as everybody may read it: at least `low`, at most `high`."""

    low: int
    high: int


def public_band(count: int) -> Band | None:
    """None below the least count that is told; otherwise the step of five that the count lies in."""
    if count < STEP:
        return None
    low = count // STEP * STEP
    return Band(low, low + STEP - 1)


def phrase_key(words: str) -> str:
    """The words by which wishes are compared: "Kursus membuat Kue-Kue" and "kue kue" are one; "" says nothing."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = [part for part in _NOT_KEY.split(plain) if part]
    telling = [part for part in parts if part not in _EMPTY]
    return " ".join(telling or parts)[:LONGEST_WISH].strip()


def holds_numbers(words: str) -> bool:
    """Whether a telephone or identity number, or an address of e-mail, may stand in it."""
    return "@" in words or _NUMBERS.search(words) is not None
