import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import record
from accounts.models import AuditEntry, RoleAssignment, User
from accounts.roles import Role
from tests import cast, factories

pytestmark = pytest.mark.django_db


def shown(client: Client, **filters: str) -> list[str]:
    """The actions on the page of the trail, newest first."""
    return [entry.action for entry in client.get("/kerja/jejak/", filters).context["page"].rows]


@pytest.fixture
def trail(client: Client) -> User:
    auditor, officer = cast.auditor(), cast.program_officer()
    client.force_login(auditor)
    record(action="batch.created", by=officer, target=officer, agency=auditor.agency)
    record(action="batch.cancelled", by=officer, target=auditor.agency, changes={"quota": [40, 45]})
    record(action="registration.verified", by=None, agency=auditor.agency)
    record(action="other.agency", by=None, agency=cast.next_agency())
    record(action="no.agency", by=None)
    return officer


def test_audit_list_shows_the_own_agency(client: Client, trail: User) -> None:
    assert shown(client) == ["registration.verified", "batch.cancelled", "batch.created"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"action": "batch."}, ["batch.cancelled", "batch.created"]),
        ({"actor": "PETUGAS"}, ["batch.cancelled", "batch.created"]),
        ({"object_type": "accounts.agency"}, ["batch.cancelled"]),
        ({"until": "2020-01-01"}, []),
        ({"since": "2020-01-01", "action": "registration.verified"}, ["registration.verified"]),
    ],
)
def test_audit_list_filters(client: Client, trail: User, filters: dict, found: list[str]) -> None:
    assert shown(client, **filters) == found


def test_audit_list_counts_whole_days_of_the_office(client: Client, trail: User) -> None:
    today = cast.home_agency().today()
    assert len(shown(client, since=today.isoformat(), until=today.isoformat())) == 3
    assert shown(client, since=(today + dt.timedelta(days=1)).isoformat()) == []


def test_audit_list_says_what_it_cannot_read(client: Client, trail: User) -> None:
    response = client.get("/kerja/jejak/", {"since": "kemarin", "until": "2020-01-01"})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["since"])
    response = client.get("/kerja/jejak/", {"since": "2024-02-01", "until": "2024-01-01"})
    assert list(response.context["form"].errors) == ["until"]


def test_audit_list_pages_by_key(client: Client) -> None:
    auditor = cast.auditor()
    client.force_login(auditor)
    for number in range(51):
        record(action=f"step.{number}", by=None, agency=auditor.agency)
    page = client.get("/kerja/jejak/").context["page"]
    assert (len(page.rows), page.rows[0].action) == (50, "step.50")
    assert shown(client, after=str(page.next_key)) == ["step.0"]


@pytest.mark.parametrize("count", [1, 3])
def test_audit_list_costs_the_same_for_more_rows(client: Client, count: int) -> None:
    auditor = cast.auditor()
    client.force_login(auditor)
    client.get("/kerja/jejak/")
    for _number in range(count):
        record(action="batch.created", by=auditor, target=auditor, agency=auditor.agency)
    with CaptureQueriesContext(connection) as queries:
        client.get("/kerja/jejak/")
    assert len(queries) == 4, [query["sql"][:90] for query in queries]


def test_audit_list_of_a_part_of_the_agency_shows_what_happened_there(client: Client) -> None:
    auditor = cast.auditor()
    RoleAssignment.objects.filter(user=auditor).update(region_id=factories.MEDONO)
    program = factories.program(cast.home_agency())
    record(action="batch.created", by=None, agency=auditor.agency)
    for region, action in ((factories.MEDONO, "batch.published"), (factories.BENDAN_KERGON, "batch.cancelled")):
        record(action=action, by=None, agency=auditor.agency, target=factories.batch(program, region=region))
    client.force_login(auditor)
    assert shown(client) == ["batch.published"]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (cast.auditor, 200),
        (cast.dpo, 200),
        (cast.program_officer, 403),
        (cast.village_officer_here, 403),
        (cast.verifier, 403),
        (cast.treasurer, 403),
        (cast.administrator, 403),
        (cast.nobody, 403),
    ],
)
def test_audit_list_is_for_those_who_audit(client: Client, person: Callable[[], User], status: int) -> None:
    client.force_login(person())
    assert client.get("/kerja/jejak/").status_code == status


def test_audit_list_needs_sign_in(client: Client) -> None:
    assert client.get("/kerja/jejak/")["Location"] == "/masuk/?next=/kerja/jejak/"


def test_profile_changes_name_phone_and_language(client: Client) -> None:
    officer = cast.program_officer()
    client.force_login(officer)
    data = {"full_name": "Sri Rahayu", "phone": "0812-3456-7890", "language": "en", "email": "x@contoh.id"}
    response = client.post("/akun/", {**data, "is_superuser": "1", "username": "lain"})
    officer.refresh_from_db()
    assert response["Location"] == "/akun/"
    assert response.cookies["django_language"].value == "en"
    assert (officer.full_name, officer.phone, officer.language) == ("Sri Rahayu", "+6281234567890", "en")
    assert (officer.email, officer.is_superuser, officer.username) == ("", False, "petugas.program")
    assert AuditEntry.objects.get().changes == {
        "full_name": ["Petugas Program", "Sri Rahayu"],
        "phone": ["", "•••890"],
        "language": ["id", "en"],
    }


def test_profile_keeps_what_was_typed_wrong(client: Client) -> None:
    client.force_login(cast.program_officer())
    response = client.post("/akun/", {"full_name": "", "phone": "123", "language": "jv"})
    assert response.status_code == 200
    assert sorted(response.context["form"].errors) == ["full_name", "language", "phone"]
    assert 'value="123"' in response.content.decode()


def test_audit_list_reads_differences_aloud(client: Client, trail: User) -> None:
    [entry] = client.get("/kerja/jejak/", {"action": "batch.cancelled"}).context["page"].rows
    assert (entry.changes_shown, entry.role_names) == ([("Kuota", "40 → 45")], str(Role.PROGRAM_OFFICER.label))


def test_audit_list_names_who_had_no_account(client: Client, trail: User) -> None:
    record(action="keys.rotated", by=None, actor_label="system", agency=cast.home_agency())
    rows = client.get("/kerja/jejak/").context["page"].rows
    assert [row.actor_shown for row in rows[:3]] == ["Portal", "Warga", "Petugas Program (petugas.program)"]


def test_demo_accounts_are_shown_as_text() -> None:
    account = {"label": "Panitia", "username": "petugas.program", "password": "batik-<b>"}
    html = render_to_string("accounts/demo_accounts.html", {"demo_accounts": [account]})
    assert (html.count("petugas.program"), html.count("batik-&lt;b&gt;"), "<b>" in html) == (2, 2, False)
