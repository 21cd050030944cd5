"""How long work is believed to run. No database, no clock."""

import datetime as dt

MOST_ATTEMPTS = 3
SAVE_EVERY = 0.5  # seconds between two notes of progress
SIGN_OF_LIFE = 10.0  # seconds after which progress is noted although it did not move a percent
PATIENCE = dt.timedelta(minutes=2)  # without a sign of life a runner is taken for dead
WAKE_AGAIN = dt.timedelta(seconds=30)  # waiting longer than this, a job is woken once more


def percent(done: int, total: int) -> int:
    return min(done, total) * 100 // total if total > 0 else 0


def is_worth_saving(elapsed: float, before: int, after: int) -> bool:
    """`elapsed` seconds since the last note; `before` and `after` in percent."""
    return elapsed >= SIGN_OF_LIFE or (elapsed >= SAVE_EVERY and after != before)
