"""Compiles a layout of the portal as the typesetter does: own fonts only, data as JSON."""

import io
import json
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader

LAYOUTS = Path(__file__).resolve().parents[2] / "documents" / "layouts"
HEAD = {
    "line1": "Pemerintah Kota Pekalongan",
    "line2": "Dinas Perindustrian dan Tenaga Kerja",
    "address": "Jalan Contoh Nomor 1, Kota Pekalongan",
    "contact": "Telepon (0285) 421234",
}
HEAD_OF_OFFICE = {
    "lines": ["KEPALA DINAS PERINDUSTRIAN", "DAN TENAGA KERJA KOTA PEKALONGAN,"],
    "name": "Drs. BAMBANG CONTOH, M.Si.",
    "rank": "Pembina Utama Muda",
    "grade": "IV/c",
    "written_nip": "19680705 199403 1 002",
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
    source = f"{(LAYOUTS / 'common.typ').read_text().rstrip()}\n{(LAYOUTS / f'{layout}.typ').read_text()}"
    compiler = typst.Compiler(ignore_system_fonts=True)
    files: Any = {"main.typ": source.encode(), "paper.json": json.dumps(COMMON | data).encode()}
    pdf = compiler.compile(input=files, format="pdf", pdf_standards="a-2a")
    assert isinstance(pdf, bytes)
    return PdfReader(io.BytesIO(pdf))


def embeds_its_fonts(reader: PdfReader) -> bool:
    resources: Any = reader.pages[0]["/Resources"]
    fonts = [font.get_object() for font in resources["/Font"].values()]
    described = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    return bool(fonts) and all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in described)


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
