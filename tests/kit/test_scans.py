import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from kit.scans import clean_scan


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "PNG")
    return out.getvalue()


def test_pdf_is_kept_as_it_is() -> None:
    content = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
    assert clean_scan(content).content == content
    assert (clean_scan(content).content_type, clean_scan(content).extension) == ("application/pdf", "pdf")


def test_picture_is_drawn_anew() -> None:
    scan = clean_scan(picture())
    assert (scan.content_type, scan.extension, scan.content[:3]) == ("image/jpeg", "jpg", b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("code", "content"),
    [("scan_broken", b"%PDF-1.7 cut off"), ("photo_kind", b"PK\x03\x04 a letter"), ("photo_kind", b"")],
)
def test_other_files_are_refused(code: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_scan(content)
    assert refusal.value.code == code
