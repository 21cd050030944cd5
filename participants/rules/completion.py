"""Whether somebody took part enough: by lesson hours or by sessions, as the programme says."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Terms:
    """The programme's rule: `share` of lesson hours or `every_session`; who came for a part counts `whole` or
    `by_minutes`."""

    rule: str = "share"
    share: int = 80
    partial: str = "whole"


@dataclass(frozen=True)
class Attended:
    """One planned session: its lesson hours, whether the person was there, and for which part of it (0 to 1)."""

    lesson_hours: int
    present: bool
    part: Decimal = Decimal(1)


@dataclass(frozen=True)
class Totals:
    sessions_planned: int
    sessions_attended: int
    lesson_hours_planned: int
    lesson_hours_attended: Decimal
    share: Decimal
    enough: bool


def completion(sessions: Sequence[Attended], terms: Terms) -> Totals:
    """Compared before rounding, and shown rounded down, so that 79.996 % never reads as the 80 that it is not.

    Where no session has lesson hours, each counts the same.
    """
    hours = sum(session.lesson_hours for session in sessions)
    counted = [(Decimal(session.lesson_hours if hours else 1), session) for session in sessions]
    planned = sum((weight for weight, _session in counted), Decimal(0))
    attended = sum((weight * _part(session, terms) for weight, session in counted), Decimal(0))
    seen = sum(session.present for session in sessions)
    ratio = attended * WHOLE / planned if planned else Decimal(0)
    if terms.rule == "every_session":
        enough = bool(sessions) and all(_part(session, terms) == 1 for weight, session in counted if weight)
    else:
        enough = bool(sessions) and attended * WHOLE >= planned * terms.share
    shown = attended.quantize(CENT, ROUND_HALF_UP) if hours else Decimal(0)
    return Totals(len(sessions), seen, hours, shown, ratio.quantize(CENT, ROUND_DOWN), enough)


def _part(session: Attended, terms: Terms) -> Decimal:
    if not session.present:
        return Decimal(0)
    return session.part if terms.partial == "by_minutes" else Decimal(1)
