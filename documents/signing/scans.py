"""A PDF that a scanner made: read whole once, and free of anything that does something by itself."""

import io
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from documents.signing.refused import Refused

MOST_PAGES = 60
MOST_OBJECTS = 20_000
# Scripts, actions at opening, programs to start, files inside, forms of another maker, films.
ACTIVE = frozenset(
    {"/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/XFA", "/RichMedia"}
)


def look_at_scan(content: bytes) -> dict[str, Any]:
    if b"%PDF-" not in content[:1024]:
        raise Refused("paper_kind")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused("paper_locked")
        pages = len(reader.pages)
        _refuse_active(reader)
    except Refused:
        raise
    except Exception:  # whatever hostile bytes do to the reader
        raise Refused("paper_broken") from None
    if pages == 0:
        raise Refused("paper_broken")
    if pages > MOST_PAGES:
        raise Refused("paper_long", count=pages, limit=MOST_PAGES)
    return {"pages": pages}


def _refuse_active(reader: PdfReader) -> None:
    """Every object that the document reaches from its root."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            if len(seen) > MOST_OBJECTS:
                raise Refused("paper_long", count=len(reader.pages), limit=MOST_PAGES)
            waiting.append(one.get_object())
        elif isinstance(one, DictionaryObject):
            if ACTIVE & one.keys() or one.get("/S") in ACTIVE or one.get("/Type") == "/EmbeddedFile":
                raise Refused("paper_active")
            waiting += [one.raw_get(name) for name in one]
        elif isinstance(one, ArrayObject):
            waiting += list.__iter__(one)
