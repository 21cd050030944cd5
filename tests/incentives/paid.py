"""Awards that were paid, and what winners say of them."""

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from budgets.actions import approve_payments, load_money_lists, record_paid
from budgets.models import Payment
from incentives import actions
from incentives.models import Award, Competition, ReceiptCheck, UseReport
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.incentives import decided
from tests.participants.rights import opened

SEED = "0" * 32


def head() -> User:
    return factories.user("kepala.dinas", role=Role.AGENCY_HEAD)


def pay(of: Competition, *, document: str = "SP2D 7", paid_on: date | None = None) -> list[Payment]:
    """All its awards, by the three people that it takes."""
    payments = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=payments, by=cast.budget_authority())
    day = paid_on or of.program.agency.today()
    return record_paid(payments=payments, paid_on=day, document=document, by=cast.treasurer(), cash=True)


def won_and_paid(batch: Batch, count: int = 6, *, follow: bool = True, **values: Any) -> Competition:
    """Drawn from a seed that the tests know."""
    load_money_lists(by=None)
    of = decided.won(batch, count, **values)
    pay(of)
    if follow:
        actions.follow_payments(competition=of, seed=SEED)
    of.refresh_from_db()
    return of


def first_award(of: Competition) -> Award:
    return Award.objects.filter(competition=of).order_by("pk")[0]


def asked(of: Competition, **values: Any) -> ReceiptCheck:
    """The first question of this competition."""
    rows = ReceiptCheck.objects.select_related("award__competition__program", "award__entry__registration")
    return rows.filter(award__competition=of, **values).order_by("pk")[0]


def winner(award: Award) -> Registration:
    entry = Award.objects.select_related("entry__registration").get(pk=award.pk).entry.registration
    assert entry is not None
    return Registration.objects.with_parts().get(pk=entry.pk)


def at_page(award: Award) -> Client:
    return opened(Client(), winner(award))


def said(answer: str = "all", **values: Any) -> actions.ReceiptAnswer:
    return actions.ReceiptAnswer(answer=answer, **values)


USE = actions.Use(
    business="running",
    change="Penjualan naik dan satu tetangga ikut bekerja.",
    lines=[
        actions.Used(kind="tools", words="Oven gas", amount=2_000_000, spent_on=date(2026, 1, 5)),
        actions.Used(kind="material", words="", amount=700_000, spent_on=date(2026, 1, 9)),
    ],
)


def report_of(award: Award) -> UseReport:
    return UseReport.objects.get(award=award)


def sent_report(award: Award, use: actions.Use = USE) -> UseReport:
    report = report_of(award)
    actions.save_use_report(report=report, use=use, revision=report.revision, by=None)
    return actions.send_use_report(report=report, by=None)


def typed(step: str = "save", *, revision: Any = 0, **values: Any) -> dict[str, Any]:
    """A page with two rows, as it is sent."""
    told = {"revision": str(revision), "step": step, "rows": "2", "business": "running", "change": USE.change}
    told |= {"line0-kind": "tools", "line0-words": "Oven gas", "line0-amount": "2.000.000"}
    told |= {"line0-spent_on": "2026-01-05", "line1-kind": "", "line1-words": "", "line1-amount": ""}
    return told | values


def address(name: str, *keys: Any) -> str:
    return reverse(f"incentives:{name}", args=keys)
