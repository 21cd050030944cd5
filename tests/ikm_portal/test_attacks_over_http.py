"""Smaller attacks that go over HTTP: stray files, extra fields, wildcards, lines of logs, versions, other origins."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from ikm_portal.logs import logging_config
from jobs.models import StoredFile
from participants.models import Registration, RegistrationDraft, Seat
from tests import cast, factories
from tests.ikm_portal import test_access
from tests.ikm_portal.test_every_address import everywhere, signed_in_as, visit
from tests.participants.public_form import form_url, send, typed

world = test_access.world
ROOT = Path(site.BASE_DIR)

STRAY = [
    ".env",
    ".git/config",
    ".git/HEAD",
    "manage.py",
    "settings.py",
    "requirements.txt",
    "var/keys.json",
    "db.sqlite3",
    "backup.sql",
    "portal.tar.gz",
    "static/",
    "static/css/",
    "static/../manage.py",
    "static/%2e%2e/manage.py",
    "static/css/..%2f..%2fmanage.py",
    "static/css/portal.css~",
    "media/",
    "files/stored/",
    "stored/",
    "static/js/.swp",
    "..%2f.env",
    "%2e%2e/%2e%2e/etc/passwd",
    "docs/security.md",
]


@pytest.mark.parametrize("path", STRAY)
def test_no_stray_file_is_served(client: Client, db: None, path: str) -> None:
    assert client.get(f"/{path}").status_code in {302, 400, 404}
    assert client.get(f"/{path}", follow=True).status_code in {400, 404}


def test_fields_that_a_form_does_not_have_change_nothing(client: Client, world: dict[str, Any]) -> None:
    """Mass assignment: seats, checks, persons and rights stand in no form of the people whom they concern."""
    batch = factories.batch(world["batch"].program)
    extra = {
        "seat": "offered",
        "check_state": "verified",
        "position": "1",
        "person": "1",
        "source": "import",
        "pk": "1",
        "is_staff": "on",
        "is_superuser": "on",
        "role": "administrator",
        "agency": "1",
        "username": "penipu",
    }
    assert send(client, batch, **extra).status_code == 302
    entry = Registration.objects.get(batch=batch)
    assert (entry.seat, entry.check_state, entry.source) == (Seat.HELD, "pending", "online")
    person = cast.treasurer()
    data = {"full_name": "Bendahara", "phone": "", "language": "id", **extra}
    signed_in_as(person).post(reverse("accounts:profile"), data)
    person.refresh_from_db()
    assert (person.full_name, person.username) == ("Bendahara", "bendahara")
    assert (person.is_staff, person.is_superuser) == (False, False)
    assert [one.role for one in RoleAssignment.objects.filter(user=person)] == [Role.TREASURER]


@pytest.mark.parametrize("asked", ["%", "_", "%%%", "W_rga", "Warga%", "\\", ".*", "' OR 1=1 --", "(", "[a-z]"])
def test_wildcards_of_a_search_are_letters(world: dict[str, Any], asked: str) -> None:
    """Nothing in a search stands for other letters, in SQL or in a pattern: it finds what is spelt so, here nobody."""
    factories.registration(factories.batch(world["batch"].program), full_name="Warga Contoh")
    officer = signed_in_as(cast.program_officer())
    found = officer.post(reverse("participants:registration_search"), {"q": asked}, follow=True)
    assert found.status_code in {200, 422}
    assert "Warga Contoh" not in found.content.decode()
    people = signed_in_as(cast.administrator()).post(reverse("accounts:user_list"), {"q": asked}, follow=True)
    assert people.status_code in {200, 405, 422}
    if people.status_code == 200:
        assert "Petugas Program" not in re.sub(r"<header.*?</header>", "", people.content.decode(), flags=re.DOTALL)


class Written(logging.Handler):
    """The lines as the log would have them, each made at its moment."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        form = logging_config(level="INFO", as_json=as_json)["formatters"]["portal"]
        self.setFormatter(form["()"](**{key: value for key, value in form.items() if key != "()"}))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def written(*, as_json: bool) -> Iterator[list[str]]:
    handler, loggers = Written(as_json=as_json), [logging.getLogger(name) for name in ("", "ikm_portal.requests")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    loggers[0].addHandler(handler)
    yield handler.lines
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("as_json", [True, False])
def test_nobody_writes_a_line_of_the_log(client: Client, db: None, as_json: bool) -> None:
    """Line breaks and colours of a terminal in addresses, names and headers stay inside one line, or outside of it."""
    evil = 'x\r\n{"event": "sign_in.succeeded"}\x1b[31m'
    with written(as_json=as_json) as lines:
        client.get("/%0d%0aforged%1b[31m/", {"q": evil}, headers={"User-Agent": evil, "X-Request-ID": evil})
        client.post(reverse("account_login"), {"login": evil, "password": evil})
        client.post(reverse("participants:status"), {"code": evil, "pin": evil})
    assert lines
    assert all("\n" not in line and "\r" not in line and "\x1b[31m" not in line for line in lines)
    assert all(isinstance(json.loads(line), dict) for line in lines if as_json)
    assert not any("forged" in line or "sign_in.succeeded" in line for line in lines)


def test_refused_access_is_a_line_in_the_log(world: dict[str, Any]) -> None:
    client = signed_in_as(cast.nobody())
    with written(as_json=True) as lines:
        client.get(reverse("accounts:user_list"))
        client.get(reverse("participants:registration_detail", args=[world["entry"].pk]))
    told = [line for line in map(json.loads, lines) if line["event"] == "request answered"]
    assert [(line["status"], line["route"]) for line in told] == [
        (403, "accounts:user_list"),
        (403, "participants:registration_detail"),
    ]


def test_scripts_keep_nothing_in_the_browser() -> None:
    """But lists of attendance, sealed and cleared by signing out (ADR 20), and scores until they are sent (ADR 27).

    Of the order of the pitches: which button was pressed, for the next page alone.
    """
    kept = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|\beval\(|innerHTML|new Function")
    found = {path.name: kept.findall(path.read_text()) for path in (ROOT / "static" / "js").glob("*.js")}
    assert {name: set(what) for name, what in found.items() if what} == {
        "device-store.js": {"indexedDB"},
        "jury-store.js": {"indexedDB"},
        "order.js": {"sessionStorage"},
        "portal.js": {"indexedDB"},
    }


def test_answers_name_no_version(client: Client, world: dict[str, Any]) -> None:
    version = re.compile(r"(?i)django|python|gunicorn|postgres|celery|\b\d+\.\d+\.\d+\b")
    for url in ("/", "/tidak-ada/", reverse("account_login"), reverse("healthz"), reverse("readyz")):
        response = client.get(url)
        headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
        assert not [pair for pair in headers.items() if version.search(" ".join(pair))], url
        assert not version.search(re.sub(r"(?s)<script.*?</script>|<svg.*?</svg>", "", response.content.decode())), url


def test_answers_name_their_type(world: dict[str, Any]) -> None:
    client = signed_in_as(cast.program_officer())
    for name, url in everywhere(world):
        response = visit(client, "get", url)
        kind = response.get("Content-Type", "")
        assert kind or not response.content, name
        assert not kind.startswith("text/") or "charset=utf-8" in kind, name


@pytest.mark.parametrize("origin", ["https://penipu.example", "null", "http://testserver.penipu.example"])
def test_no_other_origin_is_allowed(client: Client, world: dict[str, Any], origin: str) -> None:
    for _name, url in everywhere(world):
        headers = visit(client, "get", url, headers={"Origin": origin}).headers
        assert not [header for header in headers if header.lower().startswith("access-control-")]
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(form_url(world["batch"])).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    form = typed() | {"csrfmiddlewaretoken": token}
    assert strict.post(form_url(world["batch"]), form, headers={"Origin": origin}).status_code == 403


def test_files_sent_to_any_page_are_left_aside(world: dict[str, Any]) -> None:
    """Nothing is stored, nothing breaks, whatever the file is called, also where photos are taken."""
    client = signed_in_as(cast.program_officer())
    before = StoredFile.objects.count()
    for name, url in everywhere(world):
        sent = SimpleUploadedFile("../../x.php;.jpg\0", b"<?php system($_GET[0]); ?>", content_type="image/jpeg")
        response = visit(client, "post", url, data={"file": sent, "photo": sent, "full_name": sent.name})
        assert response.status_code < 500, name
    assert StoredFile.objects.count() == before


@pytest.mark.parametrize("door", ["account_login", "participants:status", "participants:recover", "register"])
def test_known_and_unknown_cost_the_same_statements(
    client: Client, world: dict[str, Any], door: str, django_assert_max_num_queries: Any
) -> None:
    """Time tells as much as words: what is known may cost so many statements more, and no change makes it more."""
    counts = [statements(world, door, known) for known in (True, False)]
    assert abs(counts[0] - counts[1]) <= MORE.get(door, 0), counts


# A wrong PIN is counted on the entry that exists, a code is sent where there is somebody to send it to, and the owner
# of a known number is told that it was used.
MORE = {"participants:status": 4, "participants:recover": 14, "account_login": 1, "register": 7}


def statements(world: dict[str, Any], door: str, known: bool) -> int:
    entry, name = world["entry"], cast.treasurer().username
    batch = factories.batch(world["batch"].program)
    asked = {
        "account_login": (
            reverse("account_login"),
            {"login": name if known else "tidak.ada", "password": "x"},
        ),
        "participants:status": (
            reverse("participants:status"),
            {"code": entry.code if known else "ZZZZZZZZ", "pin": "000000"},
        ),
        "participants:recover": (reverse("participants:recover"), {"code": entry.code if known else "ZZZZZZZZ"}),
        "register": (form_url(batch), typed(7, nik=entry.nik if known else "9971015207990777")),
    }[door]
    client = Client()
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.post(*asked)
    return len(captured)


def test_drafts_cannot_be_listed_by_number(client: Client, world: dict[str, Any]) -> None:
    """A draft belongs to the device whose secret sealed it; its number in an address opens nothing."""
    first = Client()
    save = reverse("participants:draft_save", args=[world["batch"].program.slug, world["batch"].slug])
    first.post(save, typed(3))
    draft = RegistrationDraft.objects.get()
    for name in ("draft_forget", "draft_move"):
        assert client.post(reverse(f"participants:{name}", args=[draft.pk])).status_code == 404
    assert User.objects.exists()
    assert RegistrationDraft.objects.count() == 1
