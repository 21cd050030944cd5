"""Whether the money of an award came: who is asked, who answers, and what the office does where it did not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEntry
from budgets.actions import propose_again, record_returned
from ikm_portal.waiting import tasks_of
from incentives import actions
from incentives.models import Award, ReceiptCheck, SampleDraw
from incentives.queries.after import AfterBoard, share_of
from incentives.rules import order_by_lot, sample
from incentives.tasks import follow_payments, remind_winners
from notifications.models import Message
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.budgets.money import refused
from tests.incentives import decided, made, paid
from tests.incentives.paid import SEED, address, asked, at_page, first_award, said, won_and_paid
from tests.participants.desk import at_desk, flash

pytestmark = pytest.mark.django_db
NET = 2_850_000


def test_sample_is_a_share_and_at_least_one() -> None:
    six = [11, 12, 13, 14, 15, 16]
    assert [len(sample(SEED, six, percent)) for percent in (0, 1, 17, 34, 50, 100)] == [1, 1, 2, 3, 3, 6]
    assert sample(SEED, six, 34) == tuple(sorted(order_by_lot(SEED, six, "receipt")[:3]))
    assert sample(SEED, six[::-1], 34) == sample(SEED, six * 2, 34)
    assert len({sample(f"{seed:032}", six, 34) for seed in range(50)}) > 5


def test_share_of_an_office_is_its_own(settings: Settings) -> None:
    home, next_door = cast.home_agency(), cast.next_agency()
    settings.AFTER_AWARDS = settings.AFTER_AWARDS | {"percent": 34, "percent_of": {home.slug: 100}}
    assert (share_of(home), share_of(next_door)) == (100, 34)


def test_paid_winners_are_drawn_from_a_seed_that_is_kept(batch: Batch) -> None:
    of = won_and_paid(batch, 6)
    draw = SampleDraw.objects.get()
    keys = sorted(Award.objects.values_list("pk", flat=True))
    assert (draw.awards, draw.percent, draw.seed) == (keys, 34, SEED)
    checks = ReceiptCheck.objects.order_by("award")
    assert tuple(checks.values_list("award", flat=True)) == sample(SEED, keys, 34)
    assert {(row.draw_id, row.net > 0, row.document) for row in checks} == {(draw.pk, True, "SP2D 7")}
    told = Message.objects.filter(kind="award_receipt_asked")
    assert told.count() == 3
    path = f"/saya/lomba/{of.pk}/uang/"
    assert all(path in row.body and "2.850" not in row.body and "Juara" not in row.body for row in told)
    assert (follow_payments(), SampleDraw.objects.count(), told.count()) == (0, 1, 3)


def test_receipt_draw_does_at_once_what_the_clock_does(batch: Batch) -> None:
    of = won_and_paid(batch, 1, follow=False)
    desk = at_desk(cast.program_officer())
    assert flash(desk.post(address("receipt_draw", of.pk))) == ["1 pemenang ditanya."]
    assert AuditEntry.objects.get(action="award.sample_drawn").actor == cast.program_officer()


def test_the_clock_draws_what_nobody_drew(batch: Batch) -> None:
    won_and_paid(batch, 1, follow=False)
    assert follow_payments() == 1
    assert len(SampleDraw.objects.get().seed) == 32
    assert AuditEntry.objects.get(action="award.sample_drawn").changes == {"of": 1, "percent": 34, "asked": 1}


def test_receipt_ask_all_asks_everybody(batch: Batch) -> None:
    of = won_and_paid(batch, 6)
    desk = at_desk(cast.program_officer())
    assert flash(desk.post(address("receipt_ask_all", of.pk))) == ["3 pemenang ditanya."]
    assert (ReceiptCheck.objects.count(), ReceiptCheck.objects.filter(draw=None).count()) == (6, 3)
    refused("nobody_to_ask", action=actions.ask_everybody, competition=of, by=cast.program_officer())
    refused("no_duty", action=actions.ask_everybody, competition=of, by=cast.verifier())


def test_receipt_own_is_answered_by_the_winner_behind_the_pin(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    path = address("receipt_own", of.pk)
    closed = Client().get(path)
    assert (closed.status_code, closed["Location"]) == (302, "/saya/masuk/")
    phone = at_page(first_award(of))
    page = phone.get(path)
    assert (page["Cache-Control"], "Rp2.850.000" in page.content.decode()) == ("no-store", True)
    answer = phone.post(path, {"revision": "0", "answer": "all"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    check = asked(of)
    assert (check.answer, check.way, check.answered_by, check.revision) == ("all", "page", None, 1)
    line = AuditEntry.objects.get(action="award.receipt_answered")
    assert (line.changes, line.actor) == ({"answer": "all", "way": "page"}, None)


def test_receipt_own_takes_another_amount_with_words(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    phone, path = at_page(first_award(of)), address("receipt_own", of.pk)
    told = {"revision": "0", "answer": "other", "amount": "", "words": "Dipotong bank"}
    assert phone.post(path, told).status_code == 422
    assert "Tulis jumlah yang diterima." in phone.post(path, told).content.decode()
    same = phone.post(path, told | {"amount": "2.850.000"})
    assert (same.status_code, "Pilih bahwa semuanya sudah diterima" in same.content.decode()) == (422, True)
    assert phone.post(path, told | {"amount": "2.843.500"}).status_code == 302
    check = asked(of)
    assert (check.answer, check.amount, check.words) == ("other", 2_843_500, "Dipotong bank")
    with_words = ReceiptCheck.objects.extra(where=["words LIKE '%%bank%%'"])
    assert not with_words.exists(), "kept encrypted"


def test_nobody_answers_for_another(batch: Batch) -> None:
    of = won_and_paid(batch, 2, follow=False)
    actions.ask_everybody(competition=of, by=cast.program_officer())
    first, second = Award.objects.order_by("pk")
    at_page(second).post(address("receipt_own", of.pk), {"revision": "0", "answer": "none"})
    assert (asked(of, award=first).answer, asked(of, award=second).answer) == ("", "none")
    stranger = at_page_of(made.participant(batch))
    assert stranger.post(address("receipt_own", of.pk), {"revision": "0", "answer": "all"}).status_code == 404
    assert asked(of, award=first).answer == ""


def at_page_of(entry: Registration) -> Client:
    return paid.opened(Client(), Registration.objects.with_parts().get(pk=entry.pk))


def test_who_is_not_asked_finds_no_page(batch: Batch) -> None:
    of = won_and_paid(batch, 2)
    asked_award = asked(of).award_id
    other = Award.objects.exclude(pk=asked_award).get()
    assert at_page(other).get(address("receipt_own", of.pk)).status_code == 404


def test_an_answer_is_corrected_for_some_days_and_never_beside_another(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    check = asked(of)
    actions.answer_receipt(check=check, said=said("none"), revision=0, by=None)
    refused("receipt_moved", action=actions.answer_receipt, check=check, said=said(), revision=0, by=None)
    fixed = actions.answer_receipt(check=check, said=said(), revision=1, by=None)
    assert (fixed.answer, fixed.revision) == ("all", 2)
    ReceiptCheck.objects.update(first_answered_at=timezone.now() - timedelta(days=3, minutes=1))
    refused("receipt_fixed", action=actions.answer_receipt, check=check, said=said("none"), revision=2, by=None)


def test_award_receipt_notes_a_telephone_call_in_the_same_row(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    award, desk = first_award(of), at_desk(cast.program_officer())
    assert desk.post(address("award_receipt", award.pk), {"answer": "all"}).status_code == 302
    check = ReceiptCheck.objects.get()
    assert (check.answer, check.way, check.answered_by) == ("all", "phone", cast.program_officer())
    actions.note_receipt(award=award, said=said("none"), by=cast.program_officer())
    actions.answer_receipt(check=asked(of), said=said(), revision=2, by=None)
    refused("receipt_by_winner", action=actions.note_receipt, award=award, said=said("none"), by=cast.program_officer())


def test_award_receipt_is_noted_of_paid_money_alone(batch: Batch) -> None:
    of = decided.won(batch, 1)
    officer = cast.program_officer()
    refused("not_paid", action=actions.note_receipt, award=first_award(of), said=said(), by=officer)
    paid.load_money_lists(by=None)
    paid.pay(of)
    refused("no_duty", action=actions.note_receipt, award=first_award(of), said=said(), by=cast.treasurer())
    check = actions.note_receipt(award=first_award(of), said=said(), by=officer)
    assert actions.follow_payments(competition=of, seed=SEED) == 0
    assert asked(of).draw == SampleDraw.objects.get()
    assert asked(of).pk == check.pk


def test_receipt_settle_takes_an_outcome_in_words(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    officer = cast.program_officer()
    check = actions.answer_receipt(check=asked(of), said=said("none", words="Belum masuk"), revision=0, by=None)
    waiting = {str(task.label): task.count.number for task in tasks_of(officer)}
    assert waiting["Uang pemenang belum diterima lengkap"] == 1
    page = at_desk(officer).get(address("award_list", of.pk)).content.decode()
    assert "Ada uang yang belum diterima lengkap" in page
    call: dict[str, Any] = {"check": check, "note": "Masuk esok harinya", "by": officer}
    refused("receipt_check_outcome_fits", action=actions.settle_receipt, outcome="unreached", **call)
    refused("note_missing", action=actions.settle_receipt, outcome="arrived", **(call | {"note": " "}))
    told = {"outcome": "arrived", "note": "Masuk esok harinya"}
    assert at_desk(officer).post(address("receipt_settle", check.pk), told).status_code == 302
    after = asked(of)
    assert (after.outcome, after.outcome_note, after.settled_by) == ("arrived", "Masuk esok harinya", officer)
    assert tasks_of(officer) == [task for task in tasks_of(officer) if "lengkap" not in str(task.label)]
    refused("receipt_settled", action=actions.answer_receipt, check=after, said=said(), revision=1, by=None)
    refused("receipt_settled", action=actions.settle_receipt, outcome="explained", **call)


def test_tile_of_receipts_leads_to_the_one_competition_or_to_the_list(batch: Batch) -> None:
    def leads_to() -> str:
        [task] = [task for task in tasks_of(cast.program_officer()) if "lengkap" in str(task.label)]
        return task.url

    first = won_and_paid(batch, 2)
    actions.ask_everybody(competition=first, by=cast.program_officer())
    for check in ReceiptCheck.objects.all():
        actions.answer_receipt(check=check, said=said("none"), revision=0, by=None)
    assert leads_to() == address("follow_up", first.pk)
    second = won_and_paid(factories.batch(batch.program), 1, name="Lomba lain")
    actions.answer_receipt(check=asked(second), said=said("none"), revision=0, by=None)
    assert leads_to() == address("competition_list")


def test_money_that_came_back_is_asked_about_anew_when_it_is_paid_again(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    officer, award = cast.program_officer(), first_award(of)
    check = actions.answer_receipt(check=asked(of), said=said("none"), revision=0, by=None)
    call: dict[str, Any] = {"check": check, "outcome": "returned", "note": "Rekening ditutup", "by": officer}
    refused("payment_still_paid", action=actions.settle_receipt, **call)
    payment = award.payment
    assert payment is not None
    record_returned(payment=payment, reason="Rekening ditutup", by=cast.treasurer())
    actions.settle_receipt(**call)
    assert actions.follow_payments(competition=of) == 0
    propose_again(payment=payment, account=None, reason="Tunai", by=cast.activity_officer())
    paid.approve_payments(payments=[payment], by=cast.budget_authority())
    today = of.program.agency.today()
    paid.record_paid(payments=[payment], paid_on=today, document="SP2D 9", by=cast.treasurer(), cash=True)
    assert actions.follow_payments(competition=of) == 1
    assert (ReceiptCheck.objects.count(), ReceiptCheck.objects.standing().get().document) == (2, "SP2D 9")
    assert SampleDraw.objects.count() == 1


def test_who_does_not_answer_is_reminded_once_and_never_counts_as_confirmed(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    assert actions.remind_receipts(competition=of) == 0
    ReceiptCheck.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert (remind_winners(), remind_winners()) == (1, 0)
    assert Message.objects.filter(kind="award_receipt_asked").count() == 2
    board = AfterBoard(of)
    assert (board.asked, board.confirmed, board.unanswered) == (1, 0, 1)
    page = at_desk(cast.program_officer()).get(address("follow_up", of.pk)).content.decode()
    assert "Belum dijawab" in page
    unreached = actions.settle_receipt(
        check=asked(of), outcome="unreached", note="Tiga kali", by=cast.program_officer()
    )
    assert (unreached.answer, AfterBoard(of).confirmed, AfterBoard(of).unanswered) == ("", 0, 0)


def test_restricted_data_is_not_written_to(batch: Batch) -> None:
    of = won_and_paid(batch, 1, follow=False)
    Registration.objects.update(restricted_at=timezone.now())
    actions.follow_payments(competition=of)
    assert (ReceiptCheck.objects.count(), Message.objects.filter(kind="award_receipt_asked").count()) == (1, 0)


def test_own_page_asks_first(batch: Batch) -> None:
    of = won_and_paid(batch, 1)
    phone = at_page(first_award(of))
    page = phone.get("/saya/").content.decode()
    assert (address("receipt_own", of.pk) in page, "2.850.000" in page) == (True, False)
    phone.post(address("receipt_own", of.pk), {"revision": "0", "answer": "all"})
    assert "Semuanya diterima" in phone.get("/saya/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_follow_up_takes_the_same_queries(batch: Batch, count: int, django_assert_max_num_queries: Any) -> None:
    of = won_and_paid(batch, count)
    desk = at_desk(cast.program_officer())
    desk.get(address("follow_up", of.pk))
    with django_assert_max_num_queries(27):
        page = desk.get(address("follow_up", of.pk))
    assert page.status_code == 200
