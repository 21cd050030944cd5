"""The invitation drawn by ReportLab, as a good plain build of it would: measures of the page from `layouts/letter.typ`.

The standard font Times lies in every reader, so that nothing is embedded: that is less work than the portal's own file.
"""

import base64
import io
from functools import lru_cache
from typing import Any

import segno
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

WIDTH, HEIGHT, LEFT, RIGHT, TOP = 215 * mm, 330 * mm, 25 * mm, 20 * mm, 15 * mm
SIZE, LEADING = 11.5, 15.5
INDENTED = ParagraphStyle(
    "indented", fontName="Times-Roman", fontSize=SIZE, leading=LEADING, alignment=TA_JUSTIFY, firstLineIndent=12 * mm
)
PLAIN = ParagraphStyle("plain", fontName="Times-Roman", fontSize=SIZE, leading=LEADING)
TINY = ParagraphStyle("tiny", fontName="Times-Roman", fontSize=7.5, leading=9)


class Page:
    """A canvas and how far down it is filled."""

    def __init__(self, out: io.BytesIO) -> None:
        self.canvas, self.y = Canvas(out, pagesize=(WIDTH, HEIGHT), pageCompression=1), HEIGHT - TOP

    def text(self, words: str, style: ParagraphStyle = PLAIN, x: float = LEFT, width: float = 0) -> None:
        set_words = Paragraph(words, style)
        _wide, high = set_words.wrap(width or WIDTH - RIGHT - x, HEIGHT)
        self.y -= high
        set_words.drawOn(self.canvas, x, self.y)
        self.y -= 3

    def centred(self, words: str, size: float, font: str = "Times-Roman") -> None:
        self.y -= size * 1.2
        self.canvas.setFont(font, size)
        self.canvas.drawCentredString(WIDTH / 2 + 8 * mm, self.y, words)

    def facts(self, rows: list[list[str]], x: float = LEFT, label: float = 20 * mm) -> None:
        for name, value in rows:
            top = self.y
            self.text(f": {value}", x=x + label)
            self.canvas.setFont("Times-Roman", SIZE)
            self.canvas.drawString(x, top - SIZE, name)


def letter(paper: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    page = Page(out)
    page.canvas.setTitle(paper["title"])
    _head(page, paper["head"])
    body = paper["body"]
    page.y -= LEADING
    page.canvas.setFont("Times-Roman", SIZE)
    page.canvas.drawRightString(WIDTH - RIGHT, page.y, f"{paper['place']}, {paper['date']}")
    page.facts(
        [["Nomor", paper["number"]], ["Sifat", "Biasa"], ["Lampiran", "-"], ["Hal", f"<b>{body['subject']}</b>"]]
    )
    page.y -= 4 * mm
    for line in ("Yth. <b>" + body["to"][0] + "</b>", *body["to"][1:], f"di {body['in']}"):
        page.text(line)
    _texts(page, paper, body)
    _end(page, paper, body)
    page.canvas.showPage()
    page.canvas.save()
    return out.getvalue()


@lru_cache(maxsize=2)
def _arms(address: str) -> ImageReader:
    return ImageReader(io.BytesIO(base64.b64decode(address.partition(",")[2])))


def _head(page: Page, head: dict[str, Any]) -> None:
    if head["arms"]:
        page.canvas.drawImage(_arms(head["arms"]), LEFT, page.y - 24 * mm, 22 * mm, 24 * mm, mask="auto")
    page.centred(head["line1"].upper(), 13)
    page.centred(head["line2"].upper(), 15.5, "Times-Bold")
    page.centred(head["address"], 9.5)
    page.centred(head["contact"], 9.5)
    page.y = min(page.y, HEIGHT - TOP - 25 * mm) - 2 * mm
    for width in (2.4, 0.7):
        page.canvas.setLineWidth(width)
        page.canvas.line(LEFT, page.y, WIDTH - RIGHT, page.y)
        page.y -= 2.6


def _texts(page: Page, paper: dict[str, Any], body: dict[str, Any]) -> None:
    texts = paper["texts"]
    for line in lines(texts["opening"]):
        page.text(line, INDENTED)
    page.facts(body["details"], LEFT + 12 * mm, 30 * mm)
    for line in lines(texts["middle"]):
        page.text(line, INDENTED)
    for number, line in enumerate(lines(texts["items"]), 1):
        page.text(f"{number}. {line}", x=LEFT + 12 * mm)
    for line in lines(texts["closing"]):
        page.text(line, INDENTED)


def lines(text: str | list[str]) -> list[str]:
    parts = text.split("\n") if isinstance(text, str) else text
    return [line for line in parts if line.strip()]


def _end(page: Page, paper: dict[str, Any], body: dict[str, Any]) -> None:
    right, who = WIDTH - RIGHT - 78 * mm, paper["signatories"][0]
    page.y -= 5 * mm
    for line in who["lines"]:
        page.text(line, x=right)
    page.y -= 21 * mm
    page.text(f"<u><b>{who['name']}</b></u>", x=right)
    page.text(f"{who['rank']}, {who['grade']}", x=right)
    page.text(f"NIP. {who['written_nip']}", x=right)
    _code(page.canvas, paper["verify_url"], LEFT, page.y)
    top, page.y = page.y, page.y + 12 * mm
    said = f"Keaslian naskah ini dapat diperiksa dengan memindai kode QR atau di {paper['verify_url']}"
    page.text(said, TINY, LEFT + 22 * mm, 46 * mm)
    page.y = top - 3 * mm
    page.text("<u>Tembusan:</u>")
    for number, line in enumerate(body["copies"], 1):
        page.text(f"{number}. {line}")


def _code(canvas: Canvas, address: str, x: float, y: float) -> None:
    """All dark squares of the code as one path."""
    rows = list(segno.make(address, error="m", micro=False, mask=3).matrix)
    side, path = 19 * mm / len(rows), canvas.beginPath()
    for line, row in enumerate(rows):
        for column, dark in enumerate(row):
            if dark:
                path.rect(x + column * side, y + (len(rows) - 1 - line) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
