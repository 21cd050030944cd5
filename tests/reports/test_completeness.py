"""The board of papers: what is missing, one click to make it, one file to print."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from documents.kinds import paper_kinds
from documents.models import Document
from jobs.actions import start
from jobs.models import Job, State, StoredFile
from jobs.runner import run
from participants.models import SignedSheet
from programs.actions import Member, name_committee
from programs.models import Batch
from reports.queries import board_in_full, boards
from reports.rules import Light, Tally
from tests import cast, factories
from tests.documents import made
from tests.participants.graduates import taught
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


def work(kind: str, **params: Any) -> Job:
    job = start(kind=kind, params=params, agency=cast.home_agency(), by=cast.program_officer())
    run(job.pk)
    job.refresh_from_db()
    return job


def test_board_names_what_is_missing_and_why(bakers: Batch) -> None:
    board = board_in_full(bakers)
    assert (board.complete, board.is_complete) == (0, False)
    obstacles = {line.kind.code: line.obstacle for line in board.lines if line.obstacle}
    assert set(obstacles) == {
        *("committee_decree", "participant_decree_copy", "honorarium_list", "allowance_receipt", "certificate_receipt"),
    }
    assert [line.tally.needed for line in board.lines if line.kind.code in ("invitation", "attendance_sheet")] == [3, 2]


def test_boards_cost_the_same_queries_for_one_and_for_three(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    program = factories.program(cast.home_agency())
    batches = [factories.batch(program, slug=f"b{number}") for number in range(3)]
    paper_kinds()
    with django_assert_num_queries(6):
        boards(batches[:1])
    with django_assert_num_queries(6):
        boards(batches)


def test_board_tells_of_each_past_session_whether_its_attendance_is_settled(client: Client) -> None:
    batch = taught(1)
    first = batch.sessions.order_by("during")[0]
    officer = cast.program_officer()
    SignedSheet.objects.update_or_create(
        session=first, defaults={"signatures": 1, "settled_by": officer, "settled_at": timezone.now()}
    )
    SignedSheet.objects.exclude(session=first).delete()
    [board] = boards([batch])
    assert (board.attendance.settled, board.attendance.over, board.attendance.is_complete) == (1, 3, False)
    client.force_login(officer)
    assert "1 dari 3 ditetapkan" in client.get(reverse("reports:completeness_list")).content.decode()
    page = client.get(reverse("reports:completeness_batch", args=[batch.pk])).content.decode()
    assert page.count("Selesai, belum ditetapkan") == 2
    assert page.count(reverse("participants:attendance_sheet", args=[first.pk])) == 1
    client.force_login(cast.treasurer())
    page = client.get(reverse("reports:completeness_batch", args=[batch.pk])).content.decode()
    assert (page.count("Selesai, belum ditetapkan"), "/kerja/kehadiran/sesi/" in page) == (2, False)


def test_a_batch_to_come_has_no_attendance_to_settle() -> None:
    [board] = boards([factories.batch(factories.program(cast.home_agency()))])
    assert (board.attendance.over, board.attendance.is_complete) == (0, True)


def test_make_papers_issues_what_is_missing_once(bakers: Batch) -> None:
    params = {"batch": bakers.pk, "kinds": BAKERS, "date": DAY}
    job = work("papers_make", **params)
    assert job.state == State.FAILED
    assert "Tetapkan dahulu panitia" in job.message
    name_committee(
        program=bakers.program, team="committee", members=[Member("Agus Contoh", "Ketua")], by=cast.program_officer()
    )
    assert work("papers_make", **params).state == State.DONE
    found = Document.objects.in_force().order_by("pk")
    assert [document.kind for document in found] == [
        *("announcement", "instructor_decree", "schedule", "invitation", "invitation", "invitation"),
        "committee_decree",
    ]
    assert all(document.file_id and document.date == date(2024, 6, 24) for document in found)
    work("papers_make", **params)
    assert Document.objects.count() == 7
    assert [lights(bakers)[code] for code in BAKERS] == ["green"] * 5


def test_print_papers_is_one_pdf_of_a_batch_and_a_zip_of_a_programme(bakers: Batch) -> None:
    assert work("papers_print", batch=bakers.pk).message == "Belum ada naskah. Buat dahulu naskahnya."
    work("papers_make", batch=bakers.pk, kinds=["schedule", "invitation"], date=DAY)
    job = work("papers_print", batch=bakers.pk)
    assert (job.state, job.progress, job.total) == (State.DONE, 4, 4)
    reader = PdfReader(io.BytesIO(content_of(job.result)))
    assert len(reader.pages) == 4
    marks = [str(mark.title) for mark in reader.outline if not isinstance(mark, list)]
    assert [mark.startswith("Surat Undangan Peserta") for mark in marks] == [False, True, True, True]
    assert marks[0] == "Jadwal Pelatihan Angkatan Bendan Kergon"
    job = work("papers_print", program=bakers.program_id)
    with zipfile.ZipFile(io.BytesIO(content_of(job.result))) as archive:
        assert archive.namelist() == [f"01-{bakers.slug}.pdf"]


def content_of(stored: StoredFile | None) -> bytes:
    assert stored is not None
    return stored.content()


def test_papers_are_made_only_by_who_may(bakers: Batch) -> None:
    job = start(
        kind="papers_make",
        params={"batch": bakers.pk, "kinds": ["schedule"], "date": DAY},
        agency=bakers.program.agency,
        by=cast.treasurer(),
    )
    run(job.pk)
    assert not Document.objects.exists()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(cast.program_officer())
    return client


def test_completeness_list_shows_each_batch_with_what_it_lacks(desk: Client, bakers: Batch) -> None:
    text = desk.get(reverse("reports:completeness_list")).content.decode()
    assert bakers.name in text
    assert "SK panitia, Pengumuman pendaftaran, SK instruktur dan 9 lagi" in text
    empty = desk.get(reverse("reports:completeness_list"), {"state": "finished"}).content.decode()
    assert "Pilih program atau keadaan yang lain." in empty


def test_completeness_batch_starts_the_work(desk: Client, bakers: Batch) -> None:
    page = desk.get(reverse("reports:completeness_batch", args=[bakers.pk])).content.decode()
    assert "Tetapkan dahulu panitia" in page
    answer = desk.post(reverse("reports:completeness_make", args=[bakers.pk]), {"date": DAY, "kind": "schedule"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:job_detail", args=[job.pk])
    board = reverse("reports:completeness_batch", args=[bakers.pk])
    assert job.params == {"batch": bakers.pk, "kinds": ["schedule"], "date": DAY, "place": board}
    assert f'href="{board}"' not in desk.get(answer["Location"]).content.decode()
    Job.objects.update(state="done", finished_at=job.created_at)
    assert f'href="{board}"' in desk.get(answer["Location"]).content.decode()


def test_completeness_make_says_that_the_date_is_missing(desk: Client, bakers: Batch) -> None:
    answer = desk.post(reverse("reports:completeness_make", args=[bakers.pk]), {"date": "besok", "kind": ""})
    assert answer.status_code == 422
    assert "Isi dengan tanggal." in answer.content.decode()
    assert not Job.objects.exists()


def test_completeness_batch_says_what_stands_in_the_way(desk: Client, bakers: Batch) -> None:
    text = desk.get(reverse("reports:completeness_batch", args=[bakers.pk])).content.decode()
    assert "0 dari 12" in text
    assert "Belum ada honorarium yang diajukan" in text


def test_completeness_print_starts_the_work(desk: Client, bakers: Batch) -> None:
    desk.post(reverse("reports:completeness_print", args=[bakers.pk]))
    assert Job.objects.get().params == {"batch": bakers.pk}


def test_completeness_program_counts_its_batches(desk: Client, bakers: Batch) -> None:
    text = desk.get(reverse("reports:completeness_program", args=[bakers.program_id])).content.decode()
    assert "dari 1 angkatan" in text


def test_completeness_program_make_starts_work_on_all_batches(desk: Client, bakers: Batch) -> None:
    desk.post(reverse("reports:completeness_program_make", args=[bakers.program_id]), {"date": DAY})
    job = Job.objects.get()
    assert (job.kind, job.params["program"], job.params["date"]) == ("papers_make", bakers.program_id, DAY)
    assert job.place == reverse("reports:completeness_program", args=[bakers.program_id])


def test_completeness_program_print_starts_the_work(desk: Client, bakers: Batch) -> None:
    desk.post(reverse("reports:completeness_program_print", args=[bakers.program_id]))
    assert Job.objects.get().params == {"program": bakers.program_id}


def test_obstacle_never_writes(bakers: Batch) -> None:
    before = Document.objects.count()
    board_in_full(bakers)
    assert Document.objects.count() == before
    with pytest.raises(ValidationError):
        paper_kinds()["committee_decree"].build(list(paper_kinds()["committee_decree"].subjects(bakers.program)))
