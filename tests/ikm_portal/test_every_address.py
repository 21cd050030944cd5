"""What must hold at every address, whoever asks: the table of test_access with other questions."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import Settings

from accounts.models import Agency, User
from accounts.roles import Role
from tests import cast, factories
from tests.ikm_portal import test_access
from tests.ikm_portal.test_access import TABLE, address, letter

world = test_access.world

# The platform of the messages has no session; it signs what it sends.
WITHOUT_TOKEN = {"notifications:whatsapp_webhook"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)
# What looking at a page may leave behind beside the session.
# Who looked at the data of whom, and who took which scan away.
READING_LEAVES = {
    name: {"accounts_auditentry"}
    for name in (
        "audit_person",
        "documents:document_copy",
        "documents:document_file",
        "documents:document_original",
        "documents:signature_file",
        "documents:signing_paper",
        "participants:certificate_file",
        "participants:sheet_scan_file",
        "programs:meeting_file",
    )
}
SECRETS = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")
ISOLATION = ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy")
# A list; and a page that asks for the password before it looks for the row (tests/accounts/test_second_factor.py).
WITHOUT_ROW = {"notifications:text_list", "accounts:second_factor_remove"}


def visit(client: Client, method: str, url: str, **more: Any) -> Any:
    """One request that leaves no row behind."""
    with transaction.atomic():
        response = getattr(client, method)(url, **more)
        transaction.set_rollback(True)
    return response


def everywhere(world: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in TABLE:
        yield name, address(name, world)


def signed_in_as(person: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person)
    return client


def administered() -> list[str]:
    """Every list and form of Django's own site."""
    found = [reverse(f"admin:{name}") for name in ("index", "password_change", "jsi18n", "autocomplete")]
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{base}_changelist"), reverse(f"{base}_add"), reverse(f"{base}_change", args=[1])]
    return found


@pytest.mark.parametrize("person", [None, cast.program_officer, cast.administrator])
def test_every_post_without_the_token_is_refused(world: dict[str, Any], person: Any) -> None:
    client = signed_in_as(person(), enforce_csrf_checks=True) if person else Client(enforce_csrf_checks=True)
    urls = {name: url for name, url in everywhere(world) if name not in WITHOUT_TOKEN}
    urls |= {url: url for url in administered()}
    passed = {}
    for name, url in urls.items():
        with CaptureQueriesContext(connection) as asked:
            response = visit(client, "post", url, data=world["data"])
        written = {match[1] for query in asked if (match := WRITES.match(query["sql"]))} - {"django_session"}
        if response.status_code != 403 or written:
            passed[name] = (response.status_code, written)
    assert passed == {}


@pytest.mark.parametrize("person", [None, cast.program_officer, cast.dpo, cast.administrator])
def test_reading_never_writes(world: dict[str, Any], person: Any) -> None:
    client = signed_in_as(person()) if person else Client()
    found: dict[str, set[str]] = {}
    for name, url in everywhere(world):
        for method in ("get", "head"):
            reset_queries()  # Django keeps 9,000 statements
            with CaptureQueriesContext(connection) as asked:
                visit(client, method, url)
            written = {match[1] for query in asked if (match := WRITES.match(query["sql"]))}
            if surplus := written - {"django_session"} - READING_LEAVES.get(name, set()):
                found[name] = surplus
    assert found == {}


@pytest.mark.parametrize("person", [None, cast.program_officer, cast.administrator])
def test_every_answer_carries_the_headers(world: dict[str, Any], person: Any) -> None:
    client = signed_in_as(person()) if person else Client()
    bare: dict[str, list[str]] = {}
    for name, url in everywhere(world):
        for method in ("get", "post", "delete"):
            headers = visit(client, method, url).headers
            missing = [header for header in SECRETS + ISOLATION if header not in headers]
            missing += [] if headers.get("X-Frame-Options") == "DENY" else ["DENY"]
            missing += ["unsafe"] if "unsafe" in headers.get("Content-Security-Policy", "") else []
            if missing:
                bare[f"{method} {name}"] = missing
    assert bare == {}


@pytest.mark.parametrize("status", [400, 403, 404, 405])
def test_errors_carry_the_headers(client: Client, world: dict[str, Any], status: int) -> None:
    ask = {
        400: lambda: client.get("/", headers={"host": "penipu.example"}),
        403: lambda: signed_in_as(cast.nobody()).get(reverse("accounts:user_list")),
        404: lambda: client.get("/tidak-ada/"),
        405: lambda: client.delete("/"),
    }
    response = ask[status]()
    assert response.status_code == status
    assert [header for header in SECRETS + ISOLATION if header not in response.headers] == []


