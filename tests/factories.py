"""Rows for the tests of every app. Each function makes the least that its subject needs."""

from regions import rules
from regions.models import Region

BENDAN_KERGON = "33.75.01.1006"
MEDONO = "33.75.01.1002"
MIROTO = "33.74.01.1001"

# Kota Pekalongan with all its kecamatan and kelurahan (domain.md 2.2), and one kelurahan of Kota Semarang.
REGIONS = {
    "33": "Jawa Tengah",
    "33.74": "Kota Semarang",
    "33.74.01": "Semarang Tengah",
    "33.74.01.1001": "Miroto",
    "33.75": "Kota Pekalongan",
    "33.75.01": "Pekalongan Barat",
    "33.75.01.1002": "Medono",
    "33.75.01.1003": "Podosugih",
    "33.75.01.1004": "Sapuro Kebulen",
    "33.75.01.1006": "Bendan Kergon",
    "33.75.01.1008": "Pasirkratonkramat",
    "33.75.01.1009": "Tirto",
    "33.75.01.1012": "Pringrejo",
    "33.75.02": "Pekalongan Timur",
    "33.75.02.1002": "Noyontaansari",
    "33.75.02.1004": "Kauman",
    "33.75.02.1007": "Poncol",
    "33.75.02.1008": "Klego",
    "33.75.02.1009": "Gamer",
    "33.75.02.1010": "Setono",
    "33.75.02.1012": "Kali Baros",
    "33.75.03": "Pekalongan Utara",
    "33.75.03.1002": "Krapyak",
    "33.75.03.1003": "Kandang Panjang",
    "33.75.03.1004": "Panjang Wetan",
    "33.75.03.1006": "Padukuhan Kraton",
    "33.75.03.1007": "Degayu",
    "33.75.03.1009": "Bandengan",
    "33.75.03.1010": "Panjang Baru",
    "33.75.04": "Pekalongan Selatan",
    "33.75.04.1002": "Banyurip",
    "33.75.04.1003": "Buaran Kradenan",
    "33.75.04.1004": "Jenggot",
    "33.75.04.1006": "Kuripan Kertoharjo",
    "33.75.04.1008": "Kuripan Yosorejo",
    "33.75.04.1010": "Sokoduwet",
}


def region(code: str, name: str) -> Region:
    """One region, unsaved, with everything that its code tells."""
    return Region(
        code=code,
        name=name,
        level=rules.level_of(code),
        kind=rules.kind_of(code),
        parent_id=rules.parent_of(code),
        search_key=rules.search_key(code, name),
    )


def region_tree() -> dict[str, Region]:
    """Both cities with what lies above and inside them, by code; may be asked for twice."""
    Region.objects.bulk_create([region(code, name) for code, name in REGIONS.items()], ignore_conflicts=True)
    return Region.objects.in_bulk(REGIONS)
