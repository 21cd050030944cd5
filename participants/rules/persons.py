"""Rules of one person on two cards: what makes cards alike, which value stays, who counts as verified."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kit.names import FORMS, name_key, word_sound

# What two cards may share, and how much that says of 100. Twins share a birth date, a family its phone and address:
# neither is enough alone. `similar` is a spelling, `sound` a spelling that sounds the same, `name` the very same.
WEIGHTS: dict[str, int] = {
    "name": 42,
    "sound": 38,
    "similar": 26,
    "birth_date": 32,
    "birth_near": 14,
    "phone": 14,
    "email": 10,
    "last4": 10,
    "region": 4,
    "business_name": 12,
    "business": 6,
}
LIKELY = 58
# What so many firms are called, or sell, that it tells none from another.
OF_MANY_FIRMS = (
    "KIOS KEDAI DEPOT LAPAK RUMAH MAKAN DAPUR JUALAN PRODUKSI INDUSTRI HOME INDUSTRY RUMAHAN KELOMPOK STORE SHOP "
    "COLLECTION BU IBU PAK BAPAK BPK MBAK MAS MBAH BUNDA MAMA ANEKA DAN SERBA KHAS ASLI "
    "JAYA BERKAH BAROKAH MAKMUR MAJU SEJAHTERA ABADI SUMBER REJEKI REZEKI SENTOSA MANDIRI BARU UTAMA BERSAMA KELUARGA "
    "KUE ROTI BAKERY CAKE SNACK JAJAN JAJANAN PASAR KERIPIK KRIPIK KERUPUK KRUPUK TEMPE TAHU ABON IKAN BAKSO SATE SOTO "
    "MIE AYAM NASI GORENG SAMBAL BUMBU JAMU KOPI TEH ES TELUR SAYUR BUAH CATERING KATERING MAKANAN MINUMAN KULINER "
    "SEMBAKO KELONTONG BATIK TENUN SONGKET JAHIT PENJAHIT KONVEKSI BORDIR SABLON RAJUT BUSANA FASHION TAS KERAJINAN "
    "ANYAMAN BAMBU KAYU MEBEL CRAFT LAUNDRY BENGKEL SALON PULSA BASAH KERING"
)
COMMON_SOUNDS = frozenset(word_sound(word) for word in (*FORMS, *OF_MANY_FIRMS.split()))
# Which columns of a card change together: nobody has the number of one card with the last digits of the other.
CARD_GROUPS: dict[str, tuple[str, ...]] = {
    "nik": ("nik", "nik_hash", "nik_last4", "is_temporary"),
    "full_name": ("full_name", "name_key"),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("region_id", "address", "rt", "rw"),
    "education_level": ("education_level",),
    "occupation": ("occupation",),
}
WHO_IT_IS = frozenset({"nik", "full_name", "birth_date", "sex"})
KEPT, GONE = "kept", "gone"
# The flag of an entry whose number is a temporary one; it goes when the NIK comes.
TEMPORARY_FLAG = "temporary_identity"


def likeness(reasons: Iterable[str]) -> int:
    return min(100, sum(WEIGHTS[reason] for reason in reasons))


def telling_business(name: str, owner: str) -> str:
    """What of a firm's name tells it from others: neither common words nor those of its owner. Often empty."""
    silent = COMMON_SOUNDS | {word_sound(word) for word in name_key(owner).split()}
    return " ".join(word for word in name_key(name).split() if word_sound(word) not in silent)


def differing_groups(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """The groups in which two cards differ; only these need a choice. The cipher of one number is never the same."""
    return [
        group
        for group, names in CARD_GROUPS.items()
        if any(first[name] != second[name] for name in names if name != "nik")
    ]


def proposed_choices(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, str]:
    """What one would choose: the card that stays, save where it has nothing, or only a temporary number."""
    chosen = {}
    for group in differing_groups(kept, gone):
        names = [name for name in CARD_GROUPS[group] if name != "is_temporary"]
        is_empty = not any(kept[name] for name in names)
        chosen[group] = GONE if is_empty or (group == "nik" and kept["is_temporary"]) else KEPT
    return chosen


def verified_side(choices: Mapping[str, str], *, kept: bool, gone: bool) -> str:
    """Which card's verification holds for the merged one, empty for none: all that says who it is was verified."""
    sides = {side for group, side in choices.items() if group in WHO_IT_IS}
    if kept and (gone or GONE not in sides):
        return KEPT
    if gone and KEPT not in sides:
        return GONE
    return ""


def without(flags: Collection[str], *gone: str) -> list[str]:
    return [flag for flag in flags if flag not in gone]
