"""The good rows of a list become entries in one transaction, with the seats that `register` would give them."""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from kit.copying import alike, copy_rows
from kit.rows import key_source
from participants import notices, queries, rules
from participants.actions.bringing_accounts import bring_in_accounts
from participants.actions.entries import audit_line, event_of
from participants.actions.importing import DOUBTS, end_file, import_note, locked_import, work_on
from participants.actions.registering import declared_of, entry_of, household_of
from participants.models import (
    NO_PLACE_YET,
    Consent,
    Declaration,
    ImportPurpose,
    Person,
    Registration,
    RegistrationEvent,
    RegistrationImport,
    Seat,
    Source,
)
from programs.models import Batch
from regions.models import Region

AT_ONCE = 1_000
State = RegistrationImport.State
CHANGED = _("Entries have come in since the list was checked, or places have gone. Please look at it again.")
# One import after the other in an office: two that name the same people could wait for each other for ever.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('participants.import'), %s)"
TABLES = """
DROP TABLE IF EXISTS pg_temp.import_card, pg_temp.import_new;
CREATE TEMPORARY TABLE import_card (LIKE participants_person) ON COMMIT DROP;
ALTER TABLE import_card ALTER id DROP NOT NULL;
CREATE TEMPORARY TABLE import_new (nik_hash varchar(64)) ON COMMIT DROP;
"""
NEW_CARDS = """
WITH made AS (
    INSERT INTO participants_person ({columns}) SELECT {columns} FROM import_card
    ON CONFLICT (agency_id, nik_hash) DO NOTHING RETURNING nik_hash
), told AS (INSERT INTO import_new SELECT nik_hash FROM made)
SELECT 1;
TRUNCATE import_card;
"""
BECOME_ENTRIES = """
UPDATE participants_importrow r SET state = 'imported', registration_id = made.entry,
    person_is_new = EXISTS (SELECT 1 FROM import_new n WHERE n.nik_hash = r.nik_hash)
FROM unnest(%s::int[], %s::bigint[]) AS made (number, entry) WHERE r.upload_id = %s AND r.number = made.number
"""


class Row(NamedTuple):
    """What is needed of one that is brought in."""

    number: int
    content: str | None
    batch_id: int
    nik_hash: str
    let_in: bool


@dataclass(frozen=True)
class Ready:
    """A row that is brought in, and what the form would have sent."""

    row: Row
    declaration: Declaration

    @cached_property
    def known(self) -> queries.Known:
        told = self.declaration
        columns = told.columns()
        return queries.Known(
            self.row.number,
            self.row.nik_hash,
            columns["name_key"],
            str(told.birth_date),
            told.phone,
            told.email,
            self.row.batch_id,
        )


@dataclass
class Line:
    """Seats and places of one batch while its rows come in, in the order of the file."""

    batch: Batch
    free: int
    waiting: int
    first: Registration | None = None
    turn: int = 0
    held: int = 0
    queued: int = 0

    def entry(self, declaration: Declaration, now: datetime, *, whole: bool) -> Registration:
        """Not yet written. Whole when messages are made of it; else only what differs from the first one is set."""
        if whole or self.first is None:
            self.first = entry_of(self.batch, declaration, uuid.uuid4(), now)
            return self.first
        declared = declared_of(declaration, uuid.uuid4()) | household_of(self.batch, declaration.household_hash)
        return alike(self.first, region_id=declared.pop("region").pk, **declared)

    def take(self) -> int | None:
        """0 is a seat, 1 next on the waiting list; None where a selection decides."""
        self.turn += 1
        if self.batch.is_selecting:
            return None
        if self.held < self.free:
            self.held += 1
            return 0
        self.queued += 1
        return self.waiting + self.queued


@transaction.atomic
def start_bringing_in(*, upload: RegistrationImport, expected: dict[str, int], tell: bool, by: User) -> Any:
    """From here on the rows stay as they are; a worker brings them in. `expected` is what the officer saw."""
    fresh = locked_import(upload)
    if fresh.state != State.CHECKED:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    if fresh.counts != expected:
        raise ValidationError(CHANGED, code="list_changed")
    if not fresh.rows.usable().exists():
        raise ValidationError(_("No row can be brought in."), code="no_rows")
    fresh.state, fresh.told = State.IMPORTING, tell
    import_note(fresh, action="import.started", by=by, tell=tell)
    return work_on(fresh, "import_apply", by)


@transaction.atomic
def stop_bringing_in(*, upload: RegistrationImport, by: User) -> None:
    """Nothing was brought in; the list can be looked at again."""
    fresh = locked_import(upload)
    if fresh.state == State.IMPORTING:
        fresh.state, fresh.changed_at, fresh.told = State.CHECKED, timezone.now(), False
        fresh.save(update_fields=["state", "changed_at", "told"])


