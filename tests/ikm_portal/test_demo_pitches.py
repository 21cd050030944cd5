"""The pitches of the demonstration: enough for a jury, and two that wait for the check."""

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ikm_portal.demo.competitions import PARTICIPANTS, Stage
from ikm_portal.demo.editions import Staff
from ikm_portal.demo.pitches import ADMITTED, pitches_of
from incentives import queries
from incentives.models import Competition, Entry
from incentives.queries import lists
from tests import cast
from tests.incentives import made
from tests.incentives.pitching import attendee, open_batch


@pytest.fixture
def competition(db: None, settings: Any, tmp_path: Path) -> Competition:
    settings.MEDIA_ROOT = tmp_path
    now, batch = timezone.now(), open_batch()
    found = made.competition(batch, opens_at=now - timedelta(days=12), closes_at=now - timedelta(days=2))
    Competition.objects.filter(pk=found.pk).update(begins_at=time(8))
    fresh = Competition.objects.with_parts().get(pk=found.pk)
    people = [
        attendee(batch, business_kind=("Pangan", "Kriya", "Jasa")[number % 3]) for number in range(PARTICIPANTS[2])
    ]
    staff = Staff(cast.program_officer(), cast.verifier(), {})
    assert len(pitches_of(Stage(fresh, people), staff)) == ADMITTED
    return fresh


def test_demo_pitches_fill_a_day_and_leave_two_to_check(competition: Competition) -> None:
    waiting = competition.entries.exclude(state="admitted").order_by("state")
    assert [entry.state for entry in waiting] == ["needs_fix", "submitted"]
    slots = lists.day_of(Entry.objects.filter(competition=competition), competition)
    assert [slot.place for slot in slots] == list(range(1, ADMITTED + 1))
    assert [slot.place for slot in slots if slot.ends_at is None] == []
    assert len(lists.breaks_of(slots, competition)) == 1
    for entry in Entry.objects.select_related("competition__edition", "registration__completion"):
        assert [check.code for check in queries.checks_of(entry) if not check.is_fine] == []
        assert (200 <= len(entry.told["summary"]) <= 1500, len(queries.told_facts(entry))) == (True, 7)
        assert entry.submitted_at is not None
        assert competition.opens_at <= entry.submitted_at < competition.closes_at
    file = Entry.objects.filter(files__isnull=False)[0].files.select_related("stored")[0]
    assert (queries.read_entry_file(file)[:5], file.pages) == (b"%PDF-", 3)
