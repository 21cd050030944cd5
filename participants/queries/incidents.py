"""Whom an incident concerns: by where they were registered and when, or by who looked at them in the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce

from accounts.models import AuditEntry
from documents.models import Document
from participants.models import Incident, IncidentPerson, Registration, RegistrationQuerySet

PERSON, ENTRY = "participants.person", "participants.registration"


@dataclass(frozen=True)
class Criteria:
    """What was given narrows; nothing at all means everybody of the office."""

    programs: Sequence[int] = ()
    batches: Sequence[int] = ()
    region: str = ""
    registered_from: datetime | None = None
    registered_until: datetime | None = None
    officer: int | None = None
    looked_from: datetime | None = None
    looked_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """What was given, as the incident keeps it."""
        given = {name: value for name, value in vars(self).items() if value}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}


def people_concerned(incident: Incident, criteria: Criteria) -> RegistrationQuerySet:
    """One entry for each person, the newest; whose data are gone cannot be told."""
    rows = Registration.objects.filter(batch__program__agency=incident.agency_id, anonymised_at=None)
    if criteria.programs:
        rows = rows.filter(batch__program__in=criteria.programs)
    if criteria.batches:
        rows = rows.filter(batch__in=criteria.batches)
    if criteria.region:
        rows = rows.filter(Q(region=criteria.region) | Q(region__code__startswith=f"{criteria.region}."))
    if criteria.registered_from:
        rows = rows.filter(created_at__gte=criteria.registered_from)
    if criteria.registered_until:
        rows = rows.filter(created_at__lt=criteria.registered_until)
    if criteria.officer:
        rows = rows.filter(_looked_at(criteria))
    whose = Coalesce(F("person_id"), F("pk") * -1)
    newest = rows.annotate(whose=whose).order_by().values("whose").annotate(newest=Max("pk")).values("newest")
    return Registration.objects.filter(pk__in=newest).order_by("pk")


def _looked_at(criteria: Criteria) -> Q:
    """Every line of the trail about a person, whatever the officer did: whoever opens a page may copy it."""
    looks = AuditEntry.objects.filter(actor=criteria.officer, subject_type__in=[PERSON, ENTRY])
    if criteria.looked_from:
        looks = looks.filter(at__gte=criteria.looked_from)
    if criteria.looked_until:
        looks = looks.filter(at__lt=criteria.looked_until)
    found: dict[str, set[int]] = {PERSON: set(), ENTRY: set()}
    for kind, key in looks.order_by().values_list("subject_type", "subject_id").distinct():
        found[kind].add(int(key))
    return Q(person__in=found[PERSON]) | Q(pk__in=found[ENTRY])


@dataclass(frozen=True)
class IncidentPapers:
    """What was issued about an incident: the report to the authority, and how many letters to people."""

    report: Document | None
    letters: int


def papers_of_incident(incident: Incident) -> IncidentPapers:
    issued = Document.objects.in_force().about(f"incident:{incident.pk}")
    report = issued.filter(kind="incident_report").listed().first()
    return IncidentPapers(report, issued.filter(kind="incident_letter").count())


def told_counts(incident: Incident) -> dict[str, int]:
    """How many of the list were told which way; "" are those who were not."""
    rows = IncidentPerson.objects.filter(incident=incident).order_by().values_list("way")
    return dict(rows.annotate(total=Count("pk")))
