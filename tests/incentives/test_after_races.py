"""Answers, drawings and the closing of a file against each other."""

from collections import Counter
from functools import partial

import pytest

from incentives import actions
from incentives.models import Competition, ReceiptCheck, SampleDraw, UseReport
from programs.models import Batch
from tests import cast, factories
from tests.incentives.paid import USE, asked, first_award, report_of, said, won_and_paid
from tests.participants.crowd import at_once, outcomes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def home_batch() -> Batch:
    return factories.batch(factories.program(cast.home_agency()))


def test_two_answers_at_once_are_one_answer() -> None:
    of = won_and_paid(home_batch(), 1)
    check = asked(of)
    answer = partial(actions.answer_receipt, check=check, revision=0, by=None)
    found = outcomes(at_once([partial(answer, said=said("all")), partial(answer, said=said("none"))] * 3))
    assert Counter(found) == {"done": 1, "receipt_moved": 5}
    assert ReceiptCheck.objects.get().revision == 1


def test_eight_drawings_at_once_are_one() -> None:
    of = won_and_paid(home_batch(), 3, follow=False)
    found = at_once([partial(actions.follow_payments, competition=of)] * 8)
    assert Counter(found) == {0: 7, 2: 1}
    assert (SampleDraw.objects.count(), ReceiptCheck.objects.count(), UseReport.objects.count()) == (1, 2, 3)


def test_a_telephone_call_and_the_winner_at_once_leave_one_answer() -> None:
    of = won_and_paid(home_batch(), 1)
    call = partial(actions.note_receipt, award=first_award(of), said=said("none"), by=cast.program_officer())
    own = partial(actions.answer_receipt, check=asked(of), said=said("all"), revision=0, by=None)
    found = outcomes(at_once([call, own]))
    assert sorted(found) in (["done", "receipt_by_winner"], ["done", "receipt_moved"])
    assert ReceiptCheck.objects.get().revision == 1


def test_an_answer_and_the_closing_at_once_never_leave_something_open() -> None:
    for _turn in range(3):
        of = won_and_paid(home_batch(), 1)
        check = asked(of)
        actions.answer_receipt(check=check, said=said("all"), revision=0, by=None)
        take_back = partial(actions.answer_receipt, check=check, said=said("none"), revision=1, by=None)
        close = partial(actions.close_file, competition=of, by=cast.program_officer())
        found = outcomes(at_once([take_back, close]))
        assert found in (["done", "receipts_unsettled"], ["file_closed", "done"])
        answer = ReceiptCheck.objects.get(pk=check.pk).answer
        state = Competition.objects.get(pk=of.pk).state
        assert (answer, state) in {("none", "declared"), ("all", "finished")}


def test_a_report_saved_by_two_pages_at_once_is_saved_once() -> None:
    of = won_and_paid(home_batch(), 1)
    save = partial(actions.save_use_report, report=report_of(first_award(of)), use=USE, revision=0, by=None)
    found = outcomes(at_once([save] * 4))
    assert Counter(found) == {"done": 1, "report_moved": 3}
    assert UseReport.objects.get().lines.count() == 2
