"""Photos of receipts, as no browser keeps them."""

import logging

from django.http import Http404, HttpResponse

from incentives.models import UsePhoto
from incentives.queries.after import photo_context
from incentives.views.pitches import HEADERS
from kit.crypto import UndecryptableError, decrypt_file

logger = logging.getLogger(__name__)


def photo_answer(photo: UsePhoto) -> HttpResponse:
    try:
        content = decrypt_file(photo.stored.content(), key=photo.key or "", context=photo_context(photo.line_id))
    except (UndecryptableError, ValueError) as error:
        logger.exception("A photo of a receipt cannot be read.")
        raise Http404 from error
    disposition = {"Content-Disposition": f'inline; filename="nota-{photo.pk}.jpg"'}
    return HttpResponse(content, content_type="image/jpeg", headers=HEADERS | disposition)
