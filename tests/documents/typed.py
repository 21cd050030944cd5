"""Papers as they come out: built by their kind, set in type by the portal's own typesetter, read back as text."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pypdf import PdfReader

from documents.kinds import PaperKind, Snapshot, Subject
from documents.rules.papers import filled_block
from documents.typesetting import Order, Typesetter, assembled, product_layout
from tests.documents.layouts import COMMON, pages_of

COMMON_VALUES = {
    "nomor": "500.15/045/DPK/VII/2024",
    "tanggal": "24 Juni 2024",
    "tanggal_huruf": "Senin tanggal dua puluh empat bulan Juni tahun dua ribu dua puluh empat",
    "kantor": "Dinas Perindustrian dan Tenaga Kerja",
    "kota": "Pekalongan",
    "tahun": "2024",
}


def printed(kind: PaperKind, snapshot: Snapshot, **more: Any) -> dict[str, Any]:
    values = COMMON_VALUES | snapshot["values"]
    return COMMON | {
        "title": kind.name,
        "signatories": COMMON["signatories"] * len(kind.signers),
        "number": COMMON["number"] if kind.numbered else "",
        "texts": {block.code: filled_block(block.default, values) for block in kind.blocks},
        "body": {name: value for name, value in snapshot.items() if name != "values"},
        **more,
    }


def pdf_of(typesetter: Typesetter, kind: PaperKind, snapshot: Snapshot, **more: Any) -> bytes:
    return typesetter.pdf(Order(assembled(product_layout(kind.layout)), printed(kind, snapshot, **more), 0))


def papers(typesetter: Typesetter, kind: PaperKind, subjects: Sequence[Subject], **more: Any) -> list[list[str]]:
    """The pages of each paper."""
    pdfs = [pdf_of(typesetter, kind, snapshot, **more) for snapshot in kind.build(subjects)]
    return [pages_of(PdfReader(io.BytesIO(pdf))) for pdf in pdfs]


@contextmanager
def one_typesetter() -> Iterator[Typesetter]:
    with Typesetter() as typesetter:
        yield typesetter
