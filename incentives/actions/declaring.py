"""From draft to promise: the method is declared and its money kept; changed with a reason; called off with one."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from budgets.actions import release, reserve
from budgets.models import BudgetLine, Reservation
from incentives import notices
from incentives.actions.carrying import carry_sheets
from incentives.actions.drafting import NO_DRAFT, changeable, set_dates
from incentives.models import Competition, Edition
from incentives.queries.dates import Dates, dates_of
from incentives.queries.methods import Fault, award_money_needed, faults_of
from incentives.queries.news import differs_for_jury
from programs.models import Program

State = Competition.State


@transaction.atomic
def declare_competition(*, competition: Competition, by: User, now: datetime | None = None) -> Competition:
    """The method stands from here on, the entries open by its dates, and the money of the awards is kept."""
    row, now = changeable(competition), now or timezone.now()
    if row.state != State.DRAFT:
        raise ValidationError(_("This competition is declared already."), code="competition_declared")
    edition = row.editions.get(declared_at=None)
    dates = dates_of(row, edition)
    refuse(faults_of(row, edition))
    if row.program.state not in Program.PUBLIC_STATES:
        raise ValidationError(_("The programme is still a draft. Open it first."), code="program_not_open")
    if dates.closes_at <= now:
        raise ValidationError(
            _("The last day for entries is over. A method is declared before the entries come."), code="entries_over"
        )
    amount = award_money_needed(edition, row.program.agency)
    _keep_money(row, dates, amount, by)
    _put_in_force(row, edition, dates, by, now)
    changes = {"edition": edition.version, "amount": amount}
    record(action="competition.declared", by=by, target=row, agency=row.program.agency, changes=changes)
    return row


@transaction.atomic
def declare_change(*, competition: Competition, by: User) -> Competition:
    """The draft takes the place of the edition in force: money is kept anew, sheets go on with the new wording."""
    row = changeable(competition)
    edition = row.editions.filter(declared_at=None).first()
    if row.state != State.DECLARED or edition is None or row.edition is None:
        raise ValidationError(NO_DRAFT, code="no_change")
    if not edition.reason:
        raise ValidationError(_("Say why the method changes."), code="edition_change_has_reason")
    refuse(faults_of(row, edition))
    _check_categories(row, edition)
    before, dates = row.edition, dates_of(row, edition)
    amount = award_money_needed(edition, row.program.agency)
    _keep_money(row, dates, amount, by)
    _put_in_force(row, edition, dates, by, timezone.now())
    reopened = carry_sheets(competition=row, old=before, new=edition, reason=edition.reason, by=by)
    told = notices.tell_jury_changed(row, edition) if differs_for_jury(before, edition) else 0
    changes = {"edition": edition.version, "reason": edition.reason, "amount": amount, "reopened": reopened}
    changes["jurors_told"] = told
    record(action="competition.changed", by=by, target=row, agency=row.program.agency, changes=changes)
    return row


@transaction.atomic
def cancel_competition(*, competition: Competition, reason: str, by: User) -> Competition:
    """Nobody wins anything any more, and the money goes back to the line. Entries and sheets stay as they are."""
    row = changeable(competition)
    if not reason.strip():
        raise ValidationError(_("Say why the competition is called off."), code="competition_cancelled_has_reason")
    _check_undrawn(row)
    if row.reservation is not None:
        release(reservation=row.reservation, by=by)
    row.state, row.cancelled_at, row.cancelled_reason = State.CANCELLED, timezone.now(), reason.strip()
    row.save(update_fields=["state", "cancelled_at", "cancelled_reason"])
    changes = {"reason": row.cancelled_reason, "told": notices.tell_called_off(row, by=by)}
    record(action="competition.cancelled", by=by, target=row, agency=row.program.agency, changes=changes)
    return row


def refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ValidationError([ValidationError(str(fault.sentence), code=fault.code) for fault in faults])


def _keep_money(row: Competition, dates: Dates, amount: int, by: User) -> None:
    """What is kept already is given back and taken anew in one transaction, so that no line is ever overdrawn."""
    line, held = dates.line, row.reservation
    if line is None or (held is not None and (held.line_id, held.amount) == (line.pk, amount)):
        return
    if held is not None:
        _check_undrawn(row)
        _lock_lines(held, line)
        release(reservation=held, by=by)
    purpose = f"{row.name} ({row.program.name})"[:200]
    row.reservation = reserve(line=line, amount=amount, purpose=purpose, reference=row.reference, by=by)


def _lock_lines(held: Reservation, line: BudgetLine) -> None:
    """In the order of everything about money, so that two that change their lines crosswise wait for each other."""
    Reservation.objects.select_for_update(no_key=True).get(pk=held.pk)
    both = BudgetLine.objects.select_for_update(no_key=True).filter(pk__in=[held.line_id, line.pk])
    list(both.order_by("pk").values_list("pk", flat=True))


def _check_undrawn(row: Competition) -> None:
    if row.reservation is not None and row.reservation.drawn:
        raise ValidationError(
            _("Payments of awards are under way. Take them back first."), code="competition_being_paid"
        )


def _check_categories(row: Competition, edition: Edition) -> None:
    """An entry keeps its category, so the category stays; and where awards are given in each, each entry has one."""
    kept = {one.code for one in edition.categories.all()}
    standing = row.entries.real().exclude(state__in=["refused", "withdrawn", "disqualified"]).order_by()
    used = set(standing.values_list("category", flat=True))
    if used - kept - {""}:
        raise ValidationError(_("There are pitches in a category that this change leaves out."), code="category_in_use")
    if edition.per_category and "" in used:
        raise ValidationError(
            _("There are pitches without a category. Awards in each category would leave them out."),
            code="entries_without_category",
        )


def _put_in_force(row: Competition, edition: Edition, dates: Dates, by: User, now: datetime) -> None:
    edition.facts, edition.declared_by, edition.declared_at = dates.as_json(), by, now
    edition.save(update_fields=["facts", "declared_by", "declared_at"])
    row.edition, row.state = edition, State.DECLARED
    set_dates(row, dates)
    row.save(update_fields=["edition", "state", "reservation", *Dates.__dataclass_fields__])
