"""What the search for people on file twice costs at 10,000 and at 100,000 cards: the whole search, then one night."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import GeneratedField, Model

from accounts.models import Agency
from bench import cpu
from bench.people import LAST, MEN, WOMEN
from bench.registry import Result
from participants import actions
from participants.models import Person, PersonPair, PersonTrace, Registration
from participants.queries import doubles
from tests import cast, factories

SMALL, LARGE = 10_000, 100_000
# One of so many is on file a second time, and as many with another birth date and telephone and the same firm.
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
SELECT {columns}, full_name, {birth_date}, phone || '1', email, md5(nik_hash) || md5('c' || nik_hash), nik_last4,
    name_key
FROM participants_person WHERE id %% %(twice)s = {rest}
"""
# Half of all name a firm on an entry. All live in one village, which is the worst for the block of firms.
FIRMS = """
INSERT INTO participants_registration ({into}, person_id, nik_hash, code, submission_key, queue_number, business_name)
SELECT {columns}, p.id, p.nik_hash, translate(lpad(upper(to_hex(p.id * 7919 %% 4294967291)), 8, '2'), '01', 'XY'),
    md5(p.id::text)::uuid, 1000 + p.id, 'Batik ' || (%(first)s::text[])[1 + (random() * %(firsts)s)::int] || ' '
        || (%(last)s::text[])[1 + (random() * %(lasts)s)::int]
FROM participants_registration r, participants_person p
WHERE r.id = %(pattern)s AND p.id %% 2 = 0
    AND NOT EXISTS (SELECT 1 FROM participants_registration own WHERE own.person_id = p.id)
"""
FIRMS_AGAIN = """
INSERT INTO participants_registration ({into}, person_id, nik_hash, code, submission_key, queue_number, business_name)
SELECT {columns}, p.id, p.nik_hash, translate(lpad(upper(to_hex(p.id * 7919 %% 4294967291)), 8, '2'), '01', 'XY'),
    md5(p.id::text)::uuid, 1000 + p.id, 'UD. ' || r.business_name
FROM participants_registration r
JOIN participants_person p ON p.nik_hash = md5(r.nik_hash) || md5('c' || r.nik_hash)
"""
# Who shares one of these meets in another block too.
OTHERWISE = ["birth_date", "birth_near", "phone", "email"]
OF_A_CARD = {"id", "full_name", "birth_date", "phone", "email", "nik_hash", "nik_last4", "name_key"}
OF_AN_ENTRY = {"id", "person_id", "nik_hash", "code", "submission_key", "queue_number", "business_name"}
COMPARED = """
WITH card AS MATERIALIZED ({card}),
crowd AS MATERIALIZED (SELECT {parts} FROM card GROUP BY {parts} HAVING count(*) > %(most)s)
SELECT count(*) FROM card a JOIN card b ON {block} AND a.id < b.id
WHERE NOT EXISTS (SELECT 1 FROM crowd WHERE {crowded})
"""


def measures() -> Iterator[Result]:
    agency = cast.home_agency()
    factories.region_tree()
    pattern = factories.registration(factories.batch(factories.program(agency)))
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
    pairs_found = PersonPair.objects.all()
    by_firm = pairs_found.filter(reasons__contains=["business_name"]).exclude(reasons__overlap=OTHERWISE).count()
    name = f"{cards:,} cards, {pairs_found.count():,} pairs found, {by_firm:,} of them by the firm"
    return Result(name, figures, f"all {pairs:,} pairs", compared / pairs, at_most=0.001)


def _columns(model: type[Model], made: set[str]) -> str:
    """What every new row has of the pattern."""
    fields = model._meta.concrete_fields
    names = (str(one.column) for one in fields if not isinstance(one, GeneratedField))
    return ", ".join(name for name in names if name not in made)


def _fill(pattern: Registration, count: int, start: int) -> None:
    first, last = [*WOMEN.split(), *MEN.split()], LAST.split()
    values: dict[str, Any] = {
        "first": first,
        "firsts": len(first) - 1,
        "last": last,
        "lasts": len(last) - 1,
        "twice": TWICE,
    }
    values |= {"pattern": pattern.person_id, "count": count, "from": start}
    people, entries = _columns(Person, OF_A_CARD), _columns(Registration, OF_AN_ENTRY)
    of_an_entry = values | {"pattern": pattern.pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(FILL.format(columns=people), values)
        cursor.execute(FIRMS.format(columns=_of("r", entries), into=entries), of_an_entry)
        if start <= 1:
            for rest, born in ((0, "birth_date"), (TWICE // 2, "date '1955-01-01' + (random() * 18000)::int")):
                cursor.execute(AGAIN.format(columns=people, rest=rest, birth_date=born), values)
            cursor.execute(FIRMS_AGAIN.format(columns=_of("r", entries), into=entries), of_an_entry)
        cursor.execute("ANALYZE participants_person, participants_registration")


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{name}" for name in columns.split(", "))


def _cost(agency: Agency) -> float:
    """CPU of this process and of the database's server, with all its workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    server = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    before = cpu.seconds([os.getpid(), server])
    actions.find_doubles(agency=agency, by=None)
    return cpu.seconds([os.getpid(), server]) - before


def _night(agency: Agency, pattern: Registration) -> float:
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
                COMPARED.format(card=doubles.card_of(step.block), parts=parts, block=block, crowded=crowded),
                values,
            )
            total += cursor.fetchone()[0]
    return total
