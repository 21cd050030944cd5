"""Competitions as the office makes them: drafted, declared, changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from budgets.models import BudgetLine, Reservation, TaxRule
from incentives import actions
from incentives.actions.drafting import copied, open_draft
from incentives.models import AwardTier, Category, Competition, Edition
from incentives.queries.dates import Dates
from programs.models import Program
from tests import cast, factories

PRICE = 14_400_000


def line_of(program: Program, **values: Any) -> BudgetLine:
    return factories.budget_line(program.fund_source, **({"ceiling": 20_000_000} | values))


def dates(line: BudgetLine | None, **values: Any) -> Dates:
    now = timezone.now()
    own: dict[str, Any] = {
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=5),
        "begins_at": time(8),
    }
    return Dates(**(own | {"held_on": timezone.localdate() + timedelta(days=10), "line": line} | values))


def drafted(line: BudgetLine | None = None, *, program: Program | None = None, **values: Any) -> Competition:
    """The example method; other dates by their names."""
    program = program or factories.program(cast.home_agency())
    told = dates(line or line_of(program), **values)
    return actions.create_competition(program=program, name="Lomba Rintisan", dates=told, by=cast.program_officer())


def declared(line: BudgetLine | None = None, **values: Any) -> Competition:
    return actions.declare_competition(competition=drafted(line, **values), by=cast.program_officer())


def changed(competition: Competition, *, reason: str = "Juri meminta", **values: Any) -> Edition:
    """The draft of a change: columns of the edition, `tiers`, `weights`, `categories`, and dates by their names."""
    edition, told = open_draft(competition)
    wording = copied(edition)
    if "tiers" in values:
        rows: Sequence[tuple[str, int, int]] = values.pop("tiers")
        wording = replace(wording, tiers=[AwardTier(label=name, slots=of, amount=each) for name, of, each in rows])
    if "categories" in values:
        codes = values.pop("categories")
        wording = replace(wording, categories=[Category(code=code, name=code.title()) for code in codes])
    for code, weight in values.pop("weights", {}).items():
        next(one for one in wording.criteria if one.code == code).weight = Decimal(weight)
    known = {name: values.pop(name) for name in list(values) if name in Dates.__dataclass_fields__}
    wording = replace(wording, columns={**wording.columns, **values})
    return actions.save_draft(
        competition=competition, dates=replace(told, **known), wording=wording, by=cast.program_officer(), reason=reason
    )


def redeclared(competition: Competition, **values: Any) -> Competition:
    changed(competition, **values)
    return actions.declare_change(competition=competition, by=cast.program_officer())


def winners_are_taxed() -> TaxRule:
    year = timezone.localdate().year
    return TaxRule.objects.create(
        kind="winner",
        valid=(f"{year}-01-01", None),
        legal_basis="PMK 168/2023",
        base_percent=100,
        rates=[[60_000_000, "5"], [None, "15"]],
    )


def kept(competition: Competition) -> Reservation:
    """What is reserved for it now."""
    return Reservation.objects.get(reference=competition.reference, released_at=None)


def paying(competition: Competition) -> BudgetLine:
    return BudgetLine.objects.get(pk=competition.line_id or 0)


def in_force(competition: Competition) -> int:
    """Which edition."""
    return competition.editions.exclude(declared_at=None).latest("version").version
