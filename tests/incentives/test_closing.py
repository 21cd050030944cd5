"""The file of a competition: what keeps it open, that it stands when it is closed, and who opens it again."""

from typing import Any

import pytest

from incentives import actions
from incentives.models import Award, Competition, FileStep, Objection
from incentives.queries.after import AfterBoard
from incentives.queries.closing import open_points
from incentives.queries.competitions import phase_of
from programs.models import Batch
from tests import cast
from tests.budgets.money import refused, sums
from tests.incentives import decided, paid
from tests.incentives.paid import address, asked, first_award, report_of, said, sent_report, won_and_paid
from tests.participants.desk import at_desk

pytestmark = pytest.mark.django_db


def codes(of: Competition) -> list[str]:
    return [point.code for point in open_points(AfterBoard(Competition.objects.with_parts().get(pk=of.pk)))]


def test_each_open_thing_keeps_a_file_open(batch: Batch) -> None:
    paid.load_money_lists(by=None)
    of = decided.won(batch, 1, objection_days=3)
    assert codes(of) == ["objections_run", "awards_unpaid"]
    told = {"name": "A", "contact": "08", "text": "Keliru"}
    free = won_and_paid(decided.factories.batch(of.program, slug="kedua"), 1, follow=False)
    assert codes(free) == ["sample_missing"]
    objection = Objection.objects.create(competition=free, result=free.results.get(), **told)
    assert codes(free) == ["objections_open", "sample_missing"]
    objection.delete()
    actions.follow_payments(competition=free)
    assert codes(free) == ["receipts_unanswered"]
    actions.answer_receipt(check=asked(free), said=said("none"), revision=0, by=None)
    assert codes(free) == ["receipts_unsettled"]
    officer = cast.program_officer()
    refused("receipts_unsettled", action=actions.close_file, competition=free, by=officer)
    actions.settle_receipt(check=asked(free), outcome="arrived", note="Masuk esoknya", by=officer)
    assert codes(free) == []
    Competition.objects.filter(pk=free.pk).update(locked_at=None)
    assert codes(free) == ["not_locked"]


def ready(batch: Batch, count: int = 1) -> Competition:
    of = won_and_paid(batch, count)
    for check in [asked(of, pk=key) for key in first_award(of).receipts.values_list("pk", flat=True)]:
        actions.answer_receipt(check=check, said=said(), revision=0, by=None)
    return of


def test_file_close_gives_back_what_nobody_won_and_lets_reports_come(batch: Batch) -> None:
    of = ready(batch)
    line = of.line
    assert line is not None
    assert sums(line) == (11_400_000, 3_000_000)
    desk, path = at_desk(cast.program_officer()), address("file_close", of.pk)
    page = desk.get(path).content.decode()
    assert ("Rp11.400.000" in page, "1 laporan penggunaan penghargaan belum diterima" in page) == (True, True)
    assert desk.post(path).status_code == 302
    of = Competition.objects.with_parts().get(pk=of.pk)
    assert (of.state, sums(line), phase_of(of, decided.timezone.now())) == ("finished", (0, 3_000_000), "finished")
    assert FileStep.objects.get().is_closed
    report = sent_report(first_award(of))
    actions.decide_use_report(report=report, accepted=True, note="", by=cast.program_officer())
    assert report_of(first_award(of)).state == "accepted"
    refused("file_closed", action=actions.close_file, competition=of, by=cast.program_officer())


def test_a_closed_file_is_refused_in_words(batch: Batch) -> None:
    of = ready(batch)
    officer = cast.program_officer()
    actions.close_file(competition=of, by=officer)
    call: dict[str, Any] = {"competition": of, "by": officer}
    refused("file_closed", action=actions.ask_everybody, **call)
    refused("file_closed", action=actions.note_receipt, award=first_award(of), said=said("none"), by=officer)
    refused("file_closed", action=actions.answer_receipt, check=asked(of), said=said("none"), revision=1, by=None)
    refused("competition_over", action=actions.cancel_competition, reason="x", **call)
    entry = Award.objects.get().entry
    refused("file_closed", action=actions.remove_entry, entry=entry, state="withdrawn", reason="x", by=officer)
    chair = of.jurors.get(is_chair=True)
    refused("file_closed", action=actions.reopen_result, competition=of, chair=chair, reason="x", by=None)
    assert actions.follow_payments(competition=of) == 0
    assert "Ditutup" in at_desk(officer).get(address("follow_up", of.pk)).content.decode()
    phone = paid.at_page(first_award(of))
    assert "Berkas lomba ini sudah ditutup." in phone.get(address("receipt_own", of.pk)).content.decode()


def test_file_reopen_is_for_the_head_with_a_reason(batch: Batch) -> None:
    of = ready(batch)
    actions.close_file(competition=of, by=cast.program_officer())
    path = address("file_reopen", of.pk)
    assert at_desk(cast.division_head()).post(path, {"reason": "Salah"}).status_code == 403
    refused("no_duty", action=actions.reopen_file, competition=of, reason="Salah", by=cast.program_officer())
    desk = at_desk(paid.head())
    assert desk.post(path, {"reason": " "}).status_code == 422
    assert desk.post(path, {"reason": "Bank mengembalikan satu pembayaran"}).status_code == 302
    of.refresh_from_db()
    assert (of.state, of.finished_at) == ("declared", None)
    steps = list(FileStep.objects.values_list("is_closed", "reason"))
    assert steps == [(True, ""), (False, "Bank mengembalikan satu pembayaran")]
    refused("file_open", action=actions.reopen_file, competition=of, reason="x", by=paid.head())
    actions.close_file(competition=of, by=cast.program_officer())
    assert FileStep.objects.count() == 3


def test_a_competition_without_winners_can_be_closed(batch: Batch) -> None:
    of = decided.won(batch, 1, minimum=99)
    assert (Award.objects.count(), codes(of)) == (0, [])
    actions.close_file(competition=of, by=cast.program_officer())
    line = of.line
    assert line is not None
    assert sums(line) == (0, 0)
