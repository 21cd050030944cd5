"""Codes and names of regions: what a code says, and how two spellings of a name are compared."""

import re
import unicodedata

# Raise it when `normalise_name` or `search_key` gives another key: the stored ones are then made anew.
KEY_VERSION = 1

CODE_PATTERN = r"^[1-9][0-9](\.[0-9]{2}(\.[0-9]{2}(\.[123][0-9]{3})?)?)?$"

_CODE = re.compile(CODE_PATTERN)
_LEVEL_BY_LENGTH = {2: 1, 5: 2, 8: 3, 13: 4}
_VILLAGE_KINDS = {"1": "urban_village", "2": "village", "3": "customary_village"}
_FIRST_CITY_NUMBER = 71
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_WORD_BEFORE_NAME = re.compile(
    r"^\s*(?:kelurahan|kel|desa|ds|kecamatan|kec|provinsi|prov)(?:\s*[.:]\s*|\s+)(?=\S)", re.I
)
_CITY_BEFORE_NAME = re.compile(
    r"^\s*(?P<kind>kota|kabupaten|kab)(?:\s*[.:]\s*|\s+)(?:(?:administrasi|adm\.?)\s+)?(?=\S)", re.I
)


def is_code(text: str) -> bool:
    """Whether `text` is a whole code with dots, such as 33.75 or 33.75.01.1006."""
    return _CODE.fullmatch(text) is not None


def dotted_code(text: str) -> str:
    """The code in `text` with dots ("3375011006" and "33.75.01.1006" are the same), or "" when it holds none."""
    stripped = text.strip()
    if not re.fullmatch(r"[0-9.]{2,13}", stripped):
        return ""
    digits = stripped.replace(".", "")
    code = ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)
    return code if is_code(code) and stripped in {code, digits} else ""


def level_of(code: str) -> int:
    """1 province, 2 regency or city, 3 district, 4 village. ValueError for anything that is not a code."""
    if not is_code(code):
        raise ValueError(f"{code!r} is not a region code")
    return _LEVEL_BY_LENGTH[len(code)]


def kind_of(code: str) -> str:
    """The kind that a code tells: cities count from 71, kelurahan 1xxx, desa 2xxx, desa adat 3xxx (domain.md 2.1)."""
    level = level_of(code)
    if level == 1:
        return "province"
    if level == 2:
        return "city" if int(code[3:5]) >= _FIRST_CITY_NUMBER else "regency"
    return "district" if level == 3 else _VILLAGE_KINDS[code[9]]


def parent_of(code: str) -> str | None:
    """The code one level up; None for a province."""
    return code.rpartition(".")[0] or None


def city_of(code: str) -> str:
    """The regency or city of a code, or the province's own code: `33.75.01.1006` -> `33.75`."""
    return code[:5]


def normalise_name(text: str) -> str:
    """The key by which names are compared: "Kel. Bendan-Kergon" and "bendankergon" are one.

    Only a-z and 0-9 remain; a leading word for the kind is dropped unless nothing would follow it.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_KEY.sub("", _WORD_BEFORE_NAME.sub("", plain).lower())


def split_city(text: str) -> tuple[str, str]:
    """("city", "pekalongan") for "Kota Pekalongan", ("regency", ...) for "Kab. ..."; ("", key) without such a word.

    A village may be called Kota Baru, so only names and searches of level 2 take the word away.
    """
    match = _CITY_BEFORE_NAME.match(text)
    if match is None:
        return "", normalise_name(text)
    return ("city" if match["kind"].lower() == "kota" else "regency"), normalise_name(text[match.end() :])


def search_key(code: str, name: str) -> str:
    """The stored key of a region: the name of a city or regency counts without that word."""
    return split_city(name)[1] if level_of(code) == 2 else normalise_name(name)
