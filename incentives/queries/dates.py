"""The dates, the venue and the line that stand in an edition; where it holds none, those of the competition."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from budgets.models import BudgetLine
from incentives.models import Competition, Edition
from programs.models import Venue


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
    kept = edition.facts
    if not kept:
        return dates_now(competition)
    lines = BudgetLine.objects.select_related("fund__agency")
    return Dates(
        opens_at=datetime.fromisoformat(kept["opens_at"]),
        closes_at=datetime.fromisoformat(kept["closes_at"]),
        held_on=date.fromisoformat(kept["held_on"]) if kept["held_on"] else None,
        begins_at=time.fromisoformat(kept["begins_at"]) if kept["begins_at"] else None,
        venue=Venue.objects.filter(pk=kept["venue"]).first() if kept["venue"] else None,
        line=lines.filter(pk=kept["line"]).first() if kept["line"] else None,
    )
