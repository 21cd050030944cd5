"""Amounts as people and spreadsheets write them. Whole rupiah; domain.md 1.7."""

import re

LARGEST = 10**15
WITH_DOTS = re.compile(r"\d{1,3}(\.\d{3})+")
PLAIN = re.compile(r"\d+")


class AmountError(ValueError):
    """`code` says what is wrong: empty, negative, ambiguous, cents, large, unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_rupiah(text: str) -> int:
    """ "Rp 2.400.000,-", "2.400.000,00", "2400000" -> 2400000. `2,400` could be either and is refused."""
    body = re.sub(r"\s", "", text).removesuffix(",-").removesuffix(".-")
    body = re.sub(r"^(rp|idr)\.?", "", body, flags=re.IGNORECASE)
    if not body or body == "-":
        raise AmountError("empty")
    if body.startswith(("-", "(", "\u2212")):
        raise AmountError("negative")
    whole, comma, rest = body.partition(",")
    if comma and not re.fullmatch(r"\d{1,2}", rest):
        raise AmountError("ambiguous" if re.fullmatch(r"\d{3}(,\d{3})*", rest) else "unreadable")
    if not (PLAIN.fullmatch(whole) or WITH_DOTS.fullmatch(whole)) or not whole.isascii():
        raise AmountError("ambiguous" if re.fullmatch(r"\d+\.\d{1,2}", whole) else "unreadable")
    if rest.strip("0"):
        raise AmountError("cents")
    digits = whole.replace(".", "").lstrip("0") or "0"
    if len(digits) > 15:
        raise AmountError("large")
    return int(digits)
