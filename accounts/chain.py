"""The hash chain of the trail: how an entry becomes bytes, how blocks hang together, and how both are checked.

An entry is one version byte and its fields as JSON: keys sorted, no spaces, UTF-8, times in UTC with microseconds.
A block's hash is SHA-256 over its facts and the hash before, or HMAC-SHA-256 where the installation keeps a key apart
from the database. docs/observability.md tells it in full, so that anybody can write a second checker.
"""

import datetime as dt
import hashlib
import hmac
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings

from accounts.models import AuditEntry, AuditSeal

VERSION = 1
BEGINNING = "0" * 64
FIELDS = (
    *("id", "at", "actor_id", "actor_label", "role", "agency_id", "region_code", "action", "object_type", "object_id"),
    *("subject_type", "subject_id", "purpose", "changes", "ip", "request_id"),
)
RECORD = struct.Struct(">q32s")
CHUNK = 2000
SEALS_AT_ONCE = 10  # each carries the hashes of its entries

Progress = Callable[[int, int], None]


class Fault(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEAL_REMOVED = "seal_removed"
    SEAL_CHANGED = "seal_changed"
    KEY_MISSING = "key_missing"
    WITNESS_DIFFERS = "witness_differs"


@dataclass(frozen=True)
class Finding:
    """The first thing that does not fit. `entry` is the number of the entry, `seal` that of the block."""

    fault: Fault
    seal: int
    entry: int | None = None


@dataclass
class Verdict:
    """What a check saw: `finding` is None when everything fits."""

    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = BEGINNING
    number: int = 0
    finding: Finding | None = None


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encoded(values: Mapping[str, Any]) -> bytes:
    return bytes([VERSION]) + _json({**values, "at": _utc(values["at"])})


def digest(values: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(encoded(values)).digest()


def entries_between(first: int, last: int) -> Iterator[dict[str, Any]]:
    """In the order of their numbers, a piece at a time, so that memory does not grow."""
    while True:
        rows = list(AuditEntry.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values(*FIELDS)[:CHUNK])
        yield from rows
        if len(rows) < CHUNK:
            return
        first = rows[-1]["id"] + 1


def newest_key() -> int:
    """0 is none: the chain then shows changes only to who keeps a copy of its head."""
    return max(settings.AUDIT_SEAL_KEYS, default=0)


def hash_of(seal: AuditSeal) -> str:
    """KeyError where the key of the block is not there."""
    facts = {
        "version": seal.version,
        "number": seal.number,
        "first_id": seal.first_id,
        "last_id": seal.last_id,
        "count": seal.count,
        "entries_hash": seal.entries_hash,
        "previous_hash": seal.previous_hash,
        "key_id": seal.key_id,
        "sealed_at": _utc(seal.sealed_at),
    }
    if seal.key_id:
        return hmac.new(settings.AUDIT_SEAL_KEYS[seal.key_id], _json(facts), hashlib.sha256).hexdigest()
    return hashlib.sha256(_json(facts)).hexdigest()


def verify(*, start: int = 1, witnesses: Mapping[int, str] | None = None, progress: Progress | None = None) -> Verdict:
    """Walks the chain from the block `start` to its head and stops at the first thing that does not fit.

    `witnesses` are heads that were kept elsewhere, by number of the block: they show a chain that was written anew.
    """
    verdict, wanted = Verdict(), dict(witnesses or {})
    last_number = AuditSeal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    previous = AuditSeal.objects.filter(number=start - 1).first() if start > 1 else None
    if start > 1 and previous is None:
        verdict.finding = Finding(Fault.SEAL_REMOVED, start - 1)
        return verdict
    for seal in seals_from(start):
        verdict.finding = _misfit(seal, previous) or _misfit_of_entries(seal)
        if verdict.finding is None and wanted.pop(seal.number, seal.hash) != seal.hash:
            verdict.finding = Finding(Fault.WITNESS_DIFFERS, seal.number)
        if verdict.finding is not None:
            return verdict
        verdict.seals, verdict.entries = verdict.seals + 1, verdict.entries + seal.count
        verdict.number, verdict.head, previous = seal.number, seal.hash, seal
        if progress is not None:
            progress(seal.number, last_number)
    late = [number for number in wanted if number >= start]
    if late:
        verdict.finding = Finding(Fault.SEAL_REMOVED, min(late))
    elif start == 1:
        verdict.finding = _before_the_first()
    verdict.unsealed = AuditEntry.objects.filter(pk__gt=previous.last_id if previous else 0).count()
    return verdict


def seals_from(start: int) -> Iterator[AuditSeal]:
    while True:
        rows = list(AuditSeal.objects.filter(number__gte=start).order_by("number")[:SEALS_AT_ONCE])
        yield from rows
        if len(rows) < SEALS_AT_ONCE:
            return
        start = rows[-1].number + 1


def _misfit(seal: AuditSeal, previous: AuditSeal | None) -> Finding | None:
    """What is wrong with the block itself: its place in the chain, or its own facts."""
    expected = previous.number + 1 if previous else 1
    if seal.number != expected:
        return Finding(Fault.SEAL_REMOVED, expected)
    try:
        own = hash_of(seal)
    except KeyError:
        return Finding(Fault.KEY_MISSING, seal.number)
    follows = seal.previous_hash == (previous.hash if previous else BEGINNING)
    joins = seal.first_id == (previous.last_id + 1 if previous else 1)
    weaker = previous is not None and seal.key_id < previous.key_id
    blob = bytes(seal.entries)
    whole = hashlib.sha256(blob).hexdigest() == seal.entries_hash and len(blob) == RECORD.size * seal.count
    if not (follows and joins and whole) or weaker or not hmac.compare_digest(own, seal.hash):
        return Finding(Fault.SEAL_CHANGED, seal.number)
    return None


def _misfit_of_entries(seal: AuditSeal) -> Finding | None:
    """The first entry of the block that is not what it was, or not there, or was not there then."""
    sealed = RECORD.iter_unpack(bytes(seal.entries))
    known = next(sealed, None)
    for values in entries_between(seal.first_id, seal.last_id):
        if known is None or values["id"] < known[0]:
            return Finding(Fault.INSERTED, seal.number, values["id"])
        if values["id"] > known[0]:
            return Finding(Fault.REMOVED, seal.number, known[0])
        if digest(values) != known[1]:
            return Finding(Fault.CHANGED, seal.number, values["id"])
        known = next(sealed, None)
    return Finding(Fault.REMOVED, seal.number, known[0]) if known is not None else None


def _before_the_first() -> Finding | None:
    odd = AuditEntry.objects.filter(pk__lt=1).order_by("pk").values_list("pk", flat=True).first()
    return Finding(Fault.INSERTED, 1, odd) if odd is not None else None
