"""Nobody can be told from what is left, and every count stays as it was."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import Message
from participants.models import Person, Registration
from participants.privacy import anonymise
from programs.models import Batch
from tests import cast, factories

pytestmark = pytest.mark.django_db

SECRETS = ["Sulastri", "SULASTRI", "9971016307990001", "+6281355502266", "sulastri@contoh.id", "Jalan Rahasia"]
SECRETS += ["Kembang Turi", "KEMBANG", "KEMBANGTURI"]
DECLARED: dict[str, Any] = {
    "full_name": "Sulastri Binti Rahasia",
    "nik": "9971016307990001",
    "phone": "+6281355502266",
    "email": "sulastri@contoh.id",
    "address": "Jalan Rahasia 7",
    "occupation": "Pembatik Rahasia",
    "business_name": "Kembang Turi",
    "birth_date": date(1999, 7, 23),
}


def everything_stored() -> str:
    """Every column of every table, as text; bytes as they are."""
    told = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of the schema
            told += [row[0] for row in cursor.fetchall()]
    return "\n".join(told)


def age_on(day: date, born: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def counts(batch: Batch) -> Counter[tuple[object, ...]]:
    first = timezone.localtime(batch.starts_at).date()
    return Counter(
        (
            entry.region_id,
            entry.sex,
            age_on(first, entry.birth_date),
            entry.birth_date.year,
            entry.education_level,
            entry.target_group,
            entry.seat,
            entry.check_state,
            entry.created_at,
        )
        for entry in Registration.objects.filter(batch=batch)
    )


@pytest.fixture
def batch() -> Batch:
    made = factories.batch(factories.program(cast.home_agency(), duplicate_rule="never"))
    made.refresh_from_db()
    return made


def gone(person: Person) -> int:
    return anonymise(persons=[person.pk], at=timezone.now())


def test_nothing_that_was_declared_is_stored_anywhere(batch: Batch) -> None:
    entry = factories.registration(batch, **DECLARED)
    assert [secret for secret in SECRETS if secret in everything_stored()] != []
    assert Message.objects.for_subject("registration", entry.pk).count() == 1
    assert entry.person is not None
    assert gone(entry.person) == 1
    assert [secret for secret in SECRETS if secret in everything_stored()] == []
    assert Message.objects.for_subject("registration", entry.pk).count() == 0
    after = Registration.objects.get(pk=entry.pk)
    assert (after.nik, after.nik_last4, after.phone, after.email) == ("", "0000", "", "")
    assert after.code != entry.code
    assert after.nik_hash != entry.nik_hash


def test_counts_stay_as_they_were(batch: Batch) -> None:
    first = timezone.localtime(batch.starts_at).date()
    days = [first.replace(year=1990) + timedelta(days=shift) for shift in (-1, 0, 1)]
    births = [*days, date(1988, 2, 29), date(1990, 1, 1), date(1990, 12, 31)]
    people = [factories.registration(batch, birth_date=born).person for born in births]
    before = counts(batch)
    anonymise(persons=[person.pk for person in people if person], at=timezone.now())
    assert counts(batch) == before
    assert {entry.birth_date.strftime("%d%m") for entry in Registration.objects.all()} <= {"0101", "3112"}


def test_entries_of_one_person_stay_together(batch: Batch) -> None:
    first = factories.registration(batch, **DECLARED)
    other = factories.batch(factories.program(cast.home_agency(), duplicate_rule="never"))
    second = factories.registration(other, **DECLARED)
    assert first.person == second.person
    assert first.person is not None
    assert gone(first.person) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.person_id == second.person_id
    assert {first.nik_hash, second.nik_hash} == set(Person.objects.values_list("nik_hash", flat=True))


def test_a_second_time_changes_nothing(batch: Batch) -> None:
    entry = factories.registration(batch, **DECLARED)
    assert entry.person is not None
    gone(entry.person)
    stored = everything_stored()
    assert gone(entry.person) == 0
    assert everything_stored() == stored


def test_the_same_number_may_come_again(batch: Batch) -> None:
    entry = factories.registration(batch, **DECLARED)
    assert entry.person is not None
    gone(entry.person)
    again = factories.registration(batch, **DECLARED)
    assert again.person_id not in {None, entry.person_id}


def test_a_child_keeps_no_name_of_the_guardian(batch: Batch) -> None:
    batch.program.rules.all().delete()
    born = timezone.localdate() - timedelta(days=16 * 365)
    entry = factories.registration(batch, **DECLARED | {"birth_date": born}, guardian_name="Sumarni Wali")
    assert entry.person is not None
    gone(entry.person)
    assert "Sumarni" not in everything_stored()
    assert Registration.objects.get(pk=entry.pk).guardian_relation == "parent"


def test_an_entry_of_nobody_goes_alone(batch: Batch) -> None:
    factories.registration(batch, **DECLARED)
    stranger = factories.registration(batch, **DECLARED | {"phone": "+6281399900011", "email": ""})
    assert stranger.person_id is None
    at: datetime = timezone.now()
    assert anonymise(entries=[stranger.pk], at=at) == 1
    stranger.refresh_from_db()
    assert (stranger.anonymised_at, stranger.full_name) == (at, "(data dihapus)")
    assert Person.objects.get().full_name == "Sulastri Binti Rahasia"
