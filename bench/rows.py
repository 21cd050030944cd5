"""Lists: a page costs the same wherever it lies and however long the list is."""

import uuid
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.database import open_batch
from bench.registry import Result, compare
from kit.pages import keyset_page
from participants.models import Registration
from tests import factories


def measures() -> Iterator[Result]:
    """A page deep in a long list against the first page of a short one, with the same number of queries."""
    batch = open_batch()
    for _row in range(10):
        factories.registration(batch)
    proto = Registration.objects.filter(batch=batch).latest("pk")
    rows = []
    for number in range(20_000):
        row = Registration.objects.model(
            **{field.attname: getattr(proto, field.attname) for field in proto._meta.fields}
        )
        row.pk, row.code, row.submission_key = None, f"B{number:07d}", uuid.uuid4()
        row.queue_number, row.seat, row.person_id, row.batch_id = 100 + number, "released", None, batch.pk
        rows.append(row)
    Registration.objects.bulk_create(rows, batch_size=2_000)
    short = Registration.objects.filter(batch=batch).active()
    long = Registration.objects.filter(batch=batch)
    middle = str(long.order_by("pk")[10_000].pk)
    with CaptureQueriesContext(connection) as queries:
        keyset_page(long, {"after": middle})
    assert len(queries) == 1
    yield compare(
        "page 200 of 20,000 entries",
        lambda: keyset_page(long, {"after": middle}),
        "page 1 of 10 entries",
        lambda: keyset_page(short, {}),
        20,
    )
