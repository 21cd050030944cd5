"""The measures themselves. Each runs beside its floor or contender, interleaved, and keeps the median."""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.management import call_command
from django.db import connection
from django.middleware.csrf import get_token
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kit.pages import keyset_page
from participants.forms import RegistrationForm
from participants.models import Registration
from programs.models import Batch
from regions.actions import load_regions
from regions.models import Region
from tests import cast, factories
from tests.participants.public_form import form_url, typed

ROUNDS = 7


@dataclass
class Result:
    name: str
    ms: float
    cpu_ms: float
    against: str = ""
    ratio: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def row(self, width: int) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{self.name:{width}}  {self.ms:9.2f}  {self.cpu_ms:8.2f}  {self.against:>24}  {ratio:>6}"


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Milliseconds of wall and of this process's CPU for one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _time in range(times):
        work()
    return (time.perf_counter() - wall) * 1000 / times, (time.process_time() - cpu) * 1000 / times


def compare(name: str, work: Callable[[], object], floor_name: str, floor: Callable[[], object], times: int) -> Result:
    pairs = [(timed(work, times), timed(floor, times)) for _round in range(ROUNDS)]
    wall = statistics.median(ours[0] for ours, _theirs in pairs)
    cpu = statistics.median(ours[1] for ours, _theirs in pairs)
    ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in pairs)
    return Result(name, wall, cpu, floor_name, ratio)


def all_measures() -> list[Result]:
    connection.cursor().execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    return [*loading(), *searching(), *form_page(), *registering(), *listing()]


def loading() -> Iterator[Result]:
    first = timed(lambda: load_regions(), 1)
    again = timed(lambda: load_regions(), 1)
    yield Result("load 91,599 regions", *first)
    yield Result("load again, nothing to do", *again, "first load", again[0] / first[0])


def searching() -> Iterator[Result]:
    def bare(key: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT code FROM regions_region WHERE search_key = %s LIMIT 20", [key])
            return cursor.fetchall()

    def search(text: str) -> list[Region]:
        return list(Region.objects.search(text))

    for text in ("Bendan Kergon", "bendan kregon", "tidakadanamaini"):
        key = text.lower().replace(" ", "")
        yield compare(
            f"search all regions: {text}",
            partial(search, text),
            "bare exact query",
            partial(bare, key),
            20,
        )


class PlainForm(forms.Form):
    """The contender: thirteen fields as Django draws them."""

    locals().update({f"field_{number}": forms.CharField(label=f"Field {number}") for number in range(11)})
    sex = forms.ChoiceField(choices=[("f", "Woman"), ("m", "Man")], widget=forms.RadioSelect)
    birth_date = forms.DateField(widget=forms.SelectDateWidget)


def _batch() -> Batch:
    return factories.batch(factories.program(cast.home_agency()), quota=9_000, waiting_quota=10)


def form_page() -> Iterator[Result]:
    batch, client = _batch(), Client()
    plain = engines["django"].from_string("<form method=post>{% csrf_token %}{{ form.as_div }}</form>")

    def contender() -> str:
        request = RequestFactory().get("/")
        get_token(request)
        return str(plain.render({"form": PlainForm()}, request))

    def fields_only() -> str:
        text = '{% include "participants/parts/declaration_fields.html" %}'
        return str(engines["django"].from_string(text).render({"form": RegistrationForm(batch=batch)}))

    page = form_url(batch)
    yield compare("form page, whole request", lambda: client.get(page), "13 Django fields", contender, 20)
    yield compare("the form's fields alone", fields_only, "13 Django fields", contender, 20)


FLOOR = """
WITH seat AS (UPDATE bench_batch SET taken = taken + 1 WHERE id = 1 RETURNING taken),
entry AS (INSERT INTO bench_entry (number, key, name) SELECT taken, %s, 'Warga' FROM seat RETURNING id)
INSERT INTO bench_message (entry, body) SELECT id, 'Pendaftaran' FROM entry
"""


@contextmanager
def bare_tables() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_batch (id int PRIMARY KEY, taken int)")
        cursor.execute("CREATE TABLE bench_entry (id bigserial PRIMARY KEY, number int, key text UNIQUE, name text)")
        cursor.execute("CREATE TABLE bench_message (id bigserial PRIMARY KEY, entry bigint, body text)")
        cursor.execute("INSERT INTO bench_batch VALUES (1, 0)")
        yield
        cursor.execute("DROP TABLE bench_message, bench_entry, bench_batch")


def registering() -> Iterator[Result]:
    batch, client, numbers = _batch(), Client(), iter(range(4_000, 9_999))

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [str(uuid.uuid4())])

    def post() -> None:
        response = client.post(form_url(batch), typed(next(numbers)))
        assert response.status_code == 302

    with bare_tables():
        yield compare("register(): one action", lambda: factories.registration(batch), "one bare statement", floor, 30)
        yield compare("register: whole POST", post, "one bare statement", floor, 30)
    full = factories.batch(factories.program(cast.home_agency()), quota=1, waiting_quota=0)
    factories.registration(full)

    def told_full() -> None:
        assert client.post(form_url(full), typed(next(numbers))).status_code == 422

    yield compare("told that it is full", told_full, "register: whole POST", post, 30)


def listing() -> Iterator[Result]:
    """A page deep in a long list against the first page of a short one, with the same number of queries."""
    batch = _batch()
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
