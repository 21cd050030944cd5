"""A failure of data protection: reported, described, its people listed and told, closed. Three days for the letters."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import spoken_refusals
from participants import notices, queries
from participants.models import Incident, IncidentEvent, IncidentPerson, IncidentState, Registration
from participants.queries import Criteria

Kind = IncidentEvent.Kind
AT_ONCE = 500
MOST_PEOPLE = 100_000


@transaction.atomic
def report_incident(*, agency: Agency, by: User, **facts: Any) -> Incident:
    """`facts` are the fields of the form. The clock began when it was discovered, not when it was written down."""
    with spoken_refusals(Incident):
        incident = Incident.objects.create(agency=agency, reported_by=by, reported_at=timezone.now(), **facts)
    _log(incident, Kind.REPORTED, by)
    return incident


@transaction.atomic
def change_incident(*, incident: Incident, by: User, **facts: Any) -> Incident:
    """More is known now. The timeline says that it was changed, the trail which fields."""
    fresh = _open(incident)
    changed = [name for name, value in facts.items() if getattr(fresh, name) != value]
    if not changed:
        return fresh
    for name in changed:
        setattr(fresh, name, facts[name])
    with spoken_refusals(Incident):
        fresh.save(update_fields=changed)
    _log(fresh, Kind.CHANGED, by, changes={"fields": changed})
    return fresh


@transaction.atomic
def list_people(*, incident: Incident, criteria: Criteria, by: User) -> int:
    """Freezes who is concerned now; a second list takes the first one's place as long as nobody was told."""
    fresh = _open(incident)
    mine = IncidentPerson.objects.filter(incident=fresh)
    if mine.filter(told_at__isnull=False).exists():
        raise ValidationError(_("Some of the list were told already; it stays as it is."), code="told")
    found = list(queries.people_concerned(fresh, criteria).values_list("pk", "person_id")[: MOST_PEOPLE + 1])
    if not found:
        raise ValidationError(_("Nobody matches. Please look at what you chose."), code="nobody")
    if len(found) > MOST_PEOPLE:
        raise ValidationError(_("These are more people than one list takes. Please narrow it."), code="too_many")
    mine.delete()
    rows = [IncidentPerson(incident=fresh, registration_id=entry, person_id=person) for entry, person in found]
    IncidentPerson.objects.bulk_create(rows, batch_size=2000)
    fresh.people_frozen_at, fresh.people_count, fresh.criteria = timezone.now(), len(found), criteria.as_json()
    fresh.save(update_fields=["people_frozen_at", "people_count", "criteria"])
    _log(fresh, Kind.LISTED, by, count=len(found))
    return len(found)


@transaction.atomic
def tell_people(*, incident: Incident, expected: int, by: User) -> int:
    """One message to each of the list, once. `expected` is the number that the officer read."""
    fresh = _open(incident)
    untold = IncidentPerson.objects.filter(incident=fresh).untold()
    entries = Registration.objects.with_parts().filter(pk__in=untold.values("registration"), anonymised_at=None)
    if not fresh.people_frozen_at or not untold.exists():
        raise ValidationError(_("Nobody is left to be told."), code="nobody")
    if untold.count() != expected:
        raise ValidationError(_("The list has changed. Please look at it again."), code="changed")
    now, told = timezone.now(), 0
    people = list(entries.defer("nik", "person__nik").order_by("pk"))
    for start in range(0, len(people), AT_ONCE):
        told += notices.tell_incident(fresh, people[start : start + AT_ONCE])
    untold.update(told_at=now, way=IncidentPerson.Way.MESSAGE)
    _told(fresh, now)
    _log(fresh, Kind.PEOPLE_TOLD, by, count=told)
    return told


@transaction.atomic
def note_letters(*, incident: Incident, expected: int, by: User) -> int:
    """All who are left were told by letter, for example because messages must not be used."""
    fresh = _open(incident)
    untold = IncidentPerson.objects.filter(incident=fresh).untold()
    if not expected or untold.count() != expected:
        raise ValidationError(_("The list has changed. Please look at it again."), code="changed")
    now = timezone.now()
    count = untold.update(told_at=now, way=IncidentPerson.Way.LETTER)
    _told(fresh, now)
    _log(fresh, Kind.PEOPLE_TOLD, by, count=count)
    return count


def _told(incident: Incident, now: datetime) -> None:
    if incident.people_told_at is None:
        incident.people_told_at = now
        incident.save(update_fields=["people_told_at"])


@transaction.atomic
def note_authority(*, incident: Incident, told_at: datetime, reference: str, by: User) -> Incident:
    """The letter to the authority went out, under this number."""
    fresh = _open(incident)
    if not fresh.discovered_at <= told_at <= timezone.now():
        sentence = _("Between the discovery and now.")
        raise ValidationError({"told_at": ValidationError(sentence, code="not_then")})
    fresh.authority_told_at, fresh.authority_reference = told_at, reference
    fresh.save(update_fields=["authority_told_at", "authority_reference"])
    _log(fresh, Kind.AUTHORITY_TOLD, by, note=reference)
    return fresh


@transaction.atomic
def note_incident(*, incident: Incident, text: str, by: User) -> None:
    _log(_locked(incident), Kind.NOTED, by, note=text)


@transaction.atomic
def note_incident_sheet(*, incident: Incident, by: User) -> None:
    """Who took the list of people out of the portal."""
    count = incident.people.count()
    record(action="incident.sheet", by=by, target=incident, agency=incident.agency, changes={"count": count})


@transaction.atomic
def close_incident(*, incident: Incident, outcome: str, note: str, by: User) -> Incident:
    """Closed when everybody was told, or dismissed because it was none; the reason stays in the timeline."""
    fresh = _open(incident)
    if outcome == IncidentState.DISMISSED and not note:
        raise ValidationError({"note": ValidationError(_("Please write why."), code="note_needed")})
    fresh.state, fresh.closed_at, fresh.closed_by = outcome, timezone.now(), by
    with spoken_refusals(Incident):
        fresh.save(update_fields=["state", "closed_at", "closed_by"])
    _log(fresh, Kind(outcome), by, note=note)
    return fresh


@transaction.atomic
def reopen_incident(*, incident: Incident, note: str, by: User) -> Incident:
    fresh = _locked(incident)
    if fresh.is_open:
        raise ValidationError(_("This incident is open already."), code="open")
    fresh.state, fresh.closed_at, fresh.closed_by = IncidentState.OPEN, None, None
    fresh.save(update_fields=["state", "closed_at", "closed_by"])
    _log(fresh, Kind.REOPENED, by, note=note)
    return fresh


def _locked(incident: Incident) -> Incident:
    rows = Incident.objects.select_related("agency").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=incident.pk)


def _open(incident: Incident) -> Incident:
    fresh = _locked(incident)
    if not fresh.is_open:
        raise ValidationError(_("This incident is closed. Open it again first."), code="closed")
    return fresh


def _log(
    incident: Incident,
    kind: IncidentEvent.Kind,
    by: User,
    *,
    note: str = "",
    count: int | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """The timeline, and the trail without the words."""
    IncidentEvent.objects.create(incident=incident, at=timezone.now(), kind=kind, by=by, note=note or None, count=count)
    told = {} if count is None else {"count": count}
    record(action=f"incident.{kind}", by=by, target=incident, agency=incident.agency, changes=told | (changes or {}))
