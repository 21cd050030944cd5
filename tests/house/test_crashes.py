"""What a rush of registrations keeps when parts are killed, when the disk fills, and when a provider is slow."""

import asyncio
import contextlib
import html
import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.participants.public_form import typed
from tests.support.stack import Page, Stack, Visitor, free_port, hidden, running_stack, wait_until

VISITORS = 120
AT_ONCE = 12
PATIENCE = 120

SEED = """
from tests import cast, factories
program = factories.program(cast.home_agency(), duplicate_rule="never")
for number in range(3):
    batch = factories.batch(program, quota=30, waiting_quota=60)
    print(f"/pelatihan/{program.slug}/{batch.slug}/daftar/")
"""


@dataclass
class Receiver:
    """A mail server that counts how often each message was taken; `pause` makes it a slow one."""

    pause: float = 0.0
    taken: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        assert isinstance(envelope.content, bytes)
        await asyncio.sleep(self.pause)
        self.taken[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 OK"


def key_of(form: dict[str, str]) -> str:
    """The form's own key, without its signature."""
    return str(UUID(form["submission_key"].partition(":")[0]))


@dataclass
class Rush:
    """Visitors who press again until they see their receipt, some at a time."""

    stack: Stack
    paths: list[str]
    keys: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, count: int) -> None:
        numbers = iter(range(1, count + 1))
        choosing = threading.Lock()

        def work() -> None:
            while True:
                with choosing:
                    number = next(numbers, None)
                if number is None:
                    return
                try:
                    self.keys.append(self.visit(number))
                except Exception as error:
                    self.failures.append(f"{type(error).__name__}: {error}")
                    return

        self.threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
        for thread in self.threads:
            thread.start()

    def visit(self, number: int) -> str:
        """Form, submission, receipt; the key of the form that was acknowledged."""
        visitor, path = Visitor(self.stack.port), self.paths[number % len(self.paths)]
        form: dict[str, str] = {}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if not form:
                    page = visitor.get(path)
                    if page.status == 200:
                        token, key = hidden(page, "csrfmiddlewaretoken"), hidden(page, "submission_key")
                        form = typed(number, csrfmiddlewaretoken=token, submission_key=key)
                    else:
                        assert page.status >= 500, page.status
                else:
                    page = visitor.post(path, form)
                    if page.status == 302 and visitor.get(page.location).status == 200:
                        return key_of(form)
                    assert page.status in {302} or page.status >= 500, f"{page.status}: {page.text[:2000]}"
            except (OSError, HTTPException):
                time.sleep(0.1)
        raise AssertionError("no receipt in time")

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.keys) >= count or self.failures, PATIENCE, lambda: len(self.keys))
        assert self.failures == []

    def end(self) -> None:
        for thread in self.threads:
            thread.join(PATIENCE)
        assert self.failures == []


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, int]]:
    handler, port = Receiver(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def assert_nothing_was_lost(stack: Stack, keys: list[str]) -> None:
    written = Counter(str(key) for (key,) in stack.rows("SELECT submission_key FROM participants_registration"))
    assert written == Counter(keys)
    assert (
        stack.rows(
            "SELECT id FROM programs_batch b WHERE seats_held <> (SELECT count(*) FROM participants_registration r"
            " WHERE r.batch_id = b.id AND seat = 'held') OR waiting_count <> (SELECT count(*) FROM"
            " participants_registration r WHERE r.batch_id = b.id AND seat = 'waiting') OR seats_held > quota"
        )
        == []
    )
    told = stack.rows("SELECT count(DISTINCT subject_id), count(*) FROM notifications_message")
    assert told == [(len(keys), len(keys))]


def deliver_the_rest(stack: Stack) -> None:
    """The clock goes on: what the dead had claimed is taken from them, what was put off is due, the sweep comes."""

    def swept() -> bool:
        stack.rows(
            "UPDATE notifications_message SET claimed_at = claimed_at - interval '1 hour'"
            " WHERE state = 'sending' AND claimed_at < now() - interval '10 seconds'"
        )
        stack.rows("UPDATE notifications_message SET not_before = now() WHERE state = 'queued'")
        stack.call("notifications.tasks.sweep")
        time.sleep(2)
        return stack.rows("SELECT count(*) FROM notifications_message WHERE state <> 'sent'") == [(0,)]

    wait_until(swept, PATIENCE, lambda: stack.said("worker"))


def test_nothing_acknowledged_is_lost_whatever_is_killed(open_folder: Path, receiver: tuple[Receiver, int]) -> None:
    mail, port = receiver
    mail.pause = 0.02
    with running_stack(open_folder, EMAIL_URL=f"smtp://127.0.0.1:{port}") as stack:
        rush = Rush(stack, stack.python(SEED).split())
        stack.start("web")
        stack.start("worker")
        rush.begin(VISITORS)
        rush.wait_for(15)
        stack.kill("worker")
        stack.start("worker")
        rush.wait_for(30)
        stack.kill_server("valkey")
        rush.wait_for(len(rush.keys) + 12)  # visitors are served while the broker is down
        stack.keep()
        stack.kill_one_child("web")
        rush.wait_for(60)
        stack.kill("web")
        stack.start("web")
        rush.wait_for(80)
        stack.kill_server("postgres")
        time.sleep(0.5)
        stack.keep()
        rush.wait_for(100)
        stack.kill("worker")
        rush.end()
        assert len(rush.keys) == VISITORS
        assert_nothing_was_lost(stack, rush.keys)
        stack.start("worker")
        deliver_the_rest(stack)
        written = {row[0] for row in stack.rows("SELECT message_id FROM notifications_message")}
        assert set(mail.taken) == written
        # Two processes delivered; the worker was killed twice, the database once under it.
        # Each has at most two mails between hand-over and note.
        assert sum(mail.taken.values()) - len(written) <= 2 * 3 * 2


@pytest.fixture
def small_disk(open_folder: Path) -> Iterator[Path]:
    """A disk of its own for the servers, small enough to be filled."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700m,mode=0755", "tmpfs", str(open_folder)], check=True)
    yield open_folder
    subprocess.run(["umount", "--lazy", str(open_folder)], check=True)


def fill(folder: Path) -> Path:
    """Leaves no byte free."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"0" * 65536)
    return ballast


def test_a_full_disk_refuses_in_words_and_loses_nothing(small_disk: Path, receiver: tuple[Receiver, int]) -> None:
    mail, port = receiver
    with running_stack(small_disk, EMAIL_URL=f"smtp://127.0.0.1:{port}") as stack:
        rush = Rush(stack, stack.python(SEED).split())
        stack.start("web")
        stack.start("worker")
        keys = [rush.visit(number) for number in range(1, 4)]
        ballast = fill(small_disk)
        visitor, form, number = Visitor(stack.port), {}, 3
        page = Page(302, "", "")
        while page.status == 302:  # what still fits into pages on the disk is taken
            number += 1
            assert number < 200
            blank = visitor.get(rush.paths[0])
            token, key = hidden(blank, "csrfmiddlewaretoken"), hidden(blank, "submission_key")
            form = typed(number, csrfmiddlewaretoken=token, submission_key=key)
            page = visitor.post(rush.paths[0], form)
            keys.append(key_of(form))  # the last one is refused now and taken when there is room again
        assert page.status == 503
        assert "Isian Anda tidak hilang" in page.text
        assert {name: hidden(page, name) for name in form if name != "csrfmiddlewaretoken"} == {
            name: html.escape(str(value)) for name, value in form.items() if name != "csrfmiddlewaretoken"
        }
        assert json.loads(visitor.get("/readyz").text)["parts"]["disk"]["state"] == "ill"
        ballast.unlink()
        form["csrfmiddlewaretoken"] = hidden(page, "csrfmiddlewaretoken")
        wait_until(lambda: visitor.post(rush.paths[0], form).status == 302, PATIENCE, lambda: stack.said("web"))
        assert_nothing_was_lost(stack, keys)
        deliver_the_rest(stack)
        assert set(mail.taken) == {row[0] for row in stack.rows("SELECT message_id FROM notifications_message")}


def test_a_database_that_is_away_keeps_what_was_typed_but_no_password(open_folder: Path) -> None:
    with running_stack(open_folder) as stack:
        path = stack.python(SEED).split()[0]
        stack.start("web")
        visitor = Visitor(stack.port)
        page = visitor.get(path)
        form = typed(1, submission_key=hidden(page, "submission_key"))
        form["csrfmiddlewaretoken"] = hidden(page, "csrfmiddlewaretoken")
        sign_in = hidden(visitor.get("/masuk/"), "csrfmiddlewaretoken")
        stack.kill_server("postgres")
        page = visitor.post(path, form)
        assert (page.status, hidden(page, "nik")) == (503, form["nik"])
        secret = {"login": "petugas", "password": "rahasia-sekali", "csrfmiddlewaretoken": sign_in}
        refused = visitor.post("/masuk/", secret)
        assert (refused.status, "rahasia-sekali" in refused.text) == (503, False)
        assert "<form" not in visitor.post(path, form | {"csrfmiddlewaretoken": "forged"}).text
        stack.keep()
        form["csrfmiddlewaretoken"] = hidden(page, "csrfmiddlewaretoken")
        wait_until(lambda: visitor.post(path, form).status == 302, PATIENCE, lambda: stack.said("web"))
        assert_nothing_was_lost(stack, [key_of(form)])


def told_of_channels(stack: Stack) -> dict[str, str]:
    told: dict[str, str] = json.loads(Visitor(stack.port).get("/readyz").text)["parts"]["channels"]
    return told


def test_a_slow_provider_keeps_no_visitor_waiting(open_folder: Path, receiver: tuple[Receiver, int]) -> None:
    mail, port = receiver
    mail.pause = 3.0
    settings = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "MESSAGES_LATE_SECONDS": "1"}
    with running_stack(open_folder, **settings) as stack:
        rush = Rush(stack, stack.python(SEED).split())
        stack.start("web")
        stack.start("worker")
        rush.begin(AT_ONCE)
        rush.end()
        assert len(rush.keys) == AT_ONCE
        assert sum(mail.taken.values()) < AT_ONCE  # all have their receipts while the provider still works
        wait_until(lambda: told_of_channels(stack)["state"] == "warning", 20)
        assert told_of_channels(stack)["says"] == "Messages wait for 0 minutes: a provider is slow or away."
        wait_until(
            lambda: stack.rows("SELECT count(*) FROM notifications_message WHERE state <> 'sent'") == [(0,)],
            PATIENCE,
            lambda: stack.said("worker"),
        )
        assert sorted(mail.taken.values()) == [1] * AT_ONCE
