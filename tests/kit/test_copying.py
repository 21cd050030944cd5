import uuid

import pytest
from django.utils import timezone

from kit.copying import copy_rows
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories

ODD = "Bar\tis\\ satu\nbaris dua\r \\N 'kutip' \"ganda\" {a,b} é 字"


@pytest.fixture
def entry(db: None) -> Registration:
    batch: Batch = factories.batch(factories.program(cast.home_agency()))
    return factories.registration(batch)


def test_copied_rows_are_those_that_insert_would_have_written(entry: Registration) -> None:
    other = Registration.objects.get(pk=entry.pk)
    other.pk, other.person_id, other.code = None, None, "ANAKAYAM"
    other.submission_key, other.queue_number, other.phone = uuid.uuid4(), 77, "+6281200009999"
    other.address, other.check_note, other.flags = ODD, ODD, ["nik_day", 'satu "dua"', "a,b\\c"]
    other.eligibility = [{"kind": ODD, "passed": None, "data": {"age": 27}}]
    other.created_at = timezone.now()
    assert copy_rows([other]) == 1
    found = Registration.objects.get(code="ANAKAYAM")
    names = [field.attname for field in Registration._meta.concrete_fields if not field.primary_key]
    assert {name: getattr(found, name) for name in names} == {name: getattr(other, name) for name in names}


def test_nothing_is_copied_for_no_rows(db: None) -> None:
    assert copy_rows([]) == 0
