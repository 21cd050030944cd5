"""Which cards of an office may be one person: pairs made by blocks that PostgreSQL can hash, never all against all.

Only pairs with a card that is new or changed since the last search are compared; the first search compares all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from kit.names import BUSINESS_MAX, sound_key
from participants.models import Person, PersonTrace
from participants.rules import LIKELY, WEIGHTS, telling_business

# A block that is larger says nothing: the day on which a bad list has everybody born, the telephone of an office.
LARGEST_BLOCK = 400
STEP = 5000
DIGEST = """md5(concat_ws('|', full_name, birth_date, phone, lower(email), nik_hash, sex, region_id,
    array_to_string(named.firms, '|')))"""
# A page of cards, so that each is looked at once however many of them changed.
PAGE = """
SELECT max(id) FROM (
    SELECT id FROM participants_person WHERE agency_id = %(agency)s AND id > %(after)s ORDER BY id LIMIT %(limit)s) page
"""
CHANGED = f"""
SELECT p.id, p.full_name, coalesce(named.firms, '{{}}'), {DIGEST}
FROM participants_person p
LEFT JOIN participants_persontrace t
    ON t.person_id = p.id AND t.person_id > %(after)s AND t.person_id <= %(last)s
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT r.business_name ORDER BY r.business_name) AS firms
    FROM participants_registration r WHERE r.person_id = p.id AND r.business_name <> ''
) named
WHERE p.agency_id = %(agency)s AND p.id > %(after)s AND p.id <= %(last)s AND p.anonymised_at IS NULL
    AND p.restricted_at IS NULL AND (t.person_id IS NULL OR t.digest <> {DIGEST})
"""  # noqa: S608 - own text
KEEP = """
INSERT INTO participants_persontrace (person_id, sound_key, business_keys, business_sounds, digest, is_new)
SELECT p.id, made.sound_key, string_to_array(made.firms, '|'), string_to_array(made.sounds, '|'), made.digest, true
FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[])
    AS made (id, sound_key, firms, sounds, digest)
JOIN participants_person p ON p.id = made.id
ON CONFLICT (person_id) DO UPDATE SET sound_key = excluded.sound_key, business_keys = excluded.business_keys,
    business_sounds = excluded.business_sounds, digest = excluded.digest, is_new = true
"""
CARD = """
SELECT p.id, p.name_key, t.sound_key, p.birth_date, p.phone, lower(p.email) AS email, p.nik_last4, p.is_temporary,
    p.region_id, t.is_new, extract(year FROM p.birth_date) AS y, extract(month FROM p.birth_date) AS m,
    extract(day FROM p.birth_date) AS d, {firm} AS firm
FROM participants_person p JOIN participants_persontrace t ON t.person_id = p.id
WHERE p.agency_id = %(agency)s AND p.anonymised_at IS NULL AND p.restricted_at IS NULL
    AND p.birth_date >= %(low)s AND p.birth_date < %(high)s
"""
NEAR = "(a.m = b.m AND a.d = b.d OR a.y = b.y AND (a.m = b.m OR a.d = b.d OR a.m = b.d AND a.d = b.m))"
# In each line the first that holds counts.
TESTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("name", "a.name_key = b.name_key AND a.name_key <> ''"),
        ("sound", "a.sound_key = b.sound_key AND a.sound_key <> ''"),
        ("similar", "similarity(a.name_key, b.name_key) >= 0.5"),
    ),
    (("birth_date", "a.birth_date = b.birth_date"), ("birth_near", NEAR)),
    (("phone", "a.phone = b.phone AND a.phone <> ''"),),
    (("email", "a.email = b.email AND a.email <> ''"),),
    (("last4", "a.nik_last4 = b.nik_last4 AND NOT a.is_temporary AND NOT b.is_temporary"),),
    (("region", "a.region_id = b.region_id"),),
)
# A firm is one line as well: its name, or at least its kind. Asked last, and only where it can still decide.
SAME_NAME = """
EXISTS (SELECT 1 FROM participants_persontrace r, participants_persontrace s
    WHERE r.person_id = first AND s.person_id = second AND (r.business_sounds && s.business_sounds OR EXISTS (
        SELECT 1 FROM unnest(r.business_keys) AS one, unnest(s.business_keys) AS other
        WHERE similarity(one, other) >= 0.5)))
"""
SAME_KIND = """
EXISTS (SELECT 1 FROM participants_registration r JOIN participants_registration s ON s.business_kind = r.business_kind
    WHERE r.person_id = first AND s.person_id = second AND r.business_kind <> '')
