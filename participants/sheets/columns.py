"""What the columns of a list are called, by what it is read for, and which column holds what."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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
    "family_card": (
        "Nomor KK",
        ("no kk", "kk", "nkk", "nomor kartu keluarga", "no kartu keluarga", "kartu keluarga", "nomor induk kk")
        + ("nomor kk sesuai ktp", "family card number", "family card"),
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
    "business_name": (
        "Nama usaha",
        (
            "nama ikm",
            "nama umkm",
            "nama ukm",
            "nama perusahaan",
            "nama toko",
            "nama merek",
            "nama brand",
            "merek",
            "merk",
        )
        + ("merek usaha", "merk usaha", "merek dagang", "merk dagang", "nama merk", "brand", "business name"),
    ),
    "has_domicile_letter": (
        "Punya surat domisili",
        ("surat domisili", "surat keterangan domisili", "skd", "letter of domicile"),
    ),
    "batch": ("Angkatan", ("gelombang", "kelas", "batch", "nama angkatan")),
}
NEEDED = ("nik", "full_name", "birth_date", "sex", "phone", "region", "address")
VERSION_CELL = re.compile(r"Templat ([a-z]{1,20}), versi ([0-9]{1,4})")


def heading_of(text: str) -> str:
    """As headings are compared: small letters, no signs, nothing in brackets."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text.lower())
    return " ".join(re.sub(r"[^a-z0-9]", " ", plain).split())


@dataclass(frozen=True)
class Columns:
    """What lists of one purpose hold. `template` is its word in the first cell, with the version.

    `hidden` are shown again only where something is wrong with them.
    """

    template: str
    version: int
    fields: Mapping[str, tuple[str, tuple[str, ...]]]
    needed: tuple[str, ...]
    hidden: frozenset[str]

    @cached_property
    def named(self) -> dict[str, str]:
        """Heading -> field."""
        return {heading_of(name): field for field, (title, others) in self.fields.items() for name in (*others, title)}

    def missing(self, found: Mapping[str, int]) -> list[str]:
        return [name for name in self.needed if name not in found]

    @property
    def mark(self) -> str:
        """What stands in the first cell of the template, before the colon."""
        return f"Templat {self.template}, versi {self.version}"


ACCOUNT_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "entry": (
        "Nomor pendaftaran",
        ("no pendaftaran", "nomor registrasi", "no registrasi", "kode pendaftaran", "registration number"),
    ),
    "payee": ("Nama", ("nama lengkap", "nama peserta", "nama penerima", "penerima", "name", "full name")),
    "bank": ("Bank", ("nama bank", "kode bank", "bank penerima")),
    "number": (
        "Nomor rekening",
        ("no rekening", "rekening", "no rek", "norek", "nomor rek", "rekening bank", "account number"),
    ),
    "holder_name": (
        "Nama pemilik rekening",
        ("atas nama", "a n", "an", "pemilik rekening", "nama pemilik", "nama di rekening", "nama rekening")
        + ("nama sesuai buku rekening", "account holder"),
    ),
    "holder_reason": (
        "Alasan bila atas nama orang lain",
        ("alasan", "alasan atas nama orang lain", "keterangan", "hubungan"),
    ),
}
ACCOUNTS = Columns("rekening", 1, ACCOUNT_FIELDS, ("entry", "bank", "number", "holder_name"), frozenset({"number"}))
REGISTRATIONS = Columns("pendaftaran", VERSION, FIELDS, NEEDED, frozenset({"nik", "family_card"}))
# Of a programme that takes one participant of a household.
OF_HOUSEHOLDS = replace(REGISTRATIONS, needed=(*NEEDED, "family_card"))


@dataclass(frozen=True)
class Layout:
    """Where the headings stand (row as the spreadsheet counts it) and the column of each field."""

    row: int
    headings: list[str]
    columns: dict[str, int]
    fingerprint: str


def found_layout(rows: Sequence[tuple[int, Sequence[Any]]], of: Columns = REGISTRATIONS) -> Layout:
    """The row that looks most like headings. Refuses a template of another version or purpose, and an empty file."""
    if not rows:
        raise ValidationError(_("The file holds no rows."), code="no_rows")
    _refuse_other_template(rows, of)
    best = max(rows[:HEADING_WITHIN], key=lambda row: (len(_named(row[1], of)), -row[0]))
    if not _named(best[1], of):
        best = max(rows[:HEADING_WITHIN], key=lambda row: (sum(bool(_text(cell)) for cell in row[1]), -row[0]))
    headings = [" ".join(_text(cell).split())[:LONGEST_HEADING] for cell in best[1]]
    keys = [heading_of(heading) for heading in headings]
    # The same headings may hold other things in a list of another purpose.
    purpose = [] if of.template == REGISTRATIONS.template else [of.template]
    fingerprint = hashlib.sha256("|".join([*purpose, *keys]).encode()).hexdigest()
    return Layout(best[0], headings, _named(best[1], of), fingerprint)


def _named(cells: Sequence[Any], of: Columns) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = of.named.get(heading_of(_text(cell)))
        if field is not None and field not in found:
            found[field] = place
    return found


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else str(cell[1])


def _refuse_other_template(rows: Sequence[tuple[int, Sequence[Any]]], of: Columns) -> None:
    for _number, cells in rows[:3]:
        told = next((match for cell in cells if (match := VERSION_CELL.search(_text(cell)))), None)
        if told and told[1] != of.template:
            raise ValidationError(
                _("This is the template for %(purpose)s. Here a list for %(wanted)s is read."),
                code="template_kind",
                params={"purpose": told[1], "wanted": of.template},
            )
        if told and int(told[2]) != of.version:
            raise ValidationError(
                _("This is version %(version)s of the template. Please download the present one and copy the rows."),
                code="template_version",
                params={"version": told[2]},
            )
