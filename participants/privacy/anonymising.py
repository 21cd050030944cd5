"""Nobody can be told from what is left, and every count stays as it was.

What stays: sex, village, year of birth and the age on the first day, school, target group, kind of business, and what
became of the entry. All entries of one person keep belonging to one card.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from jobs.actions import drop_file
from jobs.models import StoredFile
from kit.crypto import encrypt
from kit.privacy import forget_entries
from notifications.actions import forget_messages
from participants import queries, rules
from participants.models import (
    NO_NAME,
    AccessCode,
    CardPreparation,
    Complaint,
    DataRequest,
    EvidenceFile,
    PersonMerge,
    PersonPair,
    PersonTrace,
    Proxy,
    Registration,
)
from participants.privacy.words import forget_words

NEW_HASH = "encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex')"
BLANK = """full_name = %(name)s, name_key = '', nik = %(nik)s, nik_last4 = '0000', is_temporary = false, phone = '',
    email = '', address = '', rt = '', rw = '', occupation = ''"""
CARDS = f"""
UPDATE participants_person SET nik_hash = {NEW_HASH}, {BLANK}, birth_date = date_trunc('year', birth_date),
    anonymised_at = %(at)s
WHERE id = ANY(%(keys)s) AND anonymised_at IS NULL
"""  # noqa: S608 - constants of this file
# The age on the first day is what is counted: before the birthday the last day of the year keeps it.
ENTRIES = f"""
UPDATE participants_registration r SET nik_hash = coalesce(c.nik_hash, {NEW_HASH}), {BLANK},
    birth_date = CASE
        WHEN to_char(r.birth_date, 'MMDD')
            <= to_char(coalesce(b.starts_at, r.created_at) AT TIME ZONE a.time_zone, 'MMDD')
        THEN make_date(extract(year FROM r.birth_date)::int, 1, 1)
        ELSE make_date(extract(year FROM r.birth_date)::int, 12, 31)
    END,
    code = new.code, submission_key = gen_random_uuid(), pin_hash = '', pin_locked_until = NULL,
    flags = '{{}}', check_note = '', withdraw_reason = '', guardian_name = '', guardian_phone = '',
    business_name = '', household_hash = '', household_program_id = NULL, anonymised_at = %(at)s
FROM unnest(%(keys)s, %(codes)s) AS new (id, code), participants_registration o
JOIN programs_batch b ON b.id = o.batch_id
JOIN programs_program p ON p.id = b.program_id
JOIN accounts_agency a ON a.id = p.agency_id
LEFT JOIN participants_person c ON c.id = o.person_id
WHERE r.id = new.id AND o.id = r.id AND r.anonymised_at IS NULL
"""  # noqa: S608 - constants of this file
# Of the log stays what a machine wrote: the words of people may name somebody.
EVENTS = """
UPDATE participants_registrationevent SET data = (
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(data)
    WHERE key IN ('position', 'number', 'seat', 'document', 'fields')
)
WHERE registration_id = ANY(%(keys)s)
"""


@transaction.atomic
def anonymise(*, persons: Sequence[int] = (), entries: Sequence[int] = (), at: datetime) -> int:
    """These cards with all their entries, and these entries that belong to no card. How many entries it were.

    The caller holds the rows' locks and writes the trail. Called again it changes nothing more.
    """
    _statement(CARDS, "participants_person", persons, at)
    wanted = Registration.objects.filter(anonymised_at=None).filter(
        Q(person__in=list(persons)) | Q(pk__in=list(entries), person=None)
    )
    keys = sorted(wanted.values_list("pk", flat=True))
    codes = [rules.new_code() for _key in keys]
    _statement(ENTRIES, "participants_registration", keys, at, codes=codes)
    _forget_around(keys, persons)
    return len(keys)


def _statement(sql: str, table: str, keys: Sequence[int], at: datetime, **more: Any) -> None:
    if not keys:
        return
    values: dict[str, Any] = {
        "keys": list(keys),
        "at": at,
        "name": NO_NAME,
        "nik": encrypt("", context=f"{table}.nik"),
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _forget_card(persons: Sequence[int]) -> None:
    CardPreparation.objects.filter(person__in=persons).delete()
    PersonTrace.objects.filter(person__in=persons).delete()
    PersonPair.objects.filter(Q(first__in=persons) | Q(second__in=persons)).delete()
    merges = PersonMerge.objects.about(*persons)
    merges.merged().update(state=PersonMerge.State.SEALED, aside=None)
    merges.update(choices={}, reason=NO_NAME, decision_note="", undo_note="")


def _forget_around(keys: Sequence[int], persons: Sequence[int]) -> None:
    """What hangs on the entries and tells of the person."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(EVENTS, {"keys": list(keys)})
    AccessCode.objects.filter(registration__in=keys).delete()
    Proxy.objects.filter(registration__in=keys).delete()
    _forget_card(persons)
    named = Complaint.objects.filter(registration__in=keys)
    named.update(registration=None, named_code="", full_name=None, phone=None, email=None)
    photos = EvidenceFile.objects.kept().filter(registration__in=keys)
    stored = list(StoredFile.objects.filter(pk__in=photos.values("stored")))
    photos.delete()
    for file in stored:
        drop_file(stored=file, by=None)
    forget_words(entries=keys, persons=persons)
    forget_entries(keys)
    asked = DataRequest.objects.filter(Q(registration__in=keys) | Q(person__in=persons)).values_list("pk", flat=True)
    about = {"registration": keys, "person": queries.numbers_of_all(persons), "data_request": asked}
    forget_messages(subjects=[(kind, str(key)) for kind, found in about.items() for key in found])
