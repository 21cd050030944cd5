import base64
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import actions
from accounts.models import AuditEntry, SignInThrottle, User
from accounts.permissions import needs_second_step
from accounts.rules import app_code
from tests import cast

SignIn = Callable[..., Any]
SECRET = base64.b32encode(b"12345678901234567890").decode()
pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def now_step() -> int:
    return int(timezone.now().timestamp()) // 30


def present_code(secret: str = SECRET, ahead: int = 0) -> str:
    return app_code(secret, now_step() + ahead)


def actions_of(user: User) -> list[str]:
    return list(AuditEntry.objects.about(user).order_by("pk").values_list("action", flat=True))


def signed_in_as(client: Client) -> str | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).username if pk else None


def with_app(user: User) -> list[str]:
    return actions.set_app(by=user, secret=SECRET)


def secret_on(response: Any) -> str:
    return str(response.context["form"].secret)


# Who must


def test_needs_second_step_follows_the_roles(required: None) -> None:
    needing = [
        cast.village_officer_here(),
        cast.program_officer(),
        cast.verifier(),
        cast.division_head(),
        cast.auditor(),
        cast.dpo(),
        cast.administrator(),
        cast.treasurer(),
    ]
    assert [needs_second_step(user) for user in needing] == [True] * 8
    assert needs_second_step(cast.nobody()) is False


def test_needs_second_step_only_where_the_installation_asks() -> None:
    assert not needs_second_step(cast.program_officer())


def test_second_factor_comes_before_anything_else(client: Client, sign_in: SignIn, required: None) -> None:
    cast.administrator()
    sign_in("admin.sistem")
    for path in ("/kerja/", "/akun/", "/akun/perangkat/", "/admin/", "/admin/accounts/user/"):
        assert client.get(path)["Location"] == "/akun/dua-langkah/", path
    assert client.get("/kerja/", headers={"HX-Request": "true"})["HX-Redirect"] == "/akun/dua-langkah/"
    assert [client.get(path).status_code for path in ("/", "/akun/dua-langkah/", "/akun/dua-langkah/aplikasi/")] == [
        200,
        200,
        200,
    ]
    assert client.post("/keluar/").status_code == 302


def test_second_factor_leaves_who_reaches_nobody_alone(client: Client, sign_in: SignIn, required: None) -> None:
    user = cast.nobody()
    sign_in(user.username)
    assert client.get("/kerja/").status_code == 200


def test_second_factor_later_only_in_the_days_of_grace(
    client: Client, sign_in: SignIn, required: None, settings: Settings
) -> None:
    officer = cast.program_officer()
    sign_in("petugas.program")
    client.get("/akun/dua-langkah/")
    assert client.post("/akun/dua-langkah/nanti/")["Location"] == "/akun/dua-langkah/"
    settings.MFA_GRACE_DAYS = 3
    assert client.post("/akun/dua-langkah/nanti/")["Location"] == "/kerja/"
    assert client.get("/kerja/").status_code == 200
    User.objects.filter(pk=officer.pk).update(second_factor_asked_at=timezone.now() - dt.timedelta(days=4))
    assert client.get("/kerja/")["Location"] == "/akun/dua-langkah/"


# Setting up


def test_second_factor_app_is_set_up_and_asked(client: Client, sign_in: SignIn, required: None) -> None:
    officer = cast.program_officer()
    sign_in("petugas.program")
    secret = secret_on(client.get("/akun/dua-langkah/aplikasi/"))
    shown = client.post("/akun/dua-langkah/aplikasi/", {"code": present_code(secret)})
    assert len(shown.context["codes"]) == 10
    assert client.get("/kerja/").status_code == 200
    assert actions_of(officer)[-2:] == ["second_factor.added", "devices.ended"]
    other = Client()
    assert other.post("/masuk/", {"login": "petugas.program", "password": "kain-lurik-parang-71"})["Location"] == (
        "/masuk/langkah-kedua/"
    )
    assert signed_in_as(other) is None
    assert other.get("/kerja/")["Location"] == "/masuk/?next=/kerja/"
    answer = other.post("/masuk/langkah-kedua/", {"code": f"{present_code(secret)[:3]} {present_code(secret)[3:]}"})
    assert (answer["Location"], signed_in_as(other)) == ("/kerja/", "petugas.program")
    assert other.get("/kerja/").status_code == 200


