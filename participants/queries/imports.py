"""What the rows of a list clash with: other rows, entries of the batch, people on file, and the places there are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import CharField, Count, F, Model, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.roles import Permission
from kit.crypto import decrypt_file
from notifications.models import Message, State
from participants.models import (
    ACTIVE_SEATS,
    CheckState,
    ImportRow,
    Person,
    Registration,
    RegistrationEvent,
    RegistrationImport,
)
from participants.queries.entries import duplicate_key_for
from programs.models import Batch

Clash = list[Any]
# The first row of a number counts. Where the names differ nobody knows which of them is wrong: then both are.
IN_FILE = """
SELECT number, first, first_alike = alike_hash AS same FROM (
    SELECT number, alike_hash, first_value(number) OVER numbers AS first,
        first_value(alike_hash) OVER numbers AS first_alike
    FROM participants_importrow WHERE upload_id = %(upload)s AND nik_hash <> '' AND state <> 'left_out'
    WINDOW numbers AS (PARTITION BY nik_hash ORDER BY number)
) seen WHERE number <> first ORDER BY number
"""
ALIKE_IN_FILE = """
SELECT number, first FROM (
    SELECT number, nik_hash, first_value(number) OVER alike AS first, first_value(nik_hash) OVER alike AS first_nik
    FROM participants_importrow WHERE upload_id = %(upload)s AND alike_hash <> '' AND nik_hash <> ''
        AND state <> 'left_out'
    WINDOW alike AS (PARTITION BY alike_hash ORDER BY number)
) seen WHERE number <> first AND nik_hash <> first_nik ORDER BY number
"""
BEYOND_PLACES = """
SELECT number FROM (
    SELECT r.number, row_number() OVER (PARTITION BY r.batch_id ORDER BY r.number) AS turn, places.count
    FROM participants_importrow r
    JOIN unnest(%(batches)s::bigint[], %(places)s::int[]) AS places (batch_id, count) ON places.batch_id = r.batch_id
    WHERE r.upload_id = %(upload)s AND (r.state = 'good' OR r.state = 'doubtful' AND r.let_in)
) line WHERE turn > count ORDER BY number
"""


@dataclass(frozen=True)
class Known:
    """What is compared of one row."""

    number: int
    nik_hash: str
    name_key: str
    birth_date: str
    phone: str
    email: str
    batch_id: int


@dataclass(frozen=True)
class OnFile:
    pk: int
    name_key: str
    birth_date: str
    phone: str
    email: str

    def knows(self, row: Known) -> bool:
        return row.phone == self.phone or bool(row.email and row.email.lower() == self.email.lower())

    def is_other_than(self, row: Known) -> bool:
        """Neither name nor birth date nor contact: the number is likely a slip of the pen."""
        return self.name_key != row.name_key and self.birth_date != row.birth_date and not self.knows(row)


def file_of_import(upload: RegistrationImport) -> bytes:
    """The spreadsheet as it was sent; refuses when it is gone."""
    if upload.stored is None or upload.file_key is None or upload.stored.is_lost:
        raise ValidationError(_("The file was deleted. Please upload it again."), code="file_gone")
    return decrypt_file(upload.stored.content(), key=upload.file_key, context=upload.context)


def open_batches(
    user: User, *, program: int | None = None, batch: int | None = None, most: int | None = None
) -> list[Batch]:
    """The batches that may take entries now and that the person may bring entries into, with the programme's rules.

    Of one programme, one batch alone, or no more than `most`.
    """
    now = timezone.now()
    found = Batch.objects.visible_to(user, Permission.IMPORT_REGISTRATIONS).accepting(now)
    found = found.filter(program=program) if program is not None else found
    found = found.filter(pk=batch) if batch is not None else found
    rows = found.with_parts().prefetch_related("program__rules").order_by("program__name", "region", "pk")[:most]
    return [row for row in rows if takes_entries(row, now)]


def takes_entries(batch: Batch, now: Any) -> bool:
    """As the form would; whether there is a place is told row by row."""
    begun = batch.starts_at is not None and batch.starts_at <= now
    return batch.phase(now) in {"open", "waiting", "full"} and not begun


def places_left(batch: Batch) -> int | None:
    """Seats and places on the waiting list; None where a selection gives them."""
    if batch.is_selecting:
        return None
    return batch.seats_free + batch.waiting_free


def people_on_file(agency: Agency, rows: Sequence[Known]) -> dict[str, OnFile]:
    found = Person.objects.filter(agency=agency, nik_hash__in={row.nik_hash for row in rows})
    names = ("nik_hash", "pk", "name_key", "birth_date", "phone", "email")
    return {
        nik_hash: OnFile(pk, name_key, str(born), phone, email)
        for nik_hash, pk, name_key, born, phone, email in found.values_list(*names)
    }


def clashes_of(agency: Agency, batches: Sequence[Batch], rows: Sequence[Known]) -> dict[int, list[Clash]]:
    """Row number -> what it clashes with among entries and people; a few questions for many rows."""
    persons = people_on_file(agency, rows)
    held = _held(agency, batches, rows, persons)
    alike = _alike(agency, batches, rows)
    keys = {batch.pk: duplicate_key_for(batch) for batch in batches}
    found: dict[int, list[Clash]] = {}
    for row in rows:
        person = persons.get(row.nik_hash)
        clashes = _clashes(row, person, held.get(row.nik_hash, []), keys[row.batch_id])
        if not clashes:
            clashes = _doubts(row, person, alike)
        if clashes:
            found[row.number] = clashes
    return found


def _clashes(row: Known, person: OnFile | None, held: Sequence[tuple[Any, ...]], key: str) -> list[Clash]:
    for batch_id, duplicate_key, person_id, phone, email in held:
        if batch_id == row.batch_id:
            return [["nik", "already_in_batch", {}]]
        mine = person is not None and person_id == person.pk
        mine |= phone == row.phone or bool(row.email and email.lower() == row.email.lower())
        if key and duplicate_key == key and mine:
            return [["nik", "not_eligible:not_twice", {}]]
    return []


def _doubts(row: Known, person: OnFile | None, alike: dict[tuple[str, str], set[tuple[str, int]]]) -> list[Clash]:
    if person is not None:
        return [["nik", "nik_of_other", {}]] if person.is_other_than(row) else []
    others = {batch for nik_hash, batch in alike.get((row.name_key, row.birth_date), set()) if nik_hash != row.nik_hash}
    if row.batch_id in others:
        return [["full_name", "alike_in_batch", {}]]
    return [["full_name", "alike_on_file", {}]] if others else []


def _held(
    agency: Agency, batches: Sequence[Batch], rows: Sequence[Known], persons: dict[str, OnFile]
) -> dict[str, list[tuple[Any, ...]]]:
    """Active entries by the hash of the row that they may belong to."""
    keys = {key for batch in batches if (key := duplicate_key_for(batch))}
    where = Q(batch__in=[batch.pk for batch in batches]) | Q(duplicate_key__in=keys)
    hashes = {person.pk: nik_hash for nik_hash, person in persons.items()}
    whose = Q(nik_hash__in={row.nik_hash for row in rows}) | Q(person__in=list(hashes))
    names = ("nik_hash", "person_id", "batch_id", "duplicate_key", "phone", "email")
    found: dict[str, list[tuple[Any, ...]]] = {}
    entries = Registration.objects.active().filter(whose, where, batch__program__agency=agency)
    for nik_hash, person_id, batch_id, key, phone, email in entries.values_list(*names):
        for one in {nik_hash, hashes.get(person_id, nik_hash)}:
            found.setdefault(one, []).append((batch_id, key, person_id, phone, email))
    return found


def _alike(
    agency: Agency, batches: Sequence[Batch], rows: Sequence[Known]
) -> dict[tuple[str, str], set[tuple[str, int]]]:
    """Name and birth date -> the numbers that bear them, with the batch (0: on file)."""
    same = {"name_key__in": {row.name_key for row in rows}, "birth_date__in": {row.birth_date for row in rows}}
    found: dict[tuple[str, str], set[tuple[str, int]]] = {}
    people = Person.objects.filter(agency=agency, **same).values_list("name_key", "birth_date", "nik_hash")
    for key, born, nik_hash in people:
        found.setdefault((key, str(born)), set()).add((nik_hash, 0))
    entries = Registration.objects.active().filter(batch__in=[batch.pk for batch in batches], **same)
    for key, born, nik_hash, batch_id in entries.values_list("name_key", "birth_date", "nik_hash", "batch_id"):
        found.setdefault((key, str(born)), set()).add((nik_hash, batch_id))
    return found


def clashes_in_file(upload: RegistrationImport) -> dict[int, list[Clash]]:
    """Rows that name one person twice."""
    found: dict[int, list[Clash]] = {}
    with connection.cursor() as cursor:
        cursor.execute(IN_FILE, {"upload": upload.pk})
        for number, first, same in cursor.fetchall():
            found.setdefault(number, []).append(["nik", "same_in_file" if same else "nik_in_file", {"row": first}])
            if not same:
                found.setdefault(first, []).append(["nik", "nik_in_file", {"row": number}])
        cursor.execute(ALIKE_IN_FILE, {"upload": upload.pk})
        for number, first in cursor.fetchall():
            found.setdefault(number, []).append(["full_name", "alike_in_file", {"row": first}])
    return found


def beyond_places(upload: RegistrationImport, batches: Sequence[Batch]) -> list[int]:
    """The numbers of the rows for which neither a seat nor a place in line is left, in the order of the file."""
    places = {batch.pk: count for batch in batches if (count := places_left(batch)) is not None}
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"upload": upload.pk, "batches": list(places), "places": list(places.values())}
        cursor.execute(BEYOND_PLACES, params)
        return [row[0] for row in cursor.fetchall()]


def import_counts(upload: RegistrationImport) -> dict[str, int]:
    """How many rows are in each state; `let_in` of the doubtful ones."""
    counts = dict.fromkeys(ImportRow.State.values, 0) | {"let_in": 0}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, let_in, count(*) FROM participants_importrow WHERE upload_id = %s GROUP BY 1, 2", [upload.pk]
        )
        for state, let_in, count in cursor.fetchall():
            counts[state] += count
            counts["let_in"] += count if let_in and state == "doubtful" else 0
    return counts


# What an import writes itself beside an entry, and what goes with it.
OWN = {"RegistrationEvent", "Consent", "ImportRow"}


def relations_of(model: type[Model], apart_from: set[type[Model]]) -> list[Any]:
    """Every key of another table that leads to this one: what is added tomorrow is found tomorrow."""
    found = [relation for relation in model._meta.related_objects if relation.related_model not in apart_from]
    return [relation for relation in found if relation.related_model.__name__ not in OWN]


def built_on_entries(upload: RegistrationImport) -> list[Any]:
    """What came since to the entries of a list, in words."""
    entries = Registration.objects.filter(import_row__upload=upload)
    reasons: list[Any] = []
    if count := entries.exclude(check_state=CheckState.PENDING).count():
        reasons.append(_("Entries that were checked since: %(count)d.") % {"count": count})
    moved = entries.exclude(batch=F("import_row__batch")) | entries.exclude(seat__in=[*ACTIVE_SEATS])
    more = RegistrationEvent.objects.filter(registration__in=entries).order_by().values("registration")
    changed = set(more.annotate(lines=Count("pk")).filter(lines__gt=1).values_list("registration", flat=True))
    changed |= set(moved.values_list("pk", flat=True))
    if changed:
        reasons.append(_("Entries that were changed, moved or ended since: %(count)d.") % {"count": len(changed)})
    if upload.rows.filter(state=ImportRow.State.IMPORTED, registration=None).exists():
        reasons.append(_("Entries that were erased since."))
    told = Message.objects.filter(subject_type="registration", subject_id__in=_as_text(entries))
    if count := told.exclude(state__in=[State.QUEUED, State.CANCELLED]).count():
        reasons.append(_("Messages that have gone out: %(count)d.") % {"count": count})
    for relation in relations_of(Registration, set()):
        model = relation.related_model
        if model._default_manager.filter(**{f"{relation.field.name}__in": entries.values("pk")}).exists():
            reasons.append(_("Since then: %(what)s.") % {"what": model._meta.verbose_name_plural})
    return reasons


def _as_text(entries: Any) -> Any:
    return entries.annotate(text=Cast("pk", CharField())).values("text")


def seats_of_import(upload: RegistrationImport) -> dict[int, dict[str, int]]:
    """Batch -> seat -> how many entries of the import hold it."""
    found: dict[int, dict[str, int]] = {}
    entries = Registration.objects.filter(import_row__upload=upload).order_by()
    for batch, seat, count in entries.values_list("batch", "seat").annotate(count=Count("pk")):
        found.setdefault(batch, {})[seat] = count
    return found


def as_told(counts: dict[str, int]) -> str:
    """The counts as a form carries them along."""
    return json.dumps(counts, sort_keys=True)


@dataclass(frozen=True)
class Share:
    """How the usable rows of a list would be seated in one batch."""

    batch: Batch
    rows: int

    @property
    def held(self) -> int | None:
        return None if self.batch.is_selecting else min(self.rows, self.batch.seats_free)

    @property
    def waiting(self) -> int | None:
        return None if self.held is None else self.rows - self.held


def shares_of_import(upload: RegistrationImport) -> list[Share]:
    usable = upload.rows.usable().order_by().values_list("batch").annotate(rows=Count("pk"))
    counts = dict(usable)
    batches = Batch.objects.with_office().filter(pk__in=counts).order_by("region", "pk")
    return [Share(batch, counts[batch.pk]) for batch in batches]
