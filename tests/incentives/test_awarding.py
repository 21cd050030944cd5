"""From awards to money: proposed once, taxed by the rule of the day, paid once."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from budgets.actions import (
    approve_payments,
    cancel_payment,
    load_money_lists,
    propose_again,
    record_failed,
    record_paid,
)
from budgets.models import PayeeAccount, Payment
from incentives import actions
from incentives.models import Award, Competition, Objection
from incentives.queries.awards import AwardBoard, objections_until
from incentives.queries.progress import result_in_force
from incentives.rules.objections import last_day
from programs.models import Batch, Holiday
from tests import cast, factories
from tests.budgets.money import refused, sums
from tests.incentives import decided
from tests.participants.desk import at_desk, flash

pytestmark = pytest.mark.django_db


def board_of(of: Competition) -> AwardBoard:
    return AwardBoard(of, result_in_force(of))


def paid(of: Competition) -> list[Payment]:
    """All its awards, by the three people that it takes."""
    payments = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=payments, by=cast.budget_authority())
    today = of.program.agency.today()
    return record_paid(payments=payments, paid_on=today, document="SP2D 7", by=cast.treasurer(), cash=True)


def test_six_awards_are_paid_out_of_what_was_reserved(batch: Batch) -> None:
    load_money_lists(by=None)
    of = decided.won(batch)
    board = board_of(of)
    assert [row.money.tax for row in board.rows if row.money] == [150_000, 150_000, 120_000, 120_000, 90_000, 90_000]
    assert (board.gross, board.tax, board.net) == (14_400_000, 720_000, 13_680_000)
    payments = paid(of)
    assert sum(row.net or 0 for row in payments) == 13_680_000
    line = of.line
    assert line is not None
    assert sums(line) == (0, 14_400_000)
    assert {row.bundle for row in payments} == {f"competition:{of.pk}"}
    assert {row.reference for row in payments} == {f"competition:{of.pk}:award"}
    first = Award.objects.get(tier__position=1, slot=1)
    entry = first.entry.registration
    assert entry is not None
    assert first.payment is not None
    assert (first.payment.payee_key, first.payment.tax_kind) == (f"person:{entry.person_id}", "winner")
    assert first.payment.purpose == f"Penghargaan Juara I {of.name}"
    refused("nothing_to_propose", action=actions.propose_awards, competition=of, by=cast.activity_officer())
    assert (board.is_paid, board_of(of).is_paid) == (False, True)


def test_awards_go_to_the_account_of_the_winner(batch: Batch) -> None:
    of = decided.won(batch, 1)
    [row] = board_of(of).rows
    account = factories.payee_account(owner=row.owner, payee_name=row.name)
    assert board_of(of).rows[0].account == account
    [payment] = actions.propose_awards(competition=of, by=cast.activity_officer())
    assert payment.account == account


def test_awards_do_not_go_to_an_account_of_somebody_else_without_a_reason(batch: Batch) -> None:
    of = decided.won(batch, 1)
    [row] = board_of(of).rows
    officer, desk = cast.activity_officer(), at_desk(cast.activity_officer())
    page = desk.get(reverse("incentives:award_list", args=[of.pk])).content.decode()
    link = unescape(re.findall(r'href="([^"]+/rekening/baru/[^"]+)"', page)[0])
    assert row.name not in link
    form = desk.get(link).context["form"]
    assert [form[name].value() for name in ("owner", "payee_name")] == [row.owner, row.name]
    account = factories.payee_account(owner=row.owner, payee_name="Orang Lain", holder_name="Orang Lain")
    assert board_of(of).rows[0].holder_differs
    refused("holder_unexplained", action=actions.propose_awards, competition=of, by=officer)
    PayeeAccount.objects.filter(pk=account.pk).update(holder_reason="Rekening suami", payee_name=row.name)
    assert actions.propose_awards(competition=of, by=officer)[0].account == account


def test_a_failed_payment_is_repeated_and_one_taken_back_proposed_anew(batch: Batch) -> None:
    of = decided.won(batch, 2)
    officer = cast.activity_officer()
    first, second = actions.propose_awards(competition=of, by=officer)
    approve_payments(payments=[first], by=cast.budget_authority())
    record_failed(payment=first, reason="Rekening ditutup", by=cast.treasurer())
    assert [row.payment.state for row in board_of(of).rows if row.payment] == ["failed", "proposed"]
    refused("nothing_to_propose", action=actions.propose_awards, competition=of, by=officer)
    propose_again(payment=first, account=None, reason="Rekening baru", by=officer)
    cancel_payment(payment=second, reason="Salah", by=officer)
    assert len(board_of(of).ready) == 1
    [anew] = actions.propose_awards(competition=of, by=officer)
    assert anew.pk != second.pk
    assert board_of(of).ready == []


def test_awards_wait_for_the_duty_the_lock_the_period_and_the_answers(batch: Batch) -> None:
    of = decided.won(batch, 1, objection_days=3)
    call: dict[str, Any] = {"competition": of, "by": cast.activity_officer()}
    refused("no_duty", action=actions.propose_awards, **(call | {"by": cast.treasurer()}))
    refused("objections_run", action=actions.propose_awards, **call)
    free = decided.won(factories.batch(of.program, slug="kedua"), 1)
    told = {"name": "A", "contact": "08", "text": "Keliru"}
    objection = Objection.objects.create(competition=free, result=free.results.get(), **told)
    refused("objections_open", action=actions.propose_awards, **(call | {"competition": free}))
    objection.delete()
    Competition.objects.filter(pk=free.pk).update(line=None)
    refused("no_line", action=actions.propose_awards, **(call | {"competition": free}))
    Competition.objects.filter(pk=free.pk).update(locked_at=None)
    refused("not_locked", action=actions.propose_awards, **(call | {"competition": free}))


def test_a_result_does_not_change_once_an_award_is_on_its_way(batch: Batch) -> None:
    of = decided.won(batch, 7)
    officer = cast.activity_officer()
    payments = actions.propose_awards(competition=of, by=officer)
    first = Award.objects.get(payment=payments[0])
    chair = of.jurors.get(is_chair=True)
    call: dict[str, Any] = {"entry": first.entry, "state": "withdrawn", "reason": "Pindah", "by": officer}
    refused("award_in_payment", action=actions.remove_entry, **call)
    refused("award_in_payment", action=actions.reopen_result, competition=of, chair=chair, reason="x", by=None)
    for payment in payments:
        cancel_payment(payment=payment, reason="Pemenang mundur", by=officer)
    assert actions.remove_entry(**call).version == 2
    assert len(actions.propose_awards(competition=of, by=officer)) == 6


def test_objection_period_counts_working_days_of_the_office(batch: Batch) -> None:
    friday = date(2026, 7, 3)
    assert last_day(friday, 0, ()) == friday
    assert str(last_day(friday, 3, ())) == "2026-07-08"
    assert str(last_day(friday, 3, {last_day(friday, 1, ())})) == "2026-07-09"
    of = decided.won(batch, 1, objection_days=1)
    result = of.results.get()
    until = objections_until(of, result)
    Holiday.objects.create(agency=of.program.agency, day=until, name="Libur")
    assert objections_until(of, result) > until


def test_award_list_shows_money_to_whom_it_concerns(batch: Batch, django_assert_max_num_queries: Any) -> None:
    load_money_lists(by=None)
    of = decided.won(batch, 3)
    address = reverse("incentives:award_list", args=[of.pk])
    desk = at_desk(cast.activity_officer())
    assert desk.post(reverse("incentives:award_propose", args=[of.pk])).status_code == 302
    desk.get(address)
    with django_assert_max_num_queries(17):
        told = desk.get(address)
    assert told.content.decode().count("Diusulkan") >= 3
    verifier = at_desk(cast.verifier()).get(address)
    assert (verifier.status_code, "Rekening" in verifier.content.decode()) == (200, False)


def test_award_propose_is_for_who_proposes_payments(batch: Batch) -> None:
    of = decided.won(batch, 1)
    address = reverse("incentives:award_propose", args=[of.pk])
    assert at_desk(cast.verifier()).post(address).status_code == 403
    assert Payment.objects.count() == 0
    desk = at_desk(cast.activity_officer())
    assert flash(desk.post(address)) == ["1 penghargaan diusulkan."]
    assert flash(desk.post(address))[-1] == "Semua penghargaan sudah diusulkan atau dibayar."
    assert Payment.objects.count() == 1
