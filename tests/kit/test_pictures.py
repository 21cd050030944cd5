"""Photos of strangers: what is taken, what is refused, and that nothing but pixels is left."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from kit.pictures import AIM_BYTES, LONGEST_SIDE, clean_photo
from tests.support import photos

# JFIF head, tables of quantisation and codes, size of the picture: no EXIF or XMP (E1), profile (E2) or comment (FE).
BARE = {0xE0, 0xDB, 0xC0, 0xC4}


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def is_red(image: Image.Image, x: float, y: float) -> bool:
    red, green, blue = image.getpixel((int(image.width * x), int(image.height * y)))  # type: ignore[misc]  # RGB
    return bool(red > 200 and green < 60 and blue < 60)


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        clean_photo(content)
    return str(caught.value.code)


def test_clean_photo_leaves_nothing_of_the_file_but_its_pixels() -> None:
    sent = photos.located()
    assert (photos.HIDDEN in sent, opened(sent).getexif().get_ifd(0x8825) != {}) == (True, True)
    fresh = clean_photo(sent)
    assert photos.HIDDEN not in fresh
    assert photos.segments(fresh) == BARE
    assert (dict(opened(fresh).getexif()), opened(fresh).format) == ({}, "JPEG")
    assert fresh.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0.1, 0.1)), (3, (0.9, 0.9)), (6, (0.9, 0.1)), (8, (0.1, 0.9)), (2, (0.9, 0.1)), (5, (0.1, 0.1))],
)
def test_clean_photo_stands_upright(orientation: int, corner: tuple[float, float]) -> None:
    fresh = opened(clean_photo(photos.located(orientation)))
    assert is_red(fresh, *corner)
    assert fresh.size == ((600, 900) if orientation in {5, 6, 8} else (900, 600))


@pytest.mark.parametrize(
    "sent",
    [
        photos.saved(photos.drawn(mode="CMYK")),
        photos.saved(photos.drawn(mode="L")),
        photos.saved(photos.drawn(), "PNG"),
        photos.saved(photos.drawn(mode="P"), "PNG"),
        photos.saved(photos.drawn(mode="RGBA"), "PNG"),
        photos.saved(photos.drawn(), "WEBP"),
        photos.saved(photos.drawn(), progressive=True),
    ],
    ids=["cmyk", "grey", "png", "palette", "transparent", "webp", "progressive"],
)
def test_clean_photo_takes_what_cameras_make(sent: bytes) -> None:
    fresh = opened(clean_photo(sent))
    assert (fresh.format, fresh.mode, fresh.size) == ("JPEG", "RGB", (900, 600))


def test_clean_photo_keeps_the_brightness_of_sixteen_bits() -> None:
    grey = opened(clean_photo(photos.deep())).getpixel((450, 300))
    assert grey == (128, 128, 128)


def test_clean_photo_with_a_second_picture_behind_takes_the_first() -> None:
    pair = photos.saved(photos.drawn(), "MPO", save_all=True, append_images=[photos.drawn().rotate(180)])
    assert is_red(opened(clean_photo(pair)), 0.1, 0.1)


def test_clean_photo_is_small_enough_to_send_and_large_enough_to_read() -> None:
    noise = Image.effect_noise((4000, 3000), 60).convert("RGB")
    fresh = clean_photo(photos.saved(noise))
    assert max(opened(fresh).size) == LONGEST_SIDE
    plain = clean_photo(photos.photo(4000, 3000))
    assert len(plain) < AIM_BYTES


JPEG = photos.photo()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "photo_kind"),
        (b"GIF89a" + bytes(100), "photo_kind"),
        (photos.saved(photos.drawn(), "GIF"), "photo_kind"),
        (photos.saved(photos.drawn(), "TIFF"), "photo_kind"),
        (photos.saved(photos.drawn(), "BMP"), "photo_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_kind"),
        (b"<!doctype html><script>alert(1)</script>", "photo_kind"),
        (b"PK\x03\x04" + bytes(100), "photo_kind"),
        (b"%PDF-1.7\n", "photo_pdf"),
        (bytes(4) + b"ftypheic" + bytes(100), "photo_heic"),
        (b"RIFF" + bytes(4) + b"WAVE" + bytes(100), "photo_kind"),
        (JPEG + b"<script>alert(1)</script>", "photo_double"),
        (photos.saved(photos.drawn(), comment=b"<HTML><body>"), "photo_double"),
        (JPEG + b"PK\x05\x06" + bytes(18), "photo_double"),
        (JPEG + b"%PDF-1.4", "photo_double"),
        (JPEG[: len(JPEG) // 2], "photo_broken"),
        (photos.saved(photos.drawn(), "PNG")[:400], "photo_broken"),
        (photos.saved(photos.drawn(), "WEBP")[:200], "photo_broken"),
        (b"\xff\xd8\xff" + bytes(500), "photo_broken"),
        (photos.many_scans(), "photo_broken"),
        (photos.moving(), "photo_moving"),
        (photos.bomb(), "photo_pixels"),
        (photos.saved(Image.new("L", (6000, 5000)), "PNG"), "photo_pixels"),
        (photos.photo(900, 100), "photo_small"),
    ],
)
def test_clean_photo_refuses(sent: bytes, code: str) -> None:
    assert refusal(sent) == code
