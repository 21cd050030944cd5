"""Reads that join several models."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, connections, router
from django.db.models import Case, Count, Exists, Model, OuterRef, Q, When

from kit.pages import Counted, Found, as_counted, counting, find
from kit.rows import key_source
from participants.models import (
    Declaration,
    Offer,
    Person,
    Registration,
    RegistrationQuerySet,
    Seat,
)
from participants.models.states import ENDED_SEATS, IS_ACTIVE
from programs.models import Batch, BatchQuerySet
from programs.rules import Facts, Line, check_eligibility, duplicate_key


class Contact(Protocol):
    """An identity number and the contact data that came with it: of a declaration, or of an entry."""

    @property
    def nik_hash(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class SuspectedPair:
    first: Registration
    second: Registration


# Groups of entries that are equal in something, made in one walk: a join would hold everybody against everybody where
# PostgreSQL expects few and finds many. Counting needs no order and says first which batches have any, mostly none.
EQUAL = """
seat IN ('held', 'waiting', 'offered', 'applied')
GROUP BY GROUPING SETS ((batch_id, nik_hash), (batch_id, birth_date, phone), (batch_id, name_key, birth_date),
    (batch_id, name_key, phone), (batch_id, name_key, nik_last4))
HAVING count(*) > 1 AND (grouping(name_key) = 1 OR name_key <> '')
"""
ALIKE = f"""
WITH doubled AS MATERIALIZED (
    SELECT batch_id FROM participants_registration WHERE batch_id = ANY(%(batches)s) AND {EQUAL}
), pair AS (
    SELECT DISTINCT batch_id, one AS first, other AS second FROM (
        SELECT batch_id, array_agg(id) AS ids FROM participants_registration
        WHERE batch_id IN (SELECT batch_id FROM doubled) AND {EQUAL}
    ) alike, unnest(ids) one, unnest(ids) other WHERE one < other
), undecided AS (
    SELECT * FROM pair WHERE NOT EXISTS (
        SELECT 1 FROM participants_duplicatereview r WHERE r.first_id = first AND r.second_id = second)
)
"""  # noqa: S608 - only the text above
SUSPECTED = f"{ALIKE} SELECT first, second FROM undecided ORDER BY first, second LIMIT %(limit)s"  # noqa: S608 - own
SUSPECTED_COUNTS = f"{ALIKE} SELECT batch_id, count(*) FROM undecided GROUP BY batch_id"  # noqa: S608 - own text
# From each asked place to the next, so that a line is walked once however many stand on the page.
PLACES = """
SELECT batch, place, sum(step) OVER (PARTITION BY batch ORDER BY place)::int FROM (
    SELECT batch, place, (SELECT count(*) FROM participants_registration r
        WHERE r.batch_id = batch AND r.seat = 'waiting' AND r.queue_number > before AND r.queue_number <= place) AS step
    FROM (
        SELECT batch, place, lag(place, 1, 0) OVER (PARTITION BY batch ORDER BY place) AS before
        FROM unnest(%s::bigint[], %s::int[]) AS asked (batch, place)
    ) steps
) walked
"""
IS_DOUBTFUL = Q(person__isnull=True)

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
        cursor.execute(SUSPECTED, {"batches": [batch.pk], "limit": limit})
        pairs = cursor.fetchall()
    rows = (
        Registration.objects.with_parts().defer("nik", "person__nik").in_bulk([key for pair in pairs for key in pair])
    )
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


def eligibility_lines(batch: Batch, facts: Facts, *, now: datetime) -> list[Line]:
    """The programme's requirements answered for one applicant, on the batch's first day."""
    requirements = batch.program.requirements()
    return check_eligibility(requirements, facts, first_day=batch.first_day(now), batch_region=batch.region_id)


def entries_held(
    person: Person | None, contact: Contact, batch: Batch, *, apart_from: int | None = None
) -> list[Registration]:
    """What one visitor holds already, in this batch or where the duplicate rule forbids a second.

    Entries of the person, and those made with the same number and contact data: otherwise a doubtful entry could be
    repeated where a normal one is refused, and whoever tries a number twice would learn whether it is on file.
    """
    if person is None and not _is_known(contact.nik_hash):
        return []
    same_contact = Q(phone=contact.phone)
    if contact.email:
        same_contact |= Q(email__iexact=contact.email)
    mine = Q(nik_hash=contact.nik_hash) & same_contact
    if person is not None:
        mine |= Q(person=person)
    held = _forbidding(batch).filter(mine, batch__program__agency=batch.program.agency_id)
    return list(held.exclude(pk=apart_from or 0).select_related("batch").order_by("pk"))


def _is_known(nik_hash: str) -> bool:
    """Whether any entry has this number: almost never, and then nothing else has to be asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM participants_registration WHERE nik_hash = %s LIMIT 1", [nik_hash])
        return cursor.fetchone() is not None


def next_keys(*models: type[Model]) -> list[int]:
    """A key for a new row of each, so that rows that refer to each other can be written in one go."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(key_source, models))}")
        return list(cursor.fetchone())


def entries_of(person: Person, batch: Batch, *, apart_from: int) -> RegistrationQuerySet:
    """What is linked to the person already, in this batch or where the duplicate rule forbids a second."""
    return _forbidding(batch).filter(person=person).exclude(pk=apart_from)


def _forbidding(batch: Batch) -> RegistrationQuerySet:
    key = duplicate_key_for(batch)
    return Registration.objects.active().filter(Q(batch=batch) | Q(duplicate_key=key) if key else Q(batch=batch))


def other_registration(
    person: Person | None, contact: Contact, batch: Batch, *, apart_from: int | None = None
) -> str | None:
    """The name of the batch that the visitor holds already under the programme's duplicate rule."""
    return name_elsewhere(entries_held(person, contact, batch, apart_from=apart_from), batch)


