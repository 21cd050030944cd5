from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.rules import Attended, Mark, Terms, completion, lesson_share, presence, refuse_time, shifted

BEGIN = datetime(2026, 7, 1, 1, tzinfo=UTC)
END = BEGIN + timedelta(hours=8)
MINUTE = timedelta(minutes=1)

marks = st.lists(
    st.builds(
        Mark,
        kind=st.sampled_from(["arrived", "left", "absent", "excused"]),
        at=st.integers(-120, 600).map(lambda minutes: BEGIN + minutes * MINUTE),
    ),
    max_size=8,
).map(lambda found: [Mark(mark.kind, mark.at, key) for key, mark in enumerate(found)])


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def said(*marks: tuple[str, float]) -> tuple[str, int]:
    found = presence([Mark(kind, at(hours), key) for key, (kind, hours) in enumerate(marks)], begin=BEGIN, end=END)
    return found.status, found.minutes


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], ("", 0)),
        ([("arrived", -0.5)], ("present", 480)),
        ([("arrived", 1)], ("present", 420)),
        ([("arrived", 0), ("left", 4)], ("present", 240)),
        ([("arrived", 0), ("left", 2), ("arrived", 3)], ("present", 420)),
        ([("arrived", 0), ("left", 2), ("arrived", 3), ("left", 9)], ("present", 420)),
        ([("left", 4)], ("", 0)),
        ([("absent", 1)], ("absent", 0)),
        ([("absent", 1), ("excused", 0.5)], ("excused", 0)),
        ([("absent", 3), ("arrived", 1)], ("present", 420)),
    ],
)
def test_presence_by_example(marks: list[tuple[str, float]], expected: tuple[str, int]) -> None:
    assert said(*marks) == expected


@given(marks, st.randoms())
def test_presence_does_not_depend_on_the_order_in_which_marks_come(found: list[Mark], random: Random) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    assert presence(mixed, begin=BEGIN, end=END) == presence(found, begin=BEGIN, end=END)


@given(marks)
def test_presence_is_within_the_session_and_whole(found: list[Mark]) -> None:
    there = presence(found, begin=BEGIN, end=END)
    assert 0 <= there.minutes <= 480
    assert (there.status == "present") == (there.arrived_at is not None)
    assert (there.status == "present") == any(mark.kind == "arrived" for mark in found)
    if there.left_at is not None and there.arrived_at is not None:
        assert there.left_at >= there.arrived_at


@given(st.integers(-86_400, 86_400), st.integers(0, 7200))
def test_shifted_puts_a_wrong_clock_right(wrong: int, ago: int) -> None:
    received = END
    device = timedelta(seconds=wrong)
    seen = received - timedelta(seconds=ago)
    found = shifted(seen + device, sent_at=received + device, received_at=received)
    assert found <= received
    assert abs(found - seen) <= MINUTE


def test_shifted_never_lies_ahead() -> None:
    assert shifted(END + MINUTE, sent_at=None, received_at=END) == END


@pytest.mark.parametrize(
    ("kind", "hours", "way", "code"),
    [
        ("arrived", -2.9, "qr", ""),
        ("arrived", -3.1, "qr", "too_early"),
        ("arrived", 8.9, "qr", ""),
        ("arrived", 9.1, "qr", "too_late"),
        ("arrived", 90, "sheet", ""),
        ("absent", -0.1, "list", "too_early"),
        ("absent", 30, "list", ""),
        ("excused", -100, "list", ""),
        ("left", 9.1, "list", ""),
    ],
)
def test_refuse_time_by_example(kind: str, hours: float, way: str, code: str) -> None:
    assert refuse_time(kind, at(hours), way, begin=BEGIN, end=END) == code


def test_lesson_share_is_a_part_of_the_session() -> None:
    assert lesson_share(240, begin=BEGIN, end=END) == Decimal("0.5")
    assert lesson_share(900, begin=BEGIN, end=END) == 1


HALF = Attended(8, True, Decimal("0.5"))
FULL, NOT = Attended(8, True), Attended(8, False, Decimal(0))
SHARE, MINUTES = Terms(), Terms(partial="by_minutes")


@pytest.mark.parametrize(
    ("sessions", "terms", "share", "enough"),
    [
        ([FULL, FULL], SHARE, "100.00", True),
        ([FULL, NOT], SHARE, "50.00", False),
        ([FULL] * 4 + [NOT], SHARE, "80.00", True),
        ([FULL, HALF], SHARE, "100.00", True),
        ([FULL, HALF], MINUTES, "75.00", False),
        ([FULL, HALF], Terms("share", 75, "by_minutes"), "75.00", True),
        ([FULL, NOT], Terms("every_session"), "50.00", False),
        ([FULL, HALF], Terms("every_session"), "100.00", True),
        ([FULL, HALF], Terms("every_session", partial="by_minutes"), "75.00", False),
        ([FULL, Attended(0, False)], Terms("every_session"), "100.00", True),
        ([Attended(0, True), Attended(0, True), Attended(0, False)], SHARE, "66.66", False),
        ([], SHARE, "0.00", False),
        ([], Terms("every_session"), "0.00", False),
    ],
)
def test_completion_by_example(sessions: list[Attended], terms: Terms, share: str, enough: bool) -> None:
    totals = completion(sessions, terms)
    assert (str(totals.share), totals.enough) == (share, enough)


sessions = st.lists(
    st.builds(Attended, st.integers(0, 12), st.booleans(), st.integers(0, 60).map(lambda part: Decimal(part) / 60)),
    max_size=12,
)
terms = st.builds(
    Terms,
    st.sampled_from(["share", "every_session"]),
    st.integers(1, 100),
    st.sampled_from(["whole", "by_minutes"]),
)


@given(sessions, terms)
def test_completion_stays_within_what_was_planned(found: list[Attended], by: Terms) -> None:
    totals = completion(found, by)
    assert 0 <= totals.lesson_hours_attended <= totals.lesson_hours_planned
    assert 0 <= totals.share <= 100
    assert totals.sessions_attended <= totals.sessions_planned
    if by.rule == "share" and found:
        assert totals.enough or totals.share < by.share
        assert not totals.enough or totals.share >= by.share


@given(sessions, terms, st.integers(0, 11))
def test_completion_never_falls_when_somebody_came_once_more(found: list[Attended], by: Terms, place: int) -> None:
    before = completion(found, by)
    better = [Attended(one.lesson_hours, True) if key == place else one for key, one in enumerate(found)]
    after = completion(better, by)
    assert after.share >= before.share
    assert after.enough >= before.enough
