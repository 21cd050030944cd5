"""The papers of a competition, built from its locked result and set in type."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from budgets.actions import load_money_lists
from documents.kinds import PaperKind, paper_kinds
from documents.typesetting import Typesetter
from incentives import actions
from incentives.models import Competition, Conflict, Entry, Objection
from programs.models import Batch
from tests import cast
from tests.documents.typed import one_typesetter, papers, pdf_of
from tests.incentives import decided, made

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as found:
        yield found


def kind(code: str) -> PaperKind:
    return paper_kinds()[code]


def pages(typesetter: Typesetter, code: str, of: Competition) -> list[list[str]]:
    found = papers(typesetter, kind(code), list(kind(code).subjects(of)))
    keep(typesetter, code, of)
    return found


def keep(typesetter: Typesetter, code: str, of: Competition) -> None:
    """PAPERS_LOOKED_AT names a folder for whoever wants to see them."""
    if folder := os.environ.get("PAPERS_LOOKED_AT"):
        [snapshot, *_others] = kind(code).build(list(kind(code).subjects(of)))
        (Path(folder) / f"{code}.pdf").write_bytes(pdf_of(typesetter, kind(code), snapshot))


@pytest.fixture
def decided_one(batch: Batch) -> Competition:
    load_money_lists(by=None)
    return decided.won(batch, 9)


def test_jury_minutes_hold_what_they_must(typesetter: Typesetter, batch: Batch) -> None:
    of = made.competition(batch)
    jurors = decided.jury(of)
    pitches = decided.scored(of, jurors, 95, 90, 80, 80, 70, 60, 55, batch=batch)
    left = made.entry(of, made.participant(batch), business_name="Warung Absen")
    Entry.objects.filter(pk=left.pk).update(absent_at=timezone.now())
    own = made.entry(of, made.participant(batch), business_name="Batik Sendiri")
    Conflict.objects.create(juror=jurors[2], entry=own, kind="mentor", state="holds", declared=True)
    for juror in jurors[:2]:
        made.sheet(juror, own, (58, 57, 56, 55, 54))
    recused = made.sheet(jurors[2], own)
    type(recused).objects.filter(pk=recused.pk).update(state="recused")
    Competition.objects.filter(pk=of.pk).update(held_on=timezone.localdate())
    of.refresh_from_db()
    result = actions.lock_result(competition=of, chair=jurors[0], by=None)
    of.refresh_from_db()
    [found] = pages(typesetter, "jury_minutes", of)
    told = " ".join(found)
    for words in (
        *(juror.name for juror in jurors),
        "Ketua juri",
        "Bobot (%)",
        "Warung Absen",
        f"{jurors[2].name} tidak menilai Batik Sendiri (pembimbing atau pengajar).",
        "rata-rata nilai para juri",
        "LEMBAR PENILAIAN JURI",
        pitches[0].business_name,
        "3.000.000",
        *(result.sha256[place : place + 8] for place in range(0, 64, 8)),
    ):
        assert words in told, words
    assert "Tanda tangan" in told


def test_winners_decree_waits_for_objections_and_sums_awards(typesetter: Typesetter, decided_one: Competition) -> None:
    of = decided_one
    decree = kind("winners_decree")
    [found] = pages(typesetter, "winners_decree", of)
    told = " ".join(found)
    assert ("14.400.000" in told, "tidak dapat diganggu gugat" in told, "kekeliruan" in told) == (True, True, True)
    Objection.objects.create(competition=of, result=of.results.get(), name="A", contact="1", text="Keliru")
    with pytest.raises(ValidationError) as refusal:
        decree.build(list(decree.subjects(of)))
    assert refusal.value.code == "objections_open"


def test_winner_announcement_names_no_amount_and_no_score(typesetter: Typesetter, decided_one: Competition) -> None:
    told = " ".join(pages(typesetter, "winner_announcement", decided_one)[0])
    assert ("Juara III" in told, "90,00" in told, "3.000.000" in told) == (True, False, False)


def test_award_receipt_is_one_for_each_winner_with_words(typesetter: Typesetter, decided_one: Competition) -> None:
    found = pages(typesetter, "award_receipt", decided_one)
    assert [len(paper) for paper in found] == [1] * 6
    first = found[0][0]
    for words in ("Tiga juta rupiah", "Rp150.000", "Rp2.850.000 (dua juta delapan ratus lima puluh ribu rupiah)"):
        assert words in first, words
    counts = kind("award_receipt").counts
    assert counts is not None
    assert counts([decided_one.pk]) == {decided_one.pk: 6}


def test_award_receipt_list_sums_to_the_rupiah(typesetter: Typesetter, decided_one: Competition) -> None:
    told = pages(typesetter, "award_receipt_list", decided_one)[0][0]
    for words in ("14.400.000", "720.000", "13.680.000", "Tiga belas juta enam ratus delapan puluh ribu rupiah"):
        assert words in told, words


def test_incentive_statement_is_signed_by_each_winner(typesetter: Typesetter, decided_one: Competition) -> None:
    found = pages(typesetter, "incentive_statement", decided_one)
    entry = decided_one.awards.order_by("tier__position", "slot")[0].entry.registration
    assert entry is not None
    assert (len(found), entry.full_name in found[0][0], "meterai" in found[0][0]) == (6, True, False)


@pytest.mark.parametrize("code", ["jury_minutes", "winner_announcement", "winners_decree", "award_receipt_list"])
def test_papers_wait_for_the_lock(code: str) -> None:
    of = made.competition()
    with pytest.raises(ValidationError) as refusal:
        kind(code).build(list(kind(code).subjects(of)))
    assert refusal.value.code == "not_locked"


def test_papers_are_found_by_the_own_office_alone() -> None:
    of = made.competition()
    for paper in paper_kinds().values():
        if paper.scope == "competition":
            assert paper.find(cast.program_officer(), of.pk) == of
            assert paper.find(cast.village_officer_here(), of.pk) is None
            assert paper.find(cast.other_agency_officer(), of.pk) is None
