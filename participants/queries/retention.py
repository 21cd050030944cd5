"""Who is due by a retention rule: everything of theirs ended before the cutoff, and nothing holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.models import Agency, User
from accounts.permissions import holds
from accounts.roles import Permission
from kit.privacy import Grown, aging_of
from notifications.models import Message
from participants.models import RetentionItem, RetentionKind, RetentionRule, RetentionRun

# `last_at` is the last thing that happened to a person. Who still has a seat in a batch that is not over, an open
# request or incident, a card in force, a merge under way, or restricted the use of their data, is held.
DUE = """
SELECT found.person_id, found.registration_id, found.last_at, found.entries FROM (
    SELECT r.person_id, CASE WHEN r.person_id IS NULL THEN r.id END AS registration_id,
        max(greatest(r.created_at, r.checked_at, r.withdrawn_at, b.ends_at, b.cancelled_at)) AS last_at,
        count(*) AS entries,
        bool_or(r.seat = 'held' AND b.state = 'finished') AS took_part,
        bool_or(r.seat IN ('held', 'offered', 'waiting', 'applied') AND b.state IN ('planned', 'published')) AS runs,
        bool_or(r.restricted_at IS NOT NULL) AS restricted,
        array_agg(r.id) AS keys
    FROM participants_registration r
    JOIN programs_batch b ON b.id = r.batch_id
    JOIN programs_program p ON p.id = b.program_id
    WHERE p.agency_id = %(agency)s AND r.anonymised_at IS NULL AND ({only})
    GROUP BY r.person_id, CASE WHEN r.person_id IS NULL THEN r.id END
) found
LEFT JOIN participants_person c ON c.id = found.person_id
WHERE found.last_at < %(cutoff)s AND found.took_part = %(took_part)s AND NOT found.runs AND NOT found.restricted
    AND (c.id IS NULL OR (c.anonymised_at IS NULL AND c.restricted_at IS NULL))
    AND NOT EXISTS (
        SELECT 1 FROM participants_datarequest d WHERE d.state IN ('received', 'in_progress')
            AND (d.person_id = found.person_id OR d.registration_id = ANY(found.keys))
    )
    AND NOT EXISTS (
        SELECT 1 FROM participants_incidentperson i JOIN participants_incident n ON n.id = i.incident_id
        WHERE n.state = 'open' AND (i.person_id = found.person_id OR i.registration_id = ANY(found.keys))
    )
    AND NOT EXISTS (
        SELECT 1 FROM participants_jobseekercard j
        WHERE j.person_id = found.person_id AND j.ended_on IS NULL AND j.expires_on >= %(today)s
    )
    AND NOT EXISTS (
        SELECT 1 FROM participants_personmerge m
        WHERE m.state IN ('proposed', 'merged') AND (m.kept_id = found.person_id OR m.gone_id = found.person_id)
    )
"""
FREEZE = """
INSERT INTO participants_retentionitem (run_id, person_id, registration_id, last_at, was_kept)
SELECT %(run)s, due.person_id, due.registration_id, due.last_at, false FROM ({due}) due
ORDER BY due.last_at
"""
TOTALS = "SELECT count(*), coalesce(sum(due.entries), 0) FROM ({due}) due"
SAMPLE = 20


@dataclass(frozen=True)
class Found:
    people: int
    entries: int


def cutoff_of(rule: RetentionRule, now: datetime) -> datetime:
    """The same day so many months ago, by the office's calendar."""
    local = now.astimezone(rule.agency.zone)
    year, month = divmod(local.year * 12 + local.month - 1 - rule.months, 12)
    day = min(local.day, 28)
    return local.replace(year=year, month=month + 1, day=day)


def _due(rule: RetentionRule, cutoff: datetime, **keys: Sequence[int]) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {
        "agency": rule.agency_id,
        "cutoff": cutoff,
        "took_part": rule.kind == RetentionKind.TOOK_PART,
        "today": rule.agency.today(),
    }
    only = "true"
    if keys:
        only = "r.person_id = ANY(%(persons)s) OR (r.person_id IS NULL AND r.id = ANY(%(entries)s))"
        values |= {name: list(found) for name, found in keys.items()}
    return DUE.format(only=only), values


def freeze_due(run: RetentionRun) -> Found:
    """Writes one item for each person who is due."""
    sql, values = _due(run.rule, run.cutoff)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS.format(due=sql), values)
        people, entries = cursor.fetchone()
        cursor.execute(FREEZE.format(due=sql), values | {"run": run.pk})
        return Found(cursor.rowcount if cursor.rowcount >= 0 else people, int(entries))


def still_due(run: RetentionRun, *, persons: Sequence[int], entries: Sequence[int]) -> tuple[set[int], set[int]]:
    """Of these items, whoever is due also now, by the rule as it was shown."""
    sql, values = _due(run.rule, run.cutoff, persons=persons, entries=entries)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return {row[0] for row in rows if row[0]}, {row[1] for row in rows if row[1]}


def old_rows(rule: RetentionRule, cutoff: datetime) -> Any:
    """Of a rule that is not about people with entries: messages that came to their end, or what another app tells."""
    if rule.kind == RetentionKind.MESSAGES:
        ended = ["sent", "delivered", "failed", "cancelled"]
        return Message.objects.filter(agency=rule.agency_id, created_at__lt=cutoff, state__in=ended)
    aging = aging_of(rule.kind)
    return Message.objects.none() if aging is None else aging.due(rule.agency_id, cutoff)


def grown_of(run: RetentionRun) -> Sequence[Grown]:
    """The oldest rows of such a rule, as the approver sees them; messages are only counted."""
    aging = aging_of(run.rule.kind)
    return [] if aging is None else aging.told(old_rows(run.rule, run.cutoff)[:SAMPLE])


def sample_of(run: RetentionRun) -> list[RetentionItem]:
    """The first of them as the approver sees them; the oldest first."""
    rows = run.items.select_related("person__region", "registration__region").order_by("last_at", "pk")
    return list(rows[:SAMPLE])


def years_of(run: RetentionRun) -> list[tuple[int, int]]:
    """How many people by the year of their last activity."""
    rows = run.items.order_by().values_list("last_at__year").annotate(total=Count("pk")).order_by("last_at__year")
    return [(year, total) for year, total in rows]


def standing_approver(rule: RetentionRule) -> User | None:
    """Who gave the standing approval, as long as they could give it today: else the night only proposes."""
    user = rule.standing_by
    return user if user is not None and holds(user, Permission.MANAGE_PRIVACY, rule.agency_id) else None


def overdue_proposals(agency: Agency) -> int:
    week = timezone.now() - timedelta(days=7)
    return RetentionRun.objects.proposed().filter(rule__agency=agency, proposed_at__lt=week).count()
