"""What follows the payment of awards: who was asked whether it came, what was reported of its use, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import Agency
from budgets.models import Payment
from incentives.models import Award, Competition, ReceiptCheck, SampleDraw, UseReport
from incentives.queries.awards import awards_of, payee_name

Answer, Outcome = ReceiptCheck.Answer, ReceiptCheck.Outcome


def share_of(agency: Agency) -> int:
    """How many of a hundred winners who were paid this office asks (docs/operations.md)."""
    told = settings.AFTER_AWARDS
    return max(0, min(100, int(told["percent_of"].get(agency.slug, told["percent"]))))


def paid_awards(competition: Competition) -> list[Award]:
    return [row for row in awards_of(competition) if row.payment is not None and row.payment.state == "paid"]


def awards_paid_again(awards: Sequence[Award]) -> set[int]:
    """Of these the bank had sent the money back; who waited for it is asked anew, whatever the sample says."""
    rows = ReceiptCheck.objects.filter(award__in=[row.pk for row in awards], outcome=Outcome.RETURNED)
    standing = ReceiptCheck.objects.filter(award=OuterRef("award"), replaced_at__isnull=True)
    return set(rows.exclude(Exists(standing)).values_list("award", flat=True))


def undrawn(competition: Competition, awards: Sequence[Award]) -> list[Award]:
    """Paid since the last drawing."""
    drawn = {key for keys in competition.sample_draws.values_list("awards", flat=True) for key in keys}
    return [row for row in awards if row.pk not in drawn]


def competitions_paid() -> QuerySet[Competition]:
    """Competitions whose file is open, with awards that were paid."""
    paid = Award.objects.standing().filter(competition=OuterRef("pk"), payment__state=Payment.State.PAID)
    return Competition.objects.filter(Exists(paid), state=Competition.State.DECLARED).order_by("pk")


@dataclass(frozen=True)
class AfterRow:
    """One award that was paid. `spent` is what its report adds up to."""

    award: Award
    name: str
    check: ReceiptCheck | None
    report: UseReport | None
    spent: int
    today: date

    @property
    def is_overdue(self) -> bool:
        return self.report is not None and self.report.is_owed and self.report.due_on < self.today

    @property
    def net(self) -> int:
        return self.award.net

    @property
    def difference(self) -> int:
        return self.net - self.spent

    @property
    def beyond(self) -> int:
        return abs(self.difference)


class AfterBoard:
    """Of one competition, in a fixed number of queries."""

    def __init__(self, competition: Competition) -> None:
        self.competition = competition
        self.today = competition.program.agency.today()

    @cached_property
    def awards(self) -> list[Award]:
        return paid_awards(self.competition)

    @cached_property
    def rows(self) -> list[AfterRow]:
        keys = [row.pk for row in self.awards]
        checks = {row.award_id: row for row in ReceiptCheck.objects.standing().filter(award__in=keys)}
        spent = Sum("lines__amount", default=0)
        reports = {row.award_id: row for row in UseReport.objects.filter(award__in=keys).annotate(spent=spent)}
        return [
            AfterRow(
                award,
                payee_name(award),
                checks.get(award.pk),
                report := reports.get(award.pk),
                getattr(report, "spent", 0),
                self.today,
            )
            for award in self.awards
        ]

    @cached_property
    def draws(self) -> list[SampleDraw]:
        return list(self.competition.sample_draws.annotate(asked=Count("checks")))

    @cached_property
    def is_drawn(self) -> bool:
        drawn = {key for draw in self.draws for key in draw.awards}
        return all(row.pk in drawn for row in self.awards) and not awards_paid_again(self.awards)

    @property
    def asked(self) -> int:
        return sum(row.check is not None for row in self.rows)

    @property
    def confirmed(self) -> int:
        return sum(row.check is not None and row.check.answer == Answer.ALL for row in self.rows)

    @property
    def unanswered(self) -> int:
        return sum(row.check is not None and row.check.is_unanswered for row in self.rows)

    @property
    def to_settle(self) -> int:
        return sum(row.check is not None and row.check.is_to_settle for row in self.rows)

    @property
    def unasked(self) -> int:
        return len(self.rows) - self.asked

    @property
    def accepted(self) -> int:
        return sum(row.report is not None and row.report.state == "accepted" for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)

    @property
    def open_reports(self) -> int:
        return len(self.rows) - self.accepted


def told_use(report: UseReport) -> dict[str, Any]:
    """The lines of a report with their sum beside what was received; the difference is shown, never refused."""
    lines = list(report.lines.select_related("photo"))
    spent = sum(line.amount or 0 for line in lines)
    difference = report.net - spent
    return {"lines": lines, "spent": spent, "difference": difference, "beyond": abs(difference)}


def standing_check(award: Award) -> ReceiptCheck | None:
    return ReceiptCheck.objects.standing().filter(award=award).first()


def award_won_by(entry_id: int) -> Award | None:
    """The award that this pitch holds, with its payment."""
    rows = Award.objects.standing().select_related("payment", "tier", "competition__program__agency")
    return rows.filter(entry=entry_id).first()


def reports_to_remind(agency: Agency, first: date, last: date) -> QuerySet[UseReport]:
    """Owed, and due between these days."""
    rows = UseReport.objects.owed().filter(award__competition__program__agency=agency)
    rows = rows.filter(~Q(award__competition__state="cancelled"), due_on__gte=first, due_on__lte=last)
    return rows.select_related("award__entry__registration", "award__entry__region", "award__competition__program")


def photo_context(line_id: int) -> str:
    """What the bytes of a photo are bound to."""
    return f"use line {line_id}"
