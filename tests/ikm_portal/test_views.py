"""The pages of the roof."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import LazySettings
from django.template import loader
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.defaults import server_error
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests import cast, factories


def test_home_shows_what_is_open(client: Client, db: None) -> None:
    program = factories.program(cast.home_agency())
    factories.batch(program)
    factories.batch(program, factories.MEDONO, state="planned")
    response = client.get(reverse("home"))
    assert [batch.region_id for batch in response.context["batches"]] == [factories.BENDAN_KERGON]


def test_home_shows_free_seats_before_waiting_lists(client: Client, db: None) -> None:
    program = factories.program(cast.home_agency())
    factories.batch(program, slug="penuh", quota=1, waiting_quota=0, seats_held=1)
    factories.batch(program, slug="menunggu", quota=1, waiting_quota=1, seats_held=1)
    factories.batch(program, slug="kosong", quota=2, seats_held=1)
    response = client.get(reverse("home"))
    assert [batch.slug for batch in response.context["batches"]] == ["kosong", "menunggu", "penuh"]


def test_styleguide_is_shown_in_the_demonstration_only(client: Client, db: None, settings: LazySettings) -> None:
    assert client.get(reverse("styleguide")).status_code == 404
    settings.DEMONSTRATION = True
    shown = client.get(reverse("styleguide")).context["form"]
    assert sorted(shown.errors) == ["birth_date", "consent", "nik", "phone"]


def test_home_says_a_message_once(client: Client, db: None) -> None:
    client.post(reverse("participants:recover"), {"code": "ZZZZZZZZ"})
    response = client.get(reverse("home"))
    [said] = [str(message) for message in response.context["messages"]]
    assert response.content.decode().count(said) == 1


def test_home_without_any_batch_says_so(client: Client, db: None) -> None:
    assert _("No training is open now") in client.get(reverse("home")).content.decode()


def test_privacy_names_the_agency_and_its_contact(client: Client, db: None) -> None:
    factories.agency(privacy_contact_name="Rina Contoh", privacy_contact_email="ppdp@contoh.example")
    page = client.get(reverse("privacy")).content.decode()
    assert "Dinas Perindustrian Kota Pekalongan" in page
    assert "ppdp@contoh.example" in page


def test_set_language_to_english_and_back(client: Client, db: None) -> None:
    assert client.get(reverse("home"))["Content-Language"] == "id"
    client.post(reverse("set_language"), {"language": "en"})
    page = client.get(reverse("home"))
    assert page["Content-Language"] == "en"
    assert "No training is open now" in page.content.decode()
    client.post(reverse("set_language"), {"language": "id"})
    assert client.get(reverse("home"))["Content-Language"] == "id"


def test_home_ignores_the_language_of_the_browser(client: Client, db: None) -> None:
    assert client.get(reverse("home"), headers={"Accept-Language": "en-US"})["Content-Language"] == "id"


def test_workspace_shows_what_waits(client: Client, db: None) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    factories.registration(batch)
    client.force_login(cast.verifier())
    response = client.get(reverse("workspace"))
    assert [(task.count.number, task.tone) for task in response.context["tasks"]] == [(1, "info")]
    assert [row.to_check for row in response.context["batches"]] == [1]


@pytest.mark.parametrize("person", [cast.village_officer_next_door, cast.other_agency_officer])
def test_workspace_shows_nothing_of_others(client: Client, db: None, person: object) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    factories.registration(batch)
    user = person() if callable(person) else None
    assert isinstance(user, User)
    client.force_login(user)
    response = client.get(reverse("workspace"))
    assert response.context["tasks"] == []
    assert list(response.context["batches"]) == []


@pytest.mark.parametrize(
    "person",
    [cast.program_officer, cast.village_officer_here, cast.division_head, cast.treasurer, cast.auditor, cast.dpo],
)
def test_workspace_links_only_to_what_opens(client: Client, db: None, person: Callable[[], User]) -> None:
    factories.registration(factories.batch(factories.program(cast.home_agency())))
    client.force_login(person())
    links = set(re.findall(r'href="(/kerja/[^"#]*)"', client.get(reverse("workspace")).content.decode()))
    assert links
    assert {link: client.get(unescape(link)).status_code for link in links} == dict.fromkeys(links, 200)


def test_workspace_without_batches_points_to_the_menu(client: Client, db: None) -> None:
    client.force_login(cast.dpo())
    assert _("The pages that your roles open stand in the menu.") in client.get(reverse("workspace")).content.decode()


def test_workspace_tells_the_day(client: Client, db: None) -> None:
    client.force_login(cast.dpo())
    told = date_format(timezone.localtime(timezone=cast.home_agency().zone), "l, j F Y")
    assert f'<p class="sub">{told}</p>' in client.get(reverse("workspace")).content.decode()


def test_workspace_leads_an_administrator_to_the_first_batch(client: Client, db: None) -> None:
    client.force_login(cast.administrator())
    page = client.get(reverse("workspace")).content.decode()
    links = re.findall(r'href="([^"]+)"', page[page.index("<ol ") : page.index("</ol>")])
    assert [client.get(link).status_code for link in links] == [200] * 2


@pytest.mark.parametrize("rows", [1, 3])
def test_workspace_takes_the_same_queries_for_one_and_three(
    client: Client, db: None, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program = factories.program(cast.home_agency())
    for _row in range(rows):
        factories.registration(factories.batch(program))
    client.force_login(cast.program_officer())
    client.get(reverse("workspace"))
    with django_assert_num_queries(WORKSPACE_QUERIES):
        client.get(reverse("workspace"))


WORKSPACE_QUERIES = 6


def test_csrf_failure_elsewhere_is_a_plain_403(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("participants:status"), {"code": "X"})
    assert response.status_code == 403


def test_unknown_page_is_404(client: Client, db: None) -> None:
    assert client.get("/tidak-ada/").status_code == 404


def test_styleguide_only_in_the_demonstration(client: Client, db: None) -> None:
    assert client.get(reverse("styleguide")).status_code == 404


@pytest.mark.parametrize("code", ["400", "403", "404", "429", "500"])
def test_error_pages_ask_nobody(code: str) -> None:
    """They are shown when the database is gone: drawn here without one, and without a request."""
    page = loader.get_template(f"{code}.html").render()
    assert (page.count("<h1>"), page.count(_(f"Message {code}"))) == (1, 1)


def test_server_error_is_the_page_of_the_portal() -> None:
    response = server_error(RequestFactory().get("/"))
    assert (response.status_code, _("Something went wrong on our side") in response.content.decode()) == (500, True)


def test_an_address_for_buttons_says_so_when_it_is_opened(client: Client) -> None:
    answer = client.get("/isian/bersihkan/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Halaman ini hanya terbuka lewat tombol" in answer.content.decode()
