from datetime import date

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kit import crypto
from kit.crypto import UndecryptableError, decrypt, encrypt, keyed_hash, keyed_number, reencrypt
from participants.models import Person, hash_nik
from tests import factories

HERE, ELSEWHERE = "participants_person.nik", "participants_registration.nik"
NIK = "9971015207990001"
OLD, NEW = b"1" * 32, b"2" * 32


@pytest.fixture
def person(db: None) -> Person:
    agency = factories.agency()
    declared = factories.declaration(number=1, nik=NIK).columns()
    return Person.objects.create(agency=agency, **declared)


def stored(person: Person) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik FROM participants_person WHERE id = %s", [person.pk])
        return bytes(cursor.fetchone()[0])


@given(st.text(max_size=300))
def test_encrypt_and_decrypt_give_the_text_back(text: str) -> None:
    assert decrypt(encrypt(text, context=HERE), context=HERE) == text


def test_encrypt_never_writes_the_same_twice() -> None:
    assert len({encrypt(NIK, context=HERE) for _ in range(100)}) == 100


def test_decrypt_refuses_a_value_of_another_column() -> None:
    with pytest.raises(UndecryptableError):
        decrypt(encrypt(NIK, context=HERE), context=ELSEWHERE)


@given(st.integers(min_value=1, max_value=12 + 16 + 16), st.integers(1, 255))
def test_decrypt_refuses_a_changed_value(position: int, mask: int) -> None:
    value = bytearray(encrypt(NIK, context=HERE))
    value[position] ^= mask
    with pytest.raises(UndecryptableError):
        decrypt(bytes(value), context=HERE)


@given(st.integers(0, 44))
def test_decrypt_refuses_a_shortened_value(length: int) -> None:
    with pytest.raises(UndecryptableError):
        decrypt(encrypt(NIK, context=HERE)[:length], context=HERE)


@given(st.binary(max_size=80))
def test_decrypt_refuses_what_was_never_encrypted(value: bytes) -> None:
    with pytest.raises(UndecryptableError):
        decrypt(value, context=HERE)


def test_decrypt_names_the_missing_key(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {7: OLD}
    value = encrypt(NIK, context=HERE)
    settings.ENCRYPTION_KEYS = {8: OLD}
    with pytest.raises(UndecryptableError, match="No key with id 7"):
        decrypt(value, context=HERE)


def test_decrypt_refuses_another_key_under_the_same_id(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {7: OLD}
    value = encrypt(NIK, context=HERE)
    settings.ENCRYPTION_KEYS = {7: NEW}
    with pytest.raises(UndecryptableError):
        decrypt(value, context=HERE)


def test_rotation_encrypts_with_the_newest_key_and_decrypts_with_the_old(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {1: OLD}
    old = encrypt(NIK, context=HERE)
    settings.ENCRYPTION_KEYS = {1: OLD, 2: NEW}
    renewed = reencrypt(old, context=HERE)
    assert (old[0], renewed[0], encrypt(NIK, context=HERE)[0]) == (1, 2, 2)
    assert decrypt(old, context=HERE) == NIK
    settings.ENCRYPTION_KEYS = {2: NEW}
    assert decrypt(renewed, context=HERE) == NIK


def test_keyed_hash_keeps_purposes_apart(settings: Settings) -> None:
    assert keyed_hash("nik", NIK) == keyed_hash("nik", NIK)
    assert keyed_hash("nik", NIK) != keyed_hash("pin", NIK)
    assert keyed_hash("a", "b:c") != keyed_hash("a:b", "c")
    before = keyed_hash("nik", NIK)
    settings.HASH_KEY = b"3" * 32
    assert keyed_hash("nik", NIK) != before


@given(st.text(max_size=40), st.integers(4, 10))
def test_keyed_number_has_so_many_digits(value: str, digits: int) -> None:
    number = keyed_number("initial pin", value, digits=digits)
    assert len(number) == digits
    assert set(number) <= set("0123456789")
    assert number == keyed_number("initial pin", value, digits=digits)


def test_field_stores_only_ciphertext(person: Person) -> None:
    value = stored(person)
    assert NIK.encode() not in value
    assert (value[0], len(value)) == (crypto.newest_key_id(), 1 + 12 + 16 + 16)
    assert Person.objects.get(pk=person.pk).nik == NIK


def test_field_value_is_nowhere_in_the_database_in_clear(person: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM participants_person p WHERE id = %s", [person.pk])
        text = cursor.fetchone()[0]
    assert (NIK in text, NIK[:12] in text, NIK.encode().hex() in text) == (False, False, False)
    assert hash_nik(NIK) in text


def test_field_value_moved_to_another_column_is_refused(person: Person) -> None:
    batch = factories.batch(factories.program(person.agency))
    registration = factories.registration(batch, number=2)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE participants_registration SET nik = (SELECT nik FROM participants_person WHERE id = %s)",
            [person.pk],
        )
    with pytest.raises(UndecryptableError):
        registration.refresh_from_db()


@pytest.mark.parametrize("lookup", ["nik", "nik__exact", "nik__in", "nik__contains", "nik__gt", "nik__startswith"])
def test_field_refuses_lookups(person: Person, lookup: str) -> None:
    with pytest.raises(FieldError):
        Person.objects.filter(**{lookup: NIK}).exists()


def test_field_may_be_asked_whether_it_is_empty(person: Person) -> None:
    assert not Person.objects.filter(nik__isnull=True).exists()


def test_field_is_encrypted_by_every_way_of_writing(person: Person) -> None:
    other = "9971010207990002"
    Person.objects.filter(pk=person.pk).update(nik=other)
    assert Person.objects.values_list("nik", flat=True).get(pk=person.pk) == other
    person.nik = NIK
    Person.objects.bulk_update([person], ["nik"])
    assert NIK.encode() not in stored(person)
    assert Person.objects.get(pk=person.pk).nik == NIK


@pytest.mark.parametrize("value", [NIK.encode(), memoryview(NIK.encode()), int(NIK), b"", date(1999, 7, 12)])
def test_field_refuses_what_it_would_store_unencrypted(person: Person, value: object) -> None:
    person.nik = value  # type: ignore[assignment]  # what is not text is the subject
    with pytest.raises(TypeError):
        person.save()


def test_field_is_never_serialised(person: Person) -> None:
    with pytest.raises(FieldError):
        serializers.serialize("json", [person])
