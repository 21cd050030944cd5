"""What anybody may read of a result: who won, and how they were chosen, in numbers."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from incentives.models import Competition, Conflict, Result
from incentives.queries.awards import AwardBoard, payee_name
from incentives.queries.progress import result_in_force
from incentives.rules import shown


@dataclass(frozen=True)
class PublicWinner:
    """Name, business, kelurahan and tier, and nothing else."""

    name: str
    business: str
    region: str
    tier: str
    category: str


def winners_page(competition: Competition) -> dict[str, Any]:
    """From the lock on, first as what may be objected to; while a result is opened again nobody is named."""
    result = result_in_force(competition)
    page: dict[str, Any] = {"competition": competition, "program": competition.program, "result": result}
    if competition.locked_at is None or result is None:
        return page | {"winners": []}
    awards = AwardBoard(competition, result)
    return page | {
        "winners": [_winner(row.award) for row in awards.rows],
        "awards": awards,
        "is_final": awards.is_period_over and not awards.open_objections,
        "counts": _counts(competition, result),
        "edition": result.edition,
        "aggregation": result.edition.get_aggregation_display(),
        "criteria": list(result.edition.criteria.all()),
        "concordance": _concordance(result),
    }


def _winner(award: Any) -> PublicWinner:
    registration, entry = award.entry.registration, award.entry
    hidden = registration is not None and registration.restricted_at is not None
    return PublicWinner(
        name="" if hidden else payee_name(award),
        business="" if hidden else entry.business_name,
        region=entry.region.name if entry.region is not None else "",
        tier=award.tier.label,
        category=award.category,
    )


def _counts(competition: Competition, result: Result) -> dict[str, int]:
    """Out of what was kept with the lock: nothing is computed again for a visitor."""
    entries = competition.entries.real()
    conflicts = Conflict.objects.filter(juror__competition=competition, state=Conflict.State.HOLDS)
    return {
        "sent": entries.exclude(submitted_at=None).count(),
        "scored": sum(one["final"] is not None for one in result.outcome["entries"]),
        "jurors": len(result.outcome["jurors"]),
        "sheets": sum(sheet["state"] == "submitted" for sheet in result.inputs["sheets"]),
        "recused": conflicts.values("juror", "entry").distinct().count(),
        "ties": len(result.inputs["decisions"]),
    }


def _concordance(result: Result) -> Decimal | None:
    found = result.outcome["agreement"]["kendall_w"]
    return None if found is None else shown(Fraction(found))