def test_strange_methods_reach_no_page(world: dict[str, Any]) -> None:
    client = signed_in_as(cast.program_officer())
    taken = {}
    for name, url in everywhere(world):
        for method in ("put", "patch", "delete", "trace"):
            status = visit(client, method, url).status_code
            if status not in {302, 403, 404, 405}:
                taken[f"{method} {name}"] = status
    assert taken == {}


@pytest.mark.parametrize("make", [cast.program_officer, cast.administrator])
def test_pages_of_somebody_signed_in_stay_on_no_disk(world: dict[str, Any], make: Any) -> None:
    client = signed_in_as(make())
    kept = [name for name, url in everywhere(world) if "no-store" not in visit(client, "get", url)["Cache-Control"]]
    assert kept == []


def test_every_address_asks_for_the_second_step(world: dict[str, Any], settings: Settings) -> None:
    """Without it nothing of the office opens, neither by a link nor by a fragment, and not in the administration."""
    settings.SECOND_FACTOR_REQUIRED = True
    target = reverse("accounts:second_factor")
    open_to_all = {name for name, (_method, letters) in TABLE.items() if letters[0] != "L"}
    before = {
        *("second_factor", "second_factor_later", "second_factor_app", "second_factor_passkey"),
        *("second_factor_codes", "account_change_password", "account_reauthenticate", "mfa_reauthenticate"),
        "mfa_reauthenticate_webauthn",
    }
    urls = {n: u for n, u in everywhere(world) if n not in open_to_all and n.rpartition(":")[2] not in before}
    for make in (cast.program_officer, cast.administrator, cast.auditor):
        client = signed_in_as(make())
        for url in [*urls.values(), *administered()]:
            for method in ("get", "post"):
                response = visit(client, method, url)
                assert (response.status_code, response.get("Location")) == (302, target), (url, method)
        fragment = visit(client, "get", reverse("workspace"), headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Redirect"]) == (204, target)


def test_rows_of_another_office_are_closed_to_each_role(world: dict[str, Any]) -> None:
    """Each address with a row in it, for each role of the office next door."""
    next_door: Agency = cast.next_agency()
    urls = {}
    for name, url in everywhere(world):
        bound = any(part.isdigit() for part in url.split("/")) or ":text_" in name
        if bound and TABLE[name][1][0] == "L" and name not in WITHOUT_ROW:
            urls[name] = url
    assert len(urls) > 50
    opened = {}
    for role in Role:
        client = signed_in_as(factories.user(f"semarang.{role}", role=role, agency=next_door))
        for name, url in urls.items():
            method = TABLE[name][0]
            met = letter(visit(client, method, url, data=world["data"] if method == "post" else None))
            if met not in "NF":
                opened[f"{role} {name}"] = met
    assert opened == {}


ODD = ["\0", "'\"><script>%_\\", "a" * 5000, "9" * 30, "-1", "../../etc/passwd{{7*7}}\u202e٤"]
ASKED = ("q", "page", "after", "before", "since", "until", "state", "kind", "batch", "next", "nomor", "action", "tab")


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_breaks_no_page(world: dict[str, Any], text: str) -> None:
    """Whatever stands in the address or in a form: an answer, never a failure, and never the text as markup."""
    client = signed_in_as(cast.program_officer())
    data = dict.fromkeys([*ASKED, *world["data"], "name", "reason", "code", "pin", "note"], text)
    for name, url in everywhere(world):
        for method in ("get", "post"):
            response = visit(client, method, url, data=data)
            assert response.status_code < 500, (name, method)
            assert b"'\"><script>" not in response.content, (name, method)


def test_parameter_sent_twice_breaks_no_page(world: dict[str, Any]) -> None:
    client = signed_in_as(cast.program_officer())
    data = {name: ["1", "2", ""] for name in (*ASKED, *world["data"], "reason", "submission_key")}
    for name, url in everywhere(world):
        for method in ("get", "post"):
            assert visit(client, method, url, data=data).status_code < 500, (name, method)


@pytest.mark.parametrize("content_type", ["application/json", "text/xml", "multipart/form-data; boundary=x", ""])
def test_body_of_another_kind_breaks_no_page(world: dict[str, Any], content_type: str) -> None:
    client = signed_in_as(cast.program_officer())
    deep = b"[" * 20_000
    for name, url in everywhere(world):
        response = visit(client, "post", url, data=deep, content_type=content_type)
        assert response.status_code < 500, name


def test_nothing_of_the_table_is_a_pattern_without_a_name() -> None:
    patterns = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]
    assert [one for one in patterns if not one.name] == []
