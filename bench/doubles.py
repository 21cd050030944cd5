"""What the search for people on file twice costs at 10,000 and at 100,000 cards: the whole search, then one night."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import GeneratedField

from accounts.models import Agency
from bench import cpu
from bench.people import LAST, MEN, WOMEN
from bench.registry import Result
from participants import actions
from participants.models import Person, PersonPair, PersonTrace
from participants.queries import doubles
from tests import cast, factories

SMALL, LARGE = 10_000, 100_000
# One of so many is on file a second time, with another spelling of the day.
TWICE = 100
NEW_IN_A_DAY = 200
# Pairs grow faster than cards, as two of a crowd are born on one day; all that costs must stay near the cards.
MOST_GROWTH = 1.5
FILL = """
INSERT INTO participants_person ({columns}, full_name, birth_date, phone, email, nik_hash, nik_last4, name_key)
SELECT {columns}, made.name, date '1955-01-01' + (random() * 18000)::int, '+62812' || lpad(made.n::text, 8, '0'), '',
    md5(made.n::text) || md5('b' || made.n), lpad((made.n %% 10000)::text, 4, '0'), upper(made.name)
FROM participants_person, (
    SELECT n + %(from)s AS n, (%(first)s::text[])[1 + (random() * %(firsts)s)::int] || ' '
        || (%(last)s::text[])[1 + (random() * %(lasts)s)::int]
        || CASE WHEN random() < 0.6 THEN ' ' || (%(last)s::text[])[1 + (random() * %(lasts)s)::int] ELSE '' END AS name
    FROM generate_series(1, %(count)s) n
) made WHERE id = %(pattern)s
"""
AGAIN = """
INSERT INTO participants_person ({columns}, full_name, birth_date, phone, email, nik_hash, nik_last4, name_key)
SELECT {columns}, full_name, birth_date, phone || '1', email, md5(nik_hash) || md5('c' || nik_hash), nik_last4, name_key
FROM participants_person WHERE id %% %(twice)s = 0
"""
COMPARED = """
WITH card AS MATERIALIZED ({card}),
crowd AS MATERIALIZED (SELECT {parts} FROM card GROUP BY {parts} HAVING count(*) > %(most)s)
SELECT count(*) FROM card a JOIN card b ON {block} AND a.id < b.id
WHERE NOT EXISTS (SELECT 1 FROM crowd WHERE {crowded})
"""


def measures() -> Iterator[Result]:
    agency = cast.home_agency()
    factories.region_tree()
    pattern = Person.objects.create(agency=agency, **factories.declaration().columns()).pk
    found = {}
    for cards in (SMALL, LARGE):
        held = Person.objects.count()
        _fill(pattern, cards - held, held)
        PersonTrace.objects.all().delete()
        PersonPair.objects.all().delete()
        whole, night = _cost(agency), _night(agency, pattern)
        compared, people = _compared(agency.pk), Person.objects.count()
        found[cards] = whole
        yield _line(cards, whole, night, compared, people)
    growth = found[LARGE] / found[SMALL]
    linear = LARGE / SMALL
    figures = {"times as long": growth}
    yield Result(f"{SMALL:,} -> {LARGE:,} cards", figures, f"{linear:g} times", growth / linear, at_most=MOST_GROWTH)


def _line(cards: int, whole: float, night: float, compared: int, people: int) -> Result:
    pairs = people * (people - 1) // 2
    figures = {"CPU s": whole, f"CPU s for {NEW_IN_A_DAY} new": night, "pairs compared": float(compared)}
    name = f"{cards:,} cards, {PersonPair.objects.count():,} pairs found"
    return Result(name, figures, f"all {pairs:,} pairs", compared / pairs, at_most=0.001)


def _columns() -> str:
    made = {"id", "full_name", "birth_date", "phone", "email", "nik_hash", "nik_last4", "name_key"}
    fields = Person._meta.concrete_fields
    names = (str(one.column) for one in fields if not isinstance(one, GeneratedField))
    return ", ".join(name for name in names if name not in made)


def _fill(pattern: int, count: int, start: int) -> None:
    first, last = [*WOMEN.split(), *MEN.split()], LAST.split()
    values: dict[str, Any] = {
        "first": first,
        "firsts": len(first) - 1,
        "last": last,
        "lasts": len(last) - 1,
        "twice": TWICE,
    }
    values |= {"pattern": pattern, "count": count, "from": start}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(FILL.format(columns=_columns()), values)
        if start <= 1:
            cursor.execute(AGAIN.format(columns=_columns()), values)
        cursor.execute("ANALYZE participants_person")


def _cost(agency: Agency) -> float:
    """CPU of this process and of the database's server, with all its workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    server = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    before = cpu.seconds([os.getpid(), server])
    actions.find_doubles(agency=agency, by=None)
    return cpu.seconds([os.getpid(), server]) - before


def _night(agency: Agency, pattern: int) -> float:
    _fill(pattern, NEW_IN_A_DAY, 10 * LARGE + Person.objects.count())
    return _cost(agency)


def _compared(agency_id: int) -> int:
    """Pairs that share some block, each block for itself: what the search has to score."""
    total = 0
    for step in doubles.passes():
        block, parts = doubles.BLOCKS[step.block]
        crowded = " AND ".join(f"crowd.{name} = a.{name}" for name in parts.split(", "))
        values: dict[str, Any] = {
            "agency": agency_id,
            "low": step.low,
            "high": step.high,
            "most": doubles.LARGEST_BLOCK,
        }
        with connection.cursor() as cursor:
            cursor.execute(
                COMPARED.format(card=doubles.CARD, parts=parts, block=block, crowded=crowded),
                values,
            )
            total += cursor.fetchone()[0]
    return total
