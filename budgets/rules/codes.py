"""Official budget codes: kept as the list writes them, matched by a key in which every spelling is the same."""

import re

# urusan, bidang, program, kegiatan (two numbers, the first is 1 for a province and 2 for a city), sub kegiatan.
SUB_ACTIVITY_WIDTHS = (1, 2, 2, 1, 2, 4)
# akun, kelompok, jenis, objek, rincian objek, sub rincian objek.
ACCOUNT_WIDTHS = (1, 1, 2, 2, 2, 4)
SEPARATORS = re.compile(r"[\s.,\-/]+")


class CodeError(ValueError):
    """`code` says what is wrong: empty, letters, parts, long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_sub_activity_code(text: str) -> str:
    """The key of 2.07.03.2.01.0001, of 2.07.03.02.01.0001 and of 2.07.03.2.01.01; `CodeError` for anything else."""
    return _parse(text, SUB_ACTIVITY_WIDTHS)


def parse_account_code(text: str) -> str:
    """The key of 5.1.02.05.01.0001 in any spelling of its zeros; `CodeError` for anything else."""
    return _parse(text, ACCOUNT_WIDTHS)


def code_key(text: str) -> str:
    """The numbers alone, joined by dots: what a search compares. Also of a part of a code."""
    return ".".join(str(int(part)) for part in SEPARATORS.split(text.strip()) if part.isascii() and part.isdigit())


def _parse(text: str, widths: tuple[int, ...]) -> str:
    parts = [part for part in SEPARATORS.split(text.strip()) if part]
    if not parts:
        raise CodeError("empty")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise CodeError("letters")
    if len(parts) != len(widths):
        raise CodeError("parts")
    if any(len(part.lstrip("0")) > width for part, width in zip(parts, widths, strict=True)):
        raise CodeError("long")
    return code_key(text)
