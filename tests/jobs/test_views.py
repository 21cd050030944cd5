import datetime as dt
from pathlib import Path

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, User
from jobs import links, runner, storage
from jobs.models import Job, State, StoredFile
from tests.jobs.conftest import Start


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def done(start: Start) -> Job:
    job = start()
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def result_of(job: Job) -> StoredFile:
    assert job.result is not None
    return job.result


@pytest.mark.parametrize("rows", [1, 3])
def test_job_list_query_count(signed_in: Client, start: Start, rows: int) -> None:
    for _number in range(rows):
        runner.run(start().pk)
    signed_in.get("/kerja/unduhan/")
    with CaptureQueriesContext(connection) as captured:
        response = signed_in.get("/kerja/unduhan/")
    assert len(response.context["page"].rows) == rows
    assert len([query for query in captured if "jobs_" in query["sql"]]) == 1
    assert len(captured) <= 6


def test_job_detail_polls_while_it_runs(signed_in: Client, start: Start) -> None:
    job = start()
    address = f"/kerja/unduhan/{job.pk}/"
    waiting = signed_in.get(address).content.decode()
    assert f'hx-get="{address}kemajuan/"' in waiting
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    runner.run(job.pk)
    for ended in (address, f"{address}kemajuan/"):
        page = signed_in.get(ended).content.decode()
        assert "hx-get" not in page
        assert "refresh" not in page
        assert f'href="{address}ambil/"' in page


def test_job_progress_is_a_fragment_with_figures(signed_in: Client, start: Start) -> None:
    job = start()
    now = timezone.now()
    Job.objects.update(state=State.RUNNING, started_at=now, heartbeat_at=now, progress=1200, total=4800)
    page = signed_in.get(f"/kerja/unduhan/{job.pk}/kemajuan/").content.decode()
    assert 'value="1200" max="4800"' in page
    assert "<html" not in page


def test_job_cancel_stops_it(signed_in: Client, start: Start) -> None:
    job = start()
    for _press in range(2):
        assert signed_in.post(f"/kerja/unduhan/{job.pk}/batal/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert signed_in.get(f"/kerja/unduhan/{job.pk}/batal/").status_code == 405


def test_job_download_gives_the_file_and_leaves_a_trail(signed_in: Client, owner: User, done: Job) -> None:
    response = signed_in.get(f"/kerja/unduhan/{done.pk}/ambil/", follow=True)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"isi"  # type: ignore[attr-defined]  # the test client does not say that it streams
    assert response["Content-Disposition"] == 'attachment; filename="hasil.txt"'
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    [entry] = AuditEntry.objects.filter(action="file.downloaded")
    assert (entry.actor, entry.object_id) == (owner, str(result_of(done).pk))
    response.close()


def test_job_of_another_person_is_not_there(client: Client, stranger: User, done: Job) -> None:
    client.force_login(stranger)
    for door in ("", "kemajuan/", "ambil/"):
        assert client.get(f"/kerja/unduhan/{done.pk}/{door}").status_code == 404
    assert client.post(f"/kerja/unduhan/{done.pk}/batal/").status_code == 404
    assert client.get("/kerja/unduhan/").context["page"].rows == []


def test_file_download_refuses_the_address_of_another_person(client: Client, stranger: User, done: Job) -> None:
    token = links.download_token(result_of(done), done.created_by)
    client.force_login(stranger)
    assert client.get(f"/kerja/unduhan/berkas/{token}/").status_code == 404


def test_file_download_refuses_a_forged_address(signed_in: Client, owner: User, done: Job) -> None:
    forged = signing.dumps([result_of(done).pk, owner.pk], salt="elsewhere")
    assert signed_in.get(f"/kerja/unduhan/berkas/{forged}/").status_code == 404


def test_file_download_expires(signed_in: Client, owner: User, done: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.download_token(result_of(done), owner)
    monkeypatch.setattr(links, "SECONDS", -1)
    response = signed_in.get(f"/kerja/unduhan/berkas/{token}/")
    assert (response.status_code, response["Location"]) == (302, "/kerja/unduhan/")
    assert AuditEntry.objects.filter(action="file.downloaded").count() == 0


def test_file_download_ends_when_the_file_expired(signed_in: Client, owner: User, done: Job) -> None:
    StoredFile.objects.update(
        created_at=timezone.now() - dt.timedelta(days=8), expires_at=timezone.now() - dt.timedelta(days=1)
    )
    token = links.download_token(result_of(done), owner)
    assert signed_in.get(f"/kerja/unduhan/berkas/{token}/").status_code == 404


def test_file_download_without_bytes_is_not_there(signed_in: Client, owner: User, done: Job, tmp_path: Path) -> None:
    storage.remove(result_of(done).path)
    assert signed_in.get(f"/kerja/unduhan/{done.pk}/ambil/", follow=True).status_code == 404


def test_jobs_need_a_sign_in(client: Client, done: Job) -> None:
    for address in ("/kerja/unduhan/", f"/kerja/unduhan/{done.pk}/"):
        assert client.get(address).status_code == 302
