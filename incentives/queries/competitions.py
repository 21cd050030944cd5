"""Competitions as their pages show them."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from budgets.models import BudgetLine
from incentives.models import Competition, Edition
from incentives.queries.dates import dates_of
from incentives.queries.editions import changes_of_draft, history_of, parts_of
from incentives.queries.methods import award_money_needed, awards_promised, faults_of, sheets_to_reopen

State = Competition.State


def listed(user: User) -> QuerySet[Competition]:
    entries = Q(entries__is_training=False) & ~Q(entries__state__in=["draft", "withdrawn"])
    rows = Competition.objects.visible_to(user).select_related("program__agency", "reservation")
    to_check = Q(entries__is_training=False, entries__state="submitted", state="declared", first_score_at=None)
    return rows.annotate(entry_count=Count("entries", filter=entries), to_check=Count("entries", filter=to_check))


def newest_edition(competition: Competition) -> Edition:
    """The draft where there is one, with its rows."""
    return competition.editions.prefetch_related("criteria", "tiers", "categories").latest("version")


def faults_by_part(competition: Competition) -> dict[str, list[str]]:
    """What keeps the draft from being declared, by the part of the page where it is put right."""
    found = defaultdict(list)
    competition.refresh_from_db()
    for fault in faults_of(competition, newest_edition(competition)):
        found[fault.part].append(str(fault.sentence))
    return dict(found)


def competition_page(competition: Competition, *, may: bool, now: datetime) -> dict[str, Any]:
    draft = newest_edition(competition)
    edition = draft if competition.edition is None else _with_rows(competition.edition)
    count, amount = awards_promised(edition)
    return {
        "competition": competition,
        "may": may,
        "phase": phase_of(competition, now),
        "has_change": competition.edition is not None and draft.declared_at is None,
        "faults": faults_of(competition, draft) if competition.state == State.DRAFT else [],
        "history": history_of(competition),
        "award_count": count,
        "award_sum": amount,
        **parts_of(edition),
    }


def confirmation(competition: Competition) -> dict[str, Any]:
    """Everything that declaring would promise, and what it costs."""
    draft = newest_edition(competition)
    dates, amount = dates_of(competition, draft), award_money_needed(draft, competition.program.agency)
    kept = competition.reservation.amount if competition.reservation else 0
    count, promised = awards_promised(draft)
    return {
        "competition": competition,
        "dates": dates,
        "amount": amount,
        "difference": amount - kept,
        "kept": kept,
        "award_count": count,
        "award_sum": promised,
        "tax": amount - promised,
        "missing": _missing(competition, dates.line, amount),
        "faults": faults_of(competition, draft),
        "changes": changes_of_draft(competition, draft),
        "reopened": sheets_to_reopen(competition, competition.edition, draft) if competition.edition else 0,
        **parts_of(draft),
    }


def _missing(competition: Competition, line: BudgetLine | None, amount: int) -> int:
    """How much less is free on the line than declaring would take; what is kept there already comes back to it."""
    if line is None:
        return 0
    held = competition.reservation
    own = held.amount if held is not None and held.line_id == line.pk else 0
    return max(0, amount - own - line.available)


def _with_rows(edition: Edition) -> Edition:
    return Edition.objects.prefetch_related("criteria", "tiers", "categories").get(pk=edition.pk)


def phase_of(competition: Competition, now: datetime) -> str:
    """Where a competition stands on its way: draft, soon, entries, waiting, day, judged, finished, cancelled."""
    if competition.state != State.DECLARED:
        return str(competition.state)
    if competition.locked_at is not None:
        return "judged"
    if now < competition.opens_at:
        return "soon"
    if now < competition.closes_at:
        return "entries"
    today = now.astimezone(competition.program.agency.zone).date()
    return "waiting" if competition.held_on is None or today < competition.held_on else "day"


def public_page(competition: Competition, now: datetime) -> dict[str, Any]:
    """The method in force and its editions; of the office only its name."""
    edition = _with_rows(competition.edition) if competition.edition else newest_edition(competition)
    count, amount = awards_promised(edition)
    return {
        "competition": competition,
        "program": competition.program,
        "portal_agency": competition.program.agency,
        "phase": phase_of(competition, now),
        "history": history_of(competition),
        "award_count": count,
        "award_sum": amount,
        **parts_of(edition),
    }
