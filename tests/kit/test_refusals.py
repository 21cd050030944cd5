import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from accounts.models import Agency
from kit.refusals import spoken_refusals
from programs.models import Program, Topic
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Agency:
    return factories.agency()


def test_spoken_refusals_speaks_the_words_of_the_constraint(agency: Agency) -> None:
    Topic.objects.create(agency=agency, name="Roti")
    with pytest.raises(ValidationError) as refused, spoken_refusals(Program, Topic):
        Topic.objects.create(agency=agency, name="Roti")
    assert refused.value.code == "topic_name_once"
    [constraint] = [each for each in Topic._meta.constraints if each.name == "topic_name_once"]
    assert refused.value.message == constraint.violation_error_message


def test_spoken_refusals_leaves_the_transaction_usable(agency: Agency) -> None:
    Topic.objects.create(agency=agency, name="Roti")
    with pytest.raises(ValidationError), spoken_refusals(Topic):
        Topic.objects.bulk_create([Topic(agency=agency, name="Buket"), Topic(agency=agency, name="Roti")])
    assert not connection.needs_rollback
    assert list(Topic.objects.values_list("name", flat=True)) == ["Roti"]


def test_spoken_refusals_keeps_what_it_has_no_words_for(agency: Agency) -> None:
    Topic.objects.create(agency=agency, name="Roti")
    with pytest.raises(IntegrityError), spoken_refusals(Program):
        Topic.objects.create(agency=agency, name="Roti")


def test_spoken_refusals_lets_success_through(agency: Agency) -> None:
    with spoken_refusals(Topic):
        Topic.objects.create(agency=agency, name="Roti")
    assert Topic.objects.count() == 1
