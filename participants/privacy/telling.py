"""What is kept around the entries of a person: marks and papers of the hall, cards, lists from Excel, other people.

Officers, and other residents, are told by what they did and never by name: their names are data of others.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kit.phones import show_phone
from kit.privacy import Fact, Section
from kit.templatetags.kit import day_date, moment
from participants.models import (
    AttendanceMark,
    CardItem,
    CardPreparation,
    CardReport,
    Completion,
    DoorCase,
    ImportRow,
    IncidentPerson,
    JobSeekerCard,
    Offer,
    Person,
    PersonMerge,
    Proxy,
    Registration,
    Replacement,
    SheetLine,
)
from participants.queries.rights import Subject

AT_SHEET = "sheet__session"


def told_around(subject: Subject, keys: Sequence[int]) -> list[Section]:
    person = subject if isinstance(subject, Person) else None
    return [
        Section("marks", _("Marks of attendance"), [_mark(row) for row in _of(AttendanceMark, keys, "session")]),
        Section("door", _("Cases at the door"), [_case(row) for row in _of(DoorCase, keys, "session")]),
        Section("sheets", _("Signed attendance sheets"), [_line(row) for row in _of(SheetLine, keys, AT_SHEET)]),
        Section("replacements", _("Places that passed to another person"), _replacements(keys)),
        Section("completions", _("How much you attended"), [_completion(row) for row in _of(Completion, keys)]),
        Section("offers", _("Places that were offered to you"), [_offer(row) for row in _of(Offer, keys)]),
        Section("proxies", _("Who came to the desk for you"), [_proxy(row) for row in _of(Proxy, keys)]),
        Section("imports", _("Lists from Excel with your data"), [_import(row) for row in _imports(keys)]),
        Section("job_cards", _("Your job seeker card (AK1)"), _job_cards(person)),
        Section("card_preparation", _("What you prepared for the job seeker card"), _preparations(person)),
        Section("merges", _("Cards of yours that were joined"), _merges(person)),
        Section("incidents", _("Incidents with your data"), _incidents(person, keys)),
    ]


def guardian(entry: Registration) -> list[Fact]:
    return [
        Fact("guardian_name", _("Guardian"), entry.guardian_name),
        Fact("guardian_relation", _("Relation"), entry.guardian_relation, entry.get_guardian_relation_display()),
        Fact("guardian_phone", _("Phone of the guardian"), entry.guardian_phone, show_phone(entry.guardian_phone)),
    ]


def _of(model: Any, keys: Sequence[int], *around: str) -> Any:
    return model.objects.filter(registration__in=keys).select_related("registration", *around).order_by("pk")


def _code(entry: Registration) -> Fact:
    return Fact("entry", _("Registration number"), entry.code, entry.shown_code)


def _when(code: str, label: str, at: Any) -> Fact:
    return Fact(code, label, at.isoformat() if at else "", moment(at) if at else "")


def _day(code: str, label: str, day: Any) -> Fact:
    return Fact(code, label, day.isoformat() if day else "", day_date(day) if day else "")


def _mark(row: AttendanceMark) -> list[Fact]:
    return [
        _code(row.registration),
        _when("session", _("Session"), row.session.during.lower),
        Fact("kind", _("What"), row.kind, row.get_kind_display()),
        Fact("way", _("How"), row.way, row.get_way_display()),
        _when("at", _("When"), row.at),
        Fact("note", _("Note"), row.note),
    ]


def _case(row: DoorCase) -> list[Fact]:
    return [
        _when("session", _("Session"), row.session.during.lower),
        Fact("written", _("What was written"), row.written),
        Fact("kind", _("What"), row.kind, row.get_kind_display()),
        _when("at", _("When"), row.at),
        Fact("note", _("Note"), row.note),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("settle_note", _("Decision"), row.settle_note),
    ]


def _line(row: SheetLine) -> list[Fact]:
    return [
        _code(row.registration),
        _when("session", _("Session"), row.sheet.session.during.lower),
        Fact("signed", _("Signed"), row.signed, _("Yes") if row.signed else _("No")),
        Fact("verdict", _("Decision"), row.verdict, row.get_verdict_display()),
        Fact("reason", _("Reason"), row.reason),
    ]


def _replacements(keys: Sequence[int]) -> list[list[Fact]]:
    rows = Replacement.objects.filter(Q(gone__in=keys) | Q(came__in=keys)).select_related("gone", "came").order_by("pk")
    return [
        [
            _code(row.came if row.came_id in keys else row.gone),
            Fact("side", _("What"), *_side(row.came_id in keys)),
            _when("at", _("When"), row.at),
            Fact("reason", _("Reason"), row.reason if row.gone_id in keys else ""),
        ]
        for row in rows
    ]


def _side(came: bool) -> tuple[str, str]:
    return ("came", _("You came in somebody's place")) if came else ("gone", _("Somebody came in your place"))


def _completion(row: Completion) -> list[Fact]:
    return [
        _code(row.registration),
        Fact("sessions", _("Sessions"), [row.sessions_attended, row.sessions_planned], _of_all(row)),
        Fact("share", _("Share"), str(row.share), f"{row.share:.0f} %"),
        Fact("enough", _("Enough"), row.attended_enough, _("Yes") if row.attended_enough else _("No")),
        Fact("test_passed", _("Test passed"), row.test_passed, _said(row.test_passed)),
        _when("computed_at", _("Computed"), row.computed_at),
    ]


def _of_all(row: Completion) -> str:
    return _("%(attended)d of %(planned)d") % {"attended": row.sessions_attended, "planned": row.sessions_planned}


def _said(answer: bool | None) -> str:
    return "" if answer is None else _("Yes") if answer else _("No")


def _offer(row: Offer) -> list[Fact]:
    return [
        _code(row.registration),
        _when("offered_at", _("Offered"), row.offered_at),
        _when("expires_at", _("Until"), row.expires_at),
        Fact("state", _("State"), row.state, row.get_state_display()),
    ]


def _proxy(row: Proxy) -> list[Fact]:
    return [
        _code(row.registration),
        Fact("full_name", _("Name"), row.full_name),
        Fact("relation", _("Relation"), row.relation, row.get_relation_display()),
    ]


def _imports(keys: Sequence[int]) -> Any:
    return ImportRow.objects.filter(registration__in=keys).select_related("registration", "upload").defer("content")


def _import(row: ImportRow) -> list[Fact]:
    return [
        _code(row.registration),  # type: ignore[arg-type]  # asked for by its entry
        Fact("file", _("File"), row.upload.file_name),
        Fact("row", _("Row"), row.number),
        _when("imported_at", _("Brought in"), row.upload.imported_at),
        _when("wiped_at", _("Contents deleted"), row.upload.wiped_at),
    ]


def _job_cards(person: Person | None) -> list[list[Fact]]:
    cards = JobSeekerCard.objects.filter(person=person).defer("number").order_by("pk") if person else []
    return [
        [
            Fact("number", _("Number"), card.masked_number),
            _day("issued_on", _("Issued on"), card.issued_on),
            _day("expires_on", _("Runs out on"), card.expires_on),
            _day("ended_on", _("Ended on"), card.ended_on),
            Fact("end_reason", _("Reason"), card.end_reason, card.get_end_reason_display()),
            *(_report(report) for report in card.reports.order_by("due_on")),
        ]
        for card in cards
    ]


def _report(row: CardReport) -> Fact:
    told = day_date(row.reported_on) if row.reported_on else _("not noted yet")
    label = _("Report due on %(day)s") % {"day": day_date(row.due_on)}
    value = {"due_on": row.due_on.isoformat(), "reported_on": row.reported_on.isoformat() if row.reported_on else None}
    return Fact(f"report_{row.number}", label, value, told)


def _preparations(person: Person | None) -> list[list[Fact]]:
    rows = CardPreparation.objects.filter(person=person) if person else []
    return [
        [
            Fact("items", _("There already"), row.items, ", ".join(_items(row))),
            *(Fact(name, CardPreparation.ANSWERS.get(name, name), said) for name, said in row.answers.items()),
            _when("updated_at", _("Changed"), row.updated_at),
        ]
        for row in rows
    ]


def _items(row: CardPreparation) -> list[str]:
    return [str(CardItem(item).label) for item in row.items]


def _merges(person: Person | None) -> list[list[Fact]]:
    joined = PersonMerge.objects.filter(kept=person, state__in=["merged", "sealed"]) if person else []
    return [
        [
            Fact("former_number", _("Number of the card"), row.gone_number, str(row.gone_number)),
            _when("merged_at", _("Joined"), row.decided_at),
            _when("undo_until", _("Can be undone until"), row.undo_until if row.state == "merged" else None),
        ]
        for row in joined
    ]


def _incidents(person: Person | None, keys: Sequence[int]) -> list[list[Fact]]:
    theirs = Q(registration__in=keys) | (Q(person=person) if person else Q(pk__in=[]))
    rows = IncidentPerson.objects.filter(theirs).select_related("incident").order_by("pk")
    return [
        [
            Fact("data", _("What data"), row.incident.data_items, ", ".join(row.incident.data_labels)),
            _when("discovered_at", _("Discovered"), row.incident.discovered_at),
            _when("told_at", _("Told to you"), row.told_at),
            Fact("way", _("How"), row.way, row.get_way_display()),
        ]
        for row in rows
    ]
