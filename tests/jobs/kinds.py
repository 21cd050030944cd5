"""Kinds of jobs for the tests, named in settings.JOB_KINDS like real ones."""

import threading

from django.core.exceptions import ValidationError

from jobs import actions
from jobs.models import Job, StoredFile
from jobs.runner import Progress

ran: list[int] = []
release = threading.Event()
begun = threading.Event()


def count(job: Job, progress: Progress) -> StoredFile | None:
    """Counts to `params["rows"]` and keeps a file."""
    ran.append(job.pk)
    rows = job.params["rows"]
    for row in range(rows):
        progress(row + 1, rows)
    return actions.store_file(
        agency=job.agency, name="hasil.txt", content=b"isi", content_type="text/plain", by=job.created_by
    )


def quiet(job: Job, progress: Progress) -> StoredFile | None:
    return None


def refuse(job: Job, progress: Progress) -> StoredFile | None:
    raise ValidationError("Tidak ada pendaftaran pada pilihan ini.", code="empty")


def crash(job: Job, progress: Progress) -> StoredFile | None:
    raise RuntimeError(f"NIK {job.params['nik']} is not unique")


def wait(job: Job, progress: Progress) -> StoredFile | None:
    """Stands still until the test lets it go on, then tells its progress."""
    ran.append(job.pk)
    begun.set()
    assert release.wait(10)
    return count(job, progress)
