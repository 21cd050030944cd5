"""Names of people: one field, exactly as on the identity card. Rules: domain.md 1.3."""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME_MAX = 100
BUSINESS_MAX = 100
# Hangul fillers: letters to Unicode, nothing to the eye.
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
# Controls, and what turns the direction of a text or joins letters without being seen.
HIDDEN = {"Cc", "Cf"}
MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
STACKED = re.compile(f"({MARK}{{2}}){MARK}+")
TITLES = {"H", "HJ", "DR", "DRS", "DRA", "IR", "SE", "SH", "ST", "SPD", "SSOS", "SKOM", "MM", "MSI", "MPD", "AMD", "KH"}


def clean_full_name(text: str) -> str:
    """The name with single spaces, or `ValidationError`. A single word is a lawful name; digits only warn elsewhere."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ValidationError(_("Please enter the name as it stands on the identity card."), code="name_empty")
    if len(name) > NAME_MAX:
        raise ValidationError(
            _("A name has at most %(limit)d characters. You entered %(count)d."),
            code="name_long",
            params={"limit": NAME_MAX, "count": len(name)},
        )
    if STACKED.search(name) or not all(map(_belongs_to_name, name)) or not any(c.isalpha() for c in name):
        raise ValidationError(
            _("A name has letters, spaces and . , ' - / only. Please take out other signs."), code="name_signs"
        )
    return name


def clean_line(text: str) -> str:
    """One line as people write it: single spaces, nothing invisible, no letter under more than two marks."""
    seen = "".join(
        c for c in unicodedata.normalize("NFC", text) if c.isspace() or unicodedata.category(c) not in HIDDEN
    )
    return " ".join(STACKED.sub(r"\1", seen).split())


def clean_paragraphs(text: str) -> str:
    """Several lines as people write them: line breaks kept, two empty ones at most in a row, nothing invisible."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(clean_line(line) for line in lines)).strip()


def _belongs_to_name(character: str) -> bool:
    if character in BLANK_LETTERS:
        return False
    return character in " .,'`-/’" or character.isdecimal() or unicodedata.category(character)[0] in "LM"


def name_key(name: str) -> str:
    """To compare two spellings: upper case, no titles, no signs, single spaces. Never used to merge by itself."""
    plain = unicodedata.normalize("NFKD", name).upper()
    words = _words(plain.split(",", 1)[0]) or _words(plain)
    kept = [word for word in words if word not in TITLES]
    return " ".join(kept or words)


# What stands before a firm's name without being part of it.
FORMS = {"UD", "CV", "PT", "PD", "TB", "FA", "KUB", "IKM", "UMKM", "UKM", "TOKO", "WARUNG", "USAHA", "DAGANG"}


def business_key(name: str) -> str:
    """To compare two firms: UD. Sari Rasa is Sari Rasa. A name of nothing but such words stays as it is."""
    key = name_key(name)
    return " ".join(word for word in key.split() if word not in FORMS) or key


# One name in many spellings; the sound of each is the same.
MUHAMMAD = {"M", "MOH", "MOCH", "MUH", "MUCH", "MHD", "MOHD", "MUHD", "MD", "MOHAMAD", "MOHAMED", "MUHAMED", "MOHAMMAD"}
SHORT = {"ST": "SITI", "ABD": "ABDUL", "ABDL": "ABDUL", "NY": "", "TN": ""}
# Of 1947 and before; a J in a name that has one of these is today's Y.
OLD_SPELLING = re.compile(r"OE|DJ|TJ|SJ|NJ")
SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        ("OE|OU", "U"),
        ("[CK]H", "H"),
        ("TS|DZ|Z|X", "S"),
        ("SY|SH", "S"),
        ("PH|V", "F"),
        ("TH", "T"),
        ("DH", "D"),
        ("Q|CK", "K"),
        ("GH", "G"),
        ("BH", "B"),
        ("AE", "AI"),
        ("AO", "AU"),
        ("IE|EE", "I"),
        ("IY|Y(?![AEIOU])", "I"),
        ("UW(?=[AEIO])", "U"),
        (r"(?<=[AEIOU])H$", ""),
        (r"(.)\1+", r"\1"),
    )
)


def sound_key(name: str) -> str:
    """How a name sounds, whoever spelled it: Moch. Soekardjo is Muhammad Sukarjo, Siti Nur'aeni is St. Nuraini.

    For finding only: many people share a sound. Spaces are left out, because Nur Aini writes herself Nuraini too.
    """
    plain = unicodedata.normalize("NFKD", name).upper()
    words = _words(plain.split(",", 1)[0]) or _words(plain)
    told = [SHORT.get(word, word) for word in words if word == "ST" or word not in TITLES] or words
    joined = "".join(_sound(word) for word in told)
    return re.sub(r"(.)\1+", r"\1", joined)[:NAME_MAX]


@lru_cache(maxsize=10_000)
def word_sound(word: str) -> str:
    """`sound_key` of one word; the same words come again and again."""
    return sound_key(word)


def _sound(word: str) -> str:
    if word in MUHAMMAD:
        return "MUHAMAD"
    if OLD_SPELLING.search(word):
        word = re.sub("(?<![DTSN])J", "Y", word)
        word = word.replace("DJ", "J").replace("TJ", "C").replace("SJ", "SY").replace("NJ", "NY")
    for spelling, sound in SOUNDS:
        word = spelling.sub(sound, word)
    return re.sub("^MUHAMAT$|^MOHAMAD$|^MUHAMED$|^MOHAMED$|^MUKAMAD$", "MUHAMAD", word)


def _words(text: str) -> list[str]:
    return re.sub(r"[^A-Z0-9 ]", " ", re.sub(r"['`’.]", "", text)).split()
