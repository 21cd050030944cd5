"""Every public page at 360 and 1280 px: accessible, nothing sticking out, no third party, light on the wire."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from ikm_portal.keys import fresh_keys
from jobs.models import Job
from notifications.models import Message
from participants.actions import answer_complaint, publish_complaint
from participants.models import Complaint, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import doubtful, entries, url
from tests.participants.public_form import typed
from tests.support.browser import DESK, PHONE, LiveSite
from tests.support.servers import ROOT, database_url

LIGHT = 150_000
PAGES: tuple[str, ...] = (
    "/",
    "/pelatihan/",
    "/pelatihan/?q=bendan",
    "/pelatihan/?q=tidakada",
    "/pelatihan/dbhcht/",
    "/pelatihan/dbhcht/bendan-kergon/",
    "/pelatihan/dbhcht/bendan-kergon/daftar/",
    "/pelatihan/dbhcht/penuh/daftar/",
    "/pelatihan/dbhcht/batal/",
    "/status/",
    "/status/lupa/",
    "/status/pin-baru/",
    "/pengaduan/",
    "/pengaduan/kirim/",
    "/pengaduan/cek/",
    "/privasi/",
    "/pengaduan/",
    "/pengaduan/kirim/",
    "/pengaduan/cek/",
    "/isian/",
    "/masuk/",
    "/masuk/undangan/",
    "/masuk/undangan/sudah-tidak-berlaku/",
    "/sandi/lupa/",
    "/tidak-ada/",
)

BATCH_PAGES = (
    *("batch_desk", "batch_quota", "batch_extend", "batch_reschedule", "batch_cancel", "registration_list"),
    *("registration_print", "registration_export", "registration_assist", "duplicate_list", "broadcast_list"),
)
STAFF_PAGES = (
    *("workspace", "participants:batch_list", "programs:batch_create", "notifications:message_list"),
    *("jobs:job_list", "accounts:profile", "account_change_password"),
    *("notifications:message_board", "notifications:chat_list", "notifications:call_list", "notifications:text_list"),
    "participants:complaint_list",
    *("accounts:device_list", "accounts:second_factor", "accounts:second_factor_app"),
)
OTHERS_PAGES = {
    cast.administrator: ("workspace", "system_state", "participants:form_guard", "accounts:user_list"),
    cast.auditor: ("accounts:audit_list", "audit_state"),
}
COMPLAINT_PAGES = {
    "open": ("detail", "pass", "note", "answer", "close", "reveal"),
    "ended": ("detail", "publish", "undo"),
}


@pytest.fixture
def offer(transactional_db: None) -> Batch:
    program = factories.program(cast.home_agency(), slug="dbhcht", name="Pelatihan Kerja DBHCHT", summary="Dua hari.")
    batch = factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")
    factories.batch(program, factories.MEDONO, slug="penuh", name="Medono", quota=1, waiting_quota=0, seats_held=1)
    cancelled = factories.batch(program, factories.MEDONO, slug="batal", name="Batal")
    Batch.objects.filter(pk=cancelled.pk).update(
        state="cancelled", cancelled_at=cancelled.registration_opens_at, cancel_reason="Tempat tidak dapat dipakai"
    )
    asked = factories.complaint(program.agency)
    answer, officer = "Papan petunjuk sudah kami pasang.", cast.program_officer()
    answer_complaint(complaint=asked, answer=answer, by=officer)
    publish_complaint(complaint=asked, question="Mengapa tidak ada papan petunjuk?", answer=answer, by=officer)
    return batch


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_public_pages_are_accessible_and_fit(live: LiveSite, offer: Batch, width: int) -> None:
    page = live.page(width)
    found = {}
    for path in PAGES:
        page.goto(path)
        found[path] = (live.violations(page), live.overflow(page))
    assert found == {path: ([], 0) for path in PAGES}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_own_pages_are_accessible_and_fit(live: LiveSite, offer: Batch, width: int) -> None:
    page = live.page(width)
    page.goto("/pelatihan/dbhcht/bendan-kergon/daftar/")
    form = {name: value for name, value in typed(1).items() if name not in {"submission_key", "sex", "notice"}}
    for name, value in form.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("form[action$='/daftar/'] .btn-primary").last.click()
    found = {"errors": (live.violations(page), live.overflow(page))}
    page.check("[name=sex][value=female]")
    page.check("[name=notice]")
    page.locator("form[action$='/daftar/'] .btn-primary").last.click()
    page.wait_for_url("**/status/diterima/")
    found["receipt"] = (live.violations(page), live.overflow(page))
    page.locator("form[action$='/dicatat/'] button").click()
    for path in ("/status/saya/", "/status/saya/ubah/", "/status/saya/batal/", "/status/tiket/"):
        page.goto(path)
        found[path] = (live.violations(page), live.overflow(page))
    assert found == {path: ([], 0) for path in found}
    assert Registration.objects.count() == 1


@pytest.fixture
def desk(offer: Batch, client: Client) -> dict[str, str]:
    """Every page of the office for this batch, by name, and the officer's session in the client."""
    first, second = doubtful(offer)
    pending, other = entries(offer, 2)
    officer = cast.program_officer()
    client.force_login(officer)
    client.post(url("registration_verify", pending), {"note": ""})
    client.post(url("registration_export", offer), {"purpose": ""})
    seats = {"registration_detail": pending, "registration_correct": other, "registration_move": other}
    seats |= {"registration_reject": other, "registration_request_fix": other, "registration_withdraw": other}
    seats |= {"registration_reveal": other, "registration_undo": pending}
    pages = {name: url(name, entry) for name, entry in seats.items()}
    pages["doubtful"] = url("registration_detail", second)
    pages["first"] = url("registration_detail", first)
    pages |= {name: url(name, offer) for name in BATCH_PAGES}
    pages |= {name: reverse(name) for name in STAFF_PAGES}
    complaints = {"open": factories.complaint(offer.program.agency, phone="+6281200000009")}
    complaints["ended"] = Complaint.objects.published().get()
    for state, names in COMPLAINT_PAGES.items():
        key = [complaints[state].pk]
        pages |= {f"{state} {name}": reverse(f"participants:complaint_{name}", args=key) for name in names}
    pages["message"] = reverse("notifications:message_detail", args=[Message.objects.earliest("pk").pk])
    own_text = [offer.program.agency.slug, "registration_verified"]
    pages["text_edit"] = reverse("notifications:text_edit", args=own_text)
    pages["text_history"] = reverse("notifications:text_history", args=own_text)
    pages["job"] = reverse("jobs:job_detail", args=[Job.objects.get().pk])
    return pages


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_staff_pages_are_accessible_and_fit(live: LiveSite, desk: dict[str, str], client: Client, width: int) -> None:
    page = live.page(width)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
    found = {}
    for name, path in desk.items():
        answer = page.goto(path)
        assert answer is not None
        found[name] = (answer.status, live.violations(page), live.overflow(page))
    assert found == {name: (200, [], 0) for name in desk}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_administrator_and_auditor_are_accessible_and_fit(
    live: LiveSite, offer: Batch, client: Client, width: int
) -> None:
    found = {}
    for somebody, names in OTHERS_PAGES.items():
        client.force_login(somebody())
        page = live.page(width)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
        for name in names:
            answer = page.goto(reverse(name))
            assert answer is not None
            found[name] = (answer.status, live.violations(page), live.overflow(page))
    assert found == {name: (200, [], 0) for name in found}


