"""Whether the money of an award came: asked of a sample, answered once, settled by the office where it did not."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from budgets.models import Payment
from incentives import notices
from incentives.actions.deciding import locked_competition
from incentives.actions.opened import check_file_open
from incentives.actions.reporting import open_reports
from incentives.models import Award, Competition, ReceiptCheck, SampleDraw
from incentives.permissions import can_manage_competition
from incentives.queries.after import awards_paid_again, paid_awards, share_of, standing_check, undrawn
from incentives.rules import sample
from kit.refusals import spoken_refusals

Answer, Outcome, Way = ReceiptCheck.Answer, ReceiptCheck.Outcome, ReceiptCheck.Way


@dataclass(frozen=True, kw_only=True)
class ReceiptAnswer:
    """What a winner says; the amount only where it is another one."""

    answer: str
    amount: int | None = None
    words: str = ""


@transaction.atomic
def follow_payments(*, competition: Competition, by: User | None = None, seed: str = "") -> int:
    """Opens a report for each paid award and draws, of those paid since the last drawing, whom to ask. How many."""
    row = locked_competition(competition)
    if row.state != Competition.State.DECLARED:
        return 0
    paid = paid_awards(row)
    open_reports(competition=row, awards=paid, by=by)
    again = awards_paid_again(paid)
    asked = _ask(row, [award for award in paid if award.pk in again])
    fresh = undrawn(row, paid)
    if fresh:
        asked += _draw(row, fresh, seed or secrets.token_hex(16), by)
    return asked


def _draw(row: Competition, fresh: Sequence[Award], seed: str, by: User | None) -> int:
    agency = row.program.agency
    keys = sorted(award.pk for award in fresh)
    draw = SampleDraw.objects.create(competition=row, awards=keys, percent=share_of(agency), seed=seed)
    chosen = sample(seed, keys, draw.percent)
    ReceiptCheck.objects.standing().filter(award__in=chosen).update(draw=draw)
    asked = _ask(row, [award for award in fresh if award.pk in chosen], draw)
    changes = {"of": len(keys), "percent": draw.percent, "asked": len(chosen)}
    told = "" if by else "system"
    record(action="award.sample_drawn", by=by, target=row, agency=agency, changes=changes, actor_label=told)
    return asked


def _ask(row: Competition, awards: Collection[Award], draw: SampleDraw | None = None) -> int:
    """One question for each who is not asked yet, and the message that tells of it."""
    known = set(ReceiptCheck.objects.standing().filter(award__in=awards).values_list("award", flat=True))
    made = [_question(award, draw) for award in awards if award.pk not in known]
    ReceiptCheck.objects.bulk_create(made)
    for check in made:
        check.award.competition = row
        notices.tell_receipt(check)
    return len(made)


def _question(award: Award, draw: SampleDraw | None = None) -> ReceiptCheck:
    payment = award.payment
    if payment is None or payment.state != Payment.State.PAID or payment.paid_on is None:
        raise ValidationError(_("This award is not paid yet."), code="not_paid")
    return ReceiptCheck(
        award=award, draw=draw, net=payment.net or 0, paid_on=payment.paid_on, document=payment.document
    )


@transaction.atomic
def ask_everybody(*, competition: Competition, by: User) -> int:
    """Beyond the sample: each winner who was paid and is not asked yet. How many."""
    row = _held(competition, by)
    asked = _ask(row, paid_awards(row))
    if not asked:
        raise ValidationError(_("Everybody who was paid is asked already."), code="nobody_to_ask")
    record(action="award.receipts_asked", by=by, target=row, agency=row.program.agency, changes={"asked": asked})
    return asked


def _held(competition: Competition, by: User) -> Competition:
    """Locked, its file open, and run by this officer."""
    row = locked_competition(competition)
    if not can_manage_competition(by, row):
        raise ValidationError(_("You do not have this duty."), code="no_duty")
    check_file_open(row)
    return row


@transaction.atomic
def answer_receipt(*, check: ReceiptCheck, said: ReceiptAnswer, revision: int, by: None = None) -> ReceiptCheck:
    """By the winner alone, behind the own PIN. `revision` is the answer that the page had shown."""
    held = locked_competition(check.award.competition)
    check_file_open(held)
    row = _locked(check, held)
    if row.revision != revision:
        raise ValidationError(_("This was answered meanwhile. Look at the answer that is noted."), code="receipt_moved")
    days = timedelta(days=settings.AFTER_AWARDS["correct_days"])
    if row.first_answered_at is not None and timezone.now() > row.first_answered_at + days:
        sentence = _("The days for a correction are over. Please tell the office.")
        raise ValidationError(sentence, code="receipt_fixed")
    return _answered(row, said, Way.PAGE, None)


def _locked(check: ReceiptCheck, held: Competition) -> ReceiptCheck:
    """The question as it is now; the competition was taken first, as everywhere."""
    rows = ReceiptCheck.objects.standing().select_related("award__entry__registration__person")
    row = rows.filter(pk=check.pk).select_for_update(of=("self",), no_key=True).first()
    if row is None or row.settled_at is not None:
        raise ValidationError(_("The office has settled this already."), code="receipt_settled")
    row.award.competition = held
    return row


def _answered(row: ReceiptCheck, said: ReceiptAnswer, way: str, by: User | None) -> ReceiptCheck:
    now = timezone.now()
    if said.answer == Answer.OTHER and said.amount == row.net:
        sentence = _("This is the amount that was paid. Choose that all of it came.")
        raise ValidationError({"amount": ValidationError(sentence, code="receipt_amount_same")})
    row.answer, row.words, row.way, row.answered_by = said.answer, said.words or None, way, by
    row.amount = said.amount if said.answer == Answer.OTHER else None
    row.answered_at, row.revision = now, row.revision + 1
    row.first_answered_at = row.first_answered_at or now
    with spoken_refusals(ReceiptCheck):
        row.save()
    entry = row.award.entry.registration
    subject = None if entry is None else entry.person or entry
    agency, changes = row.award.competition.program.agency, {"answer": row.answer, "way": way}
    record(action="award.receipt_answered", by=by, target=row, subject=subject, agency=agency, changes=changes)
    return row


@transaction.atomic
def note_receipt(*, award: Award, said: ReceiptAnswer, by: User) -> ReceiptCheck:
    """What a winner said on the telephone, in the row of the question; a winner's own answer is never written over."""
    row = _held(award.competition, by)
    fresh = Award.objects.select_related("payment", "entry__registration").get(pk=award.pk)
    check = standing_check(fresh)
    if check is None:
        check = _question(fresh)
        with spoken_refusals(ReceiptCheck):
            check.save()
    elif check.way == Way.PAGE:
        raise ValidationError(_("The winner has answered already."), code="receipt_by_winner")
    elif check.settled_at is not None:
        raise ValidationError(_("The office has settled this already."), code="receipt_settled")
    check.award, fresh.competition = fresh, row
    return _answered(check, said, Way.PHONE, by)


