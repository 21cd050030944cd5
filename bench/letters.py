"""The invitation once more, as ReportLab draws it: what the portal is held against. It needs no Django."""

import io
import os
from pathlib import Path
from typing import Any

import segno
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

WIDTH, HEIGHT = 215 * mm, 330 * mm
LEFT, RIGHT = 25 * mm, WIDTH - 20 * mm
BODY = ParagraphStyle(
    "body", fontName="Times-Roman", fontSize=11.5, leading=15, alignment=TA_JUSTIFY, firstLineIndent=34
)
PLAIN = ParagraphStyle("plain", fontName="Times-Roman", fontSize=11.5, leading=15)
HEAD = ParagraphStyle("head", fontName="Times-Bold", fontSize=14, leading=17, alignment=TA_CENTER)
SMALL = ParagraphStyle("small", fontName="Times-Roman", fontSize=8, leading=9)


def write_letter(folder: str, printed: dict[str, Any]) -> None:
    """One file, on the disk before the next begins, as the portal keeps its own."""
    path = Path(folder) / f"{printed['verify_url'].rstrip('/').rpartition('/')[2]}.pdf"
    with path.open("wb") as handle:
        handle.write(letter(printed))
        handle.flush()
        os.fsync(handle.fileno())


def letter(printed: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setTitle(printed["title"])
    top = HEIGHT - 15 * mm
    for part in ("line1", "line2", "address", "contact"):
        top = _flow(canvas, printed["head"].get(part) or "", HEAD if part.startswith("line") else SMALL, top)
    canvas.setLineWidth(2.4)
    canvas.line(LEFT, top - 4, RIGHT, top - 4)
    top = _facts(canvas, printed, top - 20)
    for code in ("opening", "middle"):
        for text in printed["texts"].get(code, []):
            top = _flow(canvas, text, BODY, top - 6)
    for label, value in printed["body"].get("details", []):
        top = _row(canvas, label, value, top - 2, LEFT + 34)
    for text in printed["texts"].get("closing", []):
        top = _flow(canvas, text, BODY, top - 6)
    _end(canvas, printed, top - 20)
    canvas.save()
    return out.getvalue()


def _facts(canvas: Canvas, printed: dict[str, Any], top: float) -> float:
    body = printed["body"]
    canvas.setFont("Times-Roman", 11.5)
    canvas.drawRightString(RIGHT, top, f"{printed['place']}, {printed['date']}")
    rows = (("Nomor", printed["number"]), ("Sifat", body["nature"]), ("Lampiran", "-"), ("Hal", body["subject"]))
    for label, value in rows:
        top = _row(canvas, label, value, top - 2, LEFT)
    for line in body["to"]:
        top = _flow(canvas, line, PLAIN, top - 2)
    return top


def _end(canvas: Canvas, printed: dict[str, Any], top: float) -> None:
    who = printed["signatories"][0]
    canvas.setFont("Times-Roman", 11.5)
    for number, line in enumerate((*who["lines"], "", "", "", who["name"], who["rank"], f"NIP. {who['written_nip']}")):
        canvas.drawString(RIGHT - 78 * mm, top - 15 * number, line)
    _qr(canvas, printed["verify_url"], LEFT, top - 90, 19 * mm)
    for number, line in enumerate(printed["body"].get("copies", [])):
        canvas.drawString(LEFT, top - 130 - 14 * number, f"{number + 1}. {line}")


def _qr(canvas: Canvas, address: str, left: float, bottom: float, size: float) -> None:
    """As one path: the widget of ReportLab takes four times as long."""
    code = segno.make(address, error="m", micro=False, mask=3)
    side, path = size / len(code.matrix), canvas.beginPath()
    for row, line in enumerate(reversed(list(code.matrix))):
        for place, dark in enumerate(line):
            if dark:
                path.rect(left + place * side, bottom + row * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)


def _row(canvas: Canvas, label: str, value: str, top: float, left: float) -> float:
    canvas.setFont("Times-Roman", 11.5)
    canvas.drawString(left, top - 12, label)
    return _flow(canvas, f": {value}", PLAIN, top, left + 80)


def _flow(canvas: Canvas, text: str, style: ParagraphStyle, top: float, left: float = LEFT) -> float:
    paragraph = Paragraph(text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br/>"), style)
    _width, height = paragraph.wrap(RIGHT - left, HEIGHT)
    paragraph.drawOn(canvas, left, top - height)
    return float(top - height)
