"""A PDF from which only the drawing of its pages is taken over: no links, scripts, forms, files inside or properties.

A new document is begun and each page brings its content with what that draws with. What a page or the document does
beside drawing is not looked for in order to be removed: it is never copied.
"""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
)

from kit.tables.refused import Refused

MOST_OBJECTS = 20_000
# Beyond this nothing is a page of slides, and a viewer would need the memory of a wall.
LONGEST_SIDE = 14_400
PAGE_KEYS = ("/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/UserUnit")
# The names below these are free: a font may be called /AA.
FREE_NAMES = frozenset(
    {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties", "/CharProcs"}
)
# What does something, or carries something that is not drawn.
DROPPED = frozenset(
    {
        *("/A", "/AA", "/AF", "/Annots", "/EF", "/EmbeddedFiles", "/JS", "/JavaScript", "/Launch", "/Metadata"),
        *("/OC", "/OPI", "/OpenAction", "/Parent", "/PieceInfo", "/Ref", "/RichMediaContent", "/StructParent"),
        *("/StructParents", "/Thumb", "/URI", "/XFA", "/Alternates", "/LastModified"),
    }
)
# Whole objects of these kinds are no drawing, whatever points to them.
FOREIGN_TYPES = frozenset(
    {"/Action", "/Annot", "/Catalog", "/EmbeddedFile", "/Filespec", "/Outlines", "/Page", "/Pages"}
)
# The data of such a stream lies in another file.
OUTSIDE = frozenset({"/F", "/FFilter", "/FDecodeParms"})


def rewrite(content: bytes, most_pages: int) -> tuple[bytes, int]:
    """The fresh PDF and its number of pages; `Refused` with kind, locked, broken, empty, long or heavy."""
    if b"%PDF-" not in content[:1024]:
        raise Refused("kind")
    try:
        return _written_anew(content, most_pages)
    except (Refused, MemoryError):
        raise
    except Exception:  # whatever hostile bytes do to the reader
        raise Refused("broken") from None


def _written_anew(content: bytes, most_pages: int) -> tuple[bytes, int]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("locked")
    count = len(reader.pages)
    if count == 0:
        raise Refused("empty")
    if count > most_pages:
        raise Refused("long", count=count, limit=most_pages)
    writer = PdfWriter()
    copier = Copier(writer)
    for page in reader.pages:
        box = page.mediabox
        if not (0 < box.width <= LONGEST_SIDE and 0 < box.height <= LONGEST_SIDE):
            raise Refused("broken")
        fresh = writer.add_blank_page(width=float(box.width), height=float(box.height))
        for key in PAGE_KEYS:
            value = _inherited(page, key)
            if value is not None:
                fresh[NameObject(key)] = copier.copy(value, free=False)
    out = io.BytesIO()
    writer.metadata = None
    writer.write(out)
    return out.getvalue(), count


def _inherited(page: DictionaryObject, key: str) -> Any:
    """Boxes, turns and resources may stand at a node above the page."""
    node: Any = page
    for _step in range(50):
        if not isinstance(node, DictionaryObject):
            return None
        if key in node:
            return node.raw_get(key)
        above = node.get("/Parent")
        node = above.get_object() if above is not None else None
    return None


class Copier:
    """Takes over what is drawn with, each object once, however often pages share it."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.known: dict[tuple[int, int], IndirectObject] = {}

    def copy(self, value: Any, *, free: bool) -> PdfObject:
        if isinstance(value, IndirectObject):
            return self._shared(value, free=free)
        if isinstance(value, ArrayObject):
            return ArrayObject(self.copy(one, free=False) for one in list.__iter__(value))
        if isinstance(value, DictionaryObject):
            return self._dictionary(value, free=free)
        if isinstance(value, PdfObject):
            return value.clone(self.writer)
        raise Refused("broken")

    def _shared(self, value: IndirectObject, *, free: bool) -> PdfObject:
        key = (value.idnum, value.generation)
        if key in self.known:
            return self.known[key]
        if len(self.known) >= MOST_OBJECTS:
            raise Refused("heavy")
        # The place is taken before the object is followed: fonts and forms may lead back to themselves.
        place = self.writer._add_object(NullObject())
        self.known[key] = place
        found = self.copy(value.get_object(), free=free)
        self.writer._objects[place.idnum - 1] = found
        return place

    def _dictionary(self, value: DictionaryObject, *, free: bool) -> PdfObject:
        is_stream = isinstance(value, StreamObject)
        if not free and (value.get("/Type") in FOREIGN_TYPES or value.get("/Subtype") == "/PS"):
            return NullObject()
        if is_stream and OUTSIDE & value.keys():
            return NullObject()
        fresh: DictionaryObject = StreamObject() if is_stream else DictionaryObject()
        for name, held in _kept(value, free):
            fresh[NameObject(name)] = self.copy(held, free=not free and name in FREE_NAMES)
        if isinstance(fresh, StreamObject) and isinstance(value, StreamObject):
            fresh._data = value._data
        return fresh


def _kept(value: DictionaryObject, free: bool) -> Iterator[tuple[str, Any]]:
    for name in value:
        if free or (name not in DROPPED and name != "/Length"):
            yield name, value.raw_get(name)