@transaction.atomic
def settle_receipt(*, check: ReceiptCheck, outcome: str, note: str, by: User) -> ReceiptCheck:
    """What became of money that did not all come, in words; or that nobody could be reached."""
    row = _locked(check, _held(check.award.competition, by))
    if row.answer == Answer.ALL:
        raise ValidationError(_("All of it came: there is nothing to settle."), code="nothing_to_settle")
    if not note.strip():
        raise ValidationError({"note": ValidationError(_("Please fill this in."), code="note_missing")})
    if outcome == Outcome.RETURNED:
        _check_came_back(row)
        row.replaced_at = timezone.now()
    row.outcome, row.outcome_note, row.settled_by, row.settled_at = outcome, note.strip(), by, timezone.now()
    with spoken_refusals(ReceiptCheck):
        row.save()
    agency, changes = row.award.competition.program.agency, {"outcome": outcome}
    record(action="award.receipt_settled", by=by, target=row, agency=agency, changes=changes)
    return row


def _check_came_back(row: ReceiptCheck) -> None:
    payment = Award.objects.select_related("payment").get(pk=row.award_id).payment
    told = (payment.state, payment.paid_on, payment.document) if payment is not None else None
    if told == (Payment.State.PAID, row.paid_on, row.document):
        sentence = _("The payment still counts as made. The treasurer notes first that the bank sent it back.")
        raise ValidationError(sentence, code="payment_still_paid")


@transaction.atomic
def remind_receipts(*, competition: Competition, by: None = None, now: datetime | None = None) -> int:
    """Whoever was asked a week ago and did not answer, once. How many."""
    now = now or timezone.now()
    row = locked_competition(competition)
    asked = now - timedelta(days=settings.AFTER_AWARDS["remind_days"])
    rows = ReceiptCheck.objects.unanswered().filter(award__competition=row, reminded_at__isnull=True)
    late = list(rows.filter(asked_at__lte=asked).select_related("award__entry__registration", "award__entry__region"))
    if row.state != Competition.State.DECLARED or not late:
        return 0
    ReceiptCheck.objects.filter(pk__in=[check.pk for check in late]).update(reminded_at=now)
    for check in late:
        check.award.competition = row
        notices.tell_receipt(check, again=True)
    return len(late)
