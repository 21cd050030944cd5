"""Figures of the answer board, and who may answer."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from accounts.models import Agency, User
from participants.models import Complaint


@dataclass(frozen=True)
class ComplaintFigures:
    """Of one year; `median_days` is None while nothing has been answered."""

    year: int
    received: int
    answered: int
    median_days: int | None


FIGURES = """
SELECT count(*), count(answered_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - received_at)) / 86400
FROM participants_complaint WHERE received_at >= %s AND (%s::bigint IS NULL OR agency_id = %s)
"""


def complaint_figures(agency: Agency | None = None) -> ComplaintFigures:
    """What came in this year, how much of it is answered, and how long that took."""
    start = timezone.localtime().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    key = agency.pk if agency else None
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [start, key, key])
        received, answered, days = cursor.fetchone()
    return ComplaintFigures(start.year, received, answered, None if days is None else max(1, round(days)))


def complaint_staff(complaint: Complaint) -> list[User]:
    """Everybody with a role in the office of the complaint, with their roles at hand."""
    people = User.objects.filter(is_active=True, role_assignments__agency=complaint.agency_id).distinct()
    return list(people.prefetch_related("role_assignments__agency", "role_assignments__region").order_by("full_name"))
