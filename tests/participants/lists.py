"""Lists of people as offices send them, made with the library that is not ours."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types

from accounts.models import User
from jobs import runner
from kit.tables.apart import read_head
from participants.actions import settle_columns, start_bringing_in, start_import
from participants.jobs import import_limits
from participants.models import RegistrationImport
from participants.sheets import found_layout
from programs.models import Batch
from tests import cast

HEADINGS = {
    "nik": "NIK",
    "full_name": "Nama lengkap",
    "birth_date": "Tanggal lahir",
    "sex": "L/P",
    "phone": "Nomor HP",
    "email": "Surel",
    "region": "Kelurahan",
    "address": "Alamat",
    "rt": "RT",
    "rw": "RW",
    "education_level": "Pendidikan terakhir",
    "occupation": "Pekerjaan",
    "business_name": "Nama usaha",
}


def person(number: int, **other: Any) -> dict[str, Any]:
    """A row that may be brought in; each number is another person."""
    letters = "".join(chr(ord("A") + int(digit)) for digit in str(number))
    values: dict[str, Any] = {
        "nik": f"99710152{number // 10_000:02d}99{number % 10_000:04d}",
        "full_name": f"Warga {letters}",
        "birth_date": date(1999, 7, 1 + number % 28),
        "sex": "P",
        "phone": f"0812{number:08d}",
        "email": "",
        "region": "Bendan Kergon",
        "address": f"Jalan Contoh {number}",
        "rt": "001",
        "rw": "002",
        "education_level": "SMA",
        "occupation": "Penjahit",
    }
    return values | other


def workbook(rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str] = HEADINGS) -> bytes:
    """Texts are texts, numbers numbers, dates dates."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Peserta")
    sheet.append(list(headings.values()))
    for row in rows:
        sheet.append([row.get(name, "") for name in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_file(rows: Sequence[Mapping[str, Any]], mark: str = ";", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, delimiter=mark)
    lines.writerow(HEADINGS.values())
    for row in rows:
        lines.writerow([shown(row.get(name, "")) for name in HEADINGS])
    return out.getvalue().encode(encoding)


def shown(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def uploaded(batch: Batch, content: bytes, *, whole: bool = False, by: User | None = None) -> RegistrationImport:
    """The list with its columns settled; nobody has checked its rows yet."""
    officer = by or cast.program_officer()
    upload = start_import(
        program=batch.program,
        batch=None if whole else batch,
        region=batch.program.agency.region if whole else batch.region,
        file_name="peserta.xlsx",
        content=content,
        by=officer,
    )
    head = read_head(content, import_limits())
    layout = found_layout(head.rows)
    return settle_columns(
        upload=upload,
        columns=layout.columns,
        headings=layout.headings,
        heading_row=layout.row,
        sheet=head.sheet,
        fingerprint=layout.fingerprint,
        by=officer,
    )


def worked(upload: RegistrationImport) -> RegistrationImport:
    """After the worker has done what the list waits for."""
    assert upload.job_id is not None
    runner.run(upload.job_id)
    return RegistrationImport.objects.with_parts().get(pk=upload.pk)


def checked(batch: Batch, rows: Sequence[Mapping[str, Any]], **options: Any) -> RegistrationImport:
    return worked(uploaded(batch, workbook(rows), **options))


def brought_in(upload: RegistrationImport, *, tell: bool = False) -> RegistrationImport:
    waiting = start_bringing_in(upload=upload, expected=upload.counts, tell=tell, by=upload.created_by)
    return worked(waiting)


def findings(upload: RegistrationImport) -> dict[int, list[str]]:
    """Row -> its column and code for everything that was found in it."""
    return {
        row.number: [f"{problem[0]}:{problem[1]}" for problem in [*row.problems, *row.clashes]]
        for row in upload.rows.in_order()
        if row.problems or row.clashes
    }
