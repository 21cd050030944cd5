"""The database that every subject begins with: migrated and empty."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from programs.models import Batch
from tests import cast, factories


def fresh() -> None:
    """The schema anew, since the trail refuses to be emptied."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)


def open_batch(quota: int = 9_000, waiting_quota: int = 10) -> Batch:
    """A batch with room for whatever a measure registers."""
    return factories.batch(factories.program(cast.home_agency()), quota=quota, waiting_quota=waiting_quota)


@contextmanager
def bare_tables() -> Iterator[None]:
    """The least that a seat transaction can be written into, with 27 batches."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_message, bench_entry, bench_batch")
        cursor.execute("CREATE TABLE bench_batch (id int PRIMARY KEY, taken int)")
        cursor.execute("CREATE TABLE bench_entry (id bigserial PRIMARY KEY, number int, key text UNIQUE, name text)")
        cursor.execute("CREATE TABLE bench_message (id bigserial PRIMARY KEY, entry bigint, body text)")
        cursor.execute("INSERT INTO bench_batch SELECT n, 0 FROM generate_series(1, 27) n")
        yield
        cursor.execute("DROP TABLE bench_message, bench_entry, bench_batch")
