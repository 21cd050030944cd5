"""What an edition declares, as the rules compute with it, what it costs, and what is still wrong with it."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from budgets.models import TaxKind, TaxRule
from budgets.rules import TaxTerms
from incentives import rules
from incentives.models import Competition, Edition, ScoreSheet
from incentives.queries.dates import Dates, dates_of
from incentives.queries.facts import method_of

UNTAXED = TaxTerms(())


def winner_terms(agency: Agency) -> TaxTerms | None:
    """How prizes are taxed today, as the office or the state says; None where nobody does."""
    rule = TaxRule.objects.in_force(agency_id=agency.pk, kind=TaxKind.WINNER, day=agency.today())
    return rule.terms if rule is not None else None


def award_money_needed(edition: Edition, agency: Agency) -> int:
    """Whole rupiah, taxes included, for every slot in every category."""
    terms = winner_terms(agency) or UNTAXED
    codes = [one.code for one in edition.categories.all()]
    is_net = edition.amount_is == Edition.AmountIs.NET
    return rules.money_to_reserve(method_of(edition), terms, categories=codes, is_net=is_net)


def awards_promised(edition: Edition) -> tuple[int, int]:
    """How many awards, and the sum of their amounts as they are promised."""
    times = len(edition.categories.all()) if edition.per_category else 1
    tiers = edition.tiers.all()
    return times * sum(one.slots for one in tiers), times * sum(one.slots * one.amount for one in tiers)


@dataclass(frozen=True)
class Fault:
    """`part` is where on the page of the method it is put right."""

    code: str
    part: str
    sentence: str | Promise


SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "criteria": ("criteria", _("There is at least one criterion, and each has a name of its own.")),
    "weights": ("criteria", _("The weights add up to 100.")),
    "scales": ("criteria", _("The highest score is above the lowest, and none is below zero.")),
    "aggregation": ("method", _("Choose how scores are put together.")),
    "tie_breaks": ("ties", _("Each way to decide equal totals stands there once.")),
    "tiers": ("tiers", _("Each tier has at least one award of more than zero rupiah.")),
    "categories": ("categories", _("Categories need awards in each category.")),
    "numbers": ("method", _("Points are between 0 and 100.")),
}
NO_TIERS = Fault("no_tiers", "tiers", _("There is no award yet. Write at least one tier."))
NO_TIE_BREAKS = Fault("no_tie_breaks", "ties", _("Say at least one way to decide equal totals."))
NO_CATEGORIES = Fault("no_categories", "categories", _("Awards are given in each category, but there is no category."))
NO_TAX_RULE = Fault(
    "tax_rule_missing",
    "tiers",
    _("There is no tax rule for winners, so that the office cannot add the tax. Declare amounts before tax."),
)
NO_LINE = Fault("line_missing", "facts", _("Choose the budget line that pays the awards."))
ELSEWHERE = Fault("line_elsewhere", "facts", _("This line is not of the programme's fund."))
CLOSES_FIRST = Fault("closes_before_opening", "facts", _("Entries end after they begin."))
HELD_EARLY = Fault("held_before_closing", "facts", _("The pitches are after the last day for entries."))


def faults_of(competition: Competition, edition: Edition) -> list[Fault]:
    """What keeps it from being declared. Whether the money suffices, only reserving it can tell."""
    method, dates = method_of(edition), dates_of(competition, edition)
    found = [Fault(code, *SENTENCES[code]) for code in method.faults()]
    categories = edition.categories.all()
    conditions = [
        (not method.tiers, NO_TIERS),
        (not method.tie_breaks, NO_TIE_BREAKS),
        (method.per_category and not categories, NO_CATEGORIES),
        (edition.amount_is == Edition.AmountIs.NET and not winner_terms(competition.program.agency), NO_TAX_RULE),
        (dates.line is None, NO_LINE),
        (dates.line is not None and dates.line.fund_id != competition.program.fund_source_id, ELSEWHERE),
        *_about_time(dates, competition.program.agency),
    ]
    return found + [fault for is_wrong, fault in conditions if is_wrong]


def _about_time(dates: Dates, agency: Agency) -> list[tuple[bool, Fault]]:
    last_day = dates.closes_at.astimezone(agency.zone).date()
    return [
        (dates.closes_at <= dates.opens_at, CLOSES_FIRST),
        (dates.held_on is not None and dates.held_on < last_day, HELD_EARLY),
    ]


def asked_of_jurors(edition: Edition) -> dict[str, tuple[Any, ...]]:
    """What a juror sees and answers, by criterion. A weight is not of it: the scores under it stay what they are."""
    return {
        one.code: (one.name, one.description, one.lowest, one.highest, [tuple(pair) for pair in one.anchors])
        for one in edition.criteria.all()
    }


def sheets_to_reopen(competition: Competition, old: Edition, new: Edition) -> int:
    """How many a change would send back, for the page that asks whether to declare it."""
    if asked_of_jurors(old) == asked_of_jurors(new):
        return 0
    return ScoreSheet.objects.filter(competition=competition, state=ScoreSheet.State.SUBMITTED).count()
