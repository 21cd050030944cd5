"""Pictures that stand for photos of identity cards and for scans: drawn, with invented data, and marked as samples."""

import io

from PIL import Image, ImageDraw, ImageFont

from participants.models import Registration

SIZE = (1280, 808)
INK, PAPER, EDGE = "#1b2a4a", "#dfeaf2", "#7d93ad"


def identity_card(registration: Registration) -> bytes:
    """Not like the real one: enough to compare name, number and birth date."""
    lines = [
        ("NIK", registration.nik),
        ("Nama", registration.full_name.upper()),
        ("Tanggal lahir", f"{registration.birth_date:%d-%m-%Y}"),
        ("Jenis kelamin", "PEREMPUAN" if registration.sex == "female" else "LAKI-LAKI"),
        ("Alamat", registration.address.upper()),
        ("RT/RW", f"{registration.rt}/{registration.rw}"),
        ("Kel/Desa", registration.region.name.upper()),
        ("Pekerjaan", registration.occupation.upper()),
    ]
    return _drawn("KARTU CONTOH UNTUK PERAGAAN", lines)


def sheet_of_paper(title: str, lines: list[tuple[str, str]]) -> bytes:
    """What a scanner would give of a paper; marked as a sample too."""
    return _drawn(title, lines)


def _drawn(title: str, lines: list[tuple[str, str]]) -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    mark = ImageFont.load_default(size=210)
    draw.text((SIZE[0] / 2, SIZE[1] / 2 + 40), "CONTOH", font=mark, fill="#cfdce8", anchor="mm")
    draw.rectangle((12, 12, SIZE[0] - 13, SIZE[1] - 13), outline=EDGE, width=6)
    draw.text((SIZE[0] / 2, 70), title, font=ImageFont.load_default(size=46), fill=INK, anchor="mm")
    font = ImageFont.load_default(size=38)
    for number, (label, value) in enumerate(lines):
        top = 150 + number * 76
        draw.text((60, top), label, font=font, fill=INK)
        draw.text((360, top), f": {value}", font=font, fill=INK)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
