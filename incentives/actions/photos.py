"""Photos of receipts in a report: drawn anew, and kept encrypted under a key of their own."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incentives.actions.files import check_space
from incentives.models import UseLine, UsePhoto, UseReport
from incentives.queries.after import photo_context
from jobs.actions import drop_file, keep_file
from kit.crypto import encrypt_file, new_file_key
from kit.pictures import clean_photo


@transaction.atomic
def add_use_photo(*, line: UseLine, content: bytes, by: None = None) -> UsePhoto:
    """Takes the place of the one before. The same form sent again leaves one photo."""
    check_space()
    clean = clean_photo(content)
    report = UseReport.objects.select_for_update(no_key=True).get(pk=line.report_id)
    if not report.is_owed:
        raise ValidationError(_("This report was sent already."), code="report_sent")
    drop_photos(lines=[line], by=by)
    photo = UsePhoto(line=line, key=new_file_key())
    sealed = encrypt_file(clean, key=str(photo.key), context=photo_context(line.pk))
    agency, mime = report.award.competition.program.agency, "application/octet-stream"
    photo.stored = keep_file(agency=agency, name=f"use-{line.pk}", content=sealed, content_type=mime, by=by)
    photo.save(force_insert=True)
    return photo


@transaction.atomic
def drop_photos(*, lines: Sequence[UseLine], by: User | None) -> None:
    """Rows and keys go in this transaction, the bytes after its commit."""
    for photo in UsePhoto.objects.filter(line__in=lines).select_related("stored"):
        stored = photo.stored
        photo.delete()
        drop_file(stored=stored, by=by)
