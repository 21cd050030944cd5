"""The board of papers: what is missing, one click to make it, one file to print."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from documents.kinds import paper_kinds
from documents.models import Document
from programs.models import Batch
from reports.queries import board_in_full, boards
from reports.rules import Light, Tally
from tests import cast, factories
from tests.documents import made
from tests.participants.test_papers import batch_of_bakers

pytestmark = pytest.mark.django_db
DAY = "2024-06-24"
BAKERS = ["committee_decree", "announcement", "instructor_decree", "schedule", "invitation"]


@pytest.mark.parametrize(
    ("tally", "light", "missing"),
    [
        (Tally(0), Light.GREY, 0),
        (Tally(1), Light.RED, 1),
        (Tally(40, 39), Light.RED, 1),
        (Tally(40, 40), Light.GREEN, 0),
        (Tally(39, 40), Light.GREEN, 0),
    ],
)
def test_tally_is_green_only_when_everything_is_issued(tally: Tally, light: Light, missing: int) -> None:
    assert (tally.light, tally.missing) == (light, missing)


@pytest.fixture
def bakers() -> Batch:
    """A batch with three participants in an office that has officials and numbers."""
    batch = batch_of_bakers(3)
    agency = batch.program.agency
    for kind, title in (("agency_head", "Kepala Dinas"), ("activity_officer", "PPTK")):
        official = factories.official(agency, nip=f"19620705198803100{2 if kind == 'agency_head' else 3}")
        factories.tenure(factories.position(agency, title, kind), official)
    made.numbering(agency, kind="")
    return batch


def lights(batch: Batch) -> dict[str, str]:
    return {line.kind.code: line.light.value for line in board_in_full(batch).lines}


def test_board_names_what_is_missing_and_why(bakers: Batch) -> None:
    board = board_in_full(bakers)
    assert (board.complete, board.is_complete) == (0, False)
    obstacles = {line.kind.code: line.obstacle for line in board.lines if line.obstacle}
    assert set(obstacles) == {
        *("committee_decree", "participant_decree_copy", "honorarium_list", "allowance_receipt"),
    }
    assert [line.tally.needed for line in board.lines if line.kind.code in ("invitation", "attendance_sheet")] == [3, 2]


def test_boards_cost_the_same_queries_for_one_and_for_three(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    program = factories.program(cast.home_agency())
    batches = [factories.batch(program, slug=f"b{number}") for number in range(3)]
    paper_kinds()
    with django_assert_num_queries(3):
        boards(batches[:1])
    with django_assert_num_queries(3):
        boards(batches)


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(cast.program_officer())
    return client


def test_completeness_list_shows_each_batch_with_what_it_lacks(desk: Client, bakers: Batch) -> None:
    text = desk.get(reverse("reports:completeness_list")).content.decode()
    assert bakers.name in text
    assert "SK panitia, Pengumuman pendaftaran, SK instruktur dan 8 lagi" in text
    empty = desk.get(reverse("reports:completeness_list"), {"state": "finished"}).content.decode()
    assert "Pilih program atau keadaan yang lain." in empty


def test_obstacle_never_writes(bakers: Batch) -> None:
    before = Document.objects.count()
    board_in_full(bakers)
    assert Document.objects.count() == before
    with pytest.raises(ValidationError):
        paper_kinds()["committee_decree"].build(list(paper_kinds()["committee_decree"].subjects(bakers.program)))


def test_completeness_batch_says_what_stands_in_the_way(desk: Client, bakers: Batch) -> None:
    text = desk.get(reverse("reports:completeness_batch", args=[bakers.pk])).content.decode()
    assert "0 dari 11" in text
    assert "Tetapkan dahulu panitia" in text
    assert "Belum ada honorarium yang diajukan" in text


def test_completeness_program_counts_its_batches(desk: Client, bakers: Batch) -> None:
    text = desk.get(reverse("reports:completeness_program", args=[bakers.program_id])).content.decode()
    assert "dari 1 angkatan" in text
