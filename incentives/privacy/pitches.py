"""What competitions keep of a person: pitches, files, words of winners. Awards stay, as decree and payment do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incentives import queries
from incentives.models import Conflict, Entry, EntryFile, ReceiptCheck, ScoreSheet, UseLine, UsePhoto, UseReport
from jobs.actions import drop_file
from jobs.models import StoredFile
from kit.privacy import Fact, Section
from kit.templatetags.kit import day_date, moment, rupiah
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
    return [
        Section("pitches", _("Your pitches before a jury"), [_pitch(row) for row in rows]),
        Section("awards", _("Your awards: whether the money came, and how you used it"), _after_awards(person)),
    ]


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
    # What jurors noted beside their scores is about the person as well; the scores stay.
    ScoreSheet.objects.filter(entry__in=keys, note__isnull=False).update(note=None)
    files = EntryFile.objects.filter(entry__in=keys)
    stored = list(files.values_list("stored", flat=True))
    files.delete()
    receipts = UsePhoto.objects.filter(line__report__award__entry__in=keys)
    photos = list(receipts.values_list("stored", flat=True))
    receipts.delete()
    _forget_after_awards(keys)
    for file in StoredFile.objects.filter(pk__in=[*stored, *photos]):
        drop_file(stored=file, by=None)


def _forget_after_awards(entries: Collection[int]) -> None:
    """Words go; that somebody answered, kinds, amounts and days stay with the award, as its payment does."""
    ReceiptCheck.objects.filter(award__entry__in=entries).update(words=None, outcome_note=None)
    UseReport.objects.filter(award__entry__in=entries).update(change=None, note=None)
    UseLine.objects.filter(report__award__entry__in=entries).update(words=None)


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


def _after_awards(person: Person) -> list[list[Fact]]:
    """One record for each question and each report."""
    owned = {"award__entry__registration__person": person}
    checks = ReceiptCheck.objects.filter(**owned).select_related("award__tier")
    reports = UseReport.objects.filter(**owned).select_related("award__tier").prefetch_related("lines__photo")
    return [*(_check(row) for row in checks), *(_report(row) for row in reports)]


def _check(row: ReceiptCheck) -> list[Fact]:
    facts = [
        Fact("award", _("Award"), str(row.award.tier)),
        Fact("paid", _("Paid"), row.net, rupiah(row.net)),
        Fact("answer", _("Your answer"), row.answer, row.get_answer_display()),
        Fact("amount", _("Amount that came"), row.amount, rupiah(row.amount)),
        Fact("words", _("In your own words"), row.words),
        Fact("outcome", _("What became of it"), row.outcome, row.get_outcome_display()),
        Fact("note", _("What the office noted"), row.outcome_note),
    ]
    return [fact for fact in facts if fact.value]


def _report(row: UseReport) -> list[Fact]:
    facts = [
        Fact("award", _("Award"), str(row.award.tier)),
        Fact("due_on", _("Report due on"), row.due_on.isoformat(), day_date(row.due_on)),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("business", _("The business is"), row.business, row.get_business_display()),
        Fact("change", _("What changed"), row.change),
        Fact("note", _("What the office noted"), row.note),
    ]
    for line in row.lines.all():
        told = [line.get_kind_display(), line.words, rupiah(line.amount), day_date(line.spent_on)]
        value = {"kind": line.kind, "words": line.words, "amount": line.amount}
        facts.append(Fact("line", _("Use"), value, ", ".join(str(part) for part in told if part)))
        if hasattr(line, "photo"):
            facts.append(Fact("photo", _("photo of a receipt"), line.photo.pk, day_date(line.spent_on)))
    return [fact for fact in facts if fact.value]


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
