"""PDF files without words."""

import io

from pypdf import PdfWriter


def blank(pages: int) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _number in range(pages):
        writer.add_blank_page(200, 100)
    writer.write(out)
    return out.getvalue()
