"""Reads that join several models."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from participants.models import Declaration, Person, Registration
from programs.models import Batch
from programs.rules import Facts, Line, check_eligibility, duplicate_key


@dataclass(frozen=True)
class SuspectedPair:
    first: Registration
    second: Registration


SUSPECTED = """
SELECT a.id, b.id
FROM participants_registration a
JOIN participants_registration b ON b.id > a.id AND b.batch_id = a.batch_id AND (
    b.nik_hash = a.nik_hash
    OR (b.name_key = a.name_key AND (b.birth_date = a.birth_date OR b.phone = a.phone OR b.nik_last4 = a.nik_last4))
    OR (b.birth_date = a.birth_date AND b.phone = a.phone)
)
WHERE a.batch_id = %s
  AND a.seat IN ('held', 'waiting', 'offered') AND b.seat IN ('held', 'waiting', 'offered')
  AND NOT EXISTS (SELECT 1 FROM participants_duplicatereview r WHERE r.first_id = a.id AND r.second_id = b.id)
ORDER BY a.id, b.id
LIMIT %s
"""

COUNTER_DIFFERENCES = """
SELECT b.id FROM programs_batch b
LEFT JOIN (
    SELECT batch_id,
        count(*) FILTER (WHERE seat = 'held') AS held,
        count(*) FILTER (WHERE seat = 'offered') AS offered,
        count(*) FILTER (WHERE seat = 'waiting') AS waiting
    FROM participants_registration GROUP BY batch_id
) r ON r.batch_id = b.id
WHERE b.seats_held <> coalesce(r.held, 0) OR b.seats_offered <> coalesce(r.offered, 0)
   OR b.waiting_count <> coalesce(r.waiting, 0)
ORDER BY b.id
"""


def suspected_duplicates(batch: Batch, limit: int = 50) -> list[SuspectedPair]:
    """Pairs of active entries of one batch that may be one person, without those somebody decided already."""
    with connection.cursor() as cursor:
        cursor.execute(SUSPECTED, [batch.pk, limit])
        pairs = cursor.fetchall()
    rows = Registration.objects.with_parts().in_bulk([key for pair in pairs for key in pair])
    return [SuspectedPair(rows[first], rows[second]) for first, second in pairs]


def batches_with_wrong_counters() -> list[int]:
    """Batches whose counters differ from the rows: always none, and a job looks every night."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTER_DIFFERENCES)
        return [row[0] for row in cursor.fetchall()]


def duplicate_key_for(batch: Batch) -> str:
    return duplicate_key(
        batch.program.duplicate_rule,
        fiscal_year=batch.program.fund_source.fiscal_year,
        topic_ids=[topic.pk for topic in batch.topics.all()],
    )


def eligibility_lines(
    batch: Batch, facts: Facts, *, starts_at: datetime | None, now: datetime, skip_not_twice: bool = False
) -> list[Line]:
    """The programme's requirements answered for one applicant, on the batch's first day in the office's time."""
    requirements = [r for r in batch.program.requirements() if not (skip_not_twice and r.kind == "not_twice")]
    zone = batch.program.agency.zone
    first_day = (starts_at or now).astimezone(zone).date()
    return check_eligibility(requirements, facts, first_day=first_day, batch_region=batch.region_id)


def other_registration(person: Person | None, batch: Batch, *, apart_from: int | None = None) -> str | None:
    """The name of the batch that the person holds already under the programme's duplicate rule."""
    key = duplicate_key_for(batch)
    if person is None or not key:
        return None
    held = person.registrations.active().filter(duplicate_key=key).exclude(batch=batch)
    if apart_from is not None:
        held = held.exclude(pk=apart_from)
    first = held.select_related("batch").first()
    return str(first.batch) if first else None


def facts_of(declaration: Declaration, held: str | None) -> Facts:
    return Facts(
        birth_date=declaration.birth_date,
        region_code=declaration.region.code,
        has_domicile_letter=declaration.has_domicile_letter,
        target_group=declaration.target_group or None,
        other_registration=held,
    )


def person_facts(registration: Registration) -> dict[str, Any]:
    """What the comparison of two entries looks at."""
    return {
        "name_key": registration.name_key,
        "birth_date": registration.birth_date,
        "phone": registration.phone,
        "nik_last4": registration.nik_last4,
    }
