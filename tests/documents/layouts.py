"""Compiles a layout of the portal as the typesetter does: own fonts only, data as JSON."""

import io
import json
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader

LAYOUTS = Path(__file__).resolve().parents[2] / "documents" / "layouts"
HEAD = {
    "above": ["Pemerintah Kota Pekalongan"],
    "name": "Dinas Perindustrian dan Tenaga Kerja",
    "address": ["Jalan Contoh Nomor 1, Kota Pekalongan", "Telepon (0285) 421234"],
}
HEAD_OF_OFFICE = {
    "position": ["KEPALA DINAS PERINDUSTRIAN", "DAN TENAGA KERJA KOTA PEKALONGAN,"],
    "name": "Drs. BAMBANG CONTOH, M.Si.",
    "rank": "Pembina Utama Muda, IV/c",
    "nip": "19680705 199403 1 002",
}
COMMON: dict[str, Any] = {
    "paper": "F4",
    "title": "Naskah",
    "number": "500.15/045/DPK/VII/2024",
    "date": "24 Juni 2024",
    "place": "Pekalongan",
    "head": HEAD,
    "signatories": [HEAD_OF_OFFICE],
}


def typeset(layout: str, **data: Any) -> PdfReader:
    compiler = typst.Compiler(
        input=str(LAYOUTS / f"{layout}.typ"),
        root=str(LAYOUTS),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(COMMON | data)},
    )
    return PdfReader(io.BytesIO(compiler.compile(format="pdf")))


def pages_of(reader: PdfReader) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def people(count: int) -> list[list[str]]:
    return [[str(number), f"Warga Contoh {number}", "P", "Bendan Kergon"] for number in range(1, count + 1)]


COLUMNS = [
    {"label": "No.", "mm": 10, "side": "center"},
    {"label": "Nama", "fr": 3},
    {"label": "L/P", "mm": 10, "side": "center"},
    {"label": "Kelurahan", "fr": 2},
]
SIGNED = [*COLUMNS, {"label": "Tanda tangan", "mm": 60, "sign": True}]
