"""Who is not 18 yet registers with a parent or guardian."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participants import actions
from participants.models import Consent, Registration
from participants.rules import is_child
from programs.models import Batch
from tests import cast, factories
from tests.participants.public_form import form_url, send, typed

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.localdate().year
# Sixteen or seventeen, whatever day it is.
BORN = {"birth_date_day": "12", "birth_date_month": "7", "birth_date_year": str(THIS_YEAR - 17), "nik": ""}
GUARDIAN = {
    "guardian_name": "Sumarni Contoh",
    "guardian_relation": "parent",
    "guardian_phone": "0813-1111-2222",
    "guardian_consent": "on",
}


@pytest.fixture
def open_to_children(batch: Batch) -> Batch:
    batch.program.rules.filter(kind="age").update(minimum=15)
    return batch


def child(**values: Any) -> dict[str, Any]:
    return BORN | {"nik": f"997101520709{1:04d}"} | values


def test_form_asks_for_a_guardian_where_children_may_take_part(client: Client, open_to_children: Batch) -> None:
    assert 'name="guardian_name"' in client.get(form_url(open_to_children)).content.decode()


def test_form_asks_for_no_guardian_where_a_rule_keeps_children_out(client: Client, batch: Batch) -> None:
    assert 'name="guardian_name"' not in client.get(form_url(batch)).content.decode()


def test_child_with_guardian_is_registered(client: Client, open_to_children: Batch) -> None:
    assert send(client, open_to_children, **child(**GUARDIAN)).status_code == 302
    entry = Registration.objects.get()
    kept = (entry.guardian_name, entry.guardian_relation, entry.guardian_phone)
    assert kept == ("Sumarni Contoh", "parent", "+6281311112222")
    given = entry.consents.get(purpose=Consent.Purpose.GUARDIAN)
    assert (given.given, given.channel, given.text_version) == (True, "online", "2026-11")


@pytest.mark.parametrize("missing", ["guardian_name", "guardian_relation", "guardian_consent"])
def test_child_without_a_part_of_the_guardian_is_told_beside_the_field(
    client: Client, open_to_children: Batch, missing: str
) -> None:
    response = send(client, open_to_children, **child(**GUARDIAN | {missing: ""}))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [missing])
    assert "Siti Contoh" in response.content.decode()
    assert Registration.objects.count() == 0


def test_grown_up_leaves_no_guardian_behind(client: Client, open_to_children: Batch) -> None:
    assert send(client, open_to_children, **GUARDIAN | {"guardian_phone": "nonsense"}).status_code == 302
    entry = Registration.objects.get()
    assert (entry.guardian_name, entry.guardian_relation, entry.guardian_phone) == ("", "", "")
    assert not entry.consents.filter(purpose=Consent.Purpose.GUARDIAN).exists()


def test_action_refuses_a_child_alone_whatever_the_form_said(open_to_children: Batch) -> None:
    alone = factories.declaration(birth_date=date(THIS_YEAR - 17, 7, 12), guardian_name="")
    with pytest.raises(ValidationError) as refused:
        factories.registration(open_to_children, declaration=alone)
    assert [error.code for error in refused.value.error_list] == ["guardian_missing"]


def test_correction_that_makes_a_child_keeps_the_consent(open_to_children: Batch) -> None:
    entry = factories.registration(open_to_children)
    officer = cast.program_officer()
    young = factories.declaration(0, birth_date=date(THIS_YEAR - 17, 7, 12), nik=entry.nik, phone=entry.phone)
    actions.correct(registration=entry, declaration=young, by=officer)
    consent = entry.consents.get(purpose=Consent.Purpose.GUARDIAN)
    assert (consent.channel, consent.witnessed_by) == ("paper", officer)


def test_officer_registers_a_child(client: Client, open_to_children: Batch) -> None:
    client.force_login(cast.program_officer())
    url = reverse("participants:registration_assist", args=[open_to_children.pk])
    response = client.post(url, typed(**child(**GUARDIAN)))
    assert response.status_code == 302
    assert Registration.objects.get().consents.get(purpose=Consent.Purpose.GUARDIAN).channel == "paper"


@given(st.dates(date(1950, 1, 1), date(2010, 12, 31)), st.integers(0, 40_000))
def test_childhood_ends_once(born: date, days: int) -> None:
    day = date.fromordinal(born.toordinal() + days)
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    assert is_child(born, day) == (years < 18)
