import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as portal_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, SignInThrottle, ThrottleKind, User
from notifications.models import Message
from tests import cast, factories
from tests.factories import PASSWORD

SignIn = Callable[..., Any]
NEW = "tulis-canting-malam-88"
pytestmark = pytest.mark.django_db


def actions_of(user: User) -> list[str]:
    return list(AuditEntry.objects.about(user).order_by("pk").values_list("action", flat=True))


def signed_in_as(client: Client) -> str | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).username if pk else None


def errors_of(response: Any) -> list[str]:
    return [error.code for error in response.context["form"].non_field_errors().as_data()]


@pytest.mark.parametrize("login", ["petugas.program", "  Petugas.Program ", "petugas@contoh.id", "Petugas@Contoh.ID"])
def test_sign_in_by_name_or_email(client: Client, sign_in: SignIn, login: str) -> None:
    officer = cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    response = sign_in(login)
    assert (response.status_code, response["Location"], signed_in_as(client)) == (302, "/kerja/", "petugas.program")
    assert actions_of(officer) == ["sign_in.succeeded"]
    assert EmailAddress.objects.count() == 0


def test_sign_in_takes_a_new_session_key(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    session = client.session
    session["before"] = "x"
    session.save()
    before = session.session_key
    sign_in("petugas.program")
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(
    ("target", "led_to"),
    [
        ("/kerja/jejak/", "/kerja/jejak/"),
        ("https://jahat.example/", "/kerja/"),
        ("//jahat.example/", "/kerja/"),
        ("javascript:alert(1)", "/kerja/"),
        ("/\\jahat.example", "/kerja/"),
    ],
)
def test_sign_in_leads_only_inside(sign_in: SignIn, target: str, led_to: str) -> None:
    cast.program_officer()
    assert sign_in("petugas.program", next=target)["Location"] == led_to


def test_sign_in_answers_unknown_and_known_alike(sign_in: SignIn, without_token: Callable) -> None:
    cast.program_officer()
    User.objects.filter(username="petugas.program").update(email="petugas@contoh.id")
    factories.user("sudah.keluar", is_active=False)
    answers = []
    for login in ("petugas.program", "tidak.ada", "petugas@contoh.id", "tidak@contoh.id", "sudah.keluar"):
        response = sign_in(login, "salah-sekali")
        answers.append((response.status_code, without_token(response).replace(login.encode(), b"")))
    assert len(set(answers)) == 1
    assert errors_of(response) == ["wrong_credentials"]


def test_sign_in_of_a_closed_account_looks_like_a_wrong_password(client: Client, sign_in: SignIn) -> None:
    factories.user("sudah.keluar", is_active=False)
    assert errors_of(sign_in("sudah.keluar")) == ["wrong_credentials"]
    assert signed_in_as(client) is None


@pytest.mark.parametrize("login", ["petugas.program", "tidak.ada", "petugas@contoh.id", "tidak@contoh.id"])
def test_sign_in_hashes_once_for_everybody(sign_in: SignIn, login: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415 - imported once the settings stand

    hashed = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def counting(original: Callable) -> Callable:
        def call(self: object, *args: object) -> object:
            hashed.append(original.__name__)
            return original(self, *args)

        return call

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting(encode))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting(verify))
    sign_in(login, "salah-sekali")
    assert len(hashed) == 1


@pytest.mark.parametrize("login", ["petugas.program", "tidak.ada"])
def test_sign_in_locks_after_five_failures(client: Client, sign_in: SignIn, login: str) -> None:
    cast.program_officer()
    codes = [errors_of(sign_in(login, "salah-sekali"))[0] for _number in range(6)]
    assert codes == ["wrong_credentials"] * 5 + ["login_locked"]
    assert errors_of(sign_in(login, PASSWORD)) == ["login_locked"]
    assert signed_in_as(client) is None


def test_sign_in_lock_answers_unknown_and_known_alike(sign_in: SignIn, without_token: Callable) -> None:
    cast.program_officer()
    answers = []
    for login in ("petugas.program", "tidak.ada"):
        for _number in range(6):
            response = sign_in(login, "salah-sekali")
        answers.append(without_token(response).replace(login.encode(), b""))
    assert answers[0] == answers[1]


def test_sign_in_lock_holds_without_the_cache(sign_in: SignIn) -> None:
    cast.program_officer()
    for _number in range(5):
        sign_in("petugas.program", "salah-sekali")
    cache.clear()
    assert errors_of(sign_in("petugas.program")) == ["login_locked"]