def name_elsewhere(held: Sequence[Registration], batch: Batch) -> str | None:
    return next((str(entry.batch) for entry in held if entry.batch_id != batch.pk), None)


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


@dataclass(frozen=True)
class Figures:
    """What the office has to look at in one batch."""

    pending: int = 0
    needs_fix: int = 0
    verified: int = 0
    doubtful: int = 0
    overdue: int = 0
    duplicates: int = 0

    @property
    def has_problems(self) -> bool:
        return bool(self.needs_fix or self.doubtful or self.overdue or self.duplicates)


def batch_figures(batch_ids: Sequence[int], now: datetime) -> dict[int, Figures]:
    """The figures of many batches in three queries."""
    checks = {state: Count("pk", filter=Q(check_state=state)) for state in ("pending", "needs_fix", "verified")}
    active = Registration.objects.active().filter(batch__in=batch_ids).order_by().values("batch")
    names = (*checks, "doubtful")
    rows = active.annotate(**checks, doubtful=Count("pk", filter=IS_DOUBTFUL)).values_list("batch", *names)
    counted = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    late = Offer.objects.overdue(now).filter(registration__batch__in=batch_ids).order_by()
    overdue = dict(late.values_list("registration__batch").annotate(total=Count("pk")))
    with connection.cursor() as cursor:
        cursor.execute(SUSPECTED_COUNTS, {"batches": list(batch_ids)})
        duplicates = dict(cursor.fetchall())
    return {
        pk: Figures(**counted.get(pk, {}), overdue=overdue.get(pk, 0), duplicates=duplicates.get(pk, 0))
        for pk in batch_ids
    }


@dataclass(frozen=True)
class NextDate:
    """What comes next for a batch: `kind` is opens, closes, starts or ends."""

    kind: str
    at: datetime


def next_date(batch: Batch, now: datetime) -> NextDate | None:
    """The next moment that matters; nothing for what is over or cancelled."""
    if batch.state not in {Batch.State.PLANNED, Batch.State.PUBLISHED}:
        return None
    steps = (
        ("opens", batch.registration_opens_at),
        ("closes", batch.registration_closes_at),
        ("starts", batch.starts_at),
        ("ends", batch.ends_at),
    )
    coming = [NextDate(kind, at) for kind, at in steps if at is not None and at > now]
    return min(coming, key=lambda step: step.at, default=None)


@dataclass(frozen=True)
class BatchRow:
    """What a list shows of a batch."""

    batch: Batch
    figures: Figures
    phase: str
    next: NextDate | None


def batch_rows(keys: Sequence[int], now: datetime) -> list[BatchRow]:
    """In the order of the keys."""
    figures, batches = batch_figures(keys, now), Batch.objects.listed().in_bulk(keys)
    found = [batches[key] for key in keys if key in batches]
    return [BatchRow(batch, figures[batch.pk], batch.phase(now), next_date(batch, now)) for batch in found]


BY_URGENCY = ("urgency", "moment", "pk")


def with_urgency(batches: BatchQuerySet) -> BatchQuerySet:
    """For the order of BY_URGENCY: batches with entries to check, other running ones, planned ones; soonest first."""
    waits = Registration.objects.active().filter(batch=OuterRef("pk"), check_state__in=["pending", "needs_fix"])
    running = Q(state=Batch.State.PUBLISHED)
    begun = running & Q(last_queue_number__gt=0)  # nobody looks for entries where none was ever made
    urgency = Case(When(begun & Exists(waits), then=0), When(running, then=1), default=2)
    return batches.with_moment().annotate(urgency=urgency)


def find_entries(
    seen: RegistrationQuerySet, narrow: Callable[[RegistrationQuerySet], RegistrationQuerySet]
) -> Found[Registration]:
    """A search over all batches, each row with its place in line."""
    found = find(Registration.objects.all(), seen, narrow)
    tell_places(found.rows)
    return found


def tell_places(rows: Sequence[Registration]) -> None:
    """`position` of each row, 1 is the next in line: one walk along the line, instead of one for each who waits."""
    waiting = [(row.batch_id, row.queue_number) for row in rows if row.seat == Seat.WAITING]
    with connections[router.db_for_read(Registration)].cursor() as cursor:
        cursor.execute(PLACES, [[batch for batch, _number in waiting], [number for _batch, number in waiting]])
        places = {(batch, number): place for batch, number, place in cursor.fetchall()}
    for row in rows:
        row.position = places.get((row.batch_id, row.queue_number))


def list_counts(batch: Batch) -> dict[str, Counted]:
    """How many entries stand under each tab of a batch's list, as far as one counts."""
    entries = Registration.objects.filter(batch=batch)
    checked = {state: entries.filter(IS_ACTIVE, check_state=state) for state in ("pending", "needs_fix", "verified")}
    tabs = {
        "all": entries,
        **checked,
        "waiting": entries.filter(seat="waiting"),
        "ended": entries.filter(seat__in=ENDED_SEATS),
    }
    counts = Batch.objects.filter(pk=batch.pk).values_list(*(counting(found) for found in tabs.values())).get()
    return {tab: as_counted(count) for tab, count in zip(tabs, counts, strict=True)}
