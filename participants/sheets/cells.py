"""What offices write into a cell, as the form would have sent it: women are P, Pr and Perempuan."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import translation

from kit.names import clean_line
from kit.words import MONTHS
from participants.models import EducationLevel, Sex
from programs.models import TargetGroup

# A number of many digits that a spreadsheet shortened: 3,37502E+15.
SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]{1,3}")
SEXES = {
    **dict.fromkeys(["l", "lk", "laki", "laki laki", "lakilaki", "pria", "cowok", "male", "m"], Sex.MALE.value),
    **dict.fromkeys(["p", "pr", "perempuan", "wanita", "pr wanita", "female", "f", "w"], Sex.FEMALE.value),
}
SCHOOLS = {
    **dict.fromkeys(["tidak sekolah", "belum sekolah", "tidak tamat sd", "tdk sekolah", "tidak ada"], "tidak_sekolah"),
    **dict.fromkeys(["sd", "sd sederajat", "mi", "paket a", "sekolah dasar", "tamat sd", "sr"], "sd"),
    **dict.fromkeys(["smp", "sltp", "smp sederajat", "mts", "paket b", "sltp sederajat", "tamat smp"], "smp"),
    **dict.fromkeys(["sma", "slta", "sma sederajat", "ma", "paket c", "slta sederajat", "smu", "tamat sma"], "sma"),
    **dict.fromkeys(["smk", "stm", "smea", "smk sederajat", "sma smk"], "smk"),
    **dict.fromkeys(["d1", "d2", "d3", "d4", "diploma", "d i", "d ii", "d iii", "d iv", "diploma iii", "div"], "d3"),
    **dict.fromkeys(["s1", "sarjana", "strata 1", "s 1", "strata i"], "s1"),
    **dict.fromkeys(["s2", "s3", "magister", "doktor", "s 2", "s 3", "pascasarjana"], "s2"),
}
GROUPS = {
    **dict.fromkeys(["umum", "masyarakat", "masyarakat umum", "masyarakat lain"], TargetGroup.GENERAL.value),
    **dict.fromkeys(["pencaker", "pencari kerja", "pengangguran"], TargetGroup.JOB_SEEKER.value),
    **dict.fromkeys(["ikm", "umkm", "pelaku ikm", "pelaku usaha", "pelaku umkm"], TargetGroup.BUSINESS_OWNER.value),
    **dict.fromkeys(["phk", "korban phk", "buruh phk"], TargetGroup.LAID_OFF_WORKER.value),
}
YES, NO = {"ya", "y", "ada", "punya", "1", "v", "x", "yes", "true", "sudah"}, {"tidak", "t", "", "-", "0", "no", "n"}
NO |= {"belum", "tdk", "false", "tidak ada"}
MONTH_NAMES = {name[:length].lower(): number for number, name in enumerate(MONTHS, 1) for length in (3, len(name))}
MONTH_NAMES |= {"agt": 8, "agst": 8, "peb": 2, "pebruari": 2, "nop": 11, "nopember": 11, "may": 5, "aug": 8, "oct": 10}
MONTH_NAMES |= {"dec": 12, "sept": 9, "july": 7, "june": 6}
ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.]+)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,4})(?:\s+[0-9:.]+)?")
IN_WORDS = re.compile(r"([0-9]{1,2})[\s.\-/]*([A-Za-z]{3,9})[\s.,\-/]*([0-9]{1,4})")
PLACE_BEFORE = re.compile(r"^[^0-9]*[,/]\s*(?=[0-9])|^[A-Za-z.()' ]+\s(?=[0-9]{1,2}\b)")


def words_of(text: str) -> str:
    """For comparing what was chosen: small letters, no signs."""
    return " ".join(re.sub(r"[^a-z0-9]", " ", text.lower()).split())


def parse_sex(text: str) -> str:
    return SEXES.get(words_of(text)) or _refused("sex_unknown", text)


def parse_school(text: str) -> str:
    """A level by its code, by the words of the form, or as offices shorten it."""
    key, known = words_of(text), _known(EducationLevel) | SCHOOLS
    return key and (known.get(key) or known.get(key.replace(" ", "")) or _refused("education_unknown", text))


def parse_group(text: str) -> str:
    key = words_of(text)
    return key and ((_known(TargetGroup) | GROUPS).get(key) or _refused("group_unknown", text))


@lru_cache(maxsize=4)
def _known(choices: type[TextChoices]) -> dict[str, str]:
    """The codes and their words in both languages."""
    known = {words_of(value): value for value in choices.values}
    for language in ("en", "id"):
        with translation.override(language):
            known |= {words_of(str(label)): str(value) for value, label in choices.choices}
    return known


def parse_choice(text: str, choices: Mapping[str, str]) -> str:
    """One of a list by code or name; `choices` is what stands in a cell, in `words_of`, and the code."""
    key = words_of(text)
    return key and (choices.get(key) or choices.get(key.split(" ")[0]) or _refused("choice_unknown", text))


def parse_yes(text: str) -> bool:
    key = text.strip().lower()
    if key not in YES | NO:
        _refused("yes_or_no", text)
    return key in YES


def parse_birth_date(text: str) -> date:
    """Day, month, year, in this order or as ISO writes them; a place of birth before it is passed over."""
    bare = PLACE_BEFORE.sub("", clean_line(text)).strip(" '")
    if match := ISO.fullmatch(bare):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := DAY_FIRST.fullmatch(bare):
        return _date(_year(match[3]), int(match[2]), int(match[1]))
    if match := IN_WORDS.fullmatch(bare):
        month = MONTH_NAMES.get(match[2].lower())
        return _date(_year(match[3]), month or _refused("date_unreadable", text), int(match[1]))
    return _refused("date_unreadable", text)


def _year(text: str) -> int:
    """19 and 20 differ by a whole life: nobody guesses the century."""
    return int(text) if len(text) == 4 else _refused("date_short_year", text)


def _date(year: int, month: int, day: int) -> date:
    if month > 12 >= day and month <= 31:
        _refused("date_month_first", "")
    try:
        return date(year, month, day)
    except ValueError:
        return _refused("date_impossible", "")


def split_neighbourhoods(text: str) -> tuple[str, str]:
    """003/005, RT 3 RW 5, 3-5."""
    parts = re.findall(r"[0-9]+", text)
    return (parts[0], parts[1]) if len(parts) == 2 else _refused("rt_rw_unreadable", text)


def _refused(code: str, _text: str) -> Any:
    raise ValidationError(code, code=code)
