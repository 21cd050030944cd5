"""Files that are made from many papers at once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import Agency, User
from jobs.actions import store_file
from jobs.models import StoredFile

KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def keep_print(*, agency: Agency, name: str, content: bytes, content_type: str, count: int, by: User) -> StoredFile:
    """Keeps what was put together for a day, and writes down who took how many papers."""
    stored = store_file(
        agency=agency,
        name=name,
        content=content,
        content_type=content_type,
        expires_at=timezone.now() + KEPT_FOR,
        by=by,
    )
    record(action="papers.printed", by=by, target=stored, agency=agency, changes={"count": count})
    return stored
