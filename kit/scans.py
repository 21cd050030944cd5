"""The scan of a signed paper: a PDF or a picture, known by its content whatever its name says."""

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kit.pictures import clean_photo
from kit.uploads import TooLargeFile

MOST_BYTES: Final = 5 * 1024 * 1024
HEAD, TAIL = 1024, 2048


@dataclass(frozen=True)
class Scan:
    content: bytes
    content_type: str
    extension: str


def sent_scan(sent: UploadedFile | None) -> Scan:
    """What came in a file field; refuses nothing at all and too much in words, before it is read."""
    if isinstance(sent, TooLargeFile):
        raise ValidationError(_("This file is larger than 5 MB. Please send a smaller one."), code="scan_too_large")
    if not sent or not sent.size:
        raise ValidationError(_("Please choose a photo or a PDF first."), code="scan_needed")
    return clean_scan(sent.read())


def clean_scan(content: bytes) -> Scan:
    """A PDF as it is, a picture drawn anew from its pixels. Refuses anything else by ValidationError."""
    if b"%PDF-" in content[:HEAD]:
        if b"%%EOF" not in content[-TAIL:]:
            raise ValidationError(_("This PDF did not arrive whole. Please send it again."), code="scan_broken")
        return Scan(content, "application/pdf", "pdf")
    return Scan(clean_photo(content), "image/jpeg", "jpg")
