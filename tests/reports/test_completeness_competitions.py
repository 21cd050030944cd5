"""The file of a competition: what is due, what is missing, one click to make it, one file to print."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from budgets.actions import approve_payments, cancel_payment, keep_proof, load_money_lists, record_paid
from budgets.models import Payment
from documents.actions import keep_scan, revoke, set_in_type
from documents.kinds import kinds_of_scope, paper_kinds
from documents.models import Document
from documents.typesetting import Typesetter
from incentives import actions
from incentives.models import Competition, Entry, Objection, kinds_before_the_result
from incentives.queries.awards import papers_of
from jobs.actions import start
from jobs.models import Job, State
from jobs.runner import run
from kit.scans import clean_scan
from programs.models import Batch
from reports.queries import competition_boards, competition_in_full
from tests import cast, factories
from tests.incentives import decided, made
from tests.incentives.filed import DAY, issued, office
from tests.participants.desk import at_desk
from tests.support.photos import photo

pytestmark = pytest.mark.django_db
KINDS = [kind.code for kind in kinds_of_scope("competition") if kind.needed]
AFTER_DECREE = KINDS[KINDS.index("winners_decree") + 1 :]
AFTER = [kind for kind in kinds_of_scope("competition") if kind.code in AFTER_DECREE]


@pytest.fixture
def batch(db: None, settings: Any, tmp_path: Path) -> Batch:
    settings.MEDIA_ROOT = tmp_path
    load_money_lists(by=None)
    program = factories.program(cast.home_agency())
    office(program.agency)
    return factories.batch(program)


def lights(of: Competition) -> dict[str, str]:
    of = Competition.objects.with_parts().get(pk=of.pk)
    [board] = competition_boards([of])
    return {line.code: line.light.value for line in board.lines}


def of_light(of: Competition, light: str) -> set[str]:
    return {code for code, found in lights(of).items() if found == light} - set(kinds_before_the_result())


def work(kind: str, **params: Any) -> Job:
    job = start(kind=kind, params=params, agency=cast.home_agency(), by=cast.program_officer())
    run(job.pk)
    job.refresh_from_db()
    return job


def test_a_declared_competition_is_grey_but_for_its_declaration(batch: Batch) -> None:
    of = made.competition(batch)
    made.entry(of, made.participant(batch), state=Entry.State.SUBMITTED)
    assert of_light(of, "green") == {"declaration"}
    assert of_light(of, "red") == set()
    [board] = competition_boards([Competition.objects.with_parts().get(pk=of.pk)])
    assert [line.note for line in board.lines if line.code == "admission"] == ["0 diterima, 1 menunggu pemeriksaan"]


def test_a_draft_whose_entries_have_begun_lacks_its_declaration(batch: Batch) -> None:
    assert of_light(made.competition(batch, declared=False), "red") == {"declaration"}


def test_after_the_lock_the_papers_of_the_result_are_due_and_the_decree_waits(batch: Batch) -> None:
    of = decided.won(batch, objection_days=3)
    assert of_light(of, "green") == {"declaration", "admission", "result"}
    assert of_light(of, "red") == {"jury_minutes", "signatures", "winner_announcement"}
    Objection.objects.create(competition=of, result=of.results.get(), name="A", contact="1", text="Keliru")
    assert lights(of)["objections"] == "red"
    assert lights(of)["winners_decree"] == "grey"


def test_after_the_objections_the_decree_is_due_and_what_follows_it_waits(batch: Batch) -> None:
    of = decided.won(batch)
    assert {"jury_minutes", "winners_decree", "signatures"} <= of_light(of, "red")
    assert {*AFTER_DECREE, "payments", "proofs", "identity_card", "bank_book"} <= of_light(of, "grey")
    issued(of, "winners_decree")
    due = {kind.code for kind in AFTER if kind.counts is None or kind.counts([of.pk])[of.pk]}
    assert {"award_certificate", "award_receipt_list", "incentive_statement"} <= due
    assert {*due, "payments", "identity_card", "bank_book"} <= of_light(of, "red")
    assert {*AFTER_DECREE} - due <= of_light(of, "grey")


def paid_by_transfer(of: Competition) -> list[Payment]:
    for award in of.awards.select_related("entry__registration"):
        entry = award.entry.registration
        assert entry is not None
        factories.payee_account(of.program.agency, owner=f"person:{entry.person_id}", payee_name=entry.full_name)
    payments = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=payments, by=cast.budget_authority())
    return record_paid(payments=payments, paid_on=DAY, document="SP2D 7", by=cast.treasurer())


def test_one_press_makes_what_is_missing_and_the_rest_closes_the_file(batch: Batch) -> None:
    of = decided.won(batch)
    made.entry(of, made.participant(batch), state=Entry.State.REFUSED)
    page = f"/kerja/kelengkapan/lomba/{of.pk}/"
    payments = paid_by_transfer(of)
    assert (
        at_desk(cast.program_officer()).post(f"{page}buat/", {"date": DAY.isoformat(), "kind": ""}).status_code == 302
    )
    job = Job.objects.get(kind="papers_make")
    assert job.params["kinds"] == KINDS
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (State.DONE, "")
    assert of_light(of, "red") == {"signatures", "identity_card", "bank_book", "proofs"}
    minutes = Document.objects.get(kind="jury_minutes")
    keep_scan(document=minutes, content=photo(), by=cast.program_officer())
    kinds = ("identity_card", "bank_book")
    seen = [(award.pk, kind) for award in of.awards.all() for kind in kinds]
    actions.note_copies(competition=of, seen=seen, by=cast.treasurer())
    keep_proof(payments=payments, scan=clean_scan(photo()), by=cast.treasurer())
    assert (of_light(of, "red"), of_light(of, "grey")) == (set(), set())
    [board] = competition_boards([Competition.objects.with_parts().get(pk=of.pk)])
    assert (board.light.value, board.complete, board.is_complete) == ("green", board.total, True)
    work("papers_make", competition=of.pk, kinds=KINDS, date=DAY.isoformat())
    assert Document.objects.filter(kind="award_receipt").count() == 6
    job = work("papers_print", competition=of.pk)
    assert job.result is not None
    reader = PdfReader(io.BytesIO(job.result.content()))
    marks = [str(mark.title) for mark in reader.outline if not isinstance(mark, list)]
    assert len(marks) == Document.objects.in_force().about(of.reference).count()
    assert marks[0].startswith("Berita Acara Penjurian")


def test_a_new_result_makes_papers_of_the_former_one_count_no_more(batch: Batch) -> None:
    of = decided.won(batch, 7)
    for code in ("jury_minutes", "winner_announcement", "winners_decree", "award_certificate"):
        issued(of, code)
    leaving = of.awards.order_by("tier__position", "slot")[5]
    actions.remove_entry(entry=leaving.entry, state=Entry.State.WITHDRAWN, reason="Pindah", by=cast.program_officer())
    assert {"jury_minutes", "winner_announcement", "winners_decree"} <= of_light(of, "red")
    board = competition_in_full(Competition.objects.with_parts().get(pk=of.pk))
    by_code = {line.code: line for line in board.lines}
    assert by_code["winners_decree"].note == "1 naskah berasal dari hasil sebelumnya."
    # The certificate of whoever left is revoked with the award, and nobody has to see to it.
    assert (by_code["award_certificate"].tally.issued, by_code["award_certificate"].note) == (5, "")


def test_awards_page_counts_papers_as_the_board_does(client: Client, batch: Batch) -> None:
    of = decided.won(batch, 7)
    for code in ("jury_minutes", "winner_announcement", "winners_decree", "award_certificate", "incentive_statement"):
        issued(of, code)
    payments = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=payments, by=cast.budget_authority())
    issued(of, "award_withholding_slip")
    for payment in payments:
        cancel_payment(payment=payment, reason="Menunggu hasil", by=cast.activity_officer())
    leaving = of.awards.order_by("tier__position", "slot")[5]
    actions.remove_entry(entry=leaving.entry, state=Entry.State.WITHDRAWN, reason="Pindah", by=cast.program_officer())
    of = Competition.objects.with_parts().get(pk=of.pk)
    board = {line.code: (line.tally.issued, line.note) for line in competition_in_full(of).lines if line.kind}
    told = {line.kind.code: (line.issued, line.note) for line in papers_of(of)}
    assert told == board
    assert (told["winners_decree"], told["award_certificate"]) == (
        (0, "1 naskah berasal dari hasil sebelumnya."),
        (5, ""),
    )
    assert told["incentive_statement"] == (5, "1 naskah berasal dari hasil sebelumnya.")
    assert told["award_withholding_slip"] == (0, "6 naskah berasal dari hasil sebelumnya.")
    client.force_login(cast.program_officer())
    page = client.get(reverse("incentives:award_list", args=[of.pk])).content.decode()
    assert page.count("naskah berasal dari hasil sebelumnya.") == 5
    shown = [
        reverse("documents:document_issue", args=[code, of.pk]) in page
        for code in ("winners_decree", "award_certificate")
    ]
    assert shown == [False, True]


def test_only_the_scan_of_the_minutes_counts_as_the_signatures_of_the_jurors(batch: Batch) -> None:
    of = decided.won(batch)
    [minutes] = issued(of, "jury_minutes")
    with Typesetter() as typesetter:
        list(set_in_type(documents=[minutes], typesetter=typesetter, by=cast.program_officer()))
    assert lights(of)["signatures"] == "red"
    keep_scan(document=minutes, content=photo(), by=cast.program_officer())
    assert lights(of)["signatures"] == "green"
    revoke(document=minutes, reason="Salah cetak", by=cast.program_officer())
    assert lights(of)["signatures"] == "red"


def test_competition_boards_cost_the_same_queries_for_one_and_for_three(
    batch: Batch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made_ones = [decided.won(batch, number) for number in (2, 3, 1)]
    for of in made_ones:
        issued(of, "winners_decree")
    rows = list(Competition.objects.with_parts().filter(pk__in=[of.pk for of in made_ones]))
    paper_kinds()
    counts = sum(kind.counts is not None for kind in kinds_of_scope("competition"))
    with django_assert_num_queries(8 + counts):
        competition_boards(rows[:1])
    with django_assert_num_queries(8 + counts):
        competition_boards(rows)


def test_completeness_competitions_shows_each_of_the_own_office(client: Client, batch: Batch) -> None:
    of, called_off = decided.won(batch), made.competition(batch, name="Yang Batal")
    Competition.objects.filter(pk=called_off.pk).update(
        state="cancelled", cancelled_at=of.locked_at, cancelled_reason="Hujan"
    )
    client.force_login(cast.treasurer())
    page = client.get("/kerja/kelengkapan/lomba/")
    text = page.content.decode()
    assert (of.name in text, "Yang Batal" in text, "0 dari 6" in text) == (True, False, True)
    assert "Berita acara penjurian" in text
    other = factories.program(cast.home_agency(), slug="tanpa-lomba")
    assert other not in page.context["form"].fields["program"].queryset
    client.force_login(cast.other_agency_officer())
    assert of.name not in client.get("/kerja/kelengkapan/lomba/").content.decode()


def test_completeness_competition_says_what_stands_in_the_way_and_leads_there(batch: Batch) -> None:
    of = decided.won(batch, objection_days=3)
    text = at_desk(cast.program_officer()).get(f"/kerja/kelengkapan/lomba/{of.pk}/").content.decode()
    assert "Masa sanggah berjalan." in text
    for name in ("entry_list", "result_detail", "award_list", "award_copies"):
        assert reverse(f"incentives:{name}", args=[of.pk]) in text
    assert f"/kerja/pembayaran/bukti/?bundle=competition:{of.pk}" in text
    reader = at_desk(cast.auditor()).get(f"/kerja/kelengkapan/lomba/{of.pk}/").content.decode()
    assert ("Buat semua yang belum ada" in text, "Buat semua yang belum ada" in reader) == (True, False)


def test_completeness_competition_make_says_that_the_date_is_missing(batch: Batch) -> None:
    of = decided.won(batch)
    answer = at_desk(cast.program_officer()).post(f"/kerja/kelengkapan/lomba/{of.pk}/buat/", {"date": "", "kind": ""})
    assert (answer.status_code, Job.objects.count()) == (422, 0)


def test_one_press_makes_nothing_that_follows_the_decree_while_objections_run(batch: Batch) -> None:
    of = decided.won(batch, objection_days=3)
    address = f"/kerja/kelengkapan/lomba/{of.pk}/buat/"
    at_desk(cast.program_officer()).post(address, {"date": DAY.isoformat(), "kind": ""})
    kinds = set(Job.objects.get().params["kinds"]) - set(kinds_before_the_result())
    assert kinds == {"jury_minutes", "winner_announcement"}


def test_completeness_competition_print_starts_the_work(batch: Batch) -> None:
    of = decided.won(batch)
    at_desk(cast.auditor()).post(f"/kerja/kelengkapan/lomba/{of.pk}/cetak/")
    assert Job.objects.get().params == {"competition": of.pk}
    assert work("papers_print", competition=of.pk).message == "Belum ada naskah. Buat dahulu naskahnya."


def test_papers_of_a_competition_are_made_only_by_who_may(batch: Batch) -> None:
    of = decided.won(batch)
    params = {"competition": of.pk, "kinds": ["jury_minutes"], "date": DAY.isoformat()}
    for by in (cast.treasurer(), cast.other_agency_officer()):
        run(start(kind="papers_make", params=params, agency=cast.home_agency(), by=by).pk)
    assert Document.objects.count() == 0


def test_competition_detail_shows_its_own_line(batch: Batch) -> None:
    of = decided.won(batch)
    cache.clear()
    address = reverse("incentives:competition_detail", args=[of.pk])
    text = at_desk(cast.program_officer()).get(address).content.decode()
    assert f"/kerja/kelengkapan/lomba/{of.pk}/" in text
    assert "Berita acara penjurian" in text
    assert f"/kerja/kelengkapan/lomba/{of.pk}/" not in at_desk(cast.verifier()).get(address).content.decode()
