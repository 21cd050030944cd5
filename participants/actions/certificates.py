"""Certificates reach their people: told by message, fetched by themselves, printed for the village hall."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import Agency, User
from documents.actions import reprint
from documents.models import Document, Method
from jobs.actions import store_file
from jobs.models import StoredFile
from participants import notices, queries
from participants.models import Registration
from participants.permissions import can_write_to
from programs.models import Batch

AT_ONCE = 100
PRINT_KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def tell_certificates(*, batch: Batch, by: User) -> int:
    """One message to everybody whose certificate is in force and who has not been told of it. How many were new."""
    if not can_write_to(by, batch):
        raise PermissionDenied
    documents = queries.issued_in(batch).defer("content").iterator(chunk_size=AT_ONCE)
    told = 0
    while some := list(islice(documents, AT_ONCE)):
        told += notices.tell_certificates(batch, _with_owners(batch, some))
    if told:
        record(action="certificates.told", by=by, target=batch, agency=batch.program.agency, changes={"messages": told})
    return told


def _with_owners(batch: Batch, documents: Sequence[Document]) -> list[tuple[Document, Registration]]:
    keys = {int(document.subject.partition(":")[2]): document for document in documents}
    entries = batch.registrations.filter(pk__in=keys).defer("nik").order_by("pk")
    return [(keys[entry.pk], entry) for entry in entries]


@transaction.atomic
def certificate_bytes(*, document: Document, by: User | None) -> bytes:
    """The file to hand out: as it was signed on the screen, else as it was issued, to be signed by hand."""
    signed = document.signatures.standing().exclude(method=Method.WET).order_by("-pk").select_related("file").first()
    return signed.file.content() if signed else reprint(document=document, by=by)


@transaction.atomic
def note_certificate_fetched(*, registration: Registration, document: Document, by: None = None) -> None:
    """The owner took the file; whose it is can read so in the trail of the own data."""
    record(
        action="certificate.fetched",
        by=by,
        target=document,
        subject=registration.person or registration,
        agency=document.agency,
        actor_label="resident",
    )


@transaction.atomic
def keep_certificates_print(
    *, agency: Agency, name: str, content: bytes, content_type: str, count: int, by: User
) -> StoredFile:
    """What was put together for the printer, kept for a day; the trail says who took how many."""
    until = timezone.now() + PRINT_KEPT_FOR
    stored = store_file(agency=agency, name=name, content=content, content_type=content_type, expires_at=until, by=by)
    record(action="certificates.printed", by=by, target=stored, agency=agency, changes={"count": count})
    return stored
