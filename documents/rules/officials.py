"""How officials are named on papers: numbers, ranks and acting forms (domain.md 8.1)."""

import datetime as dt
import re
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The rank of each grade of a civil servant; a worker with an agreement (PPPK) has a grade in Roman numerals only.
RANKS: Final[dict[str, str]] = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
AGREEMENT_GRADES: Final = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)
GRADES: Final = (*RANKS, *AGREEMENT_GRADES)

# The month of a worker with an agreement (PPPK) is written 21.
AGREEMENT_MONTH: Final = 21
YOUNGEST: Final = 15
SIGNS: Final = re.compile(r"[\s.\-]")


class Form(StrEnum):
    """How somebody holds a position, or signs for the one who does."""

    DEFINITIVE = "definitive"
    ACTING = "plt"  # the position is vacant
    DAILY = "plh"  # the holder is away
    IN_NAME = "an"
    FOR_HIM = "ub"


def clean_nip(text: str) -> str:
    """The 18 digits, however they were spaced; empty for whoever has none. `ValidationError` when it is no NIP."""
    nip = SIGNS.sub("", text)
    if nip:
        check_nip(nip)
    return nip


def check_nip(nip: str) -> None:
    """Birth date (8), first month of service (6; with 21 as the month for PPPK), sex (1 or 2), serial (3)."""
    if not re.fullmatch(r"[0-9]{18}", nip):
        raise ValidationError(
            _("A NIP has 18 digits. You entered %(count)d."), code="nip_length", params={"count": len(nip)}
        )
    born = _date(nip[:8])
    if born is None:
        raise ValidationError(_("The first eight digits of the NIP are not a date of birth."), code="nip_birth")
    year, month = int(nip[8:12]), int(nip[12:14])
    if not (1 <= month <= 12 or month == AGREEMENT_MONTH) or not born.year + YOUNGEST <= year <= born.year + 70:
        raise ValidationError(
            _("Digits 9 to 14 of the NIP are not the year and month in which the service began."), code="nip_service"
        )
    if nip[14] not in "12":
        raise ValidationError(_("Digit 15 of the NIP is 1 for a man and 2 for a woman."), code="nip_sex")
    if nip[15:] == "000":
        raise ValidationError(_("The last three digits of the NIP begin at 001."), code="nip_serial")


def _date(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def written_nip(nip: str) -> str:
    """19620705 198803 1 002, as papers print it."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if nip else ""


def written_name(prefix: str, name: str, suffix: str) -> str:
    """Dra. Hj. SITI AMINAH, M.M. in the case in which it was entered."""
    named = f"{prefix} {name}".strip()
    return f"{named}, {suffix}" if suffix else named


def title_lines(form: Form, title: str, *, deputy: str = "", via: str = "") -> tuple[str, ...]:
    """The lines above the signature, without the comma that ends the last of them.

    Plt. and Plh. stand before the title of the position. In the name of somebody: a.n. and his title, then the title of
    whoever signs; through a deputy: a.n. and the title, the deputy's title, u.b., the title of whoever signs.
    """
    if form == Form.ACTING:
        return (f"Plt. {title}",)
    if form == Form.DAILY:
        return (f"Plh. {title}",)
    if form == Form.IN_NAME:
        return (f"a.n. {title}", deputy)
    if form == Form.FOR_HIM:
        return (f"a.n. {title}", via, "u.b.", deputy)
    return (title,)
