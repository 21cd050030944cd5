"""A resident's visit: open the form, send it, see the confirmation; being told that it is full."""

import itertools
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import psycopg2
from django.db.models import F

from bench import cpu, web
from bench.database import bare_tables, open_batch
from bench.load import AT_ONCE, Browser, hidden_fields, path_of, rush
from bench.registry import Result
from programs.models import Batch
from tests.factories import BENDAN_KERGON
from tests.participants.public_form import form_url, typed

BATCHES = 27
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
VISITS = int(os.environ.get("BENCH_VISITS", "270"))


@dataclass
class Site:
    """One contender: where its forms stand, and what it has cost."""

    server: web.Server
    pages: Sequence[str]
    typed: Callable[[int], dict[str, str]]
    marker: bytes
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    browsers: threading.local = field(default_factory=threading.local)

    def browser(self) -> Browser:
        """The connection of this thread, of a visitor who was never here before."""
        if not hasattr(self.browsers, "kept"):
            self.browsers.kept = Browser(self.server.port)
        browser: Browser = self.browsers.kept
        browser.cookies.clear()
        return browser

    def visit(self, page: str) -> None:
        browser = self.browser()
        form = browser.get(page)
        assert form.status == 200, form.status
        sent = browser.post(page, self.typed(next(self.numbers)) | hidden_fields(form))
        assert sent.status == 302, (sent.status, sent.text[-2000:])
        shown = browser.get(path_of(sent.location))
        assert shown.status == 200, shown.status
        assert self.marker in shown.text.encode()

    def rush(self, pages: Sequence[str], visits: int) -> "Cost":
        chosen = itertools.islice(itertools.cycle(pages), visits)
        return cost(self.server, [partial(self.visit, page) for page in chosen])


@dataclass(frozen=True)
class Cost:
    """Of one operation: CPU of web and database, and how many a second there were."""

    web_ms: float
    database_ms: float
    per_second: float

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.database_ms


def cost(server: web.Server, works: Sequence[Callable[[], None]]) -> Cost:
    roots = ([server.pid], web.database_pids())
    before = [cpu.seconds(pids) for pids in roots]
    began = time.perf_counter()
    rush(works)
    took = time.perf_counter() - began
    spent = [(cpu.seconds(pids) - former) * 1000 / len(works) for pids, former in zip(roots, before, strict=True)]
    return Cost(spent[0], spent[1], len(works) / took)


def measures() -> Iterator[Result]:
    batches = [open_batch() for _number in range(BATCHES)]
    with bare_tables(), web.portal() as served, web.minimal() as contender:
        ours = Site(served, [form_url(batch) for batch in batches], _typed, b"ticket-code")
        theirs = Site(contender, [f"/{number}/" for number in range(1, BATCHES + 1)], _typed_plainly, b'class="code"')
        for site in (ours, theirs):
            site.rush(site.pages, 2 * AT_ONCE)
        rounds = [_round(ours, theirs, batches) for _number in range(ROUNDS)]
        yield from _results(rounds)
        yield Result("peak memory of a web process", {"MB": cpu.peak_megabytes([served.pid])})
        yield Result("peak memory of a web process, minimal project", {"MB": cpu.peak_megabytes([contender.pid])})


def _round(ours: Site, theirs: Site, batches: Sequence[Batch]) -> dict[str, Cost]:
    """Everything once, interleaved."""
    return {
        "visit": ours.rush(ours.pages, VISITS),
        "minimal": theirs.rush(theirs.pages, VISITS),
        "hot": ours.rush(ours.pages[:1], VISITS),
        "minimal hot": theirs.rush(theirs.pages[:1], VISITS),
        **_told_full(ours, batches),
        "floor": _seat_transactions(),
    }


