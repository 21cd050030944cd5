"""The exported sheet, read back; and who may not have it any more when the work runs."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry, RoleAssignment, User
from accounts.permissions import forget
from accounts.roles import Role
from jobs import runner
from jobs.actions import start
from jobs.models import Job, StoredFile
from jobs.storage import open_private
from programs.models import Batch
from tests import cast, factories


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def export(batch: Batch, by: User, **params: Any) -> Job:
    params = {"batch": batch.pk, "filters": {}} | params
    job = start(kind="registrations_export", params=params, agency=batch.program.agency, by=by)
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def rows_of(job: Job) -> list[list[Any]]:
    assert isinstance(job.result, StoredFile), job.message
    with open_private(job.result.path) as handle:
        book = CalamineWorkbook.from_filelike(io.BytesIO(handle.read()))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_export_writes_one_row_for_each_entry_with_masked_numbers(batch: Batch) -> None:
    entry = factories.registration(batch, full_name="Siti Aminah", rt="003", rw="005")
    job = export(batch, cast.program_officer())
    rows = rows_of(job)
    header = rows[2]
    line = dict(zip(header, rows[3], strict=True))
    cells = [str(value) for row in rows for value in row]
    assert (job.state, len(rows)) == ("done", 4)
    assert list(line.values())[1:4] == [entry.shown_code, "Siti Aminah", entry.masked_nik]
    assert list(line.values())[5] == date(1999, 7, 12)
    assert list(line.values())[10:12] == ["003", "005"]
    assert [cell for cell in cells if entry.nik in cell] == []
    assert [cell for cell in cells if cast.program_officer().full_name in cell] != []


def test_export_writes_full_numbers_as_text_for_who_answers_for_them(batch: Batch) -> None:
    entry = factories.registration(batch)
    rows = rows_of(export(batch, cast.program_officer(), full_numbers=True, purpose="Usulan ke provinsi"))
    assert rows[3][3] == entry.nik
    trail = AuditEntry.objects.get(action="registrations.exported")
    assert (trail.purpose, trail.changes) == ("Usulan ke provinsi", {"count": 1, "full_numbers": True})


def test_export_never_writes_a_formula(batch: Batch) -> None:
    typed = {"address": '=HYPERLINK("http://jahat.example")', "occupation": "+62-1", "business_name": "@Batik"}
    factories.registration(batch, **typed)
    row = rows_of(export(batch, cast.program_officer()))[3]
    assert '=HYPERLINK("http://jahat.example")' in row
    assert "+62-1" in row
    assert "@Batik" in row


def test_export_applies_the_filter_of_the_list(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    factories.registration(batch)
    waiting = factories.registration(batch)
    rows = rows_of(export(batch, cast.program_officer(), filters={"seat": "waiting"}))
    assert [row[1] for row in rows[3:]] == [waiting.shown_code]


def test_export_of_an_empty_list_has_its_header(batch: Batch) -> None:
    rows = rows_of(export(batch, cast.program_officer()))
    assert len([cell for cell in rows[2] if cell]) == 26


def test_export_is_refused_when_the_right_was_taken_meanwhile(batch: Batch) -> None:
    officer = cast.program_officer()
    RoleAssignment.objects.filter(user=officer).delete()
    forget(officer)
    job = export(batch, officer)
    assert (job.state, job.result) == ("failed", None)
    assert StoredFile.objects.count() == 0


def test_export_of_full_numbers_is_refused_without_the_right_to_see_them(batch: Batch) -> None:
    factories.registration(batch)
    officer = factories.user("pptk", role=Role.ACTIVITY_OFFICER)
    assert export(batch, officer, full_numbers=True, purpose="Coba").state == "failed"
    assert export(batch, officer).state == "done"


def test_export_file_is_kept_for_a_day_and_only_for_its_owner(batch: Batch) -> None:
    job = export(batch, cast.program_officer())
    assert job.result is not None
    assert list(StoredFile.objects.kept(timezone.now() + timedelta(hours=23))) == [job.result]
    assert list(StoredFile.objects.kept(timezone.now() + timedelta(hours=25))) == []
    assert StoredFile.objects.visible_to(cast.verifier()).count() == 0
