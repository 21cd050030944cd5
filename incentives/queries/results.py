"""A result as it is shown: every figure beside the others, and what would change with another method."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incentives.models import Competition, Edition, Entry, Juror, Result, TieDecision
from incentives.queries.facts import Facts
from incentives.rules import Agreement, EntryResult, Variant, shown

VERDICTS = {
    "winner": gettext_lazy("Award"),
    "open": gettext_lazy("Tie, not decided"),
    "reserve": gettext_lazy("Reserve"),
    "below_minimum": gettext_lazy("Below the lowest total"),
    "second_person": gettext_lazy("The same person has an award"),
    "second_household": gettext_lazy("The same household has an award"),
    "second_business": gettext_lazy("The same business has an award"),
    "excluded": gettext_lazy("Won in an earlier year"),
    "not_scored": gettext_lazy("Not scored"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "disqualified": gettext_lazy("Disqualified"),
}
STEPS: dict[str, Any] = {
    "more_jurors": gettext_lazy("more jurors gave the higher total"),
    "median": gettext_lazy("the higher median"),
    **dict(TieDecision.Way.choices),
}
NO_AGREEMENT = {
    "too_few": gettext_lazy("There are too few jurors or pitches for it."),
    "incomplete": gettext_lazy("Not everybody scored every pitch, so it cannot be computed."),
    "all_equal": gettext_lazy("All totals are the same, so it cannot be computed."),
}


@dataclass(frozen=True)
class Cell:
    total: Decimal | None
    is_outlier: bool = False


@dataclass(frozen=True)
class Line:
    """One pitch with its figures, rounded for people; ranked it was on the unrounded ones."""

    entry: Entry
    result: EntryResult
    cells: list[Cell]
    tier: str
    broken_by: str

    @property
    def verdict(self) -> str:
        return str(VERDICTS[self.result.verdict])

    @cached_property
    def figures(self) -> dict[str, Decimal | None]:
        names = ("mean", "trimmed_mean", "median", "spread", "adjusted", "final")
        deviation = self.result.deviation
        told = {name: shown(getattr(self.result, name)) for name in names}
        return told | {"deviation": None if deviation is None else shown(Fraction(deviation))}


class ResultBoard:
    """`names` are the pitches by their key, `jurors` in the order of the columns."""

    def __init__(self, facts: Facts, entries: Iterable[Entry], jurors: Iterable[Juror]) -> None:
        self.facts, self.outcome = facts, facts.outcome
        self.entries = {entry.pk: entry for entry in entries}
        scoring = {one.juror for one in self.outcome.jurors}
        self.jurors = [juror for juror in jurors if juror.pk in scoring]
        self.tiers = {tier.code: tier.label for tier in facts.method.tiers}
        self.criteria = {one.code: one for one in facts.method.criteria}

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(one) for one in self.outcome.entries if one.entry in self.entries]

    def _line(self, one: EntryResult) -> Line:
        cells = [Cell(shown(one.totals.get(juror.pk)), juror.pk in one.outliers) for juror in self.jurors]
        return Line(self.entries[one.entry], one, cells, self.tiers.get(one.tier, ""), self._step(one.broken_by))

    def _step(self, code: str) -> str:
        if code.startswith("criteria:"):
            return _("the higher score in “%(criterion)s”") % {"criterion": code.removeprefix("criteria:")}
        return str(STEPS.get(code, ""))

    @property
    def aggregation(self) -> str:
        return str(Edition.Aggregation(self.facts.method.aggregation).label)

    @property
    def split(self) -> list[Line]:
        """Where two jurors are further apart than the method points out."""
        return [line for line in self.lines if line.result.is_split]

    @property
    def agreement(self) -> dict[str, Any]:
        found: Agreement = self.outcome.agreement
        figures = {name: shown(getattr(found, name)) for name in ("kendall_w", "icc_single", "icc_mean")}
        return figures | {"reason": NO_AGREEMENT.get(found.reason, "")}

    @property
    def severity(self) -> list[dict[str, Any]]:
        names = {juror.pk: juror for juror in self.jurors}
        return [
            {"juror": names[one.juror], "sheets": one.sheets, "mean": shown(one.mean), "leniency": shown(one.leniency)}
            for one in self.outcome.jurors
            if one.juror in names
        ]

    @cached_property
    def variants(self) -> list[dict[str, Any]]:
        return [self._variant(one) for one in self.facts.variants]

    def _variant(self, one: Variant) -> dict[str, Any]:
        return {
            "label": self._variant_label(one),
            "is_computable": one.is_computable,
            "changes": one.changes_winners,
            "won": self._named(one.won),
            "lost": self._named(one.lost),
            "moved": [(self.entries[e], self.tiers[a], self.tiers[b]) for e, a, b in one.moved if e in self.entries],
            "undecided": self._named(one.undecided),
            "same": one.is_computable and not one.changes_anything,
        }

    def _variant_label(self, one: Variant) -> str:
        if one.kind == "aggregation":
            return str(Edition.Aggregation(one.aggregation).label)
        if one.kind == "severity":
            return _("With the severity of the jurors taken out")
        juror = next((juror for juror in self.jurors if juror.pk == one.juror), None)
        return _("Without %(juror)s") % {"juror": juror or "-"}

    def _named(self, keys: Iterable[int]) -> Sequence[Entry]:
        return [self.entries[key] for key in keys if key in self.entries]


def board_of_result(result: Result) -> ResultBoard:
    """What was locked, from what was kept with it."""
    facts = Facts.from_json(result.inputs)
    keys = [one.entry for one in facts.contestants]
    return ResultBoard(facts, shown_entries(keys), Juror.objects.filter(competition=result.competition_id))


def shown_entries(keys: Iterable[int], *, is_blind: bool = False) -> Sequence[Entry]:
    """Of somebody whose data is restricted only the code is shown, and of everybody to a blind jury."""
    rows = Entry.objects.filter(pk__in=list(keys)).defer("content", "check_note", "ended_reason")
    found = list(rows.in_order().annotate(restricted_at=F("registration__restricted_at")))
    for entry in found:
        if is_blind or entry.restricted_at is not None:
            entry.business_name = entry.title = ""
    return found


def decided_ties(competition: Competition) -> list[dict[str, Any]]:
    """What was decided about ties, the latest last, with the pitches in the order they got."""
    rows = list(TieDecision.objects.filter(competition=competition).select_related("juror"))
    entries = {entry.pk: entry for entry in shown_entries(key for row in rows for key in row.entries)}
    return [{"row": row, "entries": [entries[key] for key in row.entries if key in entries]} for row in rows]
