"""Photos that strangers send: known by their content, decoded within limits, and drawn anew from their pixels alone."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

MOST_PIXELS: Final = 25_000_000  # decoded this is 75 MB
LEAST_SIDE: Final = 240  # a number on a card that is smaller cannot be read
LONGEST_SIDE: Final = 2000
EMBLEM_SIDE: Final = 700  # 22 mm at 800 dpi
EMBLEM_LEAST: Final = 120
AIM_BYTES: Final = 600_000
QUALITIES: Final = (82, 72, 60)
# A progressive photo has about ten scans; thousands of empty ones would keep a processor busy for minutes.
MOST_SCANS: Final = 64
SCAN: Final = b"\xff\xda"
# How a file of each kind begins -> the formats of Pillow that may read it. MPO is a JPEG with a second picture behind.
KINDS: Final = (
    (b"\xff\xd8\xff", ("JPEG", "MPO")),
    (b"\x89PNG\r\n\x1a\n", ("PNG",)),
)
FOREIGN: Final = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"%pdf-", b"javascript:")
ZIP_END: Final = b"PK\x05\x06"
ZIP_TAIL: Final = 66_000

ORIENTATION: Final = 0x0112
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

NOT_A_PHOTO = _("This is not a photo that we can take. Please send a JPEG, PNG or WebP picture.")
HEIC = _(
    "This photo has the format HEIC. In the settings of the camera choose the most compatible format (JPEG), or send a"
    " picture of the screen."
)
PDF = _("This is a PDF. Please send a photo of the document.")
DOUBLE = _("This file holds more than a picture. Please take a new photo with the camera.")
MOVING = _("This picture moves. Please send a still photo.")
BROKEN = _("This photo did not arrive whole or is damaged. Please send it again.")
TOO_MANY_PIXELS = _("This photo has more than 25 megapixels. Please choose a smaller size in the camera.")
TOO_SMALL = _("This photo is too small to be read. Please take it closer and sharper.")

# Decoded photos are large: so many at once in one process, the next visitor waits a moment.
_places = threading.BoundedSemaphore(2)


def clean_photo(content: bytes) -> bytes:
    """A fresh JPEG of the same picture, upright, with nothing in it but pixels. Refuses by ValidationError."""
    formats = _formats_of(content)
    with _places:
        return _drawn_anew(content, formats)


def clean_emblem(content: bytes) -> bytes:
    """A fresh PNG of a coat of arms or logo, see-through where it was, at most EMBLEM_SIDE points a side."""
    formats = _formats_of(content)
    with _places:
        image = _decoded(content, formats, least=EMBLEM_LEAST)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _decoded(content: bytes, formats: tuple[str, ...], least: int) -> Image.Image:
    with _refusing(), Image.open(io.BytesIO(content), formats=formats) as image:
        _refuse_by_size(image, least)
        image.load()
        drawn = image.convert("RGBA")
        drawn.thumbnail((EMBLEM_SIDE, EMBLEM_SIDE), Image.Resampling.LANCZOS)
        fresh = Image.new("RGBA", drawn.size)
        fresh.paste(drawn)
        return fresh


def _formats_of(content: bytes) -> tuple[str, ...]:
    """By the first bytes, whatever name or type the browser gave. Refuses what is another kind of file as well."""
    formats = next((found for start, found in KINDS if content.startswith(start)), ())
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        formats = ("WEBP",)
    if not formats:
        raise _what_it_is(content)
    lowered = content.lower()
    if any(mark in lowered for mark in FOREIGN) or ZIP_END in content[-ZIP_TAIL:]:
        raise ValidationError(DOUBLE, code="photo_double")
    if content.count(SCAN) > MOST_SCANS:
        raise ValidationError(BROKEN, code="photo_broken")
    return formats


def _what_it_is(content: bytes) -> ValidationError:
    if content[4:8] == b"ftyp":
        return ValidationError(HEIC, code="photo_heic")
    if content.lstrip()[:5] == b"%PDF-":
        return ValidationError(PDF, code="photo_pdf")
    return ValidationError(NOT_A_PHOTO, code="photo_kind")


def _drawn_anew(content: bytes, formats: tuple[str, ...]) -> bytes:
    with _refusing():
        with Image.open(io.BytesIO(content), formats=formats) as image:
            _refuse_by_size(image, LEAST_SIDE)
            image.verify()
        with Image.open(io.BytesIO(content), formats=formats) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is made smaller while it is decoded
            image.load()
            fresh = _pixels_of(image)
    return _packed(fresh)


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever hostile bytes do to a decoder, it is said in two sentences."""
    try:
        yield
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(TOO_MANY_PIXELS, code="photo_pixels") from None
    except Exception:  # a decoder that was given hostile bytes fails in many ways, and each means the same
        raise ValidationError(BROKEN, code="photo_broken") from None


def _refuse_by_size(image: Image.Image, least: int) -> None:
    """Before anything is decoded: the header has told the size."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise ValidationError(TOO_MANY_PIXELS, code="photo_pixels")
    if min(width, height) < least:
        raise ValidationError(TOO_SMALL, code="photo_small")
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise ValidationError(MOVING, code="photo_moving")


def _pixels_of(image: Image.Image) -> Image.Image:
    """Upright, on white, in red, green and blue, in a new picture that has no memory of the file."""
    orientation = image.getexif().get(ORIENTATION)
    turn = TURNS.get(orientation) if isinstance(orientation, int) else None
    if image.mode.startswith("I"):  # 16 bits a point
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    fresh = Image.new("RGB", image.size, "white")
    fresh.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return fresh if turn is None else fresh.transpose(turn)


def _packed(image: Image.Image) -> bytes:
    """A JPEG of about AIM_BYTES at most, as sharp as that allows."""
    packed = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        packed = out.getvalue()
        if len(packed) <= AIM_BYTES:
            break
    return packed
