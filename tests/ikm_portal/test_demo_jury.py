"""The jury of the demonstration: whoever tries it out comes in."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from ikm_portal.demo import jury
from incentives.models import Conflict, ScoreSheet
from tests import cast
from tests.incentives import made

pytestmark = pytest.mark.django_db


def test_jury_of_the_demonstration_is_seated_and_comes_in_by_the_shown_number(settings: Settings) -> None:
    settings.DEMONSTRATION = True
    competition = made.competition()
    for place in range(1, 4):
        made.entry(competition, position=place, business_name=f"Warung {place}")
    chair, _second, third = jury.seat_the_jury(competition, cast.program_officer())
    assert (ScoreSheet.objects.count(), chair.is_chair) == (3 * 4, True)
    assert Conflict.objects.get().kind == Conflict.Kind.BUSINESS
    client, door = Client(), reverse("incentives:jury_door")
    page = client.get(door).content.decode()
    listed = jury.listed()
    assert [one["number"] in page for one in listed] == [True] * 3
    data = {"number": listed[-1]["number"], "pin": settings.DEMO_JUROR_PIN}
    assert client.post(door, data, follow=True).context["juror"] == third
    third.refresh_from_db()
    assert third.declared_at is None


def test_door_of_a_real_portal_lists_nobody() -> None:
    jury.seat_the_jury(made.competition(), cast.program_officer())
    assert "demo-jurors" not in Client().get(reverse("incentives:jury_door")).content.decode()