@contextmanager
def production_site(folder: Path) -> Iterator[str]:
    """gunicorn under production settings on the test database, with compressed static files."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env: dict[str, str] = dict(os.environ)
    env |= {name.upper(): str(value) for name, value in fresh_keys().items()}
    env |= {
        "PORTAL_ENV": "production",
        "SITE_URL": "https://portal.example.go.id",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
    }
    env |= {"STATIC_ROOT": str(folder), "PORT": str(port)}
    env["DATABASE_URL"] = database_url(connection.settings_dict["NAME"])
    manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(manage, cwd=ROOT, env=env, check=True, capture_output=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "ikm_portal.wsgi"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/privasi/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own server on this machine
            return
        except OSError:
            assert server.poll() is None, "gunicorn ended"
            assert time.monotonic() < deadline, "gunicorn does not answer"
            time.sleep(0.2)


@pytest.mark.slow
def test_first_visit_is_light(browser: Browser, offer: Batch, tmp_path: Path) -> None:
    """Bytes over the wire as Chromium counts them, with an empty cache, of everything that a first visit loads."""
    weights = {}
    with production_site(tmp_path) as url:
        for path in ("/", "/pelatihan/dbhcht/bendan-kergon/", "/pelatihan/dbhcht/bendan-kergon/daftar/"):
            context = browser.new_context(viewport={"width": PHONE, "height": 740})
            page = context.new_page()
            wire = context.new_cdp_session(page)
            wire.send("Network.enable")
            sizes: list[float] = []
            wire.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(url + path, wait_until="networkidle")
            weights[path] = sum(sizes)
            context.close()
    assert all(0 < weight <= LIGHT for weight in weights.values()), weights
    sys.stdout.write(f"bytes over the wire: {weights}\n")