@transaction.atomic
def bring_in(
    *, upload: RegistrationImport, notice_version: str, alive: Callable[[], None], by: User
) -> RegistrationImport:
    """All rows that were good when the officer looked, or none.

    `alive` is called before the end and may raise, which takes everything back. Refuses with list_changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [upload.agency_id])
    fresh, now = locked_import(upload), timezone.now()
    if fresh.state == State.IMPORTED:
        return fresh  # the runner before this one died after the commit
    if fresh.state != State.IMPORTING:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    BRING_IN[fresh.purpose](fresh, notice_version, by, now)
    fresh.state, fresh.imported_by, fresh.imported_at, fresh.changed_at = State.IMPORTED, by, now, now
    fresh.counts = queries.import_counts(fresh)
    end_file(fresh)
    fresh.save()
    import_note(fresh, action="import.brought_in", by=by, counts=fresh.counts, tell=fresh.told)
    alive()
    return fresh


class _Work:
    """Rows become entries: new file cards first, then the batches in the order of their keys, then the entries."""

    def __init__(self, upload: RegistrationImport, notice_version: str, by: User, now: datetime) -> None:
        self.upload, self.notice_version, self.by, self.now = upload, notice_version, by, now
        self.agency, self.regions = upload.agency, dict[str, Region]()
        self.today = now.astimezone(self.agency.zone).date()
        self.lines: dict[int, Line] = {}
        # The first of each; the others differ by little.
        self.trail: AuditEntry | None = None
        self.event: RegistrationEvent | None = None
        self.consent: Consent | None = None

    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
        self.make_cards()
        self.lock_batches()
        self.make_entries()

    def chunks(self) -> Iterator[list[Ready]]:
        """In the order of the file, a thousand at a time; those behind may be marked as brought in meanwhile."""
        last = 0
        while True:
            found = self.upload.rows.usable().filter(number__gt=last).in_order().values_list(*Row._fields)
            rows = [Row(*values) for values in found[:AT_ONCE]]
            if not rows:
                return
            last = rows[-1].number
            yield self._ready(rows)

    def _ready(self, rows: Sequence[Row]) -> list[Ready]:
        told = [json.loads(row.content or "{}")["clean"] for row in rows]
        missing = {clean["region"] for clean in told} - set(self.regions)
        self.regions |= Region.objects.in_bulk(missing) if missing else {}
        return [Ready(row, self._declaration(clean)) for row, clean in zip(rows, told, strict=True)]

    def _declaration(self, clean: dict[str, Any]) -> Declaration:
        region, born = self.regions[clean["region"]], date.fromisoformat(clean["birth_date"])
        return Declaration(**(clean | {"region": region, "birth_date": born}))

    def make_cards(self) -> None:
        """File cards of people nobody knew; before any batch is locked, as whoever registers makes them first too."""
        columns = ", ".join(f'"{f.column}"' for f in Person._meta.concrete_fields if not f.primary_key)
        for chunk in self.chunks():
            cards = (Person(agency=self.agency, created_at=self.now, **ready.declaration.columns()) for ready in chunk)
            copy_rows(cards, into="import_card")
            with connection.cursor() as cursor:
                cursor.execute(NEW_CARDS.format(columns=columns))

    def lock_batches(self) -> None:
        """In the order of their keys; refuses when one takes nobody any more."""
        keys = sorted(self.upload.rows.usable().order_by().values_list("batch", flat=True).distinct())
        for key in keys:
            Batch.objects.locked(key)
        found = Batch.objects.with_parts().prefetch_related("program__rules").filter(pk__in=keys)
        for batch in found:
            if not queries.takes_entries(batch, self.now):
                raise ValidationError(
                    _("The batch %(batch)s takes no entries any more."), code="batch_not_open", params={"batch": batch}
                )
            self.lines[batch.pk] = Line(batch, batch.seats_free, batch.waiting_count)

    def make_entries(self) -> None:
        batches = [line.batch for line in self.lines.values()]
        if queries.beyond_places(self.upload, batches):
            raise ValidationError(CHANGED, code="list_changed")
        for chunk in self.chunks():
            known = [ready.known for ready in chunk]
            clashes = queries.clashes_of(self.agency, batches, known)
            if any(_is_news(ready.row, clashes.get(ready.row.number, [])) for ready in chunk):
                raise ValidationError(CHANGED, code="list_changed")
            self._write(chunk, queries.people_on_file(self.agency, known))
        for key, line in sorted(self.lines.items()):
            Batch.objects.shift_seats(key, held=line.held, waiting=line.queued)
            if not line.batch.is_selecting:
                Batch.objects.filter(pk=key).update(last_queue_number=line.batch.last_queue_number + line.turn)

    def _write(self, chunk: Sequence[Ready], persons: dict[str, queries.OnFile]) -> None:
        keys, event_keys = _keys(Registration, len(chunk)), _keys(RegistrationEvent, len(chunk))
        entries: list[Registration] = []
        events: list[RegistrationEvent] = []
        told: list[tuple[RegistrationEvent, int | None]] = []
        for ready, key, event_key in zip(chunk, keys, event_keys, strict=True):
            entry, position = self._entry(ready, key, persons[ready.row.nik_hash])
            event = self._event(entry, event_key, position)
            entries.append(entry)
            events.append(event)
            told.append((event, position))
        copy_rows(entries)
        copy_rows(events)
        copy_rows(self._consent(entry) for entry in entries)
        copy_rows(self._audit(entry) for entry in entries)
        if self.upload.told:
            notices.tell_received(told)
        with connection.cursor() as cursor:
            cursor.execute(BECOME_ENTRIES, [[ready.row.number for ready in chunk], keys, self.upload.pk])

    def _entry(self, ready: Ready, key: int, person: queries.OnFile) -> tuple[Registration, int | None]:
        """Linked to the person on file, unless hardly anything agrees: then a verifier decides, as ever."""
        line, declared, known = self.lines[ready.row.batch_id], ready.declaration, ready.known
        entry = line.entry(declared, self.now, whole=self.upload.told)
        entry.pk = key
        entry.person_id = None if person.is_other_than(known) else person.pk
        entry.source, entry.registered_by = Source.IMPORT, self.by
        lines = queries.eligibility_lines(line.batch, queries.facts_of(declared, None), now=self.now)
        entry.eligibility = [told.as_json() for told in lines]
        entry.flags = rules.declaration_flags(
            nik=declared.nik,
            birth_date=declared.birth_date,
            sex=declared.sex,
            full_name=declared.full_name,
            today=self.today,
            contact_differs=not person.knows(known),
        )
        position = line.take()
        if position is None:
            entry.seat, entry.queue_number = Seat.APPLIED, NO_PLACE_YET + key
        else:
            entry.seat = Seat.WAITING if position else Seat.HELD
            entry.queue_number = line.batch.last_queue_number + line.turn
        return entry, position

    def _event(self, entry: Registration, key: int, position: int | None) -> RegistrationEvent:
        kinds = RegistrationEvent.Kind
        data: dict[str, Any] = {"number": entry.shown_number} if position is None else {"position": position}
        kind = kinds.ENTERED if position is None else kinds.QUEUED if position else kinds.REGISTERED
        if self.event is None or self.upload.told:
            self.event = event_of(registration=entry, kind=kind, by=self.by, at=self.now)
        return alike(self.event, id=key, registration_id=entry.pk, kind=kind, data=data)

    def _consent(self, entry: Registration) -> Consent:
        """They were told on paper; the officer who brings them in answers for it."""
        self.consent = self.consent or Consent(
            purpose=Consent.Purpose.NOTICE,
            given=True,
            text_version=self.notice_version,
            channel=Consent.Channel.PAPER,
            at=self.now,
            witnessed_by=self.by,
        )
        return alike(self.consent, registration_id=entry.pk)

    def _audit(self, entry: Registration) -> AuditEntry:
        """One line for each, from the first one made."""
        if self.trail is None:
            self.trail = audit_line(registration=entry, action="imported", by=self.by, changes={"seat": ""})
            self.trail.at = self.now
        person, key = entry.person_id, str(entry.pk)
        return alike(
            self.trail,
            object_id=key,
            subject_type="participants.person" if person else self.trail.object_type,
            subject_id=str(person) if person else key,
            region_code=entry.batch.region_id,
            changes={"seat": str(entry.seat), "import": self.upload.pk},
        )


def _register(upload: RegistrationImport, notice_version: str, by: User, now: datetime) -> None:
    _Work(upload, notice_version, by, now).run()


BRING_IN: dict[str, Callable[[RegistrationImport, str, User, datetime], None]] = {
    ImportPurpose.REGISTRATIONS: _register,
    ImportPurpose.ACCOUNTS: bring_in_accounts,
}


def _is_news(row: Row, clashes: Sequence[Any]) -> bool:
    """Whether it clashes with what was not there when somebody looked."""
    return any(clash[1] not in DOUBTS or not row.let_in for clash in clashes)


def _keys(model: Any, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key_source(model)} FROM generate_series(1, %s)", [count])  # noqa: S608 - own names
        return [row[0] for row in cursor.fetchall()]
