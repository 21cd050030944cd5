"""Everything that is kept of a person, as they may read it and take it along."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kit.phones import show_phone
from kit.privacy import Fact, Section
from kit.templatetags.kit import day_date, moment, rupiah
from notifications.models import Message
from participants import queries
from participants.models import Attendance, Consent, EvidenceFile, Person, Registration, SelectionRow
from participants.models.rights import DataRequest
from participants.privacy.telling import guardian, told_around
from participants.queries.rights import Subject

MOST_MESSAGES = 500


def export(person: Person) -> list[Section]:
    """Of all entries of the person. Identity numbers are masked: who asks knows the own number."""
    return [Section("person", _("What is on file about you"), [_declared(person)]), *_sections(person)]


def export_entry(registration: Registration) -> list[Section]:
    """Of one entry whose person is not settled: nothing of other entries."""
    return _sections(registration)


def _sections(subject: Subject) -> list[Section]:
    entries = list(queries.entries_of_subject(subject).defer("nik", "person__nik"))
    keys = [entry.pk for entry in entries]
    photos = EvidenceFile.objects.filter(registration__in=keys).defer("key")
    return [
        Section("entries", _("Your registrations"), [_entry(entry) for entry in entries]),
        Section("events", _("What happened to your registrations"), [_event(row) for row in _events(entries)]),
        Section("attendance", _("Your attendance"), [_attended(row) for row in _attendances(keys)]),
        *told_around(subject, keys),
        Section("selections", _("Results of selections"), [_selected(row) for row in _selection_rows(keys)]),
        Section("consents", _("What you agreed to"), [_consent(row) for row in _consents(keys)]),
        Section("photos", _("Photos of documents"), [_photo(row) for row in photos]),
        Section("messages", _("Messages to you"), [_message(row) for row in _messages(subject, keys)]),
        Section("papers", _("Official papers about you"), [_paper(row) for row in queries.papers_of(subject)]),
        Section("payments", _("Payments to you"), [_payment(row) for row in queries.payments_of(subject)]),
        Section("accounts", _("Your bank accounts"), [_account(row) for row in queries.accounts_of(subject)]),
        Section("complaints", _("Your complaints"), [_complaint(row) for row in queries.complaints_of(subject)]),
        Section("requests", _("Your requests about your data"), [_request(row) for row in _requests(subject)]),
        Section("trail", _("Who looked at your data, and what was done with it"), _trail(subject)),
    ]


def _declared(row: Person | Registration) -> list[Fact]:
    return [
        Fact("full_name", _("Name"), row.full_name),
        Fact("nik", _("NIK"), row.masked_nik),
        Fact("birth_date", _("Birth date"), row.birth_date.isoformat(), day_date(row.birth_date)),
        Fact("sex", _("Sex"), row.sex, row.get_sex_display()),
        Fact("phone", _("Phone"), row.phone, show_phone(row.phone)),
        Fact("email", _("E-mail"), row.email),
        Fact("address", _("Address"), row.address),
        Fact("rt", _("RT"), row.rt),
        Fact("rw", _("RW"), row.rw),
        Fact("region", _("Urban village"), row.region_id, row.region.full_name),
        Fact("education_level", _("Last education"), row.education_level, row.get_education_level_display()),
        Fact("occupation", _("Work"), row.occupation),
    ]


def _entry(entry: Registration) -> list[Fact]:
    return [
        Fact("code", _("Registration number"), entry.code, entry.shown_code),
        Fact("program", _("Training"), str(entry.batch.program)),
        Fact("batch", _("Batch"), str(entry.batch)),
        _when("registered_at", _("Registered"), entry.created_at),
        Fact("source", _("Source"), entry.source, entry.get_source_display()),
        Fact("seat", _("Seat"), entry.seat, entry.get_seat_display()),
        Fact("check", _("Check of the data"), entry.check_state, entry.get_check_state_display()),
        _when("checked_at", _("Checked"), entry.checked_at),
        Fact("check_note", _("Note of the check"), entry.check_note),
        Fact("reject_reason", _("Reason"), entry.reject_reason, entry.get_reject_reason_display()),
        Fact("withdraw_reason", _("Reason of the cancellation"), entry.withdraw_reason),
        Fact("target_group", _("Target group"), entry.target_group, entry.get_target_group_display()),
        Fact("business_kind", _("Kind of business"), entry.business_kind, entry.kind_of_business),
        Fact("business_name", _("Name of the business"), entry.business_name),
        *_household(entry),
        Fact("warnings", _("Warnings for the check"), entry.flags, ", ".join(entry.flags)),
        _when("restricted_at", _("Use restricted"), entry.restricted_at),
        *_declared(entry),
        *guardian(entry),
    ]


def _household(entry: Registration) -> list[Fact]:
    """The number itself is not kept, so it cannot be told either."""
    if not entry.household_hash:
        return []
    noted = _("Only noted so far as two equal numbers are recognised")
    return [Fact("household", _("Number of your family card (KK)"), True, noted)]


def _events(entries: Sequence[Registration]) -> Iterable[Any]:
    by_key = {entry.pk: entry for entry in entries}
    for entry in by_key.values():
        yield from entry.events.all()


def _event(row: Any) -> list[Fact]:
    return [
        Fact("entry", _("Registration number"), row.registration.code, row.registration.shown_code),
        _when("at", _("When"), row.at),
        Fact("kind", _("What"), row.kind, row.get_kind_display()),
        Fact("by", _("Who"), "office" if row.by_office else "self", _("The office") if row.by_office else _("You")),
    ]


def _attendances(keys: Sequence[int]) -> models.QuerySet[Attendance]:
    rows = Attendance.objects.filter(registration__in=keys).select_related("registration", "session")
    return rows.order_by("session__during", "pk")


def _attended(row: Attendance) -> list[Fact]:
    return [
        Fact("entry", _("Registration number"), row.registration.code, row.registration.shown_code),
        _when("session", _("Session"), row.session.during.lower),
        Fact("status", _("Attendance"), row.status, row.get_status_display()),
        _when("arrived_at", _("Arrived"), row.arrived_at),
        _when("left_at", _("Left"), row.left_at),
    ]


def _selection_rows(keys: Sequence[int]) -> models.QuerySet[SelectionRow]:
    return SelectionRow.objects.filter(registration__in=keys).select_related("registration")


def _selected(row: SelectionRow) -> list[Fact]:
    return [
        Fact("entry", _("Registration number"), row.registration.code, row.registration.shown_code),
        Fact("rank", _("Rank"), row.rank),
        Fact("points", _("Points"), row.points),
        Fact("outcome", _("Result"), row.outcome, row.get_outcome_display()),
        Fact("reason", _("Reason"), row.reason, row.get_reason_display()),
    ]


def _consents(keys: Sequence[int]) -> models.QuerySet[Consent]:
    return Consent.objects.filter(registration__in=keys).select_related("registration").order_by("at", "pk")


def _consent(row: Consent) -> list[Fact]:
    return [
        Fact("entry", _("Registration number"), row.registration.code, row.registration.shown_code),
        Fact("purpose", _("For what"), row.purpose, row.get_purpose_display()),
        Fact("given", _("Agreed"), row.given, _("Yes") if row.given else _("No")),
        Fact("text_version", _("Edition of the text"), row.text_version),
        Fact("channel", _("How"), row.channel, row.get_channel_display()),
        _when("at", _("When"), row.at),
        _when("withdrawn_at", _("Withdrawn"), row.withdrawn_at),
    ]


def _photo(row: EvidenceFile) -> list[Fact]:
    return [
        Fact("kind", _("Document"), row.kind, row.get_kind_display()),
        _when("sent_at", _("Sent"), row.uploaded_at),
        _when("seen_at", _("Looked at by the office"), row.seen_at),
        _when("deleted_at", _("Deleted"), row.deleted_at),
    ]


def _messages(subject: Subject, keys: Sequence[int]) -> models.QuerySet[Message]:
    theirs = models.Q(subject_type="registration", subject_id__in=[str(key) for key in keys])
    if isinstance(subject, Person):
        numbers = [str(number) for number in queries.numbers_of(subject)]
        theirs |= models.Q(subject_type="person", subject_id__in=numbers)
    return Message.objects.filter(theirs, recipient_phone__in=_phones(subject, keys)).order_by("-pk")[:MOST_MESSAGES]


def _phones(subject: Subject, keys: Sequence[int]) -> set[str]:
    """A warning that a number was used again goes to whoever used it before: that one is not told here."""
    phones = set(Registration.objects.filter(pk__in=keys).values_list("phone", flat=True))
    return {*phones, subject.phone, ""}


def _message(row: Message) -> list[Fact]:
    return [
        _when("at", _("When"), row.created_at),
        Fact("channel", _("Channel"), row.channel, row.get_channel_display()),
        Fact("to", pgettext("mail", "To"), row.recipient_address),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("subject", _("Subject"), "" if row.secret else row.subject),
        Fact("text", _("Text"), "" if row.secret else row.body),
    ]


def _paper(row: Any) -> list[Fact]:
    return [
        Fact("name", _("Paper"), row.name),
        Fact("number", _("Number"), row.number),
        Fact("date", _("Date"), row.date.isoformat(), day_date(row.date)),
        Fact("status", _("State"), row.status, row.get_status_display()),
        Fact("address", _("Address to check it"), row.public_url),
    ]


def _payment(row: Any) -> list[Fact]:
    return [
        Fact("purpose", _("For what"), row.purpose),
        Fact("gross", _("Gross"), row.gross, rupiah(row.gross)),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("paid_on", _("Paid on"), row.paid_on.isoformat() if row.paid_on else "", day_date(row.paid_on)),
    ]


def _account(row: Any) -> list[Fact]:
    return [
        Fact("bank", _("Bank"), row.bank.name),
        Fact("number", _("Account number"), f"…{row.last4}"),
        Fact("holder", _("Account holder"), row.holder_name),
        Fact("state", _("State"), row.state, row.get_state_display()),
    ]


def _complaint(row: Any) -> list[Fact]:
    return [
        Fact("code", _("Number"), row.code, row.shown_code),
        _when("received_at", pgettext("at a time", "Received"), row.received_at),
        Fact("category", _("About"), row.category, row.get_category_display()),
        Fact("text", _("Text"), row.text),
        Fact("answer", _("Answer"), row.answer or ""),
    ]


def _requests(subject: Subject) -> models.QuerySet[DataRequest]:
    return queries.requests_of(subject)


def _request(row: DataRequest) -> list[Fact]:
    return [
        Fact("code", _("Number"), row.code, row.shown_code),
        Fact("kind", _("What was asked"), row.kind, row.get_kind_display()),
        _when("received_at", pgettext("at a time", "Received"), row.received_at),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("wish", _("In your words"), row.note),
        Fact("answer", _("Answer"), row.answer or ""),
        _when("answered_at", pgettext("at a time", "Answered"), row.answered_at),
    ]


def _trail(subject: Subject) -> list[list[Fact]]:
    """Officers by their function and office: their names are data of others (article 33)."""
    lines = []
    for trace in queries.trail_of(subject):
        row = trace.entry
        who = row.role_names or _("The office") if row.actor_id else row.actor_shown
        lines.append(
            [
                _when("at", _("When"), row.at),
                Fact("what", _("What"), row.action, row.action_name),
                Fact("who", _("Who"), row.role if row.actor_id else row.actor_label, who),
                Fact("office", _("Office"), row.agency.name if row.agency else ""),
                Fact("why", _("What for"), row.purpose),
            ]
        )
    return lines


def _when(code: str, label: str, at: Any) -> Fact:
    return Fact(code, label, at.isoformat() if at else "", moment(at) if at else "")
