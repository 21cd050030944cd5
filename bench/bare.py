"""What a list is held against: the bare indexed query on a page of a Django project as `startproject` makes it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import override_settings
from django.urls import path

MIDDLEWARE = [
    "bench.bare.here",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ENTRY = """
SELECT '/kerja/pendaftar/' || r.id, r.full_name, r.code, b.name, g.name, r.nik_last4, r.phone, r.seat, r.check_state,
    r.created_at
FROM participants_registration r JOIN programs_batch b ON b.id = r.batch_id
JOIN regions_region g ON g.code = b.region_id
"""
TRAIL = """
SELECT '', e.action, e.at, e.actor_label, e.object_type, e.object_id, e.changes, a.short_name
FROM accounts_auditentry e JOIN accounts_agency a ON a.id = e.agency_id
"""
QUERIES = {
    "name": f"{ENTRY} WHERE upper(r.full_name) LIKE upper(%(text)s) LIMIT 50",
    "code": f"{ENTRY} WHERE r.code = %(text)s LIMIT 50",
    "last4": f"{ENTRY} WHERE r.nik_last4 = %(text)s LIMIT 50",
    "entries": f"{ENTRY} WHERE r.batch_id = %(batch)s AND r.queue_number > %(after)s ORDER BY r.queue_number LIMIT 50",
    "batches": """
SELECT '/kerja/angkatan/' || b.id, g.name, b.name, p.name, b.state, b.seats_held, b.quota, b.waiting_count, b.starts_at,
    open.pending, open.needs_fix, open.doubtful
FROM programs_batch b CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE check_state = 'pending') AS pending,
        count(*) FILTER (WHERE check_state = 'needs_fix') AS needs_fix,
        count(*) FILTER (WHERE person_id IS NULL) AS doubtful
    FROM participants_registration r WHERE r.batch_id = b.id AND r.seat IN ('held', 'waiting', 'offered')
) open JOIN programs_program p ON p.id = b.program_id JOIN regions_region g ON g.code = b.region_id
WHERE p.agency_id = %(agency)s AND b.id < %(before)s ORDER BY b.id DESC LIMIT 30
""",
    "messages": """
SELECT '/kerja/pesan/' || m.id, m.subject, m.recipient_name, m.recipient_address, m.channel, m.state, m.created_at
FROM notifications_message m WHERE m.agency_id = %(agency)s AND m.id < %(before)s ORDER BY m.id DESC LIMIT 50
""",
    "message": """
SELECT '/kerja/pesan/' || m.id, m.subject, m.recipient_name, m.recipient_address, m.channel, m.state, m.created_at
FROM notifications_message m WHERE upper(m.recipient_name) LIKE upper(%(text)s) LIMIT 50
""",
    "trail": f"""{TRAIL}
WHERE e.agency_id = %(agency)s AND e.id < %(before)s ORDER BY e.id DESC LIMIT 50
""",
    "actions": f"""{TRAIL}
WHERE e.agency_id = %(agency)s AND e.action = %(action)s AND e.id < %(before)s ORDER BY e.id DESC LIMIT 50
""",
    "actor": f"""{TRAIL}
WHERE e.agency_id = %(agency)s AND e.actor_id = %(actor)s AND e.id < %(before)s ORDER BY e.id DESC LIMIT 50
""",
    "period": f"""{TRAIL}
WHERE e.agency_id = %(agency)s AND e.at >= %(since)s AND e.at < %(until)s::date + 1 ORDER BY e.id DESC LIMIT 50
""",
    "failed": """
SELECT '/kerja/pesan/' || m.id, m.subject, m.recipient_name, m.recipient_address, m.channel, m.state, m.created_at
FROM notifications_message m WHERE m.agency_id = %(agency)s AND m.state = 'failed' AND m.id < %(before)s
ORDER BY m.id DESC LIMIT 50
""",
    "jobs": "SELECT '', j.title, j.state, j.created_at FROM jobs_job j ORDER BY j.id DESC LIMIT 30",
    "public": """
SELECT '', p.name, p.summary, g.name, b.name, b.starts_at, b.quota, b.seats_held FROM programs_batch b
JOIN programs_program p ON p.id = b.program_id JOIN regions_region g ON g.code = b.region_id
WHERE b.state = 'published' AND b.registration_closes_at > now() ORDER BY b.starts_at LIMIT 30
""",
}
PAGE = Engine().from_string("""<!doctype html>
<html lang="id"><head><title>Daftar</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}
<td>{% if forloop.first %}<a href="{{ cell }}">{% else %}{{ cell }}{% endif %}</td>{% endfor %}
</tr>{% endfor %}</table></body></html>""")


@login_required
def rows(request: HttpRequest, name: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[name], request.GET.dict())
        return HttpResponse(PAGE.render(Context({"rows": cursor.fetchall()})))


urlpatterns = [path("<str:name>/", rows)]


def here(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    def answer(request: HttpRequest) -> Any:
        request.urlconf = "bench.bare"  # as Django's documentation says
        return get_response(request)

    return answer


def bare_client() -> Client:
    client = Client()
    client.handler = ClientHandler()
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        client.handler.load_middleware()
    return client
