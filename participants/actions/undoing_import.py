"""An import is taken back as a whole, as long as nothing builds on it."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.copying import copy_rows
from notifications.actions import cancel_messages_about
from participants import queries
from participants.actions.bringing_accounts import lock_accounts, withdraw_accounts
from participants.actions.bringing_in import ALONE
from participants.actions.entries import audit_line
from participants.actions.importing import import_note, locked_import
from participants.actions.offers import offer_free_seats
from participants.models import ImportPurpose, ImportRow, Person, Registration, RegistrationImport, Seat
from programs.models import Batch

State, Row = RegistrationImport.State, ImportRow.State
AT_ONCE = 1_000
# Cards that the import made, and that nobody has verified since; held, so that nobody begins to use one meanwhile.
NEW_PEOPLE = """
SELECT p.id FROM participants_person p JOIN participants_importrow r ON r.nik_hash = p.nik_hash
WHERE r.upload_id = %s AND r.person_is_new AND p.agency_id = %s AND p.verified_at IS NULL
ORDER BY p.id FOR UPDATE OF p
"""
ENTRIES = "SELECT registration_id FROM participants_importrow WHERE upload_id = %s AND registration_id IS NOT NULL"


@transaction.atomic
def undo_import(*, upload: RegistrationImport, by: User) -> RegistrationImport:
    """What its rows became goes as if it had never come; the trail keeps that it did.

    Refuses with import_went_on or built_on, which names what stands in the way.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [upload.agency_id])
    fresh, now = locked_import(upload), timezone.now()
    if fresh.state != State.IMPORTED:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    UNDO[fresh.purpose](fresh, by, now)
    fresh.state, fresh.undone_by, fresh.undone_at, fresh.changed_at = State.UNDONE, by, now, now
    fresh.save()
    import_note(fresh, action="import.undone", by=by, count=fresh.count("imported"))
    return fresh


def _unregister(fresh: RegistrationImport, by: User, now: datetime) -> None:
    """Entries, their log and new file cards go. Freed seats are offered."""
    batches = sorted(fresh.rows.filter(state=Row.IMPORTED).order_by().values_list("batch", flat=True).distinct())
    for key in batches:
        Batch.objects.locked(key)
    entries = Registration.objects.filter(import_row__upload=fresh)
    list(entries.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    refuse_built_on(fresh)
    counts = queries.seats_of_import(fresh)
    _tell_the_trail(fresh, by)
    cancel_messages_about(subject_type="registration", subjects=entries.values("pk"), by=by)
    people = _people(fresh)
    _remove(fresh, people)
    for key in batches:
        seats = counts.get(key, {})
        Batch.objects.shift_seats(key, held=-seats.get(Seat.HELD, 0), waiting=-seats.get(Seat.WAITING, 0))
        offer_free_seats(batch_id=key, now=now, by=None)


def refuse_built_on(upload: RegistrationImport) -> None:
    """Asked under the locks of what the list became."""
    if reasons := queries.built_on_import(upload):
        raise ValidationError([ValidationError(reason, code="built_on") for reason in reasons])


def _withdraw(upload: RegistrationImport, by: User, _now: datetime) -> None:
    """Accounts that still wait go; those before them wait again."""
    lock_accounts(upload)
    refuse_built_on(upload)
    withdraw_accounts(upload, by)


UNDO: dict[str, Callable[[RegistrationImport, User, datetime], None]] = {
    ImportPurpose.REGISTRATIONS: _unregister,
    ImportPurpose.ACCOUNTS: _withdraw,
}


def _tell_the_trail(upload: RegistrationImport, by: User) -> None:
    entries = Registration.objects.filter(import_row__upload=upload).select_related("batch__program__agency")
    first: Any = None
    lines = []
    for entry in entries.defer("nik").iterator(chunk_size=AT_ONCE):
        if first is None:
            first = audit_line(registration=entry, action="import_undone", by=by)
        line = copy(first)
        subject = ("participants.person", entry.person_id) if entry.person_id else (line.object_type, entry.pk)
        line.object_id, line.subject_type, line.subject_id = str(entry.pk), subject[0], str(subject[1])
        line.region_code, line.changes = entry.batch.region_id, {"import": upload.pk}
        lines.append(line)
        if len(lines) == AT_ONCE:
            copy_rows(lines)
            lines = []
    copy_rows(lines)


def _people(upload: RegistrationImport) -> list[int]:
    """New cards behind which nothing else stands."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_PEOPLE, [upload.pk, upload.agency_id])
        keys = [row[0] for row in cursor.fetchall()]
    mine = set(upload.rows.exclude(registration=None).values_list("registration", flat=True))
    others = Registration.objects.filter(person__in=keys).exclude(pk__in=mine).values_list("person", flat=True)
    used = set(others)
    for relation in queries.relations_of(Person, apart_from={Registration}):
        used |= set(
            relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": keys}).values_list(
                relation.field.attname, flat=True
            )
        )
    return [key for key in keys if key not in used]


def _remove(upload: RegistrationImport, people: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_gone")
        cursor.execute("CREATE TEMPORARY TABLE import_gone ON COMMIT DROP AS " + ENTRIES, [upload.pk])
        cursor.execute(
            "UPDATE participants_importrow SET registration_id = NULL, state = 'left_out', let_in = false"
            " WHERE upload_id = %s AND state = 'imported'",
            [upload.pk],
        )
        for table in ("participants_registrationevent", "participants_consent"):
            cursor.execute(f"DELETE FROM {table} WHERE registration_id IN (SELECT * FROM import_gone)")  # noqa: S608 - two names of ours
        cursor.execute("DELETE FROM participants_registration WHERE id IN (SELECT * FROM import_gone)")
        cursor.execute("DELETE FROM participants_person WHERE id = ANY(%s)", [people])
