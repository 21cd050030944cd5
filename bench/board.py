"""What 300 entries and 9 jurors cost with their rows: the chair's board against the bare query and page, a recount."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.template import engines
from django.urls import reverse

from bench.registry import Result, compare, promised
from incentives.models import Competition
from incentives.models import Result as Locked
from incentives.queries.facts import facts_of
from incentives.queries.recounting import Recount, recount
from tests.incentives.sitting import browser
from tests.incentives.test_views_jury import whole_jury

MOST = 3.0
RECOUNT = 1000.0
BARE = """{% extends "incentives/base_jury.html" %}{% block main %}<table>{% for row in rows %}
<tr><th><a href="{{ row.0 }}">{{ row.0 }}</a></th><td>{{ row.1 }}</td><td>{{ row.2|floatformat:2 }}</td></tr>
{% endfor %}</table>{% endblock %}"""
TOTALS = """
SELECT h.entry_id, h.juror_id, h.state, sum(s.value * c.weight / c.highest) FROM incentives_scoresheet h
JOIN incentives_score s ON s.sheet_id = h.id JOIN incentives_criterion c ON c.id = s.criterion_id
WHERE h.competition_id = %s GROUP BY h.id
"""


def bare(competition: Competition) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, [competition.pk])
        totals: dict[int, list[Decimal]] = {}
        for entry, _juror, _state, total in cursor.fetchall():
            totals.setdefault(entry, []).append(total)
        assert len(totals) == 300
    rows = [(entry, len(given), max(given) - min(given)) for entry, given in totals.items()]
    engines["django"].from_string(BARE).render({"rows": rows})


def locked(competition: Competition) -> Locked:
    assert competition.edition is not None
    facts = facts_of(competition)
    kept = {"inputs": facts.as_json(), "outcome": facts.outcome.as_json(), "sha256": facts.sha256}
    return Locked.objects.create(competition=competition, version=1, edition=competition.edition, **kept)


def recounted(result: Locked) -> Recount:
    """As the command does it: from the rows as they lie in the database."""
    found = recount(Locked.objects.select_related("edition", "competition__program").get(pk=result.pk))
    assert found.is_same
    return found


def measures() -> Iterator[Result]:
    competition, chair = whole_jury()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incentives_scoresheet, incentives_score, incentives_entry")
    client, url = browser(chair), reverse("incentives:jury_board")
    assert client.get(url).status_code == 200
    yield compare(
        "chair's board, 300 entries x 9 jurors",
        lambda: client.get(url),
        "bare query and page",
        lambda: bare(competition),
        times=3,
        at_most=MOST,
    )
    result = locked(competition)
    yield promised("a locked result of them recounted from its rows", RECOUNT, lambda: recounted(result))
