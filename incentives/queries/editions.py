"""What an edition says, in words, and how it differs from the one before: for the office and for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from incentives.models import Competition, Edition
from incentives.queries.dates import Dates, dates_of, dates_of_all
from kit.templatetags.kit import bare_clock, day_date, moment, rupiah

NOTHING = "–"


@dataclass(frozen=True)
class Line:
    """One thing that a method says."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """An edition in the history, with what it changed."""

    edition: Edition
    differences: list[Difference] = field(default_factory=list)


def points(value: Decimal | None) -> str:
    """80, 72.5: without zeros that say nothing."""
    if value is None:
        return NOTHING
    return number_format(value.normalize() if value % 1 else int(value), use_l10n=True)


def tie_words(edition: Edition) -> list[str]:
    said = {
        "criteria": _("the higher score in the heaviest criterion, then in the next"),
        "more_jurors": _("whom more jurors place higher"),
        "median": _("the higher median"),
        "chair": _("deliberation led by the chair, noted in the minutes"),
        "lot": _("lot, with a seed that anybody can check"),
    }
    return [said[way] for way in edition.tie_breaks]


def lines_of(edition: Edition, dates: Dates) -> list[Line]:
    return [*_dates(dates), *_criteria(edition), *_columns(edition), *_awards(edition)]


def _dates(dates: Dates) -> Iterable[Line]:
    held = f"{day_date(dates.held_on)}" if dates.held_on else NOTHING
    if dates.held_on and dates.begins_at:
        held = f"{held}, {bare_clock(dates.begins_at)}"
    yield Line("opens", _("Entries from"), moment(dates.opens_at))
    yield Line("closes", _("Entries until"), moment(dates.closes_at))
    yield Line("held", _("Day of the pitches"), held)
    yield Line("venue", pgettext("competition", "Place"), str(dates.venue) if dates.venue else NOTHING)


def _criteria(edition: Edition) -> Iterable[Line]:
    for one in edition.criteria.all():
        label = _("Criterion “%(name)s”") % {"name": one.name}
        scale = f"{points(one.weight)} % · {points(one.lowest)}–{points(one.highest)}"
        yield Line(f"criterion:{one.code}", label, " · ".join(part for part in (one.name, scale) if part))
        looks = _("What “%(name)s” looks at") % {"name": one.name}
        yield Line(f"looks:{one.code}", looks, one.description or NOTHING)
        for score, text in one.anchors:
            means = _("What %(score)s means in “%(name)s”") % {"score": score, "name": one.name}
            yield Line(f"anchor:{one.code}:{score}", means, text)


def _columns(edition: Edition) -> Iterable[Line]:
    jurors = edition.jurors_per_entry
    every = _("every juror scores every pitch")
    least = points(edition.minimum) if edition.minimum is not None else pgettext("answer", "none")
    yield Line("aggregation", _("How scores are put together"), str(edition.get_aggregation_display()))
    yield Line("minimum", _("Lowest total for an award"), least)
    yield Line("ties", _("Equal totals are decided by"), "; ".join(tie_words(edition)) or NOTHING)
    yield Line("jurors", _("Jurors for each pitch"), str(jurors) if jurors else every)
    yield Line("blind", _("Jurors do not see who it is"), _yes(edition.is_blind))
    yield Line("household", _("One award per household"), _yes(edition.one_per_household))
    yield Line("business", _("One award per business"), _yes(edition.one_per_business))
    yield Line("excluded", _("Former winners are left out"), _years(edition.excluded_years))
    yield Line("attendance", _("Only who attended the training enough"), _yes(edition.needs_attendance))
    yield Line("objections", _("Time for objections"), _working_days(edition.objection_days))
    yield Line("report", _("Winners report how they used the money"), _months(edition.report_months))
    yield Line("minutes", _("Minutes: pitch, questions, change"), minutes_of(edition))
    yield Line("gap", _("Scores further apart are pointed out"), points(edition.outlier_gap))


def _awards(edition: Edition) -> Iterable[Line]:
    for one in edition.tiers.all():
        value = f"{one.label} · {one.slots} × {rupiah(one.amount)}"
        yield Line(f"tier:{one.position}", _("Award %(number)s") % {"number": one.position}, value)
    names = ", ".join(one.name for one in edition.categories.all())
    yield Line("categories", _("Categories"), names or NOTHING)
    yield Line("per_category", _("Awards in each category"), _yes(edition.per_category))
    yield Line("amounts", _("The amounts are"), str(edition.get_amount_is_display()))


def minutes_of(edition: Edition) -> str:
    return f"{edition.pitch_minutes} + {edition.question_minutes} + {edition.change_minutes}"


def _months(count: int) -> str:
    return ngettext("%(count)d month after the payment", "%(count)d months after the payment", count) % {"count": count}


def _yes(value: bool) -> str:
    return pgettext("answer", "yes") if value else pgettext("answer", "no")


def _years(years: int) -> str:
    if not years:
        return pgettext("answer", "no")
    return ngettext("winners of %(years)s year before", "winners of %(years)s years before", years) % {"years": years}


def _working_days(days: int) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}


def differences(old: Iterable[Line], new: Iterable[Line]) -> list[Difference]:
    """In the order of the new wording; what it leaves out comes last."""
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    found = [
        Difference(one.label, before[key].value if key in before else NOTHING, one.value)
        for key, one in after.items()
        if key not in before or before[key].value != one.value
    ]
    return found + [Difference(one.label, one.value, NOTHING) for key, one in before.items() if key not in after]


def history_of(competition: Competition) -> list[Step]:
    """Declared editions, the newest first, each with what it changed of the one before."""
    rows = competition.editions.exclude(declared_at=None).select_related("declared_by")
    editions = list(rows.prefetch_related("criteria", "tiers", "categories").order_by("version"))
    dates = dates_of_all(competition, editions)
    told = [lines_of(one, then) for one, then in zip(editions, dates, strict=True)]
    steps = [Step(editions[at], differences(told[at - 1], told[at]) if at else []) for at in range(len(editions))]
    return steps[::-1]


def changes_of_draft(competition: Competition, draft: Edition) -> list[Difference]:
    """What declaring it would change of the edition in force; the budget line is told to the office alone."""
    in_force = competition.edition
    if in_force is None:
        return []
    now, then = dates_of(competition, in_force), dates_of(competition, draft)
    found = differences(lines_of(in_force, now), lines_of(draft, then))
    if now.line != then.line:
        found.append(Difference(_("Budget line"), _line(now), _line(then)))
    return found


def _line(dates: Dates) -> str:
    return f"{dates.line.account_code} {dates.line.title}" if dates.line else NOTHING


def parts_of(edition: Edition) -> dict[str, Any]:
    """For the pages that show a method whole."""
    return {
        "edition": edition,
        "criteria": [
            (one, points(one.weight), f"{points(one.lowest)}–{points(one.highest)}") for one in edition.criteria.all()
        ],
        "tiers": edition.tiers.all(),
        "categories": edition.categories.all(),
        "tie_words": tie_words(edition),
        "rules": [one for one in _columns(edition) if one.key not in {"ties", "gap"}],
    }
