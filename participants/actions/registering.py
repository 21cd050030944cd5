"""Registering: one entry, one seat or one place in line, whatever is pressed twice."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from kit.refusals import is_orphan, spoken_refusals
from kit.rows import insert_all, insert_unless_there
from notifications.actions import allow_whatsapp
from notifications.models import Message, WhatsAppChoice
from participants import notices, queries, rules
from participants.actions.entries import audit_line, event_of
from participants.models import (
    NO_PLACE_YET,
    Consent,
    Declaration,
    Person,
    Registration,
    RegistrationEvent,
    Seat,
    Source,
    hash_pin,
    initial_pin,
)
from programs.models import Batch, fresh_batch
from programs.rules import Line, refusals

PHASE_REFUSALS = {
    "planned": _("This batch is not open yet."),
    "upcoming": _("Registration has not opened yet."),
    "closed": _("Registration for this batch has closed."),
    "finished": _("This batch is over."),
    "cancelled": _("This batch has been cancelled."),
}
FULL = _("All seats and the waiting list are full.")
LINE_REFUSALS = {
    "age": _("Your age on the first day is outside what this programme allows."),
    "domicile": _("The address on your identity card is outside the area of this batch."),
    "target_group": _("This programme is for other groups."),
    "not_twice": _("You take part in another training of this year already."),
}
GUARDIAN_MISSING = _("Whoever is not 18 yet registers with a parent or guardian: please write the name.")
FAMILY_CARD_MISSING = _("This programme takes one participant of a household: please enter the family card (KK).")
USED = _("This form had expired. Nothing is lost: please press the button again.")
ALREADY = _("You are registered for this batch already.")
SAID_TO_RESIDENTS = {
    "registration_person_once_per_batch": (ALREADY, "registration_contact_once_per_batch"),
    "registration_person_once_per_rule": (LINE_REFUSALS["not_twice"], "not_eligible:not_twice"),
}


def register(
    *,
    batch: Batch,
    declaration: Declaration,
    submission_key: uuid.UUID,
    consents: Mapping[str, bool],
    notice_version: str = "",
    by: User | None,
    source: Source = Source.ONLINE,
) -> Registration:
    """A held seat, else a place on the waiting list. The same form sent again gives the same registration.

    `notice_version` names another edition than that in force, for what was signed on paper before.
    Refuses with code form_used, batch_not_open, batch_full, not_eligible:<line> or a constraint's name.
    """
    try:
        with refusals_said_to(by):
            return _again_if_merged(
                lambda: _register(batch, declaration, submission_key, consents, notice_version, by, source)
            )
    except (ValidationError, IntegrityError):
        # The same form may have come before, or twice at once: the first one has won.
        sent_before = Registration.objects.with_parts().filter(submission_key=submission_key).first()
        if sent_before is not None:
            return _pressed_twice(sent_before, batch, declaration)
        raise


def _again_if_merged(act: Callable[[], Registration]) -> Registration:
    """The card that was found may have become one with another before the commit; the next look finds what is there."""
    for _attempt in range(2):
        try:
            return act()
        except Person.DoesNotExist:
            continue
        except IntegrityError as error:
            if not is_orphan(error):
                raise
    return act()


def _pressed_twice(existing: Registration, batch: Batch, declaration: Declaration) -> Registration:
    """The entry that this form made. A form gone back to and filled in for somebody else, or elsewhere, is a new one.

    Otherwise the second of two people with one phone would be shown the number and PIN of the first, and be lost.
    """
    if (existing.batch_id, existing.nik_hash) != (batch.pk, declaration.nik_hash):
        raise ValidationError(USED, code="form_used")
    return existing


@transaction.atomic
def _register(
    batch: Batch,
    declaration: Declaration,
    submission_key: uuid.UUID,
    consents: Mapping[str, bool],
    notice_version: str,
    by: User | None,
    source: Source,
) -> Registration:
    now = timezone.now()
    fresh = fresh_batch(batch)
    _refuse_closed(fresh, now)
    person, is_linked = identify(batch=fresh, declaration=declaration, in_person=by is not None)
    lines = answer_requirements(fresh, declaration, person if by else None, now)
    refuse_unguarded(declaration, fresh, now)
    refuse_without_family_card(fresh, declaration.household_hash, is_temporary=declaration.is_temporary)
    registration = entry_of(fresh, declaration, submission_key, now)
    registration.person = person if is_linked else None
    registration.source, registration.registered_by = source, by
    registration.eligibility = [line.as_json() for line in lines]
    registration.flags = flags_of(fresh, declaration, person, now)
    registration.pk, event_key = queries.next_keys(Registration, RegistrationEvent)
    kept = _consents(registration, consents, notice_version, now, by)
    if consents.get(Consent.Purpose.WHATSAPP):
        _allow_whatsapp(registration, by)
    expected = None if fresh.is_selecting else fresh.expected_position
    event, *told = _told(registration, expected, event_key, by, now)
    position = _take_place(registration, now)
    if position != expected:
        event, *told = _told(registration, position, event_key, by, now)
    insert_all([registration, *kept, event, *told])
    if registration.is_doubtful:
        notices.tell_others_with_number(registration, event)
    return registration


def _take_place(registration: Registration, now: datetime) -> int | None:
    """The position; from here on everybody else who wants a seat of this batch waits for the commit.

    Where a selection gives the seats there is none, nobody waits, and nobody is too late until it closes.
    """
    batch = registration.batch
    if batch.is_selecting:
        registration.queue_number = NO_PLACE_YET + registration.pk
        if not Batch.objects.enter(batch.pk):
            _refuse_late(batch, now)
        return None
    answer = Batch.objects.take_seat(batch.pk)
    if answer is None:
        batch.refresh_from_db(fields=["state"])  # it may have been cancelled meanwhile
        _refuse_closed(batch, now)
        raise ValidationError(FULL, code="batch_full")
    registration.queue_number = answer.queue_number
    return answer.position


def _refuse_late(batch: Batch, now: datetime) -> None:
    batch.refresh_from_db(fields=["state", "selected_at", "registration_closes_at"])
    _refuse_closed(batch, now)
    raise ValidationError(PHASE_REFUSALS["closed"], code="batch_not_open")


def entry_of(batch: Batch, declaration: Declaration, submission_key: uuid.UUID, now: datetime) -> Registration:
    declared = declared_of(declaration, submission_key) | household_of(batch, declaration.household_hash)
    return Registration(batch=batch, created_at=now, duplicate_key=queries.duplicate_key_for(batch), **declared)


def declared_of(declaration: Declaration, submission_key: uuid.UUID) -> dict[str, Any]:
    """Every column in which two entries of a batch differ when they come in at one moment."""
    code = rules.new_code()
    return {
        **declaration.columns(),
        "code": code,
        "submission_key": submission_key,
        "pin_hash": hash_pin(code, initial_pin(submission_key)),
        "language": declaration.language,
        "target_group": declaration.target_group,
        "has_domicile_letter": declaration.has_domicile_letter,
        "business_kind": declaration.business_kind,
        "business_name": declaration.business_name,
        **declaration.guardian(),
    }


def refuse_unguarded(declaration: Declaration, batch: Batch, now: datetime) -> None:
    """Whoever is not of age today in the office registers with a guardian (Law 27 of 2022, article 25)."""
    today = now.astimezone(batch.program.agency.zone).date()
    if rules.is_child(declaration.birth_date, today) and not (
        declaration.guardian_name and declaration.guardian_relation
    ):
        raise ValidationError(GUARDIAN_MISSING, code="guardian_missing")


def household_of(batch: Batch, household_hash: str) -> dict[str, Any]:
    """Columns of the entry: nothing where the programme does not ask, whatever the form sent."""
    if not batch.program.one_per_household or not household_hash:
        return {"household_hash": "", "household_program_id": None}
    return {"household_hash": household_hash, "household_program_id": batch.program_id}


def refuse_without_family_card(batch: Batch, household_hash: str, *, is_temporary: bool) -> None:
    """Whoever waits for a NIK may wait for the card too: neither is verified before."""
    if batch.program.one_per_household and not household_hash and not is_temporary:
        raise ValidationError(FAMILY_CARD_MISSING, code="family_card_missing")


def flags_of(batch: Batch, declaration: Declaration, person: Person, now: datetime) -> list[str]:
    return rules.declaration_flags(
        nik=declaration.nik,
        birth_date=declaration.birth_date,
        sex=declaration.sex,
        full_name=declaration.full_name,
        today=now.astimezone(batch.program.agency.zone).date(),
        contact_differs=not person.knows_contact(phone=declaration.phone, email=declaration.email),
    )


def identify(*, batch: Batch, declaration: Declaration, in_person: bool, apart_from: int = 0) -> tuple[Person, bool]:
    """The file card of this identity number, made when there is none, and whether the entry may be linked to it.

    A stranger who knows a number on file learns nothing: the entry goes its normal way, unlinked, and a verifier
    decides; so does a second entry of the person under other contact data, for refusing it would tell of the first.
    An officer who saw the identity card links at once.
    """
    agency = batch.program.agency
    person = Person(agency=agency, **declaration.columns())
    if insert_unless_there(person):
        return person, True
    # Held until the entry stands, or an import that is taken back at this moment would take the card away.
    held = Person.objects.select_for_update(no_key=True).filter(agency=agency, nik_hash=person.nik_hash).first()
    if held is None:
        return identify(batch=batch, declaration=declaration, in_person=in_person, apart_from=apart_from)
    person = held
    if in_person:
        return person, True
    knows = person.knows_contact(phone=declaration.phone, email=declaration.email)
    return person, knows and not queries.entries_of(person, batch, apart_from=apart_from).exists()


def answer_requirements(
    batch: Batch, declaration: Declaration, person: Person | None, now: datetime, *, apart_from: int | None = None
) -> list[Line]:
    """One line for each requirement; refuses what blocks, and a second entry of the same visitor."""
    held = queries.entries_held(person, declaration, batch, apart_from=apart_from)
    if any(entry.batch_id == batch.pk for entry in held):
        raise ValidationError(ALREADY, code="registration_contact_once_per_batch")
    facts = queries.facts_of(declaration, queries.name_elsewhere(held, batch))
    lines = queries.eligibility_lines(batch, facts, now=now)
    errors = [ValidationError(LINE_REFUSALS[line.kind], code=f"not_eligible:{line.kind}") for line in refusals(lines)]
    if errors:
        raise ValidationError(errors)
    return lines


@contextmanager
def refusals_said_to(by: User | None) -> Iterator[None]:
    """A resident hears the same sentence whichever constraint refused: it must not tell whose the number is."""
    try:
        with spoken_refusals(Registration, savepoint=False):
            yield
    except ValidationError as error:
        said = SAID_TO_RESIDENTS.get(getattr(error, "code", None) or "")
        if by is None and said is not None:
            raise ValidationError(said[0], code=said[1]) from error
        raise


def _refuse_closed(batch: Batch, now: datetime) -> None:
    phase = batch.phase(now)
    if phase in PHASE_REFUSALS:
        raise ValidationError(PHASE_REFUSALS[phase], code="batch_not_open")
    if batch.starts_at is not None and batch.starts_at <= now:
        raise ValidationError(PHASE_REFUSALS["closed"], code="batch_not_open")
    if phase == "full":
        raise ValidationError(FULL, code="batch_full")


def _consents(
    registration: Registration, given: Mapping[str, bool], version: str, now: datetime, by: User | None
) -> list[Consent]:
    channel = Consent.Channel.PAPER if by else Consent.Channel.ONLINE
    texts = queries.texts_in_force(registration.batch.program.agency, now)
    return [
        Consent(
            registration=registration,
            purpose=purpose,
            given=answer,
            text_version=version or texts.version(purpose),
            channel=channel,
            at=now,
            witnessed_by=by,
        )
        for purpose, answer in given.items()
    ]


def _allow_whatsapp(registration: Registration, by: User | None) -> None:
    """Before the first message is written, so that it may already go this way."""
    source = WhatsAppChoice.Source.PAPER if by else WhatsAppChoice.Source.FORM
    allow_whatsapp(
        agency=registration.batch.program.agency,
        phone=registration.phone,
        source=source,
        by=by,
        subject=("registration", registration.pk),
    )


def _told(
    registration: Registration, position: int | None, event_key: int, by: User | None, now: datetime
) -> tuple[RegistrationEvent, AuditEntry, Message]:
    """What is written beside the entry when it comes to this place: the log, the trail, the message.

    Without a position it waits for a selection.
    """
    kinds = RegistrationEvent.Kind
    data: dict[str, Any]
    if position is None:
        registration.seat, kind, data = Seat.APPLIED, kinds.ENTERED, {"number": registration.shown_number}
    else:
        registration.seat = Seat.WAITING if position else Seat.HELD
        kind, data = kinds.QUEUED if position else kinds.REGISTERED, {"position": position}
    event = event_of(registration=registration, kind=kind, by=by, at=now, **data)
    event.pk = event_key
    line = audit_line(registration=registration, action="created", by=by, changes={"seat": registration.seat})
    sessions = registration.batch.planned_sessions()
    told = notices.prepared(registration, "registration_received", event, position=position, sessions=sessions)
    return event, line, told
