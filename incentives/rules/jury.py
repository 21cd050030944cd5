"""What a juror chooses to come in by, and how long a phone keeps what the juror reads."""

from datetime import date, datetime, time, timedelta

UP = "01234567890"
# The day of the pitches may be weeks away: so long pages lie on a phone that has not asked the portal again.
LONGEST = timedelta(hours=72)


def is_weak_pin(pin: str) -> bool:
    """111111, 123456, 654321, 121212: what whoever guesses tries first."""
    return len(set(pin)) <= 2 or pin in UP or pin in UP[::-1]


def pages_until(held_on: date | None, now: datetime) -> datetime:
    """The end of the day of the pitches, or of today where that is over or not set; never later than LONGEST.

    `now` is in the zone of the office.
    """
    today = now.date()
    day = held_on if held_on is not None and held_on > today else today
    end = datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
    return min(end, now + LONGEST)
