"""The rules of the house in the demonstration: every state that somebody wants to see."""

import pytest
from django.utils import timezone

from accounts.models import Agency
from ikm_portal.demo.privacy import keep_house
from participants import queries
from participants.models import Incident, ProcessingActivity, Processor, RetentionRun
from tests import cast, factories
from tests.participants.lines import small_batch
from tests.participants.test_retention import finished

pytestmark = pytest.mark.django_db


def test_house_rules_are_shown_in_every_state() -> None:
    old, opened, agency = finished(2), small_batch(quota=5), cast.home_agency()
    factories.registration(opened)
    keep_house(agency=agency, finished=old, opened=opened, by=cast.dpo(), now=timezone.now())
    closed, running = Incident.objects.order_by("pk")
    assert (closed.state, closed.is_told, closed.people.untold().count()) == ("closed", True, 0)
    assert (running.is_open, running.people_told_at, running.is_overdue_at(timezone.now())) == (True, None, False)
    assert running.people_count == running.people.count() == 1
    run = RetentionRun.objects.proposed().get()
    assert (run.rule.kind, run.found) == ("took_part", 2)
    assert queries.texts_in_force(Agency.objects.get(pk=agency.pk)).version("notice") != queries.PORTAL_EDITION
    assert Processor.objects.get().activities.count() == ProcessingActivity.objects.count() > 5
