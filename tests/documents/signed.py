"""A paper that waits for its signatures, without the way there."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import typst
from django.utils import timezone

from accounts.models import Agency, User
from documents.models import Document, Layout, Official, Signatory, signatory_for
from jobs.actions import keep_file
from tests import factories


@lru_cache(maxsize=4)
def pdf(text: str = "Surat Undangan") -> bytes:
    return bytes(typst.compile(f"= {text}".encode(), pdf_standards=["a-2b"], ignore_system_fonts=True))


def official_of(user: User, title: str = "Kepala Dinas", kind: str = "agency_head") -> Official:
    """An official with this account, who holds the position from 2020 on."""
    agency = user.agency
    assert agency is not None
    made = factories.official(agency, user.full_name, nip="", user=user)
    factories.tenure(factories.position(agency, title, kind), made)
    return made


def signatories(agency: Agency, *kinds: str) -> list[dict[str, Any]]:
    found: list[Signatory | None] = [signatory_for(agency, kind, agency.today()) for kind in kinds]
    return [one.as_json() for one in found if one]


def waiting(
    agency: Agency, by: User, kinds: Sequence[str] = ("agency_head",), number: int = 1, **fields: Any
) -> Document:
    """Issued and set in type; those who hold the positions of these kinds sign it."""
    content = pdf(f"Surat Undangan {number}")
    source = "= Surat"
    layout = Layout.objects.get_or_create(
        sha256=hashlib.sha256(source.encode()).hexdigest(), defaults={"source": source, "engine": "typst"}
    )[0]
    file = keep_file(agency=agency, name="undangan.pdf", content=content, content_type="application/pdf", by=by)
    printed = {"title": "Surat Undangan", "place": "Pekalongan", "signatories": signatories(agency, *kinds)}
    values = {"kind": "test_invitation", **fields}
    return Document.objects.create(
        agency=agency,
        scope=f"agency:{agency.pk}",
        subject=f"paper:{number}",
        label=f"Warga {number}",
        date=timezone.localdate(),
        layout=layout,
        content=json.dumps(printed),
        file=file,
        sha256=file.sha256,
        issued_by=by,
        **values,
    )
