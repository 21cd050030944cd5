"""The inspector's pages: the chain, the spreadsheet, and the access log of one person."""

import io
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from accounts.actions import record, seal_entries
from accounts.models import AuditEntry, RoleAssignment, User
from jobs import runner, storage
from jobs.models import Job, State
from tests import cast, factories

STATE, VERIFY, EXPORT = "/kerja/jejak/segel/", "/kerja/jejak/segel/periksa/", "/kerja/jejak/unduh/"


@pytest.fixture
def inspector(client: Client, db: None) -> User:
    auditor = cast.auditor()
    client.force_login(auditor)
    return auditor


def run_latest() -> Job:
    job = Job.objects.latest("pk")
    runner.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_audit_state_tells_what_the_check_found(client: Client) -> None:
    auditor = cast.auditor()
    client.force_login(auditor)
    assert "Jejak audit belum pernah diperiksa." in client.get(STATE).content.decode()
    entry = record(action="batch.created", by=None, agency=auditor.agency)
    seal_entries()
    assert client.post(VERIFY).status_code == 302
    assert run_latest().state == State.DONE
    page = client.get(STATE).content.decode()
    assert "Utuh pada pemeriksaan terakhir." in page

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE accounts_auditentry SET purpose = 'lain' WHERE id = %s", [entry.pk])
    client.post(VERIFY)
    job = run_latest()
    assert (job.state, AuditEntry.objects.latest("pk").changes["entry"]) == (State.FAILED, entry.pk)
    page = client.get(STATE).content.decode()
    assert "Jejak audit tidak cocok dengan rantainya." in page
    assert "ada catatan yang diubah" in page


def test_audit_export_holds_what_was_filtered_in_words_and_leaves_an_entry(client: Client, inspector: User) -> None:
    officer = cast.program_officer()
    entry = factories.registration(factories.batch(factories.program(cast.home_agency())))
    record(action="registration.verified", by=officer, target=entry, agency=inspector.agency, changes={"seat": "held"})
    record(action="batch.created", by=officer, agency=cast.next_agency())
    client.post(EXPORT, {"action": "registration.verified"})
    job = run_latest()
    assert job.state == State.DONE
    assert job.result is not None
    with storage.open_private(job.result.path) as file:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()
    assert inspector.full_name in str(rows[1])
    assert [str(cell) for cell in rows[3]][2:8] == [
        *("Petugas Program (petugas.program)", "Panitia program", "Pendaftaran diverifikasi"),
        *(f"pendaftaran {entry.pk}", "", "Kursi: Mendapat kursi"),
    ]
    assert len(rows) == 4
    assert AuditEntry.objects.filter(action="trail.exported", actor=inspector).get().changes == {"count": 1}


def test_audit_export_refuses_filters_that_cannot_be_read(client: Client, inspector: User) -> None:
    assert client.post(EXPORT, {"since": "kemarin"})["Location"] == "/kerja/jejak/"
    assert not Job.objects.exists()


def test_audit_person_shows_who_used_the_data_and_notes_the_reading(client: Client, inspector: User) -> None:
    officer = cast.program_officer()
    entry = factories.registration(factories.batch(factories.program(cast.home_agency())))
    person = entry.person
    assert person is not None
    facts: dict[str, Any] = {"target": entry, "subject": person, "agency": inspector.agency}
    record(action="registration.nik_revealed", by=officer, purpose="cocok dengan KTP", **facts)
    page = client.get(f"/kerja/jejak/orang/{person.pk}/").content.decode()
    assert "cocok dengan KTP" in page
    assert "Petugas Program" in page
    assert person.full_name not in page
    noted = AuditEntry.objects.latest("pk")
    assert (noted.action, noted.subject_id, noted.actor) == ("trail.person_read", str(person.pk), inspector)


def test_audit_person_of_another_office_or_part_is_not_found(client: Client, inspector: User) -> None:
    person = factories.registration(factories.batch(factories.program(cast.home_agency()))).person
    assert person is not None
    RoleAssignment.objects.filter(user=inspector).update(region_id=factories.MEDONO)
    assert client.get(f"/kerja/jejak/orang/{person.pk}/").status_code == 404
    assert client.get("/kerja/jejak/orang/999999/").status_code == 404


def test_entries_are_told_in_words(client: Client, inspector: User) -> None:
    entry = factories.registration(factories.batch(factories.program(cast.home_agency())))
    changes = {
        "seat": ["waiting", "held"],
        "fields": ["full_name", "phone"],
        "full_numbers": True,
        "reason": "duplicate",
    }
    told = record(action="registration.corrected", by=None, target=entry, changes=changes).changes_shown
    assert told == [
        ("Kursi", "Daftar tunggu → Mendapat kursi"),
        ("Diubah", "Nama lengkap, Telepon"),
        ("Dengan NIK lengkap", "ya"),
        ("Alasan", "Pendaftaran ganda"),
    ]
