"""Every page that can be opened takes the same number of queries at 10 and at 10,000 rows of everything."""

from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from jobs.models import Job
from kit.sealed import seal
from notifications.models import Message
from participants.models import Broadcast, ImportRow, Registration, RegistrationImport
from programs.models import Batch
from tests.ikm_portal.test_access import CAST, TABLE, address, letter, world

__all__ = ["world"]

FEW, MANY = 10, 10_000
# What differs from row to row, as PostgreSQL computes it from the number `n` of the copy.
OWN: dict[type, dict[str, str]] = {
    Batch: {"slug": "'salinan-' || n", "last_queue_number": "0", "seats_held": "0", "seats_offered": "0"},
    Registration: {
        "code": "to_hex(n + 268435456)",
        "submission_key": "md5('salinan' || n)::uuid",
        "queue_number": "1000 + n",
        "person_id": "NULL",
        "nik_hash": "encode(sha256(('salinan' || n)::bytea), 'hex')",
        "name_key": "'WARGA ' || n",
        "birth_date": "birth_date - n / 50",
        "phone": "'+6281' || lpad(n::text, 9, '0')",
    },
    Message: {"key": "'salinan ' || n", "message_id": "'<salinan' || n || '@contoh>'"},
    AuditEntry: {},
    Job: {},
    Broadcast: {},
    RegistrationImport: {"file_name": "'daftar-' || n || '.xlsx'"},
    ImportRow: {"number": "2 + n"},
}
# A list that is empty without a question is asked one.
ASKED = {"participants:registration_search": {"q": "warga"}, "notifications:message_list": {"q": "warga"}}
# These do work instead of showing rows, and the work is counted elsewhere.
NO_LISTS: dict[str, str] = {}


def copy(row: Any, first: int, last: int) -> None:
    """The row once for each number, by one statement."""
    own = OWN[type(row)]
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(own.get(column, f'"{column}"') for column in columns)
    table = row._meta.db_table
    source = f"FROM {table}, generate_series({first}, {last}) n WHERE {table}.id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} {source}", [row.pk])
        cursor.execute(f"ANALYZE {table}")


def queries(name: str, world: dict[str, Any], clients: dict[str, Client]) -> int | None:
    """How many the page takes for the first of the cast whom it lets in; None where it lets in nobody."""
    letters = dict(zip(CAST, TABLE[name][1], strict=True))
    person = next((who for who in ("program_officer", *CAST) if letters[who] == "I"), None)
    if person is None:
        return None
    asked = {key: seal(text) for key, text in ASKED.get(name, {}).items()}
    cache.clear()
    reset_queries()  # Django keeps 9,000 statements
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        response = clients[person].get(address(name, world), asked)
        assert letter(response) == "I", name
        transaction.set_rollback(True)  # whoever looks may be noted; the next look finds the same world
    return len(captured)


def pages() -> Iterator[str]:
    yield from (name for name, (method, _letters) in TABLE.items() if method == "get" and name not in NO_LISTS)


def test_pages_take_the_same_queries_at_10_and_10000_rows(world: dict[str, Any]) -> None:
    clients = {}
    for name, person in CAST.items():
        clients[name] = Client()
        if person is not None:
            clients[name].force_login(person())
    rows = [world["batch"], world["entry"], world["message"], world["job"], world["broadcast"]]
    rows += [world["list"], world["list"].rows.get()]
    rows += [AuditEntry.objects.filter(agency=world["batch"].program.agency).latest("pk")]
    assert {type(row) for row in rows} == set(OWN)
    for row in rows:
        copy(row, 1, FEW)
    for name in pages():  # what is read once in a process or a session
        queries(name, world, clients)
    few = {name: queries(name, world, clients) for name in pages()}
    for row in rows:
        copy(row, FEW + 1, MANY)
    many = {name: queries(name, world, clients) for name in pages()}
    assert {name: (few[name], many[name]) for name in pages() if few[name] != many[name]} == {}
