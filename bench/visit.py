"""A resident's visit: open the form, send it, see the confirmation; being told that it is full."""

import uuid
from collections.abc import Iterator

from django.db import connection
from django.test import Client

from bench.database import bare_tables, open_batch
from bench.registry import Result, compare
from tests import factories
from tests.participants.public_form import form_url, typed

FLOOR = """
WITH seat AS (UPDATE bench_batch SET taken = taken + 1 WHERE id = 1 RETURNING taken),
entry AS (INSERT INTO bench_entry (number, key, name) SELECT taken, %s, 'Warga' FROM seat RETURNING id)
INSERT INTO bench_message (entry, body) SELECT id, 'Pendaftaran' FROM entry
"""


def measures() -> Iterator[Result]:
    batch, client, numbers = open_batch(), Client(), iter(range(4_000, 9_999))

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [str(uuid.uuid4())])

    def post() -> None:
        response = client.post(form_url(batch), typed(next(numbers)))
        assert response.status_code == 302

    with bare_tables():
        yield compare("register(): one action", lambda: factories.registration(batch), "one bare statement", floor, 30)
        yield compare("register: whole POST", post, "one bare statement", floor, 30)
