"""Papers that staff send: a PDF without programs in it, or a picture that is drawn anew."""

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kit.pictures import clean_photo

PDF_TYPE, PICTURE_TYPE = "application/pdf", "image/jpeg"
MOST_PAGES = 200
# Names that make a PDF do something when it is opened.
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")


def checked_paper(content: bytes) -> tuple[bytes, str]:
    """What may be kept, and its kind. A signed PDF stays byte for byte as it is."""
    if content[:5] == b"%PDF-":
        _check_pdf(content)
        return content, PDF_TYPE
    return clean_photo(content), PICTURE_TYPE


def _check_pdf(content: bytes) -> None:
    if any(name in content for name in ACTIVE):
        raise ValidationError(
            _("This PDF holds a program or another file. Please print it to a new PDF and send that."),
            code="pdf_active",
        )
    try:
        reader = PdfReader(io.BytesIO(content))
        locked, pages = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
    except (PyPdfError, ValueError, KeyError, RecursionError, AttributeError, TypeError) as error:
        raise ValidationError(_("This PDF is damaged. Please make it again."), code="pdf_broken") from error
    if locked:
        raise ValidationError(_("This PDF is locked with a password. Please send it without."), code="pdf_locked")
    if not 1 <= pages <= MOST_PAGES:
        raise ValidationError(_("A PDF has 1 to 200 pages."), code="pdf_pages")
