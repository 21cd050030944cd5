"""How far a jury is, and what stands in the way of its result: told without a single score."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incentives.models import Competition, Conflict, Entry, Juror, Result
from incentives.queries.facts import Facts, facts_of
from incentives.queries.results import shown_entries
from incentives.rules import OpenTie

WAITING = ("assigned", "draft")


@dataclass(frozen=True)
class Obstacle:
    code: str
    sentence: str


@dataclass(frozen=True)
class JurorProgress:
    juror: Juror
    submitted: int
    waiting: int
    excused: int


class Progress:
    """Of one competition; reads in a fixed number of queries. `facts` are for whoever may see scores."""

    def __init__(self, competition: Competition) -> None:
        self.competition = competition
        self.facts: Facts = facts_of(competition)
        self.jurors = list(competition.jurors.all())
        self.is_blind = bool(competition.edition and competition.edition.is_blind)
        keys = [one.entry for one in self.facts.contestants]
        self.entries = {entry.pk: entry for entry in shown_entries(keys, is_blind=self.is_blind)}

    @cached_property
    def awaited(self) -> set[int]:
        """Entries that have to be scored: they stand, and came."""
        standing = (one.entry for one in self.facts.contestants if one.state == "standing")
        return {entry for entry in standing if self.entries[entry].absent_at is None}

    @cached_property
    def by_juror(self) -> list[JurorProgress]:
        states: dict[int, Counter[str]] = {juror.pk: Counter() for juror in self.jurors}
        for sheet in self.facts.sheets:
            if sheet.entry in self.awaited:
                states[sheet.juror][sheet.state] += 1
        return [
            JurorProgress(
                juror,
                found["submitted"],
                0 if juror.withdrawn_at else sum(found[state] for state in WAITING),
                found["recused"] + found["abstained"],
            )
            for juror in self.jurors
            if (found := states[juror.pk]) or juror.withdrawn_at is None
        ]

    @property
    def submitted(self) -> int:
        return sum(one.submitted for one in self.by_juror)

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.by_juror)

    @property
    def wanted(self) -> int:
        return self.submitted + self.waiting

    @cached_property
    def absent(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.absent_at is not None]

    @cached_property
    def unscored(self) -> list[Entry]:
        scored = {sheet.entry for sheet in self.facts.sheets if sheet.state == "submitted"}
        return [self.entries[entry] for entry in sorted(self.awaited - scored)]

    @cached_property
    def undecided(self) -> int:
        found = Conflict.objects.filter(juror__competition=self.competition, juror__withdrawn_at__isnull=True)
        return found.filter(state=Conflict.State.SUGGESTED, entry__in=self.awaited).count()

    @cached_property
    def open_ties(self) -> tuple[OpenTie, ...]:
        """Only when every sheet is there: before, they would tell how close it is."""
        return () if self.incomplete else self.facts.outcome.open_ties

    @cached_property
    def incomplete(self) -> list[Obstacle]:
        """What has to be settled before there can be a result at all."""
        found = [
            Obstacle("no_chair", _("Nobody chairs the jury."))
            if not any(juror.is_chair and juror.withdrawn_at is None for juror in self.jurors)
            else None,
            Obstacle("no_scores", _("No pitch has been scored yet.")) if not self.submitted else None,
            _counted("sheets_missing", self.waiting, _sheets),
            _counted("not_scored", len(self.unscored), _pitches) if not self.waiting and self.submitted else None,
            _counted("conflicts_open", self.undecided, _conflicts),
            _counted("no_category", self._without_category(), _categories),
        ]
        return [one for one in found if one is not None]

    def _without_category(self) -> int:
        if not self.facts.method.per_category:
            return 0
        return sum(one.may_win and not one.category for one in self.facts.contestants)

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        ties = _counted("ties_open", len(self.open_ties), _ties)
        return [*self.incomplete, *([ties] if ties else [])]

    def tied(self) -> list[dict[str, Any]]:
        """Open ties with their pitches and the awards at stake."""
        labels = {tier.code: tier.label for tier in self.facts.method.tiers}
        return [
            {
                "entries": [self.entries[entry] for entry in tie.entries],
                "at_stake": [labels.get(code) or _("no award") for code in tie.tiers],
                "category": tie.category,
                "by": tie.by,
            }
            for tie in self.open_ties
        ]


def result_in_force(competition: Competition) -> Result | None:
    return competition.results.in_force().select_related("edition", "chair", "locked_by").first()


def _counted(code: str, count: int, sentence: Any) -> Obstacle | None:
    return Obstacle(code, sentence(count)) if count else None


def _sheets(count: int) -> str:
    return ngettext("%(count)d score sheet is missing.", "%(count)d score sheets are missing.", count) % {
        "count": count
    }


def _pitches(count: int) -> str:
    sentence = ngettext("%(count)d pitch was scored by nobody.", "%(count)d pitches were scored by nobody.", count)
    return sentence % {"count": count}


def _conflicts(count: int) -> str:
    sentence = ngettext(
        "%(count)d suggested conflict of interest is not decided.",
        "%(count)d suggested conflicts of interest are not decided.",
        count,
    )
    return sentence % {"count": count}


def _categories(count: int) -> str:
    return ngettext("%(count)d pitch has no category.", "%(count)d pitches have no category.", count) % {"count": count}


def _ties(count: int) -> str:
    sentence = ngettext(
        "%(count)d tie across the border of an award is open.",
        "%(count)d ties across the border of an award are open.",
        count,
    )
    return sentence % {"count": count}
