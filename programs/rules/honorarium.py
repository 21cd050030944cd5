"""What teaching is paid: units of 45 or 60 minutes, whole ones only (domain.md 8.5)."""

from dataclasses import dataclass

LESSON_MINUTES = 45


@dataclass(frozen=True)
class Rate:
    """One line of the official list. An occasion has no minutes."""

    unit: str
    minutes_per_unit: int | None
    amount: int


@dataclass(frozen=True)
class Fee:
    minutes: int
    units: int
    amount: int

    @property
    def gross(self) -> int:
        return self.units * self.amount


def taught_minutes(lesson_hours: int, clock_minutes: int) -> int:
    """Minutes of teaching: 45 for each lesson hour of the plan; the whole time where no lesson hours are planned."""
    return lesson_hours * LESSON_MINUTES if lesson_hours else clock_minutes


def fee_for(rate: Rate, *, lesson_hours: int, clock_minutes: int) -> Fee:
    """Eight lesson hours are 360 minutes: 8 units where the unit is a lesson hour, 6 where it is a person-hour.

    A unit that is begun and not finished is not paid. A session is one occasion.
    """
    minutes = taught_minutes(lesson_hours, clock_minutes)
    if rate.minutes_per_unit is None:
        return Fee(minutes, 1, rate.amount)
    return Fee(minutes, minutes // rate.minutes_per_unit, rate.amount)
