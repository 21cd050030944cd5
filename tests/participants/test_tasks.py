"""What the clock does: offers that nobody answered, counters that must agree."""

import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from participants import tasks
from participants.actions import withdraw
from participants.models import Offer, Registration
from programs.models import Batch
from tests import factories


@pytest.fixture
def line(batch: Batch) -> list[Registration]:
    """One seat and two who wait; the first of them has an offer."""
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    rows = [factories.registration(batch) for _number in range(3)]
    withdraw(registration=rows[0], reason="", by=None)
    return rows


def seats(rows: list[Registration]) -> list[str]:
    return [Registration.objects.get(pk=row.pk).seat for row in rows]


def test_expire_offers_moves_the_line_on_once(line: list[Registration]) -> None:
    assert seats(line) == ["released", "offered", "waiting"]
    assert tasks.expire_offers() == 0
    past = timezone.now() - timedelta(minutes=1)
    Offer.objects.open().update(expires_at=past, offered_at=past - timedelta(hours=1))
    assert tasks.expire_offers() == 1
    assert seats(line) == ["released", "released", "offered"]
    assert tasks.expire_offers() == 0


def test_check_counters_is_silent_while_they_agree(line: list[Registration]) -> None:
    assert tasks.check_counters() == []
    call_command("check_seats")
    assert AuditEntry.objects.filter(action="batch.counters_differ").count() == 0


def test_check_counters_writes_a_difference_into_the_trail(
    batch: Batch, line: list[Registration], caplog: pytest.LogCaptureFixture
) -> None:
    Batch.objects.filter(pk=batch.pk).update(waiting_count=0)
    with caplog.at_level(logging.ERROR):
        assert tasks.check_counters() == [batch.pk]
    assert AuditEntry.objects.get(action="batch.counters_differ").object_id == str(batch.pk)
    assert len(caplog.records) == 1
    with pytest.raises(CommandError):
        call_command("check_seats")
