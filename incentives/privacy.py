"""What competitions keep of a person: pitches with their files. Awards stay, as decree and payment do by law."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incentives.models import Conflict, Entry, EntryFile
from jobs.actions import drop_file
from jobs.models import StoredFile
from kit.privacy import Fact, Section
from kit.templatetags.kit import moment
from participants.models import Person

RELATIONS = {"incentives.Entry.registration": "Stays with its entry."}
FORGOTTEN: dict[str, Any] = {
    "content": None,
    "check_note": None,
    "ended_reason": None,
    "household_hash": "",
    "business_key": "",
}


def export(person: Person) -> list[Section]:
    rows = _entries(person).select_related("competition", "region").prefetch_related("files", "awards__tier")
    return [Section("pitches", _("Your pitches before a jury"), [_pitch(row) for row in rows])]


def merge(*, kept: Person, gone: Person, by: User) -> dict[str, Any]:
    """Pitches hang on registrations, which participants moves."""
    return {}


def built_on(*, kept: Person, moved: dict[str, Any]) -> list[Any]:
    return []


def unmerge(*, kept: Person, gone: Person, moved: dict[str, Any], by: User) -> None:
    """Nothing moved."""


def erase(*, person: Person, by: User) -> None:
    """Texts, figures and files go; an award keeps the names that its decree and payment tell."""
    rows = _entries(person)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(**FORGOTTEN)
    rows.exclude(awards__isnull=False).update(title="", business_name="")
    Conflict.objects.filter(entry__in=keys).update(note=None)
    files = EntryFile.objects.filter(entry__in=keys)
    stored = list(files.values_list("stored", flat=True))
    files.delete()
    for file in StoredFile.objects.filter(pk__in=stored):
        drop_file(stored=file, by=by)


def _entries(person: Person) -> Any:
    return Entry.objects.filter(registration__person=person)


def _pitch(row: Entry) -> Sequence[Fact]:
    told = row.told
    facts = [
        Fact("competition", _("Competition"), str(row.competition)),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("title", _("Title of the pitch"), row.title),
        Fact("business", _("Business"), row.business_name),
        Fact("files", _("Files"), row.files.count()),
        *(Fact(name, name, value) for name, value in told.items()),
    ]
    if row.submitted_at is not None:
        facts.append(Fact("submitted_at", _("Sent"), row.submitted_at.isoformat(), moment(row.submitted_at)))
    for award in row.awards.all():
        facts.append(Fact("award", _("Award"), str(award.tier)))
    return facts
