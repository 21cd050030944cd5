"""Passkeys and the app as people use them: a real browser with an authenticator of its own, under the strict policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import AuditEntry, User
from accounts.rules import app_code
from tests import cast, factories
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow


def with_authenticator(page: Page) -> None:
    """A phone's own authenticator that knows its owner, as Chromium pretends one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def give_password(page: Page, user: User) -> None:
    page.goto("/masuk/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", factories.PASSWORD)
    page.locator("main form button.btn-primary").first.click()


def leave(page: Page) -> None:
    page.goto("/keluar/")
    page.locator("main form button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))


def app_code_now(secret: str) -> str:
    return app_code(secret.replace(" ", ""), int(timezone.now().timestamp()) // 30)


def test_second_factor_passkey_is_added_and_signs_in(live: LiveSite, transactional_db: None) -> None:
    officer = cast.program_officer()
    page = live.page(PHONE)
    with_authenticator(page)
    give_password(page, officer)
    expect(page).to_have_url(re.compile("/kerja/$"))
    page.goto("/akun/dua-langkah/kunci/")
    page.fill("[name=name]", "Ponsel saya")
    page.locator("#passkey-add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert Authenticator.objects.get(type="webauthn").data["name"] == "Ponsel saya"

    leave(page)
    page.goto("/masuk/")
    page.locator("#passkey-login").click()
    expect(page).to_have_url(re.compile("/kerja/$"))
    actions = list(AuditEntry.objects.about(officer).order_by("pk").values_list("action", flat=True))
    assert (actions[0], actions[-2:]) == ("sign_in.succeeded", ["sign_in.ended", "sign_in.succeeded"])

    leave(page)
    give_password(page, officer)
    expect(page).to_have_url(re.compile("/masuk/langkah-kedua/$"))
    page.locator("#passkey-use").click()
    expect(page).to_have_url(re.compile("/kerja/$"))


def test_mfa_reauthenticate_with_the_passkey(live: LiveSite, transactional_db: None) -> None:
    officer = cast.program_officer()
    page = live.page(DESK)
    with_authenticator(page)
    give_password(page, officer)
    expect(page).to_have_url(re.compile("/kerja/$"))
    page.goto("/akun/dua-langkah/kunci/")
    page.locator("#passkey-add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/masuk/lagi/kunci/?next=/akun/perangkat/")
    page.locator("#passkey-use").click()
    expect(page).to_have_url(re.compile("/akun/perangkat/$"))


def test_sign_in_with_a_passkey_of_a_closed_account_is_refused(live: LiveSite, transactional_db: None) -> None:
    officer = cast.program_officer()
    page = live.page(PHONE)
    with_authenticator(page)
    give_password(page, officer)
    expect(page).to_have_url(re.compile("/kerja/$"))
    page.goto("/akun/dua-langkah/kunci/")
    page.locator("#passkey-add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    leave(page)
    User.objects.update(is_active=False)
    page.goto("/masuk/")
    page.locator("#passkey-login").click()
    expect(page).to_have_url(re.compile("/masuk/tidak-aktif/$"))
    page.goto("/kerja/")
    expect(page).to_have_url(re.compile("/masuk/"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_second_factor_app_on_a_phone(live: LiveSite, transactional_db: None, javascript: bool) -> None:
    officer = cast.village_officer_here()
    page = live.page(PHONE, javascript=javascript)
    give_password(page, officer)
    expect(page).to_have_url(re.compile("/kerja/$"))
    page.goto("/akun/dua-langkah/")
    if javascript:
        assert (live.overflow(page), live.violations(page)) == (0, [])
    page.locator("main a.btn-primary").click()
    secret = page.locator("details .code").text_content() or ""
    if javascript:
        assert (live.overflow(page), live.violations(page)) == (0, [])
    page.fill("[name=code]", app_code_now(secret))
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".codes li")).to_have_count(10)
    code = (page.locator(".codes li").first.text_content() or "").strip()
    leave(page)
    give_password(page, officer)
    expect(page).to_have_url(re.compile("/masuk/langkah-kedua/$"))
    if javascript:
        assert (live.overflow(page), live.violations(page)) == (0, [])
    page.fill("[name=code]", code)
    page.locator("main form button.btn-primary").click()
    expect(page).to_have_url(re.compile("/kerja/$"))
