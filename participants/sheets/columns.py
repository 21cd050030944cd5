"""What the columns of a list of people are called, and which column holds what."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

VERSION = 1
HEADING_WITHIN = 40
LONGEST_HEADING = 80
# Column -> its heading in the template, always in Indonesian, and what other lists call it, in small letters.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "nik": (
        "NIK",
        ("no nik", "nomor nik", "nomor induk kependudukan", "no ktp", "nomor ktp", "nik ktp", "no identitas")
        + ("nomor identitas", "nik sesuai ktp", "no induk kependudukan", "identity number"),
    ),
    "full_name": (
        "Nama lengkap",
        ("nama", "nama peserta", "nama sesuai ktp", "nama lengkap sesuai ktp", "nama warga", "nama pendaftar")
        + ("nama calon peserta", "nama pemohon", "peserta", "full name", "name"),
    ),
    "birth_date": (
        "Tanggal lahir",
        ("tgl lahir", "tgl lhr", "tanggal lahir", "ttl", "tempat tanggal lahir", "tempat tgl lahir", "tmp tgl lahir")
        + ("tempat dan tanggal lahir", "tgl lahir tgl bln thn", "date of birth", "birth date"),
    ),
    "sex": ("L/P", ("l p", "p l", "lp", "jk", "jenis kelamin", "jns kelamin", "kelamin", "gender", "sex", "j k")),
    "phone": (
        "Nomor HP",
        ("no hp", "hp", "no hp wa", "no wa", "wa", "nomor wa", "no whatsapp", "nomor whatsapp", "whatsapp", "telepon")
        + ("no telepon", "no telp", "telp", "nomor telepon", "no tlp", "handphone", "no handphone", "nomor handphone")
        + ("kontak", "no kontak", "no hp aktif", "nomor hp wa", "hp wa", "phone", "mobile phone"),
    ),
    "email": ("Surel", ("email", "e mail", "alamat email", "alamat surel", "surat elektronik")),
    "region": (
        "Kelurahan",
        ("kelurahan desa", "desa kelurahan", "kel desa", "desa", "kel", "nagari", "kode wilayah", "kode kelurahan")
        + ("kelurahan ktp", "kelurahan sesuai ktp", "desa kel", "urban village", "village"),
    ),
    "district": ("Kecamatan", ("kec", "distrik", "district")),
    "city": ("Kabupaten/kota", ("kabupaten kota", "kota", "kabupaten", "kab kota", "kota kabupaten", "kab", "city")),
    "address": (
        "Alamat",
        ("alamat lengkap", "alamat ktp", "alamat sesuai ktp", "jalan", "alamat rumah", "alamat jalan", "address"),
    ),
    "rt": ("RT", ("no rt",)),
    "rw": ("RW", ("no rw",)),
    "rt_rw": ("RT/RW", ("rt rw", "rtrw")),
    "education_level": (
        "Pendidikan terakhir",
        ("pendidikan", "pend terakhir", "pend", "ijazah terakhir", "education"),
    ),
    "occupation": ("Pekerjaan", ("pekerjaan saat ini", "profesi", "mata pencaharian", "work", "occupation")),
    "target_group": ("Kelompok sasaran", ("sasaran", "kelompok", "kategori sasaran", "kategori", "target group")),
    "business_kind": ("Bidang usaha", ("jenis usaha", "usaha", "kbli", "kind of business")),
    "has_domicile_letter": (
        "Punya surat domisili",
        ("surat domisili", "surat keterangan domisili", "skd", "letter of domicile"),
    ),
    "batch": ("Angkatan", ("gelombang", "kelas", "batch", "nama angkatan")),
}
NEEDED = ("nik", "full_name", "birth_date", "sex", "phone", "region", "address")
KNOWN = {name: field for field, (title, others) in FIELDS.items() for name in (*others, title)}
VERSION_CELL = re.compile(r"Templat pendaftaran, versi ([0-9]{1,4})")


@dataclass(frozen=True)
class Layout:
    """Where the headings stand (row as the spreadsheet counts it) and the column of each field."""

    row: int
    headings: list[str]
    columns: dict[str, int]
    fingerprint: str

    @property
    def is_complete(self) -> bool:
        return not missing_columns(self.columns)


def heading_of(text: str) -> str:
    """As headings are compared: small letters, no signs, nothing in brackets."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text.lower())
    return " ".join(re.sub(r"[^a-z0-9]", " ", plain).split())


NAMED = {heading_of(name): field for name, field in KNOWN.items()}


def missing_columns(columns: Mapping[str, int]) -> list[str]:
    return [name for name in NEEDED if name not in columns]


def found_layout(rows: Sequence[tuple[int, Sequence[Any]]]) -> Layout:
    """The row that looks most like headings. Refuses a template of another version and a file without any row."""
    if not rows:
        raise ValidationError(_("The file holds no rows."), code="no_rows")
    _refuse_other_version(rows)
    best = max(rows[:HEADING_WITHIN], key=lambda row: (len(_named(row[1])), -row[0]))
    if not _named(best[1]):
        best = max(rows[:HEADING_WITHIN], key=lambda row: (sum(bool(_text(cell)) for cell in row[1]), -row[0]))
    headings = [" ".join(_text(cell).split())[:LONGEST_HEADING] for cell in best[1]]
    keys = [heading_of(heading) for heading in headings]
    fingerprint = hashlib.sha256("|".join(keys).encode()).hexdigest()
    return Layout(best[0], headings, _named(best[1]), fingerprint)


def _named(cells: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = NAMED.get(heading_of(_text(cell)))
        if field is not None and field not in found:
            found[field] = place
    return found


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else str(cell[1])


def _refuse_other_version(rows: Sequence[tuple[int, Sequence[Any]]]) -> None:
    for _number, cells in rows[:3]:
        told = next((match for cell in cells if (match := VERSION_CELL.search(_text(cell)))), None)
        if told and int(told[1]) != VERSION:
            raise ValidationError(
                _("This is version %(version)s of the template. Please download the present one and copy the rows."),
                code="template_version",
                params={"version": told[1]},
            )
