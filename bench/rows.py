"""Lists and searches at a million people, each against its bare query on a bare page, by CPU."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, RoleAssignment, User
from accounts.roles import Role
from bench import people
from bench.bare import bare_client
from bench.registry import ROUNDS, Result
from kit.sealed import seal
from participants.models import Registration
from programs.models import Batch

AT_MOST = 3
TIMES = 8
OFFICE = "jawa-tengah"


@dataclass(frozen=True)
class Case:
    """A page of ours, and the name and the parameters of its bare query."""

    name: str
    client: Client
    path: str
    asked: dict[str, Any]
    bare: str
    given: dict[str, Any]


def measures() -> Iterator[Result]:
    usual, url = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    took = people.use_million(url)
    try:
        if took:
            yield Result("build a million people", {"s": took})
        yield from _measured()
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = usual


def _measured() -> Iterator[Result]:
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # so that this one process does all the work
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    bare = bare_client()
    bare.force_login(_person("telanjang", Role.PROGRAM_OFFICER, "33"))
    for case in _cases():
        yield _compared(case, bare, backend)


def _compared(case: Case, bare: Client, backend: int) -> Result:
    def ours() -> None:
        assert case.client.get(case.path, case.asked).status_code == 200, case.name

    def theirs() -> None:
        assert bare.get(f"/{case.bare}/", case.given).status_code == 200, case.bare

    ours()
    theirs()
    pairs = [(_cpu(ours, backend), _cpu(theirs, backend)) for _round in range(ROUNDS)]
    figures = {
        "CPU ms": statistics.median(sum(own) for own, _other in pairs),
        "of it PostgreSQL": statistics.median(own[1] for own, _other in pairs),
        "bare CPU ms": statistics.median(sum(other) for _own, other in pairs),
    }
    ratio = statistics.median(sum(own) / sum(other) for own, other in pairs)
    return Result(case.name, figures, f"bare {case.bare}", ratio, at_most=AT_MOST)


def _cpu(work: Callable[[], None], backend: int) -> tuple[float, float]:
    """Milliseconds of this process and of its PostgreSQL for one call."""
    database, own = _nanoseconds(backend), time.process_time_ns()
    for _time in range(TIMES):
        work()
    own, database = time.process_time_ns() - own, _nanoseconds(backend) - database
    return own / TIMES / 1e6, database / TIMES / 1e6


def _nanoseconds(pid: int) -> int:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def _person(name: str, role: Role, region: str) -> User:
    office = Agency.objects.get(slug=OFFICE)
    user = User.objects.filter(username=name).first() or User.objects.create_user(name, agency=office, full_name=name)
    RoleAssignment.objects.get_or_create(user=user, role=role, agency=office, region_id=region)
    return user


def _client(name: str, role: Role, region: str) -> Client:
    client = Client()
    client.force_login(_person(name, role, region))
    return client


def _cases() -> Iterator[Case]:
    office = Agency.objects.get(slug=OFFICE)
    wide = _client("lebar", Role.PROGRAM_OFFICER, "33")
    yield from _searches(wide, "whole office")
    yield from _searches(_client("sempit", Role.VILLAGE_OFFICER, "33.01.01.2001"), "one village")
    yield from _entries(wide)
    last = {"agency": office.pk, "before": 10**12}
    deep = {"agency": office.pk, "before": people.PEOPLE // 2}
    end = {"agency": office.pk, "before": 2_000}
    batches, messages = reverse("participants:batch_list"), reverse("notifications:message_list")
    yield Case("batches, what is urgent first", wide, batches, {}, "batches", last)
    middle = {"agency": office.pk, "before": people.PEOPLE // 80}
    yield Case(
        "batches of all years, middle", wide, batches, {"state": "all", "after": middle["before"]}, "batches", middle
    )
    yield Case(
        "batches of all years, back", wide, batches, {"state": "all", "before": middle["before"]}, "batches", middle
    )
    trail, auditor = reverse("accounts:audit_list"), _client("inspektur", Role.AUDITOR, "33")
    for name, client, path in (("messages", wide, messages), ("trail", auditor, trail)):
        for place, given in (("first page", last), ("middle", deep), ("last page", end)):
            yield Case(f"{name}, {place}", client, path, {"after": given["before"]}, name, given)
        yield Case(f"{name}, back", client, path, {"before": deep["before"]}, name, deep)
    yield from _trail(auditor, office.pk)
    failed = {"agency": office.pk, "before": deep["before"]}
    asked = {"state": "failed", "after": deep["before"]}
    yield Case("messages that failed, middle", wide, messages, asked, "failed", failed)
    yield Case("downloads", wide, reverse("jobs:job_list"), {}, "jobs", {})
    yield Case("today", wide, reverse("workspace"), {}, "batches", last)
    yield Case("duplicates of a crowd", wide, reverse("participants:duplicate_list", args=[_crowd().pk]), {}, *_first())
    yield Case("trainings, for everybody", Client(), reverse("programs:program_list"), {}, "public", {})
    for text in (people.RARE, people.COMMON):
        yield Case(f"messages to {text}", wide, messages, {"q": seal(text)}, "message", {"text": f"%{text}%"})


def _crowd() -> Batch:
    return Batch.objects.order_by("-last_queue_number")[0]


def _first() -> tuple[str, dict[str, Any]]:
    return "entries", {"batch": _crowd().pk, "after": 0}


def _trail(client: Client, agency: int) -> Iterator[Case]:
    """What inspectors filter by: a rare action, a common one, one person, a week and a year of long ago."""
    path = reverse("accounts:audit_list")
    for name, action in (("rare", "registration.identity_revealed"), ("common", "registration.created")):
        given = {"agency": agency, "action": action, "before": 10**12}
        yield Case(f"trail of a {name} action", client, path, {"action": action}, "actions", given)
    officer = User.objects.get(username="pembangun")
    given = {"agency": agency, "actor": officer.pk, "before": 10**12}
    yield Case("trail of one person", client, path, {"actor": officer.username}, "actor", given)
    for name, first, last in (("week", "2021-03-01", "2021-03-07"), ("year", "2019-01-01", "2019-12-31")):
        given = {"agency": agency, "since": first, "until": last}
        yield Case(f"trail of a {name} long ago", client, path, {"since": first, "until": last}, "period", given)


def _searches(client: Client, who: str) -> Iterator[Case]:
    path = reverse("participants:registration_search")
    code = Registration.objects.only("code").get(pk=people.PEOPLE // 2 + 7).code
    names = {"rare": people.RARE, "commonest": people.COMMON, "unknown": "Tidakadanamaini", "middling": "Kamaka"}
    for kind, text in names.items():
        yield Case(f"search {kind} name, {who}", client, path, {"q": seal(text)}, "name", {"text": f"%{text}%"})
    yield Case(f"search code, {who}", client, path, {"q": seal(code)}, "code", {"text": code})
    yield Case(f"search last four, {who}", client, path, {"q": seal("1234")}, "last4", {"text": "1234"})


def _entries(client: Client) -> Iterator[Case]:
    """A batch with 20,000 entries and one with 40."""
    crowd = _crowd()
    path, end = reverse("participants:registration_list", args=[crowd.pk]), crowd.last_queue_number - 50
    places = {
        "first page": {},
        "middle": {"after": "10000"},
        "last page": {"after": str(end)},
        "back": {"before": "9000"},
    }
    for place, asked in places.items():
        given = {"batch": crowd.pk, "after": asked.get("after", asked.get("before", 0))}
        yield Case(f"entries of a crowd, {place}", client, path, asked, "entries", given)
    waiting = {"batch": crowd.pk, "after": 15_000}
    yield Case("entries of a crowd, in line", client, path, {"seat": "waiting", "after": "15000"}, "entries", waiting)
    usual = Batch.objects.filter(program__agency__slug=OFFICE, last_queue_number__range=(38, 50)).order_by("-pk")[0]
    usual_path = reverse("participants:registration_list", args=[usual.pk])
    yield Case("entries of a batch", client, usual_path, {}, "entries", {"batch": usual.pk, "after": 0})
