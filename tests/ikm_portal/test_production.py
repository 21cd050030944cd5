"""The portal as an office runs it: production settings, gunicorn, workers by queue, a streaming replica, a proxy."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.production import HOST, REPLICA_PORT, SIGN_IN, Installation, Visitor, installed, wait_for

LIST = "/kerja/angkatan/1/pendaftar/"
FORM = "/pelatihan/pelatihan-dbhcht/bendan-kergon/daftar/"
MAX_LAG = 12

PEOPLE = f"""{SIGN_IN}
from tests import cast, factories
program = factories.program(cast.home_agency(), slug="pelatihan-dbhcht", name="Pelatihan Kerja DBHCHT")
batch = factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")
assert batch.pk == 1
for make in (cast.program_officer, cast.division_head):
    print(sign_in(make()))
"""


@pytest.fixture
def portal(open_folder: Path) -> Iterator[Installation]:
    with installed(open_folder) as installation:
        yield installation


def register(visitor: Visitor, number: int) -> None:
    answer = visitor.send(
        FORM,
        FORM,
        full_name=f"Siti Contoh {'ABCDEFGHIJ'[number]}",
        nik=f"997101520799{number:04d}",
        birth_date_day="12",
        birth_date_month="7",
        birth_date_year="1999",
        sex="female",
        phone=f"0812-0000-000{number}",
        email=f"warga{number}@contoh.example",
        region="33.75.01.1006",
        address="Jalan Contoh 1",
        notice="on",
    )
    assert (answer.status, answer.headers.get("Location")) == (302, "/status/diterima/"), answer.text[-2000:]


def listed(visitor: Visitor) -> int:
    answer = visitor.get(LIST)
    assert answer.status == 200
    return len({letter for letter in "ABCDEFGHIJ" if f"Siti Contoh {letter}" in answer.text})


@pytest.mark.slow
def test_production_with_two_web_and_two_worker_processes_and_a_replica(portal: Installation) -> None:
    officer, colleague = prepare(portal)
    behind_a_proxy(portal)
    taken_and_told(portal)
    read_from_the_replica(portal, officer, colleague)
    survives_the_replica(portal, officer, colleague)
    exported_by_the_second_worker(portal, officer)
    assert portal.end("web") == 0
    assert portal.end("worker") == 0
    assert portal.end("jobs") == 0


def prepare(portal: Installation) -> tuple[Visitor, Visitor]:
    portal.start_replica()
    sockets = portal.place.sockets
    portal.environment["REPLICA_URL"] = f"postgres://portal@/portal?host={sockets}&port={REPLICA_PORT}"
    portal.environment["REPLICA_MAX_LAG"] = str(MAX_LAG)
    sessions = portal.manage("shell", "-v0", "-c", PEOPLE).split()
    portal.start_web()
    worker = ["celery", "-A", "ikm_portal", "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    for name, queue in (("worker", "celery"), ("jobs", "jobs")):
        portal.start(name, *worker, "--queues", queue, "--hostname", f"{name}@%h", "--loglevel", "INFO")
    wait_for(portal.answers, 90, "gunicorn")
    first, second = (Visitor(portal.port, cookies={"__Host-sessionid": session}) for session in sessions)
    return first, second


def behind_a_proxy(portal: Installation) -> None:
    """Without TLS one is sent to TLS; another host's name is refused; cookies travel by TLS only."""
    plain = Visitor(portal.port, scheme="http").get("/status/")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/status/")
    page = Visitor(portal.port).get("/masuk/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrftoken=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    for path in ("/", "/masuk/", "/tidak-ada/", "/healthz", FORM):
        carries_every_header(Visitor(portal.port).get(path).headers)
    pool = Visitor(portal.port).pool
    assert pool.request("GET", f"http://127.0.0.1:{portal.port}/", headers={"Host": "evil.example"}).status == 400


def carries_every_header(headers: dict[str, str]) -> None:
    """As the server really sends them, errors and all."""
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    exact = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Server": "gunicorn",
    }
    assert {name: headers.get(name) for name in exact} == exact
    assert "camera=()" in headers["Permissions-Policy"]


def taken_and_told(portal: Installation) -> None:
    for number in range(2):
        register(Visitor(portal.port), number)
    mail = portal.folder / "mail"
    wait_for(lambda: sum(p.read_text().count("Message-ID:") for p in mail.glob("*")) == 2, 30, "two messages sent")


def caught_up(portal: Installation) -> bool:
    here = portal.sql("SELECT pg_current_wal_lsn()")
    return bool(portal.sql(f"SELECT pg_last_wal_replay_lsn() >= '{here}'", port=REPLICA_PORT))


def read_from_the_replica(portal: Installation, officer: Visitor, colleague: Visitor) -> None:
    """While the replica stands still, lists are of yesterday: only who wrote sees all, and soon everybody does."""
    wait_for(lambda: caught_up(portal), 20, "the replica")
    register(Visitor(portal.port), 2)  # the lag is counted from here
    wait_for(lambda: caught_up(portal), 20, "the replica")
    portal.sql("SELECT pg_wal_replay_pause()", port=REPLICA_PORT)
    register(Visitor(portal.port), 3)
    assert listed(officer) == 3
    officer.send("/kerja/", "/bahasa/", language="id", next="/kerja/")
    assert "written" in officer.cookies
    assert (listed(officer), listed(colleague)) == (4, 3)
    wait_for(lambda: listed(colleague) == 4, MAX_LAG + 20, "the primary in place of a replica that lags")
    portal.sql("SELECT pg_wal_replay_resume()", port=REPLICA_PORT)
    wait_for(lambda: caught_up(portal), 20, "the replica")
    assert listed(officer) == 4


def survives_the_replica(portal: Installation, officer: Visitor, colleague: Visitor) -> None:
    portal.kill_replica()
    assert [listed(visitor) for visitor in (officer, colleague, officer, colleague)] == [4, 4, 4, 4]
    register(Visitor(portal.port), 4)
    began = time.monotonic()
    assert listed(colleague) == 5
    assert time.monotonic() - began < 10
    assert "The replica failed" in portal.said("web")


def exported_by_the_second_worker(portal: Installation, officer: Visitor) -> None:
    page = "/kerja/angkatan/1/ekspor/"
    answer = officer.send(page, page)
    assert answer.status == 302, answer.text[-2000:]
    assert answer.headers["Location"].startswith("/kerja/unduhan/"), answer.headers["Location"]
    wait_for(lambda: portal.sql("SELECT state FROM jobs_job") != "queued", 20, "the second worker")
    wait_for(lambda: portal.sql("SELECT state FROM jobs_job") == "done", 20, "the export")
    assert "jobs.tasks.run" in portal.said("jobs")
    assert "jobs.tasks.run[" not in portal.said("worker")
