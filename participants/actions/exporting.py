"""Taking data of many residents out of the portal."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import User
from jobs.actions import store_file
from jobs.models import StoredFile
from kit.sheets import XLSX
from participants.models import RegistrationImport
from programs.models import Batch

KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def keep_export(
    *, batch: Batch, name: str, content: bytes, count: int, full_numbers: bool, purpose: str, by: User
) -> StoredFile:
    """Keeps a sheet of registrations for a day; who took how many, with which numbers and what for, is written down."""
    agency = batch.program.agency
    record(
        action="registrations.exported",
        by=by,
        target=batch,
        agency=agency,
        purpose=purpose,
        changes={"count": count, "full_numbers": full_numbers},
    )
    expires_at = timezone.now() + KEPT_FOR
    return store_file(agency=agency, name=name, content=content, content_type=XLSX, expires_at=expires_at, by=by)


@transaction.atomic
def keep_mistakes(*, upload: RegistrationImport, content: bytes, count: int, by: User) -> StoredFile:
    """Keeps the list with its mistakes for a day; who took how many rows is written down."""
    record(action="import.mistakes_exported", by=by, target=upload, agency=upload.agency, changes={"count": count})
    name = f"kesalahan-{upload.file_name.rpartition('.')[0] or upload.file_name}.xlsx"[-200:]
    expires_at = timezone.now() + KEPT_FOR
    return store_file(agency=upload.agency, name=name, content=content, content_type=XLSX, expires_at=expires_at, by=by)