def test_second_factor_app_refuses_a_wrong_code_and_keeps_the_key(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    sign_in("petugas.program")
    secret = secret_on(client.get("/akun/dua-langkah/aplikasi/"))
    for code in ("000000", "abcdef", "１２３４５６", "", "1" * 30):
        response = client.post("/akun/dua-langkah/aplikasi/", {"code": code})
        assert (response.status_code, secret_on(response)) == (200, secret)
        assert response.context["form"].errors["code"]
    assert not Authenticator.objects.filter(user=officer).exists()


def test_second_factor_app_secret_is_never_stored_in_clear(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    sign_in("petugas.program")
    secret = secret_on(client.get("/akun/dua-langkah/aplikasi/"))
    assert secret not in str(dict(client.session))
    client.post("/akun/dua-langkah/aplikasi/", {"code": present_code(secret)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert secret not in stored
    assert "second_step_secret" not in client.session


def test_second_factor_codes_are_kept_as_hashes() -> None:
    codes = with_app(cast.program_officer())
    data = Authenticator.objects.get(type="recovery_codes").data
    assert not any(code in str(data) for code in codes)
    assert len(data["hashes"]) == 10


def test_second_factor_app_replaces_the_phone_and_ends_other_sessions(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    sign_in("petugas.program")
    elsewhere = Client()
    elsewhere.post("/masuk/", {"login": "petugas.program", "password": "kain-lurik-parang-71"})
    assert elsewhere.get("/akun/").status_code == 200
    secret = secret_on(client.get("/akun/dua-langkah/aplikasi/"))
    client.post("/akun/dua-langkah/aplikasi/", {"code": present_code(secret)})
    assert elsewhere.get("/akun/").status_code == 302
    assert client.get("/akun/").status_code == 200
    again = secret_on(client.get("/akun/dua-langkah/aplikasi/"))
    assert client.post("/akun/dua-langkah/aplikasi/", {"code": present_code(again)})["Location"] == "/akun/dua-langkah/"
    assert Authenticator.objects.filter(user=officer, type="totp").count() == 1
    assert actions.use_code(user=officer, code=present_code(secret, 1)) is None
    assert actions.use_code(user=officer, code=present_code(again, 1)) is not None


def test_second_factor_app_asks_for_the_password_when_the_sign_in_is_long_ago(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    sign_in("petugas.program")
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 400
    session.save()
    assert (
        client.get("/akun/dua-langkah/aplikasi/")["Location"] == "/masuk/lagi/?next=%2Fakun%2Fdua-langkah%2Faplikasi%2F"
    )
    wrong = client.post("/masuk/lagi/?next=/akun/dua-langkah/aplikasi/", {"password": "salah-sekali"})
    assert wrong.context["form"].errors.as_data()["password"][0].code == "wrong_password"
    right = client.post("/masuk/lagi/?next=/akun/dua-langkah/aplikasi/", {"password": "kain-lurik-parang-71"})
    assert right["Location"] == "/akun/dua-langkah/aplikasi/"
    assert client.get("/akun/dua-langkah/aplikasi/").status_code == 200


def test_second_factor_app_is_not_replaced_by_a_session_without_second_step(client: Client, required: None) -> None:
    """A session that began with the password alone, in the moment in which the app was set up elsewhere."""
    officer = cast.program_officer()
    client.force_login(officer)
    with_app(officer)
    officer.refresh_from_db()
    client.force_login(officer)
    for path in ("/akun/dua-langkah/", "/akun/dua-langkah/aplikasi/", "/akun/dua-langkah/kunci/"):
        assert client.get(path)["Location"].startswith("/masuk/lagi/kode/"), path
    assert client.post("/akun/dua-langkah/kode/")["Location"].startswith("/masuk/lagi/kode/")
    answer = client.post("/masuk/lagi/kode/?next=/kerja/", {"code": present_code()})
    assert answer["Location"] == "/kerja/"
    assert client.get("/kerja/").status_code == 200


# Codes


def test_use_code_counts_once_and_never_backwards() -> None:
    officer = cast.program_officer()
    with_app(officer)
    assert actions.use_code(user=officer, code=present_code()) is not None
    assert actions.use_code(user=officer, code=present_code()) is None
    assert actions.use_code(user=officer, code=present_code(ahead=-1)) is None
    assert actions.use_code(user=officer, code=present_code(ahead=1)) is not None


def test_use_code_needs_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = cast.program_officer()
    with_app(officer)
    cache.clear()
    assert actions.use_code(user=officer, code=present_code()) is not None
    cache.clear()
    assert actions.use_code(user=officer, code=present_code()) is None


def test_use_code_takes_each_of_the_sheet_once() -> None:
    officer = cast.program_officer()
    codes = with_app(officer)
    assert actions.use_code(user=officer, code=f"{codes[0][:4]}-{codes[0][4:]}") is not None
    assert actions.use_code(user=officer, code=codes[0]) is None
    assert actions.use_code(user=cast.verifier(), code=codes[1]) is None
    assert len(Authenticator.objects.get(type="recovery_codes").data["hashes"]) == 9


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_use_code_of_two_at_once_counts_for_one() -> None:
    officer = cast.program_officer()
    codes = with_app(officer)
    taken: list[bool] = []
    gate = threading.Barrier(8)

    def try_it(code: str) -> None:
        try:
            gate.wait()
            taken.append(actions.use_code(user=officer, code=code) is not None)
        finally:
            connection.close()

    app = present_code()
    threads = [threading.Thread(target=try_it, args=[code]) for code in [app, codes[0]] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 6 + [True] * 2


def test_second_step_is_locked_in_the_database_after_five_wrong_codes(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    with_app(officer)
    sign_in("petugas.program")
    said = []
    for _number in range(6):
        cache.clear()
        response = client.post("/masuk/langkah-kedua/", {"code": "000000"})
        said.append(response.context["form"].errors.as_data()["code"][0].code)
    assert said == ["incorrect_code"] * 5 + ["login_locked"]
    right = client.post("/masuk/langkah-kedua/", {"code": present_code()})
    assert right.context["form"].errors.as_data()["code"][0].code == "login_locked"
    assert actions_of(officer)[-5:] == ["sign_in.second_step_failed"] * 4 + ["sign_in.second_step_locked"]
    assert not AuditEntry.objects.filter(changes__icontains="000000").exists()
    sign_in("petugas.program")
    assert SignInThrottle.objects.filter(kind="factor").exists()
    assert actions.lift_lockout(by=cast.administrator(), user=officer)
    assert client.post("/masuk/langkah-kedua/", {"code": present_code()})["Location"] == "/kerja/"


def test_second_step_lock_is_not_lifted_by_a_forgotten_password() -> None:
    officer = cast.program_officer()
    actions.take_attempt(login=officer.username, address="10.0.0.1", kind="factor")
    actions.change_password(user=officer, password="kopi-tubruk-pagi-12", forgotten=True)
    assert SignInThrottle.objects.filter(kind="factor").exists()


def test_second_step_page_shows_nothing_without_a_password(client: Client) -> None:
    assert client.get("/masuk/langkah-kedua/")["Location"] == "/masuk/"
    assert client.post("/masuk/langkah-kedua/", {"code": "123456"})["Location"] == "/masuk/"


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"response": 1}', '{"id": "x", "rawId": "eA", "type": "y"}'])
def test_sign_in_with_a_broken_passkey_is_an_error_on_the_page(client: Client, body: str) -> None:
    client.get("/masuk/kunci/", headers={"Accept": "application/json"})
    response = client.post("/masuk/kunci/", {"credential": body})
    assert response["Location"] == "/masuk/"
    assert signed_in_as(client) is None


def test_sign_in_with_a_passkey_hands_out_so_many_challenges(client: Client, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"passkey": (3, 300)}
    answers = [client.get("/masuk/kunci/", headers={"Accept": "application/json"}).status_code for _number in range(5)]
    assert answers == [200, 200, 200, 429, 429]
