"""Awards of a competition with what they cost, the account they go to, and how far the money is."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count
from django.utils.translation import ngettext

from budgets.models import PayeeAccount, Payment, TaxKind, TaxRule
from budgets.models.payment import DROPPED
from documents.kinds import PaperKind, kinds_of_scope
from documents.models import Document
from incentives.models import Award, Competition, Objection, ReceiptCheck, Result, papers_of_files
from incentives.rules import AwardMoney, award_money
from incentives.rules.objections import LONGEST_PERIOD, last_day
from kit.names import name_key
from kit.sealed import seal
from programs.models import Holiday

DECREE = "winners_decree"
CERTIFICATE = "award_certificate"


@dataclass(frozen=True)
class AwardRow:
    """`money` is the tax of the payment where there is one, else what the rule of today proposes."""

    award: Award
    name: str
    owner: str
    account: PayeeAccount | None
    money: AwardMoney | None
    check: ReceiptCheck | None = None

    @property
    def payment(self) -> Payment | None:
        """What was rejected or taken back is no payment any more."""
        found = self.award.payment
        return found if found is not None and found.state not in DROPPED else None

    @property
    def holder_differs(self) -> bool:
        """From the winner, whoever was written down as the payee of the account."""
        return self.account is not None and name_key(self.account.holder_name) != name_key(self.name)

    @property
    def sealed_name(self) -> str:
        """As it may stand in an address."""
        return seal(self.name)


class AwardBoard:
    def __init__(self, competition: Competition, result: Result | None) -> None:
        self.competition, self.result = competition, result

    @cached_property
    def rows(self) -> list[AwardRow]:
        awards = list(awards_of(self.competition))
        owners = {award.pk: owner_of(award) for award in awards}
        agency = self.competition.program.agency
        known = PayeeAccount.objects.filter(
            agency=agency, owner__in=[o for o in owners.values() if o], state=PayeeAccount.State.IN_FORCE
        )
        accounts = {row.owner: row for row in known.select_related("bank").defer("number")}
        rule = tax_rule_of(self.competition)
        checks = {row.award_id: row for row in ReceiptCheck.objects.standing().filter(award__in=awards)}
        return [
            AwardRow(
                award,
                payee_name(award),
                owners[award.pk],
                accounts.get(owners[award.pk]),
                _money(award, rule),
                checks.get(award.pk),
            )
            for award in awards
        ]

    @property
    def receipts_to_settle(self) -> int:
        return sum(row.check.is_to_settle for row in self.rows if row.check is not None)

    @property
    def ready(self) -> list[AwardRow]:
        return [row for row in self.rows if row.payment is None]

    @property
    def gross(self) -> int:
        return sum(row.award.gross for row in self.rows)

    @property
    def tax(self) -> int | None:
        if any(row.money is None for row in self.rows):
            return None
        return sum(row.money.tax for row in self.rows if row.money)

    @property
    def net(self) -> int | None:
        return None if self.tax is None else self.gross - self.tax

    @property
    def paid(self) -> int:
        return sum(row.payment is not None and row.payment.state == Payment.State.PAID for row in self.rows)

    @property
    def is_paid(self) -> bool:
        """Whether nothing of it is a proposal any more."""
        return 0 < self.paid == len(self.rows)

    @cached_property
    def objections_until(self) -> date | None:
        return objections_until(self.competition, self.result) if self.result else None

    @cached_property
    def is_period_over(self) -> bool:
        until = self.objections_until
        return until is not None and is_over(self.competition, until)

    @cached_property
    def open_objections(self) -> int:
        return open_objections(self.competition)

    @cached_property
    def decree(self) -> Document | None:
        return issued(DECREE, self.competition)


def awards_of(competition: Competition) -> "list[Award]":
    rows = competition.awards.standing().select_related(
        "tier", "payment", "entry__registration", "entry__region", "entry__competition"
    )
    return list(
        rows.defer("entry__content", "entry__check_note", "entry__ended_reason").order_by(
            "category", "tier__position", "slot"
        )
    )


def owner_of(award: Award) -> str:
    """Under this name the budget knows the winner: the person, whatever entry the award came from."""
    entry = award.entry.registration
    return f"person:{entry.person_id}" if entry is not None and entry.person_id else ""


def payee_name(award: Award) -> str:
    entry = award.entry.registration
    return entry.full_name if entry is not None else str(award.entry)


def tax_rule_of(competition: Competition) -> TaxRule | None:
    agency = competition.program.agency
    return TaxRule.objects.in_force(agency_id=agency.pk, kind=TaxKind.WINNER, day=agency.today())


def _money(award: Award, rule: TaxRule | None) -> AwardMoney | None:
    payment = award.payment
    if payment is not None and payment.state not in DROPPED and payment.tax is not None:
        return AwardMoney(payment.gross, payment.tax)
    return award_money(award.gross, rule.terms) if rule is not None else None


def objections_until(competition: Competition, result: Result) -> date:
    """The last day for objections against this result, by the calendar of the office."""
    agency = competition.program.agency
    locked_on = result.locked_at.astimezone(agency.zone).date()
    found = Holiday.objects.filter(agency=agency).observed().between(locked_on, locked_on + LONGEST_PERIOD)
    return last_day(locked_on, result.edition.objection_days, set(found.values_list("day", flat=True)))


def is_over(competition: Competition, until: date) -> bool:
    return competition.program.agency.today() > until or _none_given(competition)


def _none_given(competition: Competition) -> bool:
    return competition.edition is not None and competition.edition.objection_days == 0


def open_objections(competition: Competition) -> int:
    return Objection.objects.filter(competition=competition, state=Objection.State.OPEN).count()


def issued(code: str, competition: Competition) -> Document | None:
    rows = Document.objects.in_force().filter(kind=code, subject=competition.reference)
    return rows.defer("content").first()


@dataclass(frozen=True)
class PaperLine:
    """One kind of paper of the file: how many count, how many it takes, and how many are of an earlier result."""

    kind: PaperKind
    issued: int
    needed: int
    old: int = 0

    @property
    def note(self) -> str:
        sentence = ngettext(
            "%(count)d paper is of an earlier result.", "%(count)d papers are of an earlier result.", self.old
        )
        return sentence % {"count": self.old} if self.old else ""

    @property
    def may_be_issued(self) -> bool:
        """The one paper of an earlier result gets a corrected edition instead."""
        return not self.is_complete and (self.old == 0 or self.kind.counts is not None)

    @property
    def is_complete(self) -> bool:
        return 0 < self.needed <= self.issued


def papers_of(competition: Competition) -> list[PaperLine]:
    """As the board of the file counts them."""
    rows = papers_of_files([competition]).order_by().values("kind", "counts")
    there = {(row["kind"], row["counts"]): row["count"] for row in rows.annotate(count=Count("pk"))}
    return [
        PaperLine(
            kind,
            there.get((kind.code, True), 0),
            kind.counts([competition.pk])[competition.pk] if kind.counts else 1,
            there.get((kind.code, False), 0),
        )
        for kind in kinds_of_scope("competition")
    ]
