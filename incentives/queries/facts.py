"""Rows of a competition as the rules read them, in a fixed number of queries however many there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models.functions import Coalesce, TruncDate

from incentives.models import Award, Competition, Edition, Entry, Score, ScoreSheet
from incentives.models.result import AwardQuerySet
from incentives.rules import (
    Contestant,
    Criterion,
    Method,
    Outcome,
    Sheet,
    TieDecision,
    Tier,
    Variant,
    compute,
    fingerprint,
    sensitivity,
)

ENDED = {Entry.State.WITHDRAWN: "withdrawn", Entry.State.DISQUALIFIED: "disqualified"}
FORMER_WINNER = "former_winner"


@dataclass(frozen=True)
class Facts:
    """Everything that a result is computed from."""

    method: Method
    sheets: tuple[Sheet, ...]
    contestants: tuple[Contestant, ...]
    decisions: tuple[TieDecision, ...]

    @cached_property
    def outcome(self) -> Outcome:
        return compute(self.method, self.sheets, self.contestants, self.decisions)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        return sensitivity(self.method, self.sheets, self.contestants, self.decisions)

    @cached_property
    def sha256(self) -> str:
        return self.sha256_with(self.outcome.as_json())

    def sha256_with(self, outcome: Mapping[str, Any]) -> str:
        """The hash as if this had come out."""
        return fingerprint(self.method, self.sheets, self.contestants, self.decisions, outcome)

    def with_states(self, states: Mapping[int, str]) -> "Facts":
        """As if these entries had left, or had not."""
        changed = (replace(one, state=states.get(one.entry, one.state)) for one in self.contestants)
        return Facts(self.method, self.sheets, tuple(changed), self.decisions)

    def as_json(self) -> dict[str, Any]:
        """What a locked result keeps. Of a sheet that was not submitted only its state."""
        return {
            "method": self.method.as_json(),
            "sheets": [_told(one) for one in sorted(self.sheets, key=lambda one: (one.entry, one.juror))],
            "contestants": [asdict(one) for one in sorted(self.contestants, key=lambda one: one.entry)],
            "decisions": [{"entries": list(one.entries), "by": one.by} for one in self.decisions],
        }

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Facts":
        return Facts(
            Method.from_json(stored["method"]),
            tuple(
                Sheet(one["juror"], one["entry"], one["state"], {k: Decimal(v) for k, v in one["scores"].items()})
                for one in stored["sheets"]
            ),
            tuple(Contestant(**one) for one in stored["contestants"]),
            tuple(TieDecision(tuple(one["entries"]), one["by"]) for one in stored["decisions"]),
        )


def facts_of(competition: Competition) -> Facts:
    """Of a declared competition, with the edition that is in force."""
    edition = competition.edition
    if edition is None:
        raise ValueError("the competition was not declared")
    sheets = sheets_of(competition)
    return Facts(method_of(edition), sheets, contestants_of(competition, edition, sheets), decisions_of(competition))


def method_of(edition: Edition) -> Method:
    criteria = tuple(Criterion(one.code, one.weight, one.lowest, one.highest) for one in edition.criteria.all())
    return Method(
        criteria,
        tuple(Tier(tier_code(one.position), one.label, one.slots, one.amount) for one in edition.tiers.all()),
        aggregation=edition.aggregation,
        minimum=edition.minimum,
        tie_breaks=tuple(edition.tie_breaks),
        per_category=edition.per_category,
        one_per_household=edition.one_per_household,
        one_per_business=edition.one_per_business,
        outlier_gap=edition.outlier_gap,
    )


def tier_code(position: int) -> str:
    return str(position)


def sheets_of(competition: Competition) -> tuple[Sheet, ...]:
    """Without the training entry."""
    rows = ScoreSheet.objects.filter(competition=competition, entry__is_training=False)
    given: dict[int, dict[str, Decimal]] = defaultdict(dict)
    scores = Score.objects.filter(sheet__in=rows).order_by()
    for sheet, code, value in scores.values_list("sheet_id", "criterion__code", "value"):
        given[sheet][code] = value
    keys = rows.order_by("entry_id", "juror_id").values_list("pk", "juror_id", "entry_id", "state")
    return tuple(Sheet(juror, entry, state, given.get(pk, {})) for pk, juror, entry, state in keys)


def contestants_of(competition: Competition, edition: Edition, sheets: Iterable[Sheet]) -> tuple[Contestant, ...]:
    """Whoever was admitted; who left since then only if there is a sheet."""
    judged = {sheet.entry for sheet in sheets}
    rows = [
        row
        for row in competition.entries.real()
        .filter(state__in=[Entry.State.ADMITTED, *ENDED])
        .order_by("pk")
        .values_list("pk", "state", "category", "registration__person_id", "household_hash", "business_key")
        if row[1] == Entry.State.ADMITTED or row[0] in judged
    ]
    people, households, businesses = (_shared([(row[0], row[at]) for row in rows]) for at in (3, 4, 5))
    won = _former_winners(competition, edition.excluded_years, {row[3] for row in rows if row[3]})
    return tuple(
        Contestant(
            pk,
            people[pk],
            households[pk],
            businesses[pk],
            category,
            ENDED.get(Entry.State(state), "standing"),
            FORMER_WINNER if person in won else "",
        )
        for pk, state, category, person, _household, _business in rows
    )


def _shared(keys: Sequence[tuple[int, Any]]) -> dict[int, str]:
    """Entries with the same key under the number of the first one; a key that nobody shares says nothing.

    So a result keeps no trace of a household, and does not change when a person is forgotten.
    """
    count = Counter(key for _entry, key in keys if key)
    first: dict[Any, int] = {}
    for entry, key in keys:
        first.setdefault(key, entry)
    return {entry: f"entry:{first[key]}" if key and count[key] > 1 else "" for entry, key in keys}


def won_before(competition: Competition, years: int) -> AwardQuerySet:
    """Standing awards of the same office in competitions of these years, held before this one.

    Where no day of the pitches is set, the last day for entries counts.
    """
    zone = competition.program.agency.zone
    own = competition.held_on or competition.closes_at.astimezone(zone).date()
    day = Coalesce("competition__held_on", TruncDate("competition__closes_at", tzinfo=zone))
    rows = Award.objects.standing().filter(competition__program__agency=competition.program.agency_id)
    return rows.alias(day=day).filter(day__lt=own, day__year__gte=own.year - years).exclude(competition=competition)


def _former_winners(competition: Competition, years: int, people: set[int]) -> set[int]:
    if not years:
        return set()
    won = won_before(competition, years).filter(entry__registration__person__in=people)
    return set(won.values_list("entry__registration__person", flat=True))


def decisions_of(competition: Competition) -> tuple[TieDecision, ...]:
    """The last word about each tie: what was decided before about some of the same entries counts no more."""
    kept: list[TieDecision] = []
    for row in competition.tie_decisions.order_by("-pk").values_list("entries", "way"):
        if not any(len(set(row[0]) & set(later.entries)) > 1 for later in kept):
            kept.append(TieDecision(tuple(row[0]), row[1]))
    return tuple(reversed(kept))


def _told(sheet: Sheet) -> dict[str, Any]:
    scores = {code: str(value) for code, value in sorted(sheet.scores.items())} if sheet.state == "submitted" else {}
    return {"juror": sheet.juror, "entry": sheet.entry, "state": sheet.state, "scores": scores}
