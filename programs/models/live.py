"""A batch as it is now, with everything that its pages show, for one query."""

from copy import copy
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Prefetch

from programs.models.batch import Batch
from programs.models.session import Session

# `xmin` is the transaction that wrote a row and `ctid` where it lies: whoever writes a row changes one of them. What
# belongs to a batch is read again only when one of these rows was written, added or taken away.
VERSIONS = """
SELECT {columns},
    concat(
        (SELECT max(id) FROM regions_regionedition), '|',
        (SELECT concat(xmin, ctid) FROM regions_region WHERE code = left(b.region_id, 5))
    ),
    concat(
        b.program_id, '|', b.region_id, '|',
        (SELECT concat(p.xmin, p.ctid, '|', p.fund_source_id, '|', p.agency_id) FROM programs_program p
            WHERE p.id = b.program_id), '|',
        (SELECT concat(a.xmin, a.ctid) FROM programs_program p JOIN accounts_agency a ON a.id = p.agency_id
            WHERE p.id = b.program_id), '|',
        (SELECT concat(f.xmin, f.ctid) FROM programs_program p JOIN budgets_fundsource f ON f.id = p.fund_source_id
            WHERE p.id = b.program_id), '|',
        (SELECT string_agg(concat(r.code, '.', r.xmin, r.ctid), ',' ORDER BY r.code) FROM regions_region r
            WHERE r.code IN (b.region_id, left(b.region_id, 8), left(b.region_id, 5))), '|',
        (SELECT string_agg(concat(t.id, '.', t.xmin, t.ctid), ',' ORDER BY t.id) FROM programs_batch_topics o
            JOIN programs_topic t ON t.id = o.topic_id WHERE o.batch_id = b.id), '|',
        (SELECT string_agg(concat(e.id, '.', e.xmin, e.ctid), ',' ORDER BY e.id) FROM programs_eligibilityrule e
            WHERE e.program_id = b.program_id), '|',
        (SELECT string_agg(
            concat(s.id, '.', s.xmin, s.ctid, '.', v.xmin, v.ctid, '.', t.xmin, t.ctid), ',' ORDER BY s.id
        )
            FROM programs_session s LEFT JOIN programs_venue v ON v.id = s.venue_id
            LEFT JOIN programs_topic t ON t.id = s.topic_id WHERE s.batch_id = b.id)
    )
FROM programs_batch b WHERE
"""
BY_KEY = "b.id = %s"
BY_ADDRESS = "b.program_id = (SELECT id FROM programs_program WHERE slug = %s) AND b.slug = %s"
COUNTERS = {"seats_held", "seats_offered", "waiting_count", "last_queue_number"}
FRESH_SECONDS = 1.0
MOST_KEPT = 1_000

_kept: dict[int, tuple[str, Batch]] = {}


def fresh_batch(batch: Batch) -> Batch:
    """The same when it was read live a moment ago, by the request that goes on with it; else as it is now."""
    is_fresh = batch.read_at is not None and monotonic() - batch.read_at < FRESH_SECONDS
    return batch if is_fresh else live_batch(batch.pk)


def live_batch(pk: int) -> Batch:
    """The batch with counters and dates of this moment; raises Batch.DoesNotExist."""
    return _live(BY_KEY, [pk])


def live_batch_at(program_slug: str, batch_slug: str) -> Batch:
    """The same by its address; also of a batch that is not public."""
    return _live(BY_ADDRESS, [program_slug, batch_slug])


def _live(condition: str, parameters: list[Any]) -> Batch:
    fields = Batch._meta.concrete_fields
    columns = ", ".join(f'b."{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS.format(columns=columns) + condition, parameters)
        row = cursor.fetchone()
    if row is None:
        raise Batch.DoesNotExist
    *values, places, version = row
    own = dict(zip((field.attname for field in fields), values, strict=True))
    batch = copy(_with_parts(own["id"], f"{places}|{version}"))
    vars(batch).update(own)
    batch.places_version, batch.read_at = places, monotonic()
    facts = tuple(value for name, value in own.items() if name not in COUNTERS)
    batch.version = (facts, places, version)
    return batch


def _with_parts(pk: int, version: str) -> Batch:
    """Shared by all requests of this process, and never changed. Read after the version, so it is never too old."""
    kept = _kept.get(pk)
    if kept is not None and kept[0] == version:
        return kept[1]
    sessions = Session.objects.planned().in_order().select_related("venue", "topic")
    parts = Batch.objects.with_parts()
    batch = parts.prefetch_related("program__rules", Prefetch("sessions", sessions, to_attr="planned")).get(pk=pk)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[pk] = (version, batch)
    return batch
