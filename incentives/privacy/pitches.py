"""What competitions keep of a person: pitches with their files. Awards stay, as decree and payment do by law."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incentives import queries
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
    forget_entries(list(_entries(person).values_list("registration", flat=True)))


def forget_entries(entries: Collection[int]) -> None:
    """The same whenever entries for a training lose their names: at somebody's wish, or when their time is over."""
    rows = Entry.objects.filter(registration__in=entries)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(**FORGOTTEN)
    rows.exclude(awards__isnull=False).update(title="", business_name="")
    Conflict.objects.filter(entry__in=keys).update(note=None)
    files = EntryFile.objects.filter(entry__in=keys)
    stored = list(files.values_list("stored", flat=True))
    files.delete()
    for file in StoredFile.objects.filter(pk__in=stored):
        drop_file(stored=file, by=None)


def _entries(person: Person) -> Any:
    return Entry.objects.filter(registration__person=person)


def _pitch(row: Entry) -> Sequence[Fact]:
    facts = [
        Fact("competition", _("Competition"), str(row.competition)),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("title", _("Title of the pitch"), row.title),
        Fact("business", _("Business"), row.business_name),
        *(Fact(name, label, value, shown) for name, label, value, shown in queries.told_lines(row)),
    ]
    facts += [Fact(name, label, value) for name, label, value in _words(row) if value]
    facts += [Fact(name, label, at.isoformat(), moment(at)) for name, label, at in _moments(row) if at is not None]
    facts += [
        Fact("file", file.get_kind_display(), file.created_at.isoformat(), moment(file.created_at))
        for file in row.files.all()
    ]
    if row.household_hash:
        noted = _("Only noted so far as two equal numbers are recognised")
        facts.append(Fact("household", _("Number of your family card (KK)"), True, noted))
    return [*facts, *(Fact("award", _("Award"), str(award.tier)) for award in row.awards.all())]


def _words(row: Entry) -> list[tuple[str, Any, Any]]:
    return [
        ("category", _("Category"), row.category),
        ("region", _("Kelurahan"), row.region.full_name if row.region else ""),
        ("check_note", _("To be corrected"), row.check_note),
        ("ended_reason", _("Reason"), row.ended_reason),
    ]


def _moments(row: Entry) -> list[tuple[str, Any, datetime | None]]:
    return [
        ("submitted_at", _("Sent"), row.submitted_at),
        ("checked_at", _("Checked"), row.checked_at),
        ("planned_at", _("Presents"), row.planned_at),
        ("pitch_began_at", _("Really began"), row.pitch_began_at),
    ]
