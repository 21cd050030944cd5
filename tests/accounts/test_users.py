from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import actions
from accounts.models import AuditEntry, User
from accounts.roles import Role
from tests import cast, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(cast.administrator())
    client.get("/kerja/pengguna/")
    return client


def listed(page: Any) -> list[str]:
    return [person.username for person in page.context["page"].object_list]


def test_user_list_shows_the_people_of_the_office(desk: Client) -> None:
    cast.program_officer()
    cast.other_agency_officer()
    assert listed(desk.get("/kerja/pengguna/")) == ["admin.sistem", "petugas.program"]


def test_user_list_finds_by_name_without_the_name_in_the_address(desk: Client) -> None:
    cast.program_officer()
    cast.verifier()
    answer = desk.post("/kerja/pengguna/", {"q": "VERIF", "state": "open"})
    assert "verif" not in answer["Location"].lower()
    assert listed(desk.get(answer["Location"])) == ["verifikator"]
    broken = desk.post("/kerja/pengguna/", {"q": "zz\0", "state": ""})
    assert (bool(broken.context["form"].errors["q"]), listed(broken)) == (True, [])


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("closed", ["sudah.keluar"]),
        ("invited", ["belum.datang"]),
        ("no_step", ["admin.sistem", "verifikator"]),
        ("open", ["admin.sistem", "petugas.program", "verifikator"]),
    ],
)
def test_user_list_by_state(desk: Client, state: str, expected: list[str]) -> None:
    officer = cast.program_officer()
    actions.issue_code_sheet(by=cast.administrator(), user=officer, reason="x")
    cast.verifier()
    factories.user("sudah.keluar", is_active=False)
    User.objects.filter(pk=factories.user("belum.datang").pk).update(password="!x")
    assert listed(desk.get(f"/kerja/pengguna/?state={state}")) == expected


@pytest.mark.parametrize("count", [1, 3])
def test_user_list_takes_the_same_queries(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        factories.user(f"petugas.{number}", role=Role.VILLAGE_OFFICER, region=factories.MEDONO)
    with django_assert_num_queries(8):
        desk.get("/kerja/pengguna/")


def test_user_detail_shows_what_may_be_done(desk: Client) -> None:
    officer = cast.program_officer()
    page = desk.get(f"/kerja/pengguna/{officer.pk}/")
    assert (page.context["may_change"], page.context["person"]) == (True, officer)
    own = desk.get(f"/kerja/pengguna/{cast.administrator().pk}/")
    assert own.context["may_change"] is False


def test_user_detail_of_another_office_is_not_found(desk: Client) -> None:
    stranger = cast.other_agency_officer()
    for action in ("", "tutup/", "buka/", "keluarkan/", "setel-ulang/", "lembar-kode/", "undang-lagi/", "buka-kunci/"):
        address = f"/kerja/pengguna/{stranger.pk}/{action}"
        assert (desk.post(address) if action else desk.get(address)).status_code == 404, action


def test_user_close_and_user_open(desk: Client) -> None:
    officer = cast.program_officer()
    inside = Client()
    inside.force_login(officer)
    desk.post(f"/kerja/pengguna/{officer.pk}/tutup/")
    assert inside.get("/akun/").status_code == 302
    desk.post(f"/kerja/pengguna/{officer.pk}/buka/")
    assert User.objects.get(pk=officer.pk).is_active


def test_user_close_keeps_the_last_administrator(desk: Client) -> None:
    administrator = cast.administrator()
    desk.post(f"/kerja/pengguna/{administrator.pk}/tutup/")
    assert User.objects.get(pk=administrator.pk).is_active


def test_user_open_of_oneself_is_refused(desk: Client) -> None:
    administrator = cast.administrator()
    assert desk.post(f"/kerja/pengguna/{administrator.pk}/buka/").status_code == 302
    assert not AuditEntry.objects.filter(action="user.reactivated").exists()


def test_user_sign_out_ends_every_session(desk: Client) -> None:
    officer = cast.program_officer()
    inside = Client()
    inside.post("/masuk/", {"login": officer.username, "password": factories.PASSWORD})
    assert inside.get("/akun/").status_code == 200
    desk.post(f"/kerja/pengguna/{officer.pk}/keluarkan/")
    assert inside.get("/akun/").status_code == 302


def test_user_unlock_lifts_the_lock(desk: Client) -> None:
    officer = cast.program_officer()
    for _number in range(5):
        Client().post("/masuk/", {"login": officer.username, "password": "salah-sekali"})
    desk.post(f"/kerja/pengguna/{officer.pk}/buka-kunci/")
    entry = Client().post("/masuk/", {"login": officer.username, "password": factories.PASSWORD})
    assert entry.status_code == 302


def test_user_reset_step_needs_a_reason(desk: Client) -> None:
    officer = cast.program_officer()
    actions.issue_code_sheet(by=cast.administrator(), user=officer, reason="x")
    page = desk.post(f"/kerja/pengguna/{officer.pk}/setel-ulang/", {"reason": " "})
    assert (page.status_code, page.context["opened"]) == (200, "reset")
    assert page.context["reset_form"].errors["reason"]
    assert page.context["steps"].codes_left == 60
    done = desk.post(f"/kerja/pengguna/{officer.pk}/setel-ulang/", {"reason": "ponsel hilang"})
    assert done["Location"] == f"/kerja/pengguna/{officer.pk}/"
    assert AuditEntry.objects.get(action="second_factor.reset").purpose == "ponsel hilang"


def test_user_code_sheet_is_shown_once(desk: Client) -> None:
    officer = cast.village_officer_here()
    page = desk.post(f"/kerja/pengguna/{officer.pk}/lembar-kode/", {"reason": "tanpa ponsel pintar"})
    assert len(page.context["codes"]) == 60
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    refused = desk.post(f"/kerja/pengguna/{officer.pk}/lembar-kode/", {"reason": ""})
    assert refused.context["sheet_form"].errors["reason"]
    own = desk.post(f"/kerja/pengguna/{cast.administrator().pk}/lembar-kode/", {"reason": "untuk saya"})
    assert len(own.context["sheet_form"].non_field_errors()) == 1


def test_user_invite_stands_in_the_navigation_of_administrators(desk: Client) -> None:
    assert "/kerja/pengguna/" in desk.get("/kerja/").content.decode()
    officer = Client()
    officer.force_login(cast.program_officer())
    assert "/kerja/pengguna/" not in officer.get("/kerja/").content.decode()
