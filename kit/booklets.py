"""Many PDF files behind one another, in the order in which a printer needs their sides."""

import io
from collections.abc import Iterable
from enum import StrEnum

from pypdf import PageObject, PdfReader, PdfWriter


class Sides(StrEnum):
    """As they are; on a printer of two sides, each paper beginning on a new sheet; or on a printer of one side first
    all fronts and then all backs, for the same order or the other way round."""

    AS_THEY_ARE = "as_they_are"
    TWO_SIDED = "two_sided"
    FRONTS_THEN_BACKS = "fronts_then_backs"
    FRONTS_THEN_BACKS_REVERSED = "fronts_then_backs_reversed"


def bound(papers: Iterable[tuple[str, bytes]], sides: Sides = Sides.AS_THEY_ARE) -> bytes:
    """The papers with their titles as bookmarks; with sides apart the bookmarks lead to the fronts."""
    writer, backs = PdfWriter(), list[PageObject | None]()
    for title, content in papers:
        if sides == Sides.AS_THEY_ARE:
            writer.append(io.BytesIO(content), outline_item=title)
            continue
        pages: list[PageObject | None] = list(PdfReader(io.BytesIO(content)).pages)
        pages += [None] * (len(pages) % 2)
        fronts = pages if sides == Sides.TWO_SIDED else pages[0::2]
        backs += [] if sides == Sides.TWO_SIDED else pages[1::2]
        first = len(writer.pages)
        for page in fronts:
            _add(writer, page)
        writer.add_outline_item(title=title, page_number=first)
    for page in reversed(backs) if sides == Sides.FRONTS_THEN_BACKS_REVERSED else backs:
        _add(writer, page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _add(writer: PdfWriter, page: PageObject | None) -> None:
    """An empty side where a paper has none, of the size of the one before it."""
    if page is None:
        writer.add_blank_page()
    else:
        writer.add_page(page)
