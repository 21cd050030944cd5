"""How an award was used: reported by the winner in several steps, read by the office or replaced by a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import Agency, User
from incentives import notices
from incentives.actions.photos import drop_photos
from incentives.models import Award, Competition, UseLine, UseReport
from incentives.permissions import can_manage_competition
from incentives.queries.after import reports_to_remind
from kit.refusals import spoken_refusals
from participants.rules import months_later

State = UseReport.State
MOST_LINES = 30
# Whoever did not report two months after the last reminder is not written to day after day.
LONGEST_OVERDUE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Used:
    """One line as it is typed; `line` is the row that it changes."""

    line: int = 0
    kind: str = ""
    words: str = ""
    amount: int | None = None
    spent_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Use:
    business: str = ""
    change: str = ""
    lines: Sequence[Used] = ()


@transaction.atomic
def open_reports(*, competition: Competition, awards: Sequence[Award], by: User | None) -> None:
    """One for each award that was paid, due after the months of the method.

    What was paid again on another day is due anew as long as nothing was sent.
    """
    edition, known = competition.edition, {row.award_id: row for row in UseReport.objects.filter(award__in=awards)}
    made = []
    for award in awards:
        payment = award.payment
        if edition is None or payment is None or payment.paid_on is None:
            continue
        due = months_later(payment.paid_on, edition.report_months)
        report = known.get(award.pk)
        if report is None:
            made.append(UseReport(award=award, due_on=due))
        elif report.state == State.DRAFT and report.due_on != due:
            UseReport.objects.filter(pk=report.pk).update(due_on=due)
    UseReport.objects.bulk_create(made)


@transaction.atomic
def save_use_report(*, report: UseReport, use: Use, revision: int, by: None = None) -> UseReport:
    """A draft may lack anything. Refused when another page has saved it since this one was opened."""
    row = _owed(report)
    if row.revision != revision:
        sentence = _("This was saved meanwhile on another page. Press again to keep what stands here instead.")
        raise ValidationError(sentence, code="report_moved")
    _fill(row, use)
    row.save()
    return row


def _locked(report: UseReport) -> UseReport:
    parts = ("award__competition__program__agency", "award__entry__registration__person", "award__entry__region")
    return UseReport.objects.select_related(*parts).select_for_update(of=("self",), no_key=True).get(pk=report.pk)


def _owed(report: UseReport) -> UseReport:
    row = _locked(report)
    if not row.is_owed or row.award.ended_at is not None:
        raise ValidationError(_("This report was sent already."), code="report_sent")
    return row


def _fill(row: UseReport, use: Use) -> None:
    if len(use.lines) > MOST_LINES:
        raise ValidationError(_("At most %(most)d lines.") % {"most": MOST_LINES}, code="too_many_lines")
    row.business, row.change = use.business, use.change or None
    row.saved_at, row.revision = timezone.now(), row.revision + 1
    known = {line.pk: line for line in row.lines.all()}
    kept: set[int] = set()
    for place, told in enumerate(use.lines, 1):
        line = known.get(told.line) if told.line not in kept else None
        line = line or UseLine(report=row)
        line.position, line.kind, line.words = place, told.kind, told.words or None
        line.amount, line.spent_on = told.amount, told.spent_on
        with spoken_refusals(UseLine):
            line.save()
        kept.add(line.pk)
    gone = [line for pk, line in known.items() if pk not in kept]
    drop_photos(lines=gone, by=None)
    UseLine.objects.filter(pk__in=[line.pk for line in gone]).delete()


@transaction.atomic
def send_use_report(*, report: UseReport, by: None = None) -> UseReport:
    """Once it is whole. The sum may differ from what was paid: that is shown, not refused."""
    row = _owed(report)
    faults = _missing(row)
    if faults:
        raise ValidationError(faults)
    row.state, row.sent_at, row.note = State.SENT, timezone.now(), None
    row.save()
    _note(row, action="use_report.sent", by=by)
    return row


def _missing(row: UseReport) -> list[ValidationError]:
    lines = list(row.lines.all())
    found = []
    if not lines:
        found.append(_("Write at least one line about what the money went into."))
    today = row.award.competition.program.agency.today()
    for line in lines:
        told = {"number": line.position}
        if not line.kind:
            found.append(_("Line %(number)d: choose what it was for.") % told)
        elif line.kind == UseLine.Kind.OTHER and not line.words:
            found.append(_("Line %(number)d: write in your own words what it was for.") % told)
        if line.amount is None:
            found.append(_("Line %(number)d: write the amount.") % told)
        if line.spent_on is None:
            found.append(_("Line %(number)d: write the day.") % told)
        elif line.spent_on > today:
            found.append(_("Line %(number)d: this day has not come yet.") % told)
    if not row.business:
        found.append(_("Say how the business is doing."))
    if not row.change:
        found.append(_("Write what changed in the business."))
    return [ValidationError(sentence, code="report_incomplete") for sentence in found]


@transaction.atomic
def decide_use_report(*, report: UseReport, accepted: bool, note: str, by: User) -> UseReport:
    """Read by the office: accepted, or sent back with a reason, so that the winner goes on from there."""
    row = _locked(report)
    _check_duty(row, by)
    if row.state != State.SENT:
        raise ValidationError(_("This report does not wait to be read."), code="report_not_sent")
    if not accepted and not note.strip():
        raise ValidationError({"note": ValidationError(_("Please give a reason."), code="reason_missing")})
    row.state = State.ACCEPTED if accepted else State.RETURNED
    row.note, row.decided_by, row.decided_at = note.strip() or None, by, timezone.now()
    row.revision += 1
    row.save()
    _note(row, action="use_report.accepted" if accepted else "use_report.returned", by=by)
    notices.tell_report_decided(row)
    return row


@transaction.atomic
def note_visit(*, report: UseReport, use: Use, visited_on: date, by: User) -> UseReport:
    """An officer was there and wrote down what was seen; it stands in for what the winner did not send."""
    row = _locked(report)
    _check_duty(row, by)
    if row.state == State.ACCEPTED:
        raise ValidationError(_("This report was accepted already."), code="report_accepted")
    if visited_on > row.award.competition.program.agency.today():
        raise ValidationError({"visited_on": ValidationError(_("This day has not come yet."), code="visit_in_future")})
    if not use.change.strip():
        raise ValidationError({"change": ValidationError(_("Please fill this in."), code="visit_words")})
    _fill(row, use)
    row.visited_on, row.visited_by, row.note = visited_on, by, None
    row.state, row.decided_by, row.decided_at = State.ACCEPTED, by, timezone.now()
    with spoken_refusals(UseReport):
        row.save()
    _note(row, action="use_report.visited", by=by)
    return row


def _check_duty(row: UseReport, by: User) -> None:
    if not can_manage_competition(by, row.award.competition):
        raise ValidationError(_("You do not have this duty."), code="no_duty")


def _note(row: UseReport, *, action: str, by: User | None) -> None:
    entry = row.award.entry.registration
    subject = None if entry is None else entry.person or entry
    record(action=action, by=by, target=row, subject=subject, agency=row.award.competition.program.agency)


@transaction.atomic
def note_use_exported(*, competition: Competition, by: User) -> None:
    record(action="use_reports.exported", by=by, target=competition, agency=competition.program.agency)


@transaction.atomic
def remind_reports(*, agency: Agency, by: None = None, now: datetime | None = None) -> int:
    """Once before the day on which a report is due, and once after it. How many messages were new."""
    today = (now or timezone.now()).astimezone(agency.zone).date()
    last = today + timedelta(days=settings.AFTER_AWARDS["report_remind_days"])
    return notices.remind_of_reports(list(reports_to_remind(agency, today - LONGEST_OVERDUE, last)), today)
