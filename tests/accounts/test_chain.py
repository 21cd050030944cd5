"""The chain of the trail: nothing is left out or sealed twice, and whatever is done to it afterwards is found."""

import datetime as dt
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from accounts import chain
from accounts.actions import record, seal_entries
from accounts.models import AuditEntry, AuditSeal, SealMark
from ikm_portal.tasks import witness_trail

pytestmark = pytest.mark.django_db(transaction=True)
BLOCK = "accounts.actions.sealing.BLOCK"


def note(count: int = 1, action: str = "sign_in.failed") -> list[int]:
    return [record(action=action, by=None, purpose=f"nomor {number}").pk for number in range(count)]


def sealed_ids() -> list[int]:
    return [
        entry for seal in AuditSeal.objects.order_by("number") for entry, _ in chain.RECORD.iter_unpack(seal.entries)
    ]


def all_ids() -> list[int]:
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


@contextmanager
def past_the_guards() -> Iterator[Callable[..., None]]:
    """As a superuser of the database may: the triggers that refuse do not run."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor.execute


@contextmanager
def unfinished(work: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """A transaction of another connection that did its work and does not end before it is told to."""
    done, go = threading.Event(), threading.Event()

    def run() -> None:
        with transaction.atomic():
            work()
            done.set()
            go.wait(20)
        connection.close()

    def finish() -> None:
        go.set()
        thread.join(20)

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(20)
    yield finish
    finish()


def test_every_entry_is_sealed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BLOCK, 4)
    note(10)
    assert seal_entries() == 10
    note(3)
    assert (seal_entries(), seal_entries()) == (3, 0)
    assert sealed_ids() == all_ids()
    assert [seal.count for seal in AuditSeal.objects.order_by("number")] == [4, 4, 2, 3]


def test_lower_number_that_commits_later_is_waited_for() -> None:
    """The entry with the lower number is not there yet when the one with the higher number is."""
    with unfinished(note) as finish:
        note(2)
        assert seal_entries() == 0
        finish()
    assert seal_entries() == 3
    assert sealed_ids() == all_ids()


def test_long_transaction_without_entries_yet_joins_a_later_seal() -> None:
    """It has an id but no number: what it writes later gets a number above all that was sealed."""
    go_on = threading.Event()

    def slow() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")

    def old() -> None:
        with transaction.atomic():
            slow()
            started.set()
            go_on.wait(20)
            note()
        connection.close()

    started = threading.Event()
    thread = threading.Thread(target=old)
    thread.start()
    assert started.wait(20)
    note(2)
    assert seal_entries() == 0
    go_on.set()
    thread.join(20)
    assert seal_entries() == 3
    assert sealed_ids() == all_ids()
    assert chain.verify().finding is None


def test_rolled_back_numbers_leave_no_hole_that_looks_like_a_removal() -> None:
    with transaction.atomic():
        note(3)
        transaction.set_rollback(True)
    note(2)
    assert seal_entries() == 2
    assert chain.verify().finding is None


@pytest.mark.race
def test_sealers_and_writers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BLOCK, 5)
    stop = threading.Event()

    def write(number: int) -> None:
        for turn in range(12):
            with transaction.atomic():
                note(1 + turn % 3)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(%s)", [0.005 * (number % 3)])
        connection.close()

    def seal() -> None:
        while not stop.is_set():
            seal_entries()
        connection.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    for thread in sealers:
        thread.join(60)
    seal_entries()
    assert sealed_ids() == all_ids()
    assert len(set(sealed_ids())) == 4 * 24
    assert chain.verify().finding is None


def test_mark_of_another_server_holds_nothing_up() -> None:
    """After a restore into a new server the numbers of transactions begin anew."""
    note(2)
    SealMark.objects.create(pk=1, last_id=all_ids()[-1], xid=2**40)
    assert seal_entries() == 2


@pytest.mark.parametrize(
    ("statement", "fault", "entry"),
    [
        ("UPDATE accounts_auditentry SET purpose = 'lain' WHERE id = %(third)s", "changed", 2),
        ("UPDATE accounts_auditentry SET at = at + interval '1 microsecond' WHERE id = %(third)s", "changed", 2),
        ("DELETE FROM accounts_auditentry WHERE id = %(third)s", "removed", 2),
        ("DELETE FROM accounts_auditentry WHERE id = %(last)s", "removed", 7),
        ("DELETE FROM accounts_auditseal WHERE number = 1", "seal_removed", None),
        ("UPDATE accounts_auditseal SET sealed_at = now() WHERE number = 2", "seal_changed", None),
        ("UPDATE accounts_auditseal SET entries = '\\x00' WHERE number = 2", "seal_changed", None),
    ],
)
def test_tampering_is_found(monkeypatch: pytest.MonkeyPatch, statement: str, fault: str, entry: int | None) -> None:
    monkeypatch.setattr(BLOCK, 4)
    keys = note(8)
    seal_entries()
    assert chain.verify().finding is None
    with past_the_guards() as execute:
        execute(statement, {"third": keys[2], "last": keys[7]})
    finding = chain.verify().finding
    assert finding is not None
    assert (finding.fault, finding.entry) == (fault, None if entry is None else keys[entry])


def test_swapped_and_inserted_entries_are_found() -> None:
    with transaction.atomic():
        note()
        transaction.set_rollback(True)
    keys = note(4)
    seal_entries()
    row = AuditEntry.objects.get(pk=keys[1])
    with past_the_guards() as execute:
        row.pk = keys[0] - 1
        row.save(force_insert=True)
    assert chain.verify().finding == chain.Finding(chain.Fault.INSERTED, 1, keys[0] - 1)
    with past_the_guards() as execute:
        execute("DELETE FROM accounts_auditentry WHERE id = %s", [keys[0] - 1])
        execute("UPDATE accounts_auditentry SET id = 0 WHERE id = %s", [keys[1]])
        execute("UPDATE accounts_auditentry SET id = %s WHERE id = %s", [keys[1], keys[2]])
        execute("UPDATE accounts_auditentry SET id = %s WHERE id = 0", [keys[2]])
    assert chain.verify().finding == chain.Finding(chain.Fault.CHANGED, 1, keys[1])


def test_entry_before_the_first_is_found() -> None:
    (key,) = note()
    seal_entries()
    row = AuditEntry.objects.get(pk=key)
    row.pk = -5
    row.save(force_insert=True)
    assert chain.verify().finding == chain.Finding(chain.Fault.INSERTED, 1, -5)


def rewrite() -> None:
    """Everything anew, with right hashes, as somebody could who owns the database."""
    with past_the_guards() as execute:
        execute("UPDATE accounts_auditentry SET purpose = 'lain'")
        execute("DELETE FROM accounts_auditseal")
    seal_entries()


def verified(*arguments: str) -> str:
    output = StringIO()
    call_command("verify_audit", *arguments, stdout=output, stderr=output)
    return output.getvalue()


def test_chain_written_anew_is_found_by_its_witness(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_WITNESS_FILE = str(tmp_path / "witness")
    note(3)
    seal_entries()
    witness_trail()
    note(2)
    seal_entries()
    witness_trail()
    assert "2 noted heads agree." in verified("--against", str(tmp_path / "witness"))
    rewrite()
    assert "5 entries in 1 seals fit" in verified()
    with pytest.raises(CommandError, match="written anew"):
        verified("--against", str(tmp_path / "witness"))


def test_end_of_the_chain_cut_off_is_found_by_its_witness(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_WITNESS_FILE = str(tmp_path / "witness")
    keys = [*note(2)]
    seal_entries()
    keys += note(2)
    seal_entries()
    witness_trail()
    with past_the_guards() as execute:
        execute("DELETE FROM accounts_auditseal WHERE number = 2")
        execute("DELETE FROM accounts_auditentry WHERE id > %s", [keys[1]])
    assert chain.verify().finding is None
    with pytest.raises(CommandError, match="seal 2 is missing"):
        verified("--against", str(tmp_path / "witness"))


def test_key_apart_from_the_database_stops_the_rewriting(settings: Settings) -> None:
    settings.AUDIT_SEAL_KEYS = {1: b"k" * 32}
    note(2)
    seal_entries()
    assert chain.verify().finding is None
    settings.AUDIT_SEAL_KEYS = {1: b"x" * 32}
    assert chain.verify().finding == chain.Finding(chain.Fault.SEAL_CHANGED, 1)
    settings.AUDIT_SEAL_KEYS = {}
    assert chain.verify().finding == chain.Finding(chain.Fault.KEY_MISSING, 1)
    note()
    seal_entries()
    settings.AUDIT_SEAL_KEYS = {1: b"k" * 32}
    assert chain.verify().finding == chain.Finding(chain.Fault.SEAL_CHANGED, 2)


def test_verify_audit_tells_head_and_begins_where_it_is_told() -> None:
    note(3)
    seal_entries()
    note(2)
    seal_entries()
    note()
    head = AuditSeal.objects.get(number=2).hash
    assert verified().splitlines()[-1] == f"head: 2 {head}"
    assert verified("--from", "2").startswith("2 entries in 1 seals fit")
    assert "1 are not sealed yet" in verified()
    with pytest.raises(CommandError, match="seal 8 is missing"):
        verified("--from", "9")


@pytest.mark.parametrize("content", ["x", "2026 1 abc", f"a 1 {'a' * 64}\nb 1 {'b' * 64}"])
def test_verify_audit_refuses_a_witness_that_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "witness").write_text(content)
    with pytest.raises(CommandError, match="witness"):
        verified("--against", str(tmp_path / "witness"))


def test_verify_needs_no_more_memory_for_more_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    peaks = []
    monkeypatch.setattr("accounts.chain.CHUNK", 100)
    monkeypatch.setattr(BLOCK, 100)
    for _turn in range(2):
        AuditEntry.objects.bulk_create(
            AuditEntry(actor_label="x", action="a.b", purpose="y" * 200) for _ in range(2000)
        )
        seal_entries()
        tracemalloc.start()
        chain.verify()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


def test_encoding_is_the_documented_one() -> None:
    """The bytes must never change: what was sealed years ago is checked with them."""
    values: dict[str, Any] = dict.fromkeys(chain.FIELDS, "")
    moment = dt.datetime(2024, 7, 1, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    values |= {"id": 7, "at": moment, "actor_id": None, "agency_id": 1, "changes": {"b": [1, None], "a": "é"}}
    assert chain.encoded(values) == (
        b"\x01"
        b'{"action":"","actor_id":null,"actor_label":"","agency_id":1,"at":"2024-07-01T02:30:00.000000Z",'
        b'"changes":{"a":"\xc3\xa9","b":[1,null]},"id":7,"ip":"","object_id":"","object_type":"","purpose":"",'
        b'"region_code":"","request_id":"","role":"","subject_id":"","subject_type":""}'
    )


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("accounts_audit_seal_one_after_another", {"number": 2, "first_id": 9, "last_id": 9}),
        ("accounts_audit_seal_first_once", {"number": 2, "previous_hash": "b" * 64}),
        ("accounts_audit_seal_covers_entries", {"number": 2, "previous_hash": "b" * 64, "first_id": 5, "count": 0}),
    ],
)
def test_seal_constraint_is_kept(constraint: str, fields: dict[str, Any]) -> None:
    values = {"first_id": 1, "last_id": 1, "count": 1, "entries": b"", "previous_hash": "a" * 64}
    AuditSeal.objects.create(number=1, **values)
    with pytest.raises(IntegrityError, match=constraint):
        AuditSeal.objects.create(**{**values, **fields})


def test_mark_constraint_is_kept() -> None:
    with pytest.raises(IntegrityError, match="accounts_seal_mark_single"):
        SealMark.objects.create(pk=2, last_id=1, xid=1)


@pytest.mark.parametrize("statement", ["UPDATE accounts_auditseal SET count = 2", "DELETE FROM accounts_auditseal"])
def test_seal_is_append_only(statement: str) -> None:
    note()
    seal_entries()
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_transaction_of_another_database_is_not_waited_for() -> None:
    """Numbers of transactions are shared by all databases of a server."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    other = psycopg2.connect(url)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            note(3)
            assert seal_entries() == 3
    finally:
        other.close()
