"""The scan of a signed paper: a PDF or a picture, known by its content whatever its name says."""

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.pictures import clean_photo

MOST_BYTES: Final = 5 * 1024 * 1024
HEAD, TAIL = 1024, 2048


@dataclass(frozen=True)
class Scan:
    content: bytes
    content_type: str
    extension: str


def clean_scan(content: bytes) -> Scan:
    """A PDF as it is, a picture drawn anew from its pixels. Refuses anything else by ValidationError."""
    if b"%PDF-" in content[:HEAD]:
        if b"%%EOF" not in content[-TAIL:]:
            raise ValidationError(_("This PDF did not arrive whole. Please send it again."), code="scan_broken")
        return Scan(content, "application/pdf", "pdf")
    return Scan(clean_photo(content), "image/jpeg", "jpg")
