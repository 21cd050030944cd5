"""The dates, the venue and the line that stand in an edition; where it holds none, those of the competition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.db.models import QuerySet

from budgets.models import BudgetLine
from incentives.models import Competition, Edition
from programs.models import Venue

Row = TypeVar("Row", Venue, BudgetLine)


@dataclass(frozen=True)
class Dates:
    opens_at: datetime
    closes_at: datetime
    held_on: date | None = None
    begins_at: time | None = None
    venue: Venue | None = None
    line: BudgetLine | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "opens_at": self.opens_at.isoformat(),
            "closes_at": self.closes_at.isoformat(),
            "held_on": self.held_on.isoformat() if self.held_on else None,
            "begins_at": self.begins_at.isoformat("minutes") if self.begins_at else None,
            "venue": self.venue.pk if self.venue else None,
            "line": self.line.pk if self.line else None,
        }


def dates_now(competition: Competition) -> Dates:
    return Dates(**{name: getattr(competition, name) for name in Dates.__dataclass_fields__})


def dates_of(competition: Competition, edition: Edition) -> Dates:
    return dates_of_all(competition, [edition])[0]


def dates_of_all(competition: Competition, editions: Sequence[Edition]) -> list[Dates]:
    """In two queries, however many editions there are."""
    facts = [edition.facts for edition in editions]
    venues = _rows(Venue.objects.all(), [kept.get("venue") for kept in facts])
    lines = _rows(BudgetLine.objects.select_related("fund__agency"), [kept.get("line") for kept in facts])
    return [_read(kept, venues, lines) if kept else dates_now(competition) for kept in facts]


def _rows(rows: QuerySet[Row], keys: Sequence[int | None]) -> dict[int, Row]:
    wanted = {key for key in keys if key is not None}
    return {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}


def _read(kept: dict[str, Any], venues: dict[int, Venue], lines: dict[int, BudgetLine]) -> Dates:
    return Dates(
        opens_at=datetime.fromisoformat(kept["opens_at"]),
        closes_at=datetime.fromisoformat(kept["closes_at"]),
        held_on=date.fromisoformat(kept["held_on"]) if kept["held_on"] else None,
        begins_at=time.fromisoformat(kept["begins_at"]) if kept["begins_at"] else None,
        venue=venues.get(kept["venue"]),
        line=lines.get(kept["line"]),
    )
