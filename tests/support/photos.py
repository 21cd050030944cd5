"""Photos and what pretends to be one, made when a test asks. No picture of a real card."""

import io
import zlib
from typing import Any

from PIL import Image, ImageDraw

HIDDEN = b"rahasia-di-dalam-foto"


def drawn(width: int = 900, height: int = 600, mode: str = "RGB") -> Image.Image:
    """Red in the upper left corner, so that a test sees which way is up."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 3), fill="red")
    draw.rectangle((width // 2, height // 2, width, height), fill="blue")
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 900, height: int = 600) -> bytes:
    return saved(drawn(width, height))


def located(orientation: int = 1) -> bytes:
    """As a phone makes it: the place and the device in EXIF, words in XMP, a comment, a colour profile."""
    image = drawn()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = HIDDEN.decode()
    exif[0x8825] = {1: "S", 2: (6.0, 53.0, 24.0), 3: "E", 4: (109.0, 40.0, 12.0), 29: HIDDEN.decode()}
    return saved(image, exif=exif, comment=HIDDEN, xmp=b"<x:xmpmeta>" + HIDDEN, icc_profile=HIDDEN * 10)


def moving() -> bytes:
    frames = [drawn(), drawn().rotate(90)]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)


def deep() -> bytes:
    """A PNG of 16 bits a point, half bright."""
    return saved(Image.new("I;16", (900, 600), 32768), "PNG")


def bomb(side: int = 20_000) -> bytes:
    """A PNG of a few hundred bytes that unpacks to 400 million points."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def many_scans() -> bytes:
    """A progressive JPEG whose last scan is said over and over."""
    content = saved(drawn(), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 80 + content[-2:]


def segments(jpeg: bytes) -> set[int]:
    """The markers before the picture itself: what kinds of data a JPEG carries."""
    found, place = set(), 2
    while jpeg[place] == 0xFF and jpeg[place + 1] != 0xDA:
        found.add(jpeg[place + 1])
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    return found
