"""The certificate drawn by ReportLab, as a good plain build of it would: the frame once for all, front and back.

The standard font Times lies in every reader, so that nothing is embedded: that is less work than the portal's own file.
"""

import base64
import io
from functools import lru_cache
from typing import Any

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

WIDTH, HEIGHT = landscape(A4)
INDIGO, GOLD = HexColor("#26397f"), HexColor("#b4690e")
TILE, BAND, EDGE = 5 * mm, 10 * mm, 8.5 * mm
CENTRED = ParagraphStyle("centred", fontName="Times-Roman", fontSize=11.5, leading=14, alignment=TA_CENTER)
LARGE = ParagraphStyle("large", parent=CENTRED, fontName="Times-Bold", fontSize=17, leading=20)
NAME = ParagraphStyle("name", parent=CENTRED, fontName="Times-Bold", fontSize=28, leading=32, textColor=INDIGO)
TITLE = ParagraphStyle("title", parent=NAME, fontSize=34, leading=40)
SMALL = ParagraphStyle("small", fontName="Times-Roman", fontSize=7.5, leading=9)
LINES = TableStyle([("GRID", (0, 0), (-1, -1), 0.6, "black"), ("FONT", (0, 0), (-1, -1), "Times-Roman", 10.5)])


def certificate(paper: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    canvas.setTitle(paper["title"])
    _front(canvas, paper)
    canvas.showPage()
    _back(canvas, paper)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _front(canvas: Canvas, paper: dict[str, Any]) -> None:
    _frame(canvas)
    body, texts, head = paper["body"], paper["texts"], paper["head"]
    y = HEIGHT - 22 * mm - 19 * mm
    if head["arms"]:
        canvas.drawImage(_arms(head["arms"]), WIDTH / 2 - 8.7 * mm, y, 17.4 * mm, 19 * mm, mask="auto")
    told = [
        (head["line1"].upper(), CENTRED),
        (f"<b>{head['line2'].upper()}</b>", CENTRED),
        (" ".join(body["heading"].upper()), TITLE),
        (f"Nomor {paper['number']}", CENTRED),
        (_words(texts["given"]), CENTRED),
        (body["name"], NAME),
        (body["of"], CENTRED),
        (_words(texts["took_part"]), CENTRED),
        (_words(texts["training"]), LARGE),
        (_words(texts["held"]), CENTRED),
    ]
    for words, style in told:
        y = _text(canvas, words, style, y, 30 * mm, WIDTH - 60 * mm)
    who, x, y = paper["signatories"][0], WIDTH - 122 * mm, 66 * mm
    lines = [f"{paper['place']}, {paper['date']}", *who["lines"], "", "", f"<u><b>{who['name']}</b></u>"]
    for words in [*lines, f"{who['rank']}, {who['grade']}", f"NIP. {who['written_nip']}"]:
        y = _text(canvas, words or "&nbsp;", ParagraphStyle("left", parent=CENTRED, alignment=0), y, x, 92 * mm)
    _check(canvas, paper["verify_url"], 30 * mm)


def _back(canvas: Canvas, paper: dict[str, Any]) -> None:
    body, texts = paper["body"], paper["texts"]
    canvas.setStrokeColor(INDIGO)
    canvas.rect(10 * mm, 10 * mm, WIDTH - 20 * mm, HEIGHT - 20 * mm)
    y = HEIGHT - 24 * mm
    for words, style in (("MATERI PELATIHAN", LARGE), (_words(texts["training"]), CENTRED)):
        y = _text(canvas, words, style, y, 30 * mm, WIDTH - 60 * mm)
    canvas.setFont("Times-Roman", 11.5)
    for label, value in [["Nama", body["name"]], ["Nomor sertifikat", paper["number"]], *body["facts"]]:
        y -= 16
        canvas.drawString(30 * mm, y, label)
        canvas.drawString(62 * mm, y, f": {value}")
    table = body["materials"]
    rows = [[one["label"] for one in table["columns"]], *table["rows"], ["", "Jumlah", body["hours"], ""]]
    drawn = Table(rows, colWidths=[10 * mm, 120 * mm, 18 * mm, 89 * mm], style=LINES)
    _wide, high = drawn.wrap(WIDTH, HEIGHT)
    drawn.drawOn(canvas, 30 * mm, y - high - 8)
    for number, words in enumerate(texts["note"]):
        _text(canvas, words, SMALL, 34 * mm - number * 10, 30 * mm, 120 * mm)
    _check(canvas, paper["verify_url"], WIDTH - 100 * mm)


def _words(lines: list[str]) -> str:
    return "<br/>".join(lines)


def _text(canvas: Canvas, words: str, style: ParagraphStyle, y: float, x: float, width: float) -> float:
    drawn = Paragraph(words, style)
    _wide, high = drawn.wrap(width, HEIGHT)
    drawn.drawOn(canvas, x, y - high)
    return y - high - 3


def _frame(canvas: Canvas) -> None:
    """One flower as a form, put wherever it stands."""
    canvas.setStrokeColor(INDIGO)
    canvas.beginForm("kawung")
    for turn in range(4):
        canvas.saveState()
        canvas.rotate(90 * turn)
        canvas.bezier(0.3 * mm, 0.3 * mm, 1.5 * mm, 0.3 * mm, 2.25 * mm, 1.05 * mm, 2.25 * mm, 2.25 * mm)
        canvas.bezier(2.25 * mm, 2.25 * mm, 1.05 * mm, 2.25 * mm, 0.3 * mm, 1.5 * mm, 0.3 * mm, 0.3 * mm)
        canvas.restoreState()
    canvas.endForm()
    across, down = int((WIDTH - 14 * mm) / TILE), int((HEIGHT - 14 * mm) / TILE)
    for column in range(across):
        for row in range(down):
            if column < 2 or column >= across - 2 or row < 2 or row >= down - 2:
                canvas.saveState()
                canvas.translate(EDGE + (column + 0.5) * TILE, EDGE + (row + 0.5) * TILE)
                canvas.doForm("kawung")
                canvas.restoreState()
    canvas.rect(EDGE, EDGE, across * TILE, down * TILE)
    canvas.rect(EDGE + BAND, EDGE + BAND, across * TILE - 2 * BAND, down * TILE - 2 * BAND)


@lru_cache(maxsize=2)
def _arms(address: str) -> ImageReader:
    return ImageReader(io.BytesIO(base64.b64decode(address.partition(",")[2])))


def _check(canvas: Canvas, address: str, x: float) -> None:
    """The code, all its dark squares as one path, and where anybody may look."""
    rows = list(segno.make(address, error="m", micro=False, mask=3).matrix)
    side, path, y = 21 * mm / len(rows), canvas.beginPath(), 22 * mm
    for line, row in enumerate(rows):
        for column, dark in enumerate(row):
            if dark:
                path.rect(x + column * side, y + (len(rows) - 1 - line) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
    said = f"Keaslian naskah ini dapat diperiksa dengan memindai kode QR atau di {address}"
    _text(canvas, said, SMALL, y + 12 * mm, x + 23.5 * mm, 46 * mm)
