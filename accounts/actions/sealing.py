"""Sealing the trail, a block at a time, apart from the transactions that write it.

Entries become visible in another order than that of their numbers. A number is taken only by a transaction that has an
id already (`accounts_audit_next_id`). So whoever took a number up to `last_id` has an id below that of a transaction
that began to write after `last_id` was read: once all of those have ended, nothing can appear below `last_id` any more.
"""

import hashlib
import logging
import time

from django.db import connection, transaction
from django.utils import timezone

from accounts import chain
from accounts.actions.trail import Subject, record
from accounts.models import Agency, AuditEntry, AuditSeal, SealMark, User

logger = logging.getLogger(__name__)

BLOCK = 1000
LONGEST = 45.0  # seconds; what is left waits for the next minute
REACHED = """
SELECT coalesce(max(m.last_id), 0) FROM accounts_sealmark m
WHERE m.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint OR NOT EXISTS (
    SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS running (xid)
    WHERE running.xid::text::bigint < m.xid AND NOT EXISTS (
        SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND a.datname <> current_database()
            AND l.transactionid::text::bigint = running.xid::text::bigint % 4294967296))
"""
SEALER_LOCK = 0x5345_414C  # any number of our own, for pg_advisory_xact_lock


def seal_entries() -> int:
    """Seals what is settled; how many entries. Of several sealers at once each block is made by one."""
    began, count = time.monotonic(), 0
    for _attempt in range(2):  # a mark that waited since the last run, then one of now
        settled = _settled()
        while time.monotonic() - began < LONGEST and (sealed := _seal_block(settled)):
            count += sealed
    return count


@transaction.atomic
def _settled() -> int:
    """Up to where no entry can appear any more; notes the next mark."""
    if not _alone():
        return 0
    reached = _reached()
    pending = SealMark.objects.filter(pk=1).first()
    if pending is not None and not reached:
        return 0
    last_id = _asked("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM accounts_auditentry_id_seq")
    xid = _asked("SELECT pg_current_xact_id()::text::bigint")  # only now: it must be above all that took a number
    SealMark.objects.update_or_create(pk=1, defaults={"last_id": last_id, "xid": xid})
    return reached


def _reached() -> int:
    """The pending mark's entry when all earlier transactions have ended.

    Those of other databases on the same server do not count, as far as their lock shows whose they are. A mark from the
    future comes from the servers of a former life: after a restore everything there is settled.
    """
    return _asked(REACHED)


@transaction.atomic
def _seal_block(settled: int) -> int:
    if not settled or not _alone():
        return 0
    last = AuditSeal.objects.order_by("-number").first()
    first_id = last.last_id + 1 if last else 1
    wanted = AuditEntry.objects.filter(pk__gte=first_id, pk__lte=settled).order_by("pk")
    rows = list(wanted.values(*chain.FIELDS)[:BLOCK])
    if not rows:
        return 0
    content = b"".join(chain.RECORD.pack(row["id"], chain.digest(row)) for row in rows)
    seal = AuditSeal(
        number=last.number + 1 if last else 1,
        version=chain.VERSION,
        first_id=first_id,
        last_id=rows[-1]["id"] if len(rows) == BLOCK else settled,
        count=len(rows),
        entries=content,
        entries_hash=hashlib.sha256(content).hexdigest(),
        previous_hash=last.hash if last else chain.BEGINNING,
        key_id=chain.newest_key(),
        sealed_at=timezone.now(),
    )
    seal.hash = chain.hash_of(seal)
    seal.save(force_insert=True)
    return len(rows)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def _asked(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


@transaction.atomic
def note_verification(*, verdict: chain.Verdict, agency: Agency, by: User) -> None:
    """What a check of the chain found stands in the trail itself."""
    finding = verdict.finding
    changes = {"entries": verdict.entries, "seals": verdict.seals, "result": finding.fault if finding else "intact"}
    if finding is not None:
        changes |= {"seal": finding.seal} | ({"entry": finding.entry} if finding.entry is not None else {})
    record(action="trail.verified", by=by, agency=agency, changes=changes)
    if finding is not None:
        logger.error("The audit trail does not fit its chain.", extra={"kind": finding.fault, "part": finding.seal})


@transaction.atomic
def note_reading(*, action: str, agency: Agency, by: User, subject: Subject | None = None, count: int = 0) -> None:
    """Looking at what is known of one person, or taking the trail out of the portal, leaves a line as well."""
    record(action=action, by=by, agency=agency, subject=subject, changes={"count": count})