"""
SAME_SOUND = "a.sound_key = b.sound_key AND a.sound_key <> ''"
# Of two at one firm only such can be likely that meet in no other block; and it is cheap to ask.
NAME_OR_NUMBER = f"({SAME_SOUND} OR a.nik_last4 = b.nik_last4)"
BLOCKS: dict[str, tuple[str, str]] = {
    "birth_date": ("a.birth_date = b.birth_date", "birth_date"),
    "month": (f"{SAME_SOUND} AND a.y = b.y AND a.m = b.m", "sound_key, y, m"),
    "day": (f"{SAME_SOUND} AND a.m = b.m AND a.d = b.d", "sound_key, m, d"),
    "day_of_year": (f"{SAME_SOUND} AND a.y = b.y AND a.d = b.d", "sound_key, y, d"),
    "turned": (f"{SAME_SOUND} AND a.y = b.y AND a.m = b.d AND a.d = b.m", "sound_key, y"),
    "phone": ("a.phone = b.phone AND a.phone <> ''", "phone"),
    "email": ("a.email = b.email AND a.email <> ''", "email"),
    "firm": (f"a.firm = b.firm AND a.region_id = b.region_id AND {NAME_OR_NUMBER}", "firm, region_id"),
}


def _cases(value: str) -> list[str]:
    told = {"reason": lambda reason: f"'{reason}'", "weight": lambda reason: str(WEIGHTS[reason])}[value]
    other = {"reason": "NULL", "weight": "0"}[value]
    return [
        "CASE " + " ".join(f"WHEN {test} THEN {told(reason)}" for reason, test in line) + f" ELSE {other} END"
        for line in TESTS
    ]


SCORE = " + ".join(f"({case})" for case in _cases("weight"))
REASONS = f"array_remove(ARRAY[{', '.join(_cases('reason'))}], NULL)"
FIND = f"""
WITH card AS MATERIALIZED ({{card}}),
crowd AS MATERIALIZED (SELECT {{parts}} FROM card GROUP BY {{parts}} HAVING count(*) > {LARGEST_BLOCK}),
alike AS MATERIALIZED (
    SELECT a.id AS first, b.id AS second, {REASONS} AS reasons, {SCORE} AS score
    FROM card a JOIN card b ON {{block}} AND a.id < b.id
    WHERE (a.is_new OR b.is_new) AND ({SCORE}) >= {LIKELY - WEIGHTS["business_name"]}
        AND NOT EXISTS (SELECT 1 FROM crowd WHERE {{crowded}})
), judged AS MATERIALIZED (
    SELECT first, second, reasons, score,
        CASE WHEN {SAME_NAME} THEN 'business_name' WHEN {SAME_KIND} THEN 'business' END AS firm
    FROM alike
), told AS (
    SELECT first, second, array_remove(array_append(reasons, firm), NULL) AS reasons,
        score + CASE firm WHEN 'business_name' THEN {WEIGHTS["business_name"]}
            WHEN 'business' THEN {WEIGHTS["business"]} ELSE 0 END AS score
    FROM judged
)
INSERT INTO participants_personpair (agency_id, first_id, second_id, score, reasons, found_at, decision, note)
SELECT DISTINCT %(agency)s, first, second, least(score, 100), reasons, %(now)s, 'open', ''
FROM told WHERE score >= {LIKELY}
ON CONFLICT (first_id, second_id) DO UPDATE
    SET score = excluded.score, reasons = excluded.reasons, found_at = excluded.found_at
"""  # noqa: S608 - own text
# What is no longer alike, because one of the two was corrected; decisions stay.
FORGET = """
DELETE FROM participants_personpair q USING participants_persontrace t
WHERE q.agency_id = %(agency)s AND q.decision = 'open' AND q.found_at < %(now)s AND q.score > 0
    AND t.person_id IN (q.first_id, q.second_id) AND t.is_new
"""
SETTLE = """
UPDATE participants_persontrace t SET is_new = false FROM participants_person p
WHERE p.id = t.person_id AND p.agency_id = %(agency)s AND t.is_new AND t.person_id = ANY(%(keys)s)
"""


@dataclass(frozen=True)
class Pass:
    """One statement of a search: a block, within years of birth where that makes the work shorter."""

    block: str
    low: date = date.min
    high: date = date.max


def passes() -> Iterator[Pass]:
    edges = [date.min, *(date(year, 1, 1) for year in range(1950, 2020, 10)), date.max]
    for low, high in zip(edges, edges[1:], strict=False):
        yield Pass("birth_date", low, high)
    for block in BLOCKS:
        if block != "birth_date":
            yield Pass(block)


def card_of(block: str) -> str:
    """What is read of each card; in the block of firms once for each that the person named."""
    return CARD.format(firm="unnest(t.business_sounds)" if block == "firm" else "''")


def trace_changed(agency_id: int, after: int) -> int | None:
    """The sounds of what is new or was changed among the next cards; the key to go on from, None at the end."""
    with connection.cursor() as cursor:
        cursor.execute(PAGE, {"agency": agency_id, "after": after, "limit": STEP})
        last: int | None = cursor.fetchone()[0]
        cursor.execute(CHANGED, {"agency": agency_id, "after": after, "last": last})
        rows = cursor.fetchall()
        traces = [(key, sound_key(name), *_told_firms(firms, name), digest) for key, name, firms, digest in rows]
        if traces:
            cursor.execute(KEEP, [list(column) for column in zip(*traces, strict=True)])
    return last


def _told_firms(firms: Sequence[str], owner: str) -> tuple[str, str]:
    """What tells them from others, and how it sounds; neither is ever written with a bar."""
    keys = sorted({key for firm in firms if (key := telling_business(firm, owner)[:BUSINESS_MAX])})
    return "|".join(keys), "|".join(sorted({sound_key(key) for key in keys} - {""}))


def new_keys(agency_id: int) -> list[int]:
    traces = PersonTrace.objects.filter(is_new=True, person__agency=agency_id)
    return list(traces.order_by("pk").values_list("pk", flat=True))


def find_pairs(agency_id: int, step: Pass, now: datetime) -> None:
    block, parts = BLOCKS[step.block]
    crowded = " AND ".join(f"crowd.{name} = a.{name}" for name in parts.split(", "))
    statement = FIND.format(block=block, parts=parts, crowded=crowded, card=card_of(step.block))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"agency": agency_id, "now": now, "low": step.low, "high": step.high})


def settle_search(agency_id: int, keys: list[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"agency": agency_id, "now": now})
        cursor.execute(SETTLE, {"agency": agency_id, "keys": keys})


def maybe_same(agency_id: int, full_name: str, birth_date: date) -> list[Person]:
    """Cards with this birth date whose name sounds like this one, for the counter; newest first."""
    born_then = Person.objects.filter(agency=agency_id, birth_date=birth_date).select_related("region").defer("nik")
    wanted = sound_key(full_name)
    return [card for card in born_then.order_by("-pk")[:200] if sound_key(card.full_name) == wanted]
