import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.middleware import page_of
from accounts.models import AuditEntry, User
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user = cast.program_officer()
    client.force_login(user)
    assert client.get("/akun/").status_code == 200
    return user


def move_back(client: Client, **seconds: int) -> None:
    session = client.session
    for name, value in seconds.items():
        session[name] -= value
    session.save()


def test_session_ends_when_idle_and_leads_back(client: Client, officer: User) -> None:
    move_back(client, seen_at=settings.STAFF_IDLE_SECONDS + 1)
    assert client.get("/akun/?a=1")["Location"] == "/masuk/?next=/akun/%3Fa%3D1"
    assert "_auth_user_id" not in client.session
    entry = AuditEntry.objects.about(officer).get()
    assert (entry.action, entry.purpose) == ("sign_in.ended", "session expired")


def test_session_ends_eight_hours_after_sign_in(client: Client, officer: User) -> None:
    move_back(client, signed_in_at=settings.SESSION_COOKIE_AGE + 1)
    assert client.get("/akun/")["Location"] == "/masuk/?next=/akun/"


def test_session_stays_while_somebody_works(client: Client, officer: User) -> None:
    for _number in range(3):
        move_back(client, seen_at=settings.STAFF_IDLE_SECONDS - 5)
        assert client.get("/akun/").status_code == 200
    assert timezone.now().timestamp() - client.session["seen_at"] < 5


def test_session_that_ended_shows_public_pages(client: Client, officer: User) -> None:
    move_back(client, seen_at=settings.STAFF_IDLE_SECONDS + 1)
    assert client.get("/masuk/").status_code == 200
    assert "_auth_user_id" not in client.session


def test_session_that_ended_leads_a_form_back_to_its_page(client: Client, officer: User) -> None:
    move_back(client, seen_at=settings.STAFF_IDLE_SECONDS + 1)
    response = client.post("/akun/", HTTP_REFERER="http://testserver/kerja/?x=1")
    assert response["Location"] == "/masuk/?next=/kerja/%3Fx%3D1"


def test_session_that_ended_sends_the_browser_of_a_fragment(client: Client, officer: User) -> None:
    move_back(client, seen_at=settings.STAFF_IDLE_SECONDS + 1)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/kerja/"}
    response = client.get("/akun/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/masuk/?next=/kerja/")


def test_fragment_asked_for_after_signing_out_elsewhere_sends_the_browser() -> None:
    """Else the whole page of the sign-in would stand inside the page that asks again and again."""
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/kerja/"}
    response = Client().get("/akun/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/masuk/?next=/kerja/")
    assert Client().get("/masuk/", headers=headers).status_code == 200


@pytest.mark.parametrize("referer", ["https://jahat.example/x", "//jahat.example", "javascript:1", ""])
def test_page_of_stays_inside(rf: RequestFactory, referer: str) -> None:
    assert page_of(rf.post("/akun/", HTTP_REFERER=referer)) == "/kerja/"


def test_session_ends_with_the_account(client: Client, officer: User) -> None:
    User.objects.update(is_active=False)
    assert client.get("/akun/")["Location"] == "/masuk/?next=/akun/"


def test_temporary_password_is_changed_before_anything_else(client: Client, officer: User) -> None:
    User.objects.update(must_change_password=True)
    for path in ("/akun/", "/kerja/", "/kerja/jejak/", "/admin/"):
        assert client.get(path)["Location"] == "/sandi/ubah/"
    assert client.post("/akun/", {"full_name": "X"})["Location"] == "/sandi/ubah/"
    assert client.get("/sandi/ubah/").status_code == 200
    new = "tulis-canting-malam-88"
    data = {"oldpassword": "kain-lurik-parang-71", "password1": new, "password2": new}
    assert client.post("/sandi/ubah/", data)["Location"] == "/kerja/"
    assert client.get("/akun/").status_code == 200


def test_temporary_password_lets_one_leave(client: Client, officer: User) -> None:
    User.objects.update(must_change_password=True)
    assert client.post("/keluar/")["Location"] == "/"


def test_request_id_is_in_the_answer_and_in_the_trail(client: Client, officer: User) -> None:
    data = {"full_name": "Nama Baru", "phone": "", "language": "id"}
    response = client.post("/akun/", data, HTTP_X_REQUEST_ID="forged", REMOTE_ADDR="10.2.2.2")
    entry = AuditEntry.objects.get(action="profile.changed")
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])
    assert (entry.request_id, entry.ip) == (response["X-Request-ID"], "10.2.2.2")


def test_last_day_of_a_role_is_seen_at_the_next_request(client: Client) -> None:
    auditor = cast.auditor()
    client.force_login(auditor)
    assert client.get("/kerja/jejak/").status_code == 200
    auditor.role_assignments.update(valid_to=cast.home_agency().today() - dt.timedelta(days=1))
    assert client.get("/kerja/jejak/").status_code == 403
