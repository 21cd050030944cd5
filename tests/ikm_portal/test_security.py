"""What every answer of the portal carries and refuses."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from programs.models import Batch
from tests import cast, factories
from tests.participants.public_form import send

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="dbhcht"), slug="bendan-kergon")


def pages(batch: Batch) -> list[str]:
    detail = batch.get_absolute_url()
    names = ("home", "programs:program_list", "participants:status", "privacy", "account_login")
    return [*(reverse(name) for name in names), detail, f"{detail}daftar/", "/tidak-ada/"]


def test_pages_carry_the_strict_policy(client: Client, batch: Batch) -> None:
    for path in pages(batch):
        header = client.get(path)["Content-Security-Policy"]
        found = dict(part.strip().split(" ", 1) for part in header.split(";"))
        assert found == POLICY


def test_pages_hold_no_inline_script_or_style(client: Client, batch: Batch) -> None:
    for path in pages(batch):
        body = client.get(path).content.decode()
        assert (
            re.findall(
                r'<script(?![^>]*\ssrc=)(?![^>]*type="application/json")|<style|\sstyle=|\son[a-z]+=|javascript:', body
            )
            == []
        )


def test_pages_forbid_framing_and_sniffing(client: Client, batch: Batch) -> None:
    for path in pages(batch):
        response = client.get(path)
        headers = [response[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")]
        assert headers == ["DENY", "nosniff", "same-origin"]


def test_cookies_are_hidden_from_scripts_and_other_sites(client: Client, batch: Batch) -> None:
    client.get(f"{batch.get_absolute_url()}daftar/")
    send(client, batch)
    client.post(reverse("participants:receipt_noted"))
    cookies = {
        name: (morsel["httponly"], morsel["samesite"]) for name, morsel in client.cookies.items() if morsel.value
    }
    assert cookies == {"csrftoken": (True, "Lax"), "portal_entry": (True, "Lax")}


def test_unknown_host_is_refused(client: Client, db: None) -> None:
    assert client.get("/", headers={"host": "penipu.example"}).status_code == 400


@pytest.mark.parametrize("target", ["https://penipu.example/", "//penipu.example/", "javascript:alert(1)"])
def test_set_language_never_leads_elsewhere(client: Client, db: None, target: str) -> None:
    response = client.post(reverse("set_language"), {"language": "en", "next": target})
    assert response["Location"] == "/"


def test_typed_text_is_never_markup(client: Client, batch: Batch) -> None:
    evil = "<script>alert(1)</script>{{ 7|add:7 }}"
    body = send(client, batch, full_name=evil, address=evil, occupation=evil).content.decode()
    assert "<script>alert" not in body
    assert "{{ 7|add:7 }}" in body


def test_methods_that_a_page_does_not_know_are_refused(client: Client, batch: Batch) -> None:
    assert client.delete(f"{batch.get_absolute_url()}daftar/").status_code == 405
    assert client.post("/").status_code == 405
