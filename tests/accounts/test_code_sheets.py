import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import actions
from accounts.models import AuditEntry, Device, User
from accounts.rules import app_code
from notifications.models import Message
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


def test_second_factor_remove_keeps_the_last_where_it_is_required(
    client: Client, sign_in: SignIn, settings: Settings
) -> None:
    officer = cast.program_officer()
    sign_in("petugas.program")
    secret = secret_on(client.get("/akun/dua-langkah/aplikasi/"))
    client.post("/akun/dua-langkah/aplikasi/", {"code": present_code(secret)})
    app = Authenticator.objects.get(user=officer, type="totp")
    settings.SECOND_FACTOR_REQUIRED = True
    client.post(f"/akun/dua-langkah/{app.pk}/hapus/")
    assert Authenticator.objects.filter(user=officer).count() == 2
    settings.SECOND_FACTOR_REQUIRED = False
    client.post(f"/akun/dua-langkah/{app.pk}/hapus/")
    assert Authenticator.objects.filter(user=officer).count() == 0
    assert actions_of(officer)[-1] == "second_factor.removed"


def test_second_factor_remove_of_somebody_else_is_not_found(client: Client, sign_in: SignIn) -> None:
    with_app(cast.verifier())
    cast.program_officer()
    sign_in("petugas.program")
    app = Authenticator.objects.get(type="totp")
    assert client.post(f"/akun/dua-langkah/{app.pk}/hapus/").status_code == 404


def test_second_factor_codes_are_renewed(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    old = with_app(officer)
    sign_in("petugas.program")
    client.post("/masuk/langkah-kedua/", {"code": present_code()})
    shown = client.post("/akun/dua-langkah/kode/")
    assert len(shown.context["codes"]) == 10
    assert actions.use_code(user=officer, code=old[0]) is None
    assert client.get("/akun/dua-langkah/kode/").status_code == 405


def test_second_factor_codes_need_something_first(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    sign_in("petugas.program")
    assert client.post("/akun/dua-langkah/kode/")["Location"] == "/akun/dua-langkah/"


def test_code_sheet_is_a_second_step_of_its_own(client: Client, sign_in: SignIn, required: None) -> None:
    """The village officer without a smartphone: sixty codes on paper, one a sign-in."""
    officer = cast.village_officer_here()
    codes = actions.issue_code_sheet(by=cast.administrator(), user=officer, reason="tanpa ponsel pintar")
    assert len(codes) == 60
    assert sign_in("lurah.bendankergon")["Location"] == "/masuk/langkah-kedua/"
    assert client.post("/masuk/langkah-kedua/", {"code": codes[7]})["Location"] == "/kerja/"
    assert client.get("/kerja/").status_code == 200
    assert len(client.post("/akun/dua-langkah/kode/").context["codes"]) == 60
    assert actions_of(officer)[:1] == ["second_factor.sheet_issued"]


def test_reset_second_factor_ends_everything_and_tells_the_person(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    User.objects.filter(pk=officer.pk).update(email="petugas@contoh.example")
    officer.refresh_from_db()
    with_app(officer)
    sign_in("petugas.program")
    client.post("/masuk/langkah-kedua/", {"code": present_code()})
    assert client.get("/akun/").status_code == 200
    actions.reset_second_factor(by=cast.administrator(), user=officer, reason="ponsel hilang")
    assert client.get("/akun/").status_code == 302
    assert not Authenticator.objects.filter(user=officer).exists()
    entry = AuditEntry.objects.get(action="second_factor.reset")
    assert (entry.purpose, entry.actor_id) == ("ponsel hilang", cast.administrator().pk)
    told = Message.objects.filter(kind="account_second_factor_changed").order_by("pk").last()
    assert told is not None
    assert told.recipient_address == "petugas@contoh.example"
    assert sign_in("petugas.program")["Location"] == "/kerja/"


def test_reset_second_factor_is_for_administrators_of_the_person() -> None:
    officer = cast.program_officer()
    for actor in (cast.verifier(), cast.other_agency_officer(), officer):
        with pytest.raises(PermissionDenied):
            actions.reset_second_factor(by=actor, user=officer, reason="x")
    admin = cast.administrator()
    with pytest.raises(ValidationError) as refused:
        actions.reset_second_factor(by=admin, user=admin, reason="x")
    assert refused.value.code == "own_account"


def test_second_factor_passkey_page_carries_no_secret(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    sign_in("petugas.program")
    page = client.get("/akun/dua-langkah/kunci/", headers={"Host": "localhost:8000"})
    assert re.search(rb'"challenge": "[\w-]{40,}"', page.content)
    broken = client.post("/akun/dua-langkah/kunci/", {"credential": "{}", "name": ""})
    assert broken.status_code == 200
    assert not Authenticator.objects.exists()


def test_device_rows_follow_the_second_step(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    with_app(officer)
    sign_in("petugas.program")
    assert not Device.objects.exists()
    client.post("/masuk/langkah-kedua/", {"code": present_code()})
    assert Device.objects.get().user_id == officer.pk
