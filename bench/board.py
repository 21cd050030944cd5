"""What the chair's board costs with 300 entries and 9 jurors, against the bare query and a bare page."""

import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.template import engines
from django.urls import reverse

from incentives.models import Competition
from tests.incentives.sitting import browser
from tests.incentives.test_views_jury import whole_jury

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MOST = 3
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


def fastest(work: Callable[[], object], times: int = 7) -> float:
    took = []
    for _time in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def test_board_costs_at_most_three_times_the_bare_query_and_page() -> None:
    competition, chair = whole_jury()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incentives_scoresheet, incentives_score, incentives_entry")
    client, url = browser(chair), reverse("incentives:jury_board")
    board = fastest(lambda: client.get(url))
    least = fastest(lambda: bare(competition))
    assert board <= MOST * least, f"{board * 1000:.0f} ms against {least * 1000:.0f} ms"
