"""Removes files that nobody may fetch any more."""

import datetime as dt

from jobs import storage
from jobs.models import StoredFile

ORPHAN_AGE = dt.timedelta(days=1)


def remove_expired(now: dt.datetime) -> int:
    """Rows first, bytes after: a crash in between leaves bytes without a row, which `remove_orphans` finds."""
    expired = list(StoredFile.objects.expired(now).values_list("pk", "path"))
    StoredFile.objects.filter(pk__in=[key for key, _path in expired]).delete()
    for _key, path in expired:
        storage.remove(path)
    return len(expired)


def remove_orphans(now: dt.datetime) -> int:
    """Bytes without a row, left by a crash or by a transaction that was rolled back."""
    stale = storage.stale_paths((now - ORPHAN_AGE).timestamp())
    known = set(StoredFile.objects.filter(path__in=stale).values_list("path", flat=True))
    orphans = [path for path in stale if path not in known]
    for path in orphans:
        storage.remove(path)
    return len(orphans)
