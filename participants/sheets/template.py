"""The template of a programme: only what it asks, text where digits must stay, its own words in the drop-downs."""

from collections.abc import Sequence

from django.utils import translation

from kit.blanks import BlankColumn, write_blank
from participants.forms.places import has_list
from participants.models import EducationLevel
from participants.sheets.columns import FIELDS, REGISTRATIONS
from programs.models import Batch, Program, TargetGroup
from regions.models import Region
from regions.rules import city_of

# Lists are written in the official language, whoever downloads them.
NOTE = "Isi mulai baris ke-5; baris contoh boleh dihapus. Jangan mengubah judul kolom. NIK dan nomor HP berupa teks."
WRONG = "Pilih salah satu dari daftar."
WIDTHS = {
    "nik": 20,
    "family_card": 20,
    "full_name": 30,
    "address": 34,
    "region": 22,
    "email": 26,
    "batch": 24,
    "business_name": 26,
}
EXAMPLES = {
    "nik": "9971015207990001",
    "family_card": "9971010101240001",
    "full_name": "CONTOH Siti Aminah",
    "birth_date": "12/07/1999",
    "sex": "P",
    "phone": "0812-3456-7890",
    "address": "Jalan Contoh 1",
    "rt": "003",
    "rw": "005",
}
HINTS = {
    "nik": "16 angka sesuai KTP. Kolom ini berformat teks: jangan diubah menjadi angka.",
    "family_card": "16 angka di bagian atas kartu keluarga. Kolom ini berformat teks: jangan diubah menjadi angka.",
    "full_name": "Sesuai KTP, tanpa gelar.",
    "birth_date": "Tanggal/bulan/tahun, contoh 12/07/1999.",
    "phone": "Satu nomor HP, contoh 0812-3456-7890.",
    "address": "Jalan dan nomor rumah sesuai KTP.",
    "email": "Boleh dikosongkan.",
    "rt": "Boleh dikosongkan. Contoh: 003",
    "rw": "Boleh dikosongkan. Contoh: 005",
    "business_name": "Bila punya usaha. Boleh dikosongkan.",
}


def write_template(program: Program, batches: Sequence[Batch], *, whole_programme: bool) -> bytes:
    with translation.override("id"):
        columns = [_column(name, program, batches) for name in _asked(program, batches, whole_programme)]
        where = program.name if whole_programme else f"{program.name}, {batches[0].name}"
        title = f"{REGISTRATIONS.mark}: {where}"
        return write_blank(columns, title=title, note=NOTE, sheet="Pendaftaran", wrong=WRONG)


def _asked(program: Program, batches: Sequence[Batch], whole_programme: bool) -> list[str]:
    kinds = {rule.kind: rule for rule in program.requirements()}
    left_out = {"rt_rw", "city"}
    if _has_names_of_their_own(batches):
        left_out.add("district")
    if "target_group" not in kinds:
        left_out.add("target_group")
    if not program.one_per_household:
        left_out.add("family_card")
    if not program.business_choices():
        left_out.add("business_kind")
    if "domicile" not in kinds or "letter" not in kinds["domicile"].values:
        left_out.add("has_domicile_letter")
    regions = [batch.region_id for batch in batches]
    if not whole_programme or len(set(regions)) == len(regions):
        left_out.add("batch")
    return [name for name in FIELDS if name not in left_out]


def _has_names_of_their_own(batches: Sequence[Batch]) -> bool:
    names = [village.name for village in _villages(batches)]
    return bool(names) and len(set(names)) == len(names)


def _column(name: str, program: Program, batches: Sequence[Batch]) -> BlankColumn:
    choices = _choices(name, program, batches)
    example = EXAMPLES.get(name) or (
        _first(name, choices, batches) if choices and name in {"region", "batch", "target_group"} else ""
    )
    return BlankColumn(
        title=FIELDS[name][0],
        width=WIDTHS.get(name, 16),
        choices=choices,
        hint=HINTS.get(name, ""),
        example=example,
    )


def _first(name: str, choices: list[str], batches: Sequence[Batch]) -> str:
    """Of a village the one where the first batch is held: an example that fits the list."""
    here = batches[0].region.name
    return here if name == "region" and here in choices else choices[0]


def _choices(name: str, program: Program, batches: Sequence[Batch]) -> list[str]:
    if name == "sex":
        return ["L", "P"]
    if name == "education_level":
        return [str(label) for _value, label in EducationLevel.choices]
    if name == "target_group":
        allowed = next(rule.values for rule in program.requirements() if rule.kind == "target_group")
        return [str(label) for value, label in TargetGroup.choices if value in allowed]
    if name == "business_kind":
        return [label for _code, label in program.business_choices()]
    if name == "has_domicile_letter":
        return ["Ya", "Tidak"]
    if name == "batch":
        return [batch.name for batch in batches]
    return [village.name for village in _villages(batches)] if name == "region" else []


def _villages(batches: Sequence[Batch]) -> list[Region]:
    """Those of the cities concerned; none where a list would be longer than anybody scrolls."""
    cities = sorted({city_of(batch.region_id) for batch in batches})
    if not all(has_list(batch.region_id) for batch in batches) or len(cities) > 3:
        return []
    return [village for city in cities for village in Region.objects.current().villages().under(city).order_by("name")]
