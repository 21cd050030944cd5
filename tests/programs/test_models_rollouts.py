from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from programs import actions
from programs.models import Holiday, Rollout, RolloutMeeting, RolloutSitting
from tests import cast
from tests.programs.rollout import planned, villages
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db

BREAKING: list[tuple[str, Callable[[Rollout], Any]]] = [
    ("rollout_state_known", lambda one: Rollout.objects.update(state="perhaps")),
    ("rollout_window_ordered", lambda one: Rollout.objects.update(last_day=date(2024, 6, 30))),
    ("rollout_numbers_in_bounds", lambda one: Rollout.objects.update(days=0)),
    ("rollout_numbers_in_bounds", lambda one: Rollout.objects.update(parallel=501)),
    ("rollout_numbers_in_bounds", lambda one: Rollout.objects.update(closes_before=91)),
    ("rollout_weekdays_known", lambda one: Rollout.objects.update(weekdays=[])),
    ("rollout_weekdays_known", lambda one: Rollout.objects.update(weekdays=[7])),
    ("rollout_prayer_has_begin_and_end", lambda one: Rollout.objects.update(prayer_end=None)),
    ("rollout_quota_between_1_and_10000", lambda one: Rollout.objects.update(quota=0)),
    ("rollout_reach_known", lambda one: Rollout.objects.update(reach=2)),
    ("rollout_meeting_ends_later", lambda one: RolloutMeeting.objects.update(end=time(1))),
    ("rollout_meeting_friday_whole", lambda one: RolloutMeeting.objects.update(friday_begin=time(8))),
    ("rollout_meeting_day_in_batch", lambda one: RolloutMeeting.objects.update(day=11)),
    ("rollout_row_once_per_region", lambda one: one.rows.create(region=villages()[0], quota=1)),
    ("rollout_row_quota_between_1_and_10000", lambda one: one.rows.update(quota=0)),
    ("rollout_sitting_ends_later", lambda one: RolloutSitting.objects.update(end=time(1))),
    ("holiday_once_a_day", lambda one: [add(one, date(2024, 5, 2)), add(one, date(2024, 5, 2))]),
    ("holiday_kind_known", lambda one: add(one, date(2024, 5, 3), kind="perhaps")),
]


def add(rollout: Rollout, day: date, **values: Any) -> Holiday:
    return Holiday.objects.create(agency=rollout.program.agency, day=day, name="Hari libur", **values)


@pytest.mark.parametrize(("name", "write"), BREAKING)
def test_rollout_constraints_refuse(name: str, write: Callable[[Rollout], Any]) -> None:
    rollout = planned(regions=villages()[:1])
    actions.propose_rollout(rollout=rollout, by=cast.program_officer())
    assert broken_by(lambda: write(rollout)) == name