def test_sign_in_lock_ends(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    for _number in range(5):
        sign_in("petugas.program", "salah-sekali")
    past = dt.timedelta(minutes=15, seconds=1)
    SignInThrottle.objects.update(locked_until=F("locked_until") - past, last_attempt_at=F("last_attempt_at") - past)
    sign_in("petugas.program")
    assert signed_in_as(client) == "petugas.program"
    assert not SignInThrottle.objects.filter(kind=ThrottleKind.LOGIN).exists()


def test_sign_in_floods_of_one_address_get_429(sign_in: SignIn) -> None:
    cast.program_officer()
    answers = [sign_in(f"nama{number}", "salah-sekali", address="10.1.1.1").status_code for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert sign_in("petugas.program", address="10.1.1.1").status_code == 429
    assert sign_in("petugas.program", address="10.1.1.2").status_code == 302


def test_sign_in_success_gives_the_address_its_attempt_back(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    for _number in range(3):
        sign_in("petugas.program")
        client.logout()
    assert SignInThrottle.objects.get(kind=ThrottleKind.ADDRESS).failures == 0


def test_sign_in_failure_leaves_no_typed_text(sign_in: SignIn) -> None:
    officer = cast.program_officer()
    sign_in("petugas.program", "salah-sekali")
    sign_in("KataSandiSaya99", "petugas.program")
    entries = AuditEntry.objects.filter(action="sign_in.failed").order_by("pk")
    assert [(entry.actor_id, entry.actor_label, entry.agency_id, entry.ip) for entry in entries] == [
        (None, "petugas.program", officer.agency_id, "127.0.0.1"),
        (None, "k•••", None, "127.0.0.1"),
    ]
    assert all(re.fullmatch(r"[0-9a-f]{32}", entry.request_id) for entry in entries)
    assert not AuditEntry.objects.filter(changes__icontains="salah").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sign_in_guesses_at_once_share_one_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty guesses at the same moment: five passwords are looked at, the others find the door shut."""
    cast.program_officer()
    looked_at: list[str] = []
    check = User.check_password

    def slowly(self: User, password: str) -> bool:
        looked_at.append(password)
        time.sleep(0.05)
        return check(self, password)

    monkeypatch.setattr(User, "check_password", slowly)
    gate = threading.Barrier(20)

    def guess(number: int) -> None:
        try:
            gate.wait()
            Client().post("/masuk/", {"login": "petugas.program", "password": f"tebakan-{number}"})
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = AuditEntry.objects.order_by("action").values_list("action", flat=True)
    assert (len(looked_at), list(written)) == (5, ["sign_in.failed"] * 4 + ["sign_in.locked"])


def test_lift_lockout_opens_the_door(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    for _number in range(5):
        sign_in("petugas.program", "salah-sekali")
    administrator = cast.administrator()
    assert actions.lift_lockout(by=administrator, user=officer)
    assert not actions.lift_lockout(by=administrator, user=officer)
    sign_in("petugas.program")
    assert signed_in_as(client) == "petugas.program"
    assert actions_of(officer)[-2:] == ["sign_in.lockout_lifted", "sign_in.succeeded"]


def test_forget_old_attempts_keeps_the_shut_doors(sign_in: SignIn) -> None:
    for login in ("lama", "terkunci"):
        sign_in(login, "salah-sekali", address="10.1.1.1")
    now = timezone.now()
    SignInThrottle.objects.update(last_attempt_at=now - dt.timedelta(days=2))
    SignInThrottle.objects.filter(key=actions.sign_in.login_key("terkunci")).update(
        locked_until=now + dt.timedelta(hours=1)
    )
    assert actions.forget_old_attempts() == 2
    assert SignInThrottle.objects.get().key == actions.sign_in.login_key("terkunci")


def test_logout_needs_a_press(client: Client) -> None:
    officer = cast.program_officer()
    client.force_login(officer)
    assert client.get("/keluar/").status_code == 200
    assert signed_in_as(client) == "petugas.program"
    assert client.post("/keluar/")["Location"] == "/"
    assert signed_in_as(client) is None
    assert actions_of(officer) == ["sign_in.ended"]


def test_account_signup_does_not_exist(client: Client) -> None:
    for path in ("/daftar-akun/", "/signup/", "/masuk/signup/", "/accounts/signup/"):
        assert client.post(path, {"email": "a@contoh.example"}, follow=True).status_code == 404
    assert User.objects.count() == 0


def test_sign_in_sets_the_language_of_the_person(client: Client, sign_in: SignIn) -> None:
    cast.program_officer()
    User.objects.update(language="en")
    assert sign_in("petugas.program").cookies[portal_settings.LANGUAGE_COOKIE_NAME].value == "en"
    client.logout()
    client.cookies[portal_settings.LANGUAGE_COOKIE_NAME] = "id"
    assert portal_settings.LANGUAGE_COOKIE_NAME not in sign_in("petugas.program").cookies


def test_change_password_ends_other_sessions(client: Client) -> None:
    officer = cast.program_officer()
    elsewhere = Client()
    client.force_login(officer)
    elsewhere.force_login(officer)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/sandi/ubah/", data)["Location"] == "/kerja/"
    assert client.get("/akun/").status_code == 200
    assert elsewhere.get("/akun/").status_code == 302
    assert actions_of(officer)[-1] == "password.changed"


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({"oldpassword": "salah-sekali"}, "oldpassword", "wrong_password"),
        ({"password1": "pendek", "password2": "pendek"}, "password1", "password_too_short"),
        ({"password1": PASSWORD, "password2": PASSWORD}, "password1", "same_password"),
        ({"password1": "petugas.program", "password2": "petugas.program"}, "password1", "password_too_similar"),
        ({"password2": "yang-lain-sekali-1"}, "password2", ""),
    ],
)
def test_change_password_refuses(client: Client, data: dict, field: str, code: str) -> None:
    officer = cast.program_officer()
    client.force_login(officer)
    response = client.post("/sandi/ubah/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, **data})
    assert [error.code or "" for error in response.context["form"].errors.as_data()[field]] == [code]
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_change_password_guesses_count_like_at_the_door(client: Client, sign_in: SignIn) -> None:
    client.force_login(cast.program_officer())
    data = {"oldpassword": "salah-sekali", "password1": NEW, "password2": NEW}
    for _number in range(5):
        client.post("/sandi/ubah/", data)
    client.logout()
    assert errors_of(sign_in("petugas.program")) == ["login_locked"]


def link_of(message: Message) -> str:
    found = re.search(r"https?://[^/\s]+(/sandi/atur/\S+)", message.body)
    assert found is not None
    return found[1]


def test_reset_password_from_the_form_to_the_sign_in(client: Client, sign_in: SignIn) -> None:
    officer = cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    for _number in range(5):
        sign_in("petugas.program", "salah-sekali")
    assert client.post("/sandi/lupa/", {"email": "Petugas@contoh.id"})["Location"] == "/sandi/lupa/terkirim/"
    message = Message.objects.get()
    assert (message.kind, message.recipient_address, message.secret) == (
        "account_password_reset",
        "petugas@contoh.id",
        True,
    )
    step = client.get(link_of(message))
    assert step["Location"].endswith("-set-password/")
    assert client.get(step["Location"]).status_code == 200
    done = client.post(step["Location"], {"password1": NEW, "password2": NEW})
    assert done["Location"] == "/sandi/atur/selesai/"
    assert sign_in("petugas.program", NEW)["Location"] == "/kerja/"
    assert actions_of(officer)[-2:] == ["password.reset", "sign_in.succeeded"]
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == [
        "account_password_reset",
        "account_password_changed",
    ]


def test_reset_password_link_works_once(client: Client) -> None:
    cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    client.post("/sandi/lupa/", {"email": "petugas@contoh.id"})
    link = link_of(Message.objects.get())
    step = client.get(link)["Location"]
    client.post(step, {"password1": NEW, "password2": NEW})
    assert Client().get(link).context["token_fail"] is True


def test_reset_password_answers_unknown_and_known_alike(client: Client, without_token: Callable) -> None:
    cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    answers = []
    for email in ("petugas@contoh.id", "tidak@contoh.id"):
        response = client.post("/sandi/lupa/", {"email": email}, follow=True)
        answers.append((response.redirect_chain, without_token(response)))
    assert answers[0] == answers[1]
    assert Message.objects.count() == 1


def test_reset_password_sends_one_link_for_many_presses(client: Client) -> None:
    cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    for _number in range(4):
        client.post("/sandi/lupa/", {"email": "petugas@contoh.id"})
    assert Message.objects.count() in {1, 2}  # two when the clock passes from one slot to the next


def test_reset_password_link_stands_on_our_own_address(client: Client, settings: Any) -> None:
    cast.program_officer()
    User.objects.update(email="petugas@contoh.id")
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/sandi/lupa/", {"email": "petugas@contoh.id"}, HTTP_HOST="jahat.example")
    assert f"{settings.SITE_URL}/sandi/atur/" in Message.objects.get().body
    assert "jahat" not in Message.objects.get().body
