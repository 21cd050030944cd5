"""Rows of papers for the tests, past the actions."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from accounts.models import Agency
from documents.models import Document, Layout, Numbering, NumberSequence
from jobs.models import StoredFile
from jobs.storage import absolute
from tests import cast, factories

_numbers = itertools.count(1)
DAY = dt.date(2024, 7, 2)
PDF = b"%PDF-1.7 a paper"


def layout() -> Layout:
    return Layout.objects.get_or_create(sha256="a" * 64, defaults={"source": "= Surat", "engine": "typst"})[0]


def numbering(agency: Agency, **values: Any) -> Numbering:
    defaults = {
        "register": "surat",
        "pattern": "{klasifikasi}/{seq:03d}/{unit}/{bulan_romawi}/{tahun}",
        "classification": "500.15",
        "unit": "DPK",
        "edited_by": cast.administrator(),
    }
    return Numbering.objects.create(agency=agency, **(defaults | values))


def sequence(agency: Agency, **values: Any) -> NumberSequence:
    return NumberSequence.objects.create(agency=agency, **({"register": "surat", "year": 2024} | values))


def document(agency: Agency, **values: Any) -> Document:
    number = next(_numbers)
    defaults = {
        "region_id": factories.BENDAN_KERGON,
        "kind": "test_invitation",
        "scope": f"agency:{agency.pk}",
        "subject": f"region:{number}",
        "label": f"Warga Contoh {number}",
        "date": DAY,
        "layout": layout(),
        "content": "{}",
        "issued_by": cast.program_officer(),
    }
    return Document.objects.create(agency=agency, **(defaults | values))


def path_of(file: StoredFile) -> Path:
    """Where its bytes lie."""
    return absolute(file.path)
