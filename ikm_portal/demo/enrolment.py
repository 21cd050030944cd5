"""Many registrations at once, as the actions would have left them: seats, counters, log, consents and trail agree."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from accounts.models import AuditEntry, User
from accounts.permissions import roles_of
from participants.actions.registering import household_of
from participants.models import (
    NO_PLACE_YET,
    CheckState,
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
from participants.queries import PORTAL_EDITION
from participants.rules import CODE_ALPHABET, declaration_flags
from programs.models import Batch
from programs.rules import Facts, check_eligibility, duplicate_key

NAMESPACE = uuid.UUID("33750110-0602-4024-8000-000000000000")
SIZE = 2000


@dataclass(frozen=True)
class Entry:
    """One registration to be. `person` is the file card of who was here before; `checked_at` makes it verified."""

    declaration: Declaration
    at: datetime
    person: Person | None = None
    checked_at: datetime | None = None
    source: Source = Source.ONLINE
    helped_by: User | None = None

    @property
    def is_online(self) -> bool:
        return self.source == Source.ONLINE


@dataclass
class Enrolment:
    """Rows that are collected batch by batch and written together."""

    verifier: User
    witness: User
    chance: Random
    with_trail: bool = True
    batches: list[Batch] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def add(self, batch: Batch, first_day: datetime, entries: Sequence[Entry]) -> None:
        """The first ones hold the seats, the others wait, in the order in which they came; or all wait for a draw."""
        ordered = sorted(entries, key=lambda entry: entry.at)
        key = duplicate_key(
            batch.program.duplicate_rule,
            fiscal_year=batch.program.fund_source.fiscal_year,
            topic_ids=[topic.pk for topic in batch.topics.all()],
        )
        for number, entry in enumerate(ordered, start=1):
            person = entry.person or self._person(batch, entry)
            seat = Seat.HELD if number <= batch.quota else Seat.WAITING
            seat = Seat.APPLIED if batch.is_selecting else seat
            self.entries.append(entry)
            self.registrations.append(self._registration(batch, entry, person, seat, number, key, first_day))
        if batch.is_selecting:
            return
        batch.last_queue_number = len(ordered)
        batch.seats_held = min(len(ordered), batch.quota)
        batch.waiting_count = len(ordered) - batch.seats_held
        self.batches.append(batch)

    def write(self) -> list[Registration]:
        Person.objects.bulk_create(self.persons, batch_size=SIZE)
        # The column of when a card was made fills itself; here people came earlier.
        Registration.objects.bulk_create(self.registrations, batch_size=SIZE)
        Batch.objects.bulk_update(self.batches, ["last_queue_number", "seats_held", "waiting_count"], batch_size=SIZE)
        together = list(zip(self.registrations, self.entries, strict=True))
        RegistrationEvent.objects.bulk_create(self._events(together), batch_size=SIZE)
        Consent.objects.bulk_create(self._consents(together), batch_size=SIZE)
        if self.with_trail:
            AuditEntry.objects.bulk_create(self._trail(together), batch_size=SIZE)
        return self.registrations

    def _person(self, batch: Batch, entry: Entry) -> Person:
        verifier = self.verifier if entry.checked_at else None
        person = Person(
            **entry.declaration.columns(),
            agency=batch.program.agency,
            verified_at=entry.checked_at,
            verified_by=verifier,
        )
        self.persons.append(person)
        return person

    def _registration(
        self, batch: Batch, entry: Entry, person: Person, seat: Seat, number: int, key: str, first_day: datetime
    ) -> Registration:
        zone = batch.program.agency.zone
        code = "".join(self.chance.choice(CODE_ALPHABET) for _ in range(8))
        submission_key = uuid.uuid5(NAMESPACE, f"{batch.program.slug}/{batch.slug}/{number}")
        said = entry.declaration
        facts = Facts(said.birth_date, said.region.code, said.has_domicile_letter, said.target_group or None)
        lines = check_eligibility(
            batch.program.requirements(),
            facts,
            first_day=first_day.astimezone(zone).date(),
            batch_region=batch.region_id,
        )
        return Registration(
            **said.columns(),
            batch=batch,
            person=person,
            code=code,
            submission_key=submission_key,
            pin_hash=hash_pin(code, initial_pin(submission_key)),
            language=said.language,
            target_group=said.target_group,
            has_domicile_letter=said.has_domicile_letter,
            business_kind=said.business_kind,
            business_name=said.business_name,
            source=entry.source,
            registered_by=entry.helped_by,
            created_at=entry.at,
            seat=seat,
            queue_number=number + (NO_PLACE_YET if seat == Seat.APPLIED else 0),
            duplicate_key=key,
            **household_of(batch, said.household_hash),
            eligibility=[line.as_json() for line in lines],
            flags=_flags(entry, entry.at.astimezone(zone).date()),
            check_state=CheckState.VERIFIED if entry.checked_at else CheckState.PENDING,
            checked_at=entry.checked_at,
            checked_by=self.verifier if entry.checked_at else None,
        )

    def _events(self, together: Sequence[tuple[Registration, Entry]]) -> Iterable[RegistrationEvent]:
        for registration, entry in together:
            quota = registration.batch.quota
            waits = registration.seat == Seat.WAITING
            kind = RegistrationEvent.Kind.QUEUED if waits else RegistrationEvent.Kind.REGISTERED
            data: dict[str, object] = {"position": registration.queue_number - quota if waits else 0}
            if registration.seat == Seat.APPLIED:
                kind, data = RegistrationEvent.Kind.ENTERED, {"number": registration.shown_number}
            yield RegistrationEvent(
                registration=registration, at=entry.at, kind=kind, by_office=not entry.is_online, data=data
            )
            if entry.checked_at:
                yield RegistrationEvent(
                    registration=registration,
                    at=entry.checked_at,
                    kind=RegistrationEvent.Kind.VERIFIED,
                    by_office=True,
                )

    def _consents(self, together: Sequence[tuple[Registration, Entry]]) -> Iterable[Consent]:
        for registration, entry in together:
            answers: Mapping[str, bool] = {
                Consent.Purpose.NOTICE: True,
                Consent.Purpose.BROADCAST: self.chance.random() < 0.6,
            }
            for purpose, given in answers.items():
                yield Consent(
                    registration=registration,
                    purpose=purpose,
                    given=given,
                    text_version=PORTAL_EDITION,
                    channel=Consent.Channel.ONLINE if entry.is_online else Consent.Channel.PAPER,
                    at=entry.at,
                    witnessed_by=None if entry.is_online else entry.helped_by or self.witness,
                )

    def _trail(self, together: Sequence[tuple[Registration, Entry]]) -> list[AuditEntry]:
        lines = []
        for registration, entry in together:
            lines.append(_line(registration, "created", entry.at, entry.helped_by, {"seat": registration.seat}))
            if entry.checked_at:
                lines.append(_line(registration, "verified", entry.checked_at, self.verifier, {"flags": []}))
        return sorted(lines, key=lambda line: line.at)


def _flags(entry: Entry, today: date) -> list[str]:
    said = entry.declaration
    return declaration_flags(
        nik=said.nik,
        birth_date=said.birth_date,
        sex=said.sex,
        full_name=said.full_name,
        today=today,
        contact_differs=False,
    )


def _line(
    registration: Registration, action: str, at: datetime, by: User | None, changes: dict[str, object]
) -> AuditEntry:
    person = registration.person_id
    return AuditEntry(
        at=at,
        actor=by,
        actor_label=f"{by.full_name} ({by.username})" if by else "resident",
        role=",".join(roles_of(by)),
        agency=registration.batch.program.agency,
        action=f"registration.{action}",
        object_type="participants.registration",
        object_id=str(registration.pk),
        subject_type="participants.person",
        subject_id=str(person),
        changes=changes,
    )


def moments(chance: Random, count: int, first: datetime, last: datetime) -> list[datetime]:
    """So many moments in order, more of them soon after the beginning."""
    span = (last - first).total_seconds()
    return sorted(first + timedelta(seconds=span * chance.random() ** 1.6) for _ in range(count))