def _told_full(site: Site, batches: Sequence[Batch]) -> dict[str, Cost]:
    """Forms are opened while there are seats and sent when there are none; and pages of full batches are opened."""
    forms: list[tuple[str, dict[str, str], dict[str, str]]] = []

    def open_form(page: str) -> None:
        browser = site.browser()
        fields = hidden_fields(browser.get(page))
        forms.append((page, dict(browser.cookies), fields))

    def send(page: str, cookies: dict[str, str], fields: dict[str, str]) -> None:
        browser = site.browser()
        browser.cookies.update(cookies)
        answer = browser.post(page, _typed(next(site.numbers)) | fields)
        assert answer.status == 422, answer.status

    def look(page: str) -> None:
        assert site.browser().get(page).status == 200

    pages = list(itertools.islice(itertools.cycle(site.pages), VISITS))
    opened = cost(site.server, [partial(open_form, page) for page in pages])
    rows = Batch.objects.filter(pk__in=[batch.pk for batch in batches])
    kept = rows.first()
    assert kept is not None
    quotas = {"quota": kept.quota, "waiting_quota": kept.waiting_quota}
    rows.update(quota=F("seats_held"), waiting_quota=0)
    refused = cost(site.server, [partial(send, *form) for form in forms])
    looked = cost(site.server, [partial(look, page) for page in pages])
    rows.update(**quotas)
    return {"form": opened, "told full": refused, "full page": looked}


def _seat_transactions() -> Cost:
    """The floor: the same three writes as bare SQL, 32 at once over 27 batches."""
    local = threading.local()

    def write(number: int) -> None:
        if not hasattr(local, "door"):
            local.door = psycopg2.connect(**web.dsn())
        with local.door, local.door.cursor() as cursor:
            cursor.execute("INSERT INTO bench_entry (key, name) VALUES (gen_random_uuid(), 'Warga') RETURNING id")
            cursor.execute("INSERT INTO bench_message (entry, body) VALUES (%s, 'Pendaftaran')", cursor.fetchone())
            cursor.execute("UPDATE bench_batch SET taken = taken + 1 WHERE id = %s", [number % BATCHES + 1])

    rush([partial(write, number) for number in range(AT_ONCE)])
    roots, works = web.database_pids(), [partial(write, number) for number in range(4 * VISITS)]
    before, own, began = cpu.seconds(roots), time.process_time(), time.perf_counter()
    rush(works)
    took = time.perf_counter() - began
    share = 1000 / len(works)
    return Cost((time.process_time() - own) * share, (cpu.seconds(roots) - before) * share, len(works) / took)


def _results(rounds: Sequence[dict[str, Cost]]) -> Iterator[Result]:
    def figures(name: str) -> dict[str, float]:
        costs = [costs[name] for costs in rounds]
        return {
            "CPU ms": statistics.median(each.cpu_ms for each in costs),
            "of it database": statistics.median(each.database_ms for each in costs),
            "per s": statistics.median(each.per_second for each in costs),
        }

    def ratio(value: Callable[[dict[str, Cost]], float]) -> float:
        return statistics.median(value(costs) for costs in rounds)

    def cpu_ratio(name: str, other: str) -> float:
        return ratio(lambda costs: costs[name].cpu_ms / costs[other].cpu_ms)

    yield Result("seat transaction, bare SQL", figures("floor"))
    yield Result("whole visit, minimal project", figures("minimal"), "bare SQL", cpu_ratio("minimal", "floor"))
    visit = cpu_ratio("visit", "minimal")
    yield Result("whole visit over 27 batches", figures("visit"), "minimal project", visit, at_most=2.0)
    yield Result("open the form", figures("form"), "whole visit", cpu_ratio("form", "visit"))
    for name, title in (("told full", "told full on sending"), ("full page", "told full on opening")):
        yield Result(title, figures(name), "whole visit", cpu_ratio(name, "visit"), at_most=0.5)
    both = ratio(lambda costs: (costs["form"].cpu_ms + costs["told full"].cpu_ms) / costs["visit"].cpu_ms)
    yield Result("open the form, then told full", {}, "whole visit", both, at_most=0.5)
    hot = ratio(lambda costs: costs["hot"].per_second / costs["visit"].per_second)
    yield Result("whole visit, one hot batch", figures("hot"), "27 batches, per s", hot, at_least=0.7)
    rival = ratio(lambda costs: costs["minimal hot"].per_second / costs["minimal"].per_second)
    yield Result("minimal project, one hot batch", figures("minimal hot"), "27 batches, per s", rival)


def _typed(number: int) -> dict[str, str]:
    """Another resident each time; what the form itself hides is added by whoever opened it."""
    values = typed(number, nik=f"9971015207{number:06d}", phone=f"0812{number:08d}")
    del values["submission_key"]
    return values


def _typed_plainly(number: int) -> dict[str, str]:
    values = _typed(number)
    kept = {name: value for name, value in values.items() if not name.startswith("birth_date")}
    return kept | {"birth_date": "1999-07-12", "region": BENDAN_KERGON}
