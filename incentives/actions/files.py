"""Files of a pitch: looked at, drawn or written anew, and kept encrypted under a key of their own."""

import logging
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incentives import queries
from incentives.models import Entry, EntryFile
from jobs.actions import drop_file, keep_file
from jobs.models import StoredFile
from kit.crypto import encrypt_file, new_file_key
from kit.pictures import clean_photo
from kit.refusals import spoken_refusals
from kit.slides.apart import clean_slides

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
FULL = _("Files cannot be stored at the moment, because the office's storage is full. Your words are safe.")
CLOSED = _("This pitch can no longer be changed.")


@transaction.atomic
def add_pitch_file(
    *, entry: Entry, kind: str, content: bytes, form_key: uuid.UUID, by: User | None = None
) -> EntryFile:
    """Keeps what is drawn of it, and nothing else. The same form sent twice adds a file once."""
    name = f"pitch-{form_key.hex}"
    check_space()
    pages = 1
    if kind == EntryFile.Kind.SLIDES:
        slides = clean_slides(content)
        clean, pages = slides.content, slides.pages
    else:
        clean = clean_photo(content)
    fresh = _open_entry(entry)
    known = fresh.files.filter(stored__name=name, kind=kind).first()
    if known is not None:
        return known
    _make_room(fresh, kind, by)
    row = EntryFile(entry=fresh, kind=kind, key=new_file_key(), pages=pages)
    sealed = encrypt_file(clean, key=str(row.key), context=queries.file_context(fresh.pk, kind))
    agency, mime = fresh.competition.program.agency, "application/octet-stream"
    row.stored = keep_file(agency=agency, name=name, content=sealed, content_type=mime, by=by)
    with spoken_refusals(EntryFile):
        row.save(force_insert=True)
    return row


def check_space() -> None:
    """What residents send never fills the disk that everything else needs."""
    if StoredFile.objects.free_space() < settings.EVIDENCE["least_free_mb"] * MEGABYTE:
        logger.error("No file about a competition is taken any more: the disk is full.")
        raise ValidationError(FULL, code="files_full")


def _open_entry(entry: Entry) -> Entry:
    Entry.objects.select_for_update().values_list("pk").get(pk=entry.pk)
    fresh = Entry.objects.select_related("competition__program__agency", "competition__edition").get(pk=entry.pk)
    registration = fresh.registration
    if registration is None or queries.obstacle(fresh.competition, registration, fresh, timezone.now()):
        raise ValidationError(CLOSED, code="entry_closed")
    return fresh


def _make_room(entry: Entry, kind: str, by: User | None) -> None:
    """New slides take the place of the old ones; of pictures there are at most four."""
    same = list(entry.files.filter(kind=kind).select_related("stored"))
    if kind == EntryFile.Kind.SLIDES:
        drop_files(files=same, by=by)
    elif len(same) >= queries.MOST_PICTURES:
        sentence = _("There are %(most)d pictures already. Remove one first.")
        raise ValidationError(sentence, code="pictures_many", params={"most": queries.MOST_PICTURES})


@transaction.atomic
def remove_pitch_file(*, file: EntryFile, by: User | None = None) -> None:
    entry = _open_entry(file.entry)
    drop_files(files=list(entry.files.filter(pk=file.pk).select_related("stored")), by=by)


@transaction.atomic
def drop_files(*, files: Sequence[EntryFile], by: User | None) -> None:
    """Rows and keys go in this transaction, the bytes after its commit."""
    for file in files:
        stored = file.stored
        file.delete()
        drop_file(stored=stored, by=by)
