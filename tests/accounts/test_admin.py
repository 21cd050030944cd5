import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, RoleAssignment, SignInThrottle, ThrottleKind, User
from accounts.roles import Role
from tests import cast, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    user = cast.administrator()
    client.force_login(user)
    return user


def said(client: Client, url: str, data: dict) -> list[str]:
    """The messages after a press."""
    return [str(message) for message in client.post(url, data, follow=True).context["messages"]]


def chosen(action: str, *rows: Model) -> dict:
    return {"action": action, "_selected_action": [row.pk for row in rows]}


def test_admin_login_is_the_door_of_the_portal(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1] == ("/masuk/?next=%2Fadmin%2F", 302)
    assert client.get("/admin/login/")["Location"].startswith("/masuk/?next=")
    cast.administrator()
    answer = client.post("/admin/login/", {"username": "admin.sistem", "password": factories.PASSWORD})
    assert answer["Location"].startswith("/masuk/?next=")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("person", [cast.program_officer, cast.auditor, cast.nobody])
def test_admin_is_closed_for_others(client: Client, person: Callable[[], User]) -> None:
    client.force_login(person())
    for path in ("/admin/", "/admin/login/", "/admin/accounts/user/"):
        response = client.get(path, follow=True)
        assert response.status_code == 403


def test_admin_shows_administrators_no_data_of_residents(client: Client, administrator: User) -> None:
    shown = client.get("/admin/").context["app_list"]
    listed = {model["model"]._meta.label_lower for app in shown for model in app["models"]}
    assert {"accounts.user", "accounts.roleassignment", "accounts.agency", "accounts.signinthrottle"} <= listed
    # Of messages only how an office sends them, never what it sent.
    assert {label for label in listed if label.split(".")[0] in {"participants", "notifications", "jobs"}} == {
        "notifications.channelpolicy",
        "notifications.whatsappgateway",
        "notifications.whatsapptemplate",
    }
    assert "accounts.auditentry" not in listed


def test_admin_registers_no_model_with_data_of_residents(settings: LazySettings) -> None:
    """A superuser opens everything that is registered: what is named in the settings, and what is only read."""
    registered = {model._meta.label_lower for model in admin.site._registry}
    read_only, inside_a_program = {"accounts.auditentry", "regions.regionedition"}, {"programs.eligibilityrule"}
    assert registered == {*settings.ADMINISTERED_MODELS} - inside_a_program | read_only


def test_user_admin_creates_with_a_password_shown_once(client: Client, administrator: User) -> None:
    data = {
        "username": "Baru.Datang",
        "full_name": "Baru Datang",
        "email": "Baru@contoh.id",
        "phone": "",
        "agency": administrator.agency_id,
        "language": "id",
        "is_superuser": "on",
        "is_staff": "on",
    }
    texts = said(client, "/admin/accounts/user/add/", data)
    user = User.objects.get(username="baru.datang")
    password = next(found[1] for text in texts if (found := re.search(r": (\S{4}(?:-\S{4}){3})$", text)))
    assert (user.check_password(password), user.must_change_password) == (True, True)
    assert (user.email, user.is_superuser, user.is_staff) == ("baru@contoh.id", False, False)
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["user.created"]


def test_user_admin_names_what_is_wrong(client: Client, administrator: User) -> None:
    response = client.post("/admin/accounts/user/add/", {"username": "A B", "full_name": "", "language": "id"})
    assert sorted(response.context["adminform"].form.errors) == ["__all__", "agency", "full_name"]


def test_user_admin_changes_through_the_action(client: Client, administrator: User) -> None:
    officer = cast.program_officer()
    url = reverse("admin:accounts_user_change", args=[officer.pk])
    data = {"full_name": "Nama Baru", "email": "", "phone": "", "agency": officer.agency_id, "language": "id"}
    client.post(url, {**data, "username": "lain", "is_superuser": "on", "must_change_password": "on"})
    officer.refresh_from_db()
    assert (officer.full_name, officer.username, officer.is_superuser) == ("Nama Baru", "petugas.program", False)
    assert AuditEntry.objects.get().action == "user.changed"


def test_user_admin_hides_other_agencies(client: Client, administrator: User) -> None:
    stranger = cast.other_agency_officer()
    response = client.get("/admin/accounts/user/")
    assert [user.username for user in response.context["cl"].queryset] == ["admin.sistem"]
    assert client.get(reverse("admin:accounts_user_change", args=[stranger.pk])).status_code == 302


def test_user_admin_shows_people_of_several_agencies_without_changing(client: Client, administrator: User) -> None:
    guest = factories.user("auditor.provinsi", agency=cast.next_agency())
    RoleAssignment.objects.create(user=guest, role=Role.AUDITOR, agency=cast.home_agency(), region_id="33.75")
    url = reverse("admin:accounts_user_change", args=[guest.pk])
    assert client.get(url).context["has_change_permission"] is False
    assert client.post(url, {"full_name": "X", "language": "id"}).status_code == 403


def test_user_admin_actions_work_and_refuse(client: Client, administrator: User) -> None:
    officer = cast.program_officer()
    SignInThrottle.objects.create(kind=ThrottleKind.LOGIN, key="x")
    said(client, "/admin/accounts/user/", chosen("deactivate", officer, administrator))
    assert list(User.objects.order_by("username").values_list("username", "is_active")) == [
        ("admin.sistem", True),
        ("petugas.program", False),
    ]
    said(client, "/admin/accounts/user/", chosen("reactivate", officer))
    texts = said(client, "/admin/accounts/user/", chosen("give_temporary_password", officer))
    officer.refresh_from_db()
    assert (officer.is_active, officer.must_change_password) == (True, True)
    assert officer.check_password(texts[0].rsplit(" ", 1)[1])


@pytest.mark.parametrize("model", ["user", "roleassignment", "agency", "signinthrottle"])
def test_admin_never_deletes(client: Client, administrator: User, model: str) -> None:
    SignInThrottle.objects.create(kind=ThrottleKind.LOGIN, key="x")
    row = apps.get_model("accounts", model)._default_manager.get()
    assert client.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(f"/admin/accounts/{model}/").content.decode()


def grant(client: Client, user: User, role: Role, **values: object) -> dict:
    data = {"user": user.pk, "role": role, "agency": user.agency_id, "region": "33.75", **values}
    response = client.post("/admin/accounts/roleassignment/add/", data)
    return {} if response.status_code == 302 else response.context["adminform"].form.errors.as_data()


def test_role_assignment_admin_grants_and_takes_away(client: Client, administrator: User) -> None:
    user = cast.nobody()
    assert grant(client, user, Role.VERIFIER) == {}
    assignment = RoleAssignment.objects.get(user=user)
    assert (assignment.role, assignment.created_by) == ("verifier", administrator)
    said(client, "/admin/accounts/roleassignment/", chosen("revoke", assignment))
    assert not RoleAssignment.objects.filter(user=user).exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["role.granted", "role.revoked"]


def test_role_assignment_admin_refuses_the_own_rights(client: Client, administrator: User) -> None:
    [error] = grant(client, administrator, Role.PROGRAM_OFFICER)["__all__"]
    assert error.code == "own_rights"
    said(client, "/admin/accounts/roleassignment/", chosen("revoke", administrator.role_assignments.get()))
    assert RoleAssignment.objects.filter(user=administrator).count() == 1


def test_role_assignment_admin_refuses_other_agencies(client: Client, administrator: User) -> None:
    errors = grant(client, cast.nobody(), Role.VERIFIER, agency=cast.next_agency().pk)
    assert list(errors) == ["agency"]


def test_role_assignment_admin_changes_nothing(client: Client, administrator: User) -> None:
    assignment = cast.verifier().role_assignments.get()
    url = reverse("admin:accounts_roleassignment_change", args=[assignment.pk])
    assert client.post(url, {"role": Role.ADMINISTRATOR}).status_code == 403


def test_agency_admin_keeps_the_letterhead(client: Client, administrator: User) -> None:
    agency = cast.home_agency()
    data = {"name": agency.name, "short_name": "Dindagkop", "time_zone": "Asia/Jakarta", "paper_size": "A4"}
    client.post(reverse("admin:accounts_agency_change", args=[agency.pk]), {**data, "region": "33.74", "slug": "x"})
    agency.refresh_from_db()
    assert (agency.short_name, agency.paper_size, agency.region_id, agency.slug) == (
        "Dindagkop",
        "A4",
        "33.75",
        "pekalongan",
    )
    assert AuditEntry.objects.get().action == "agency.saved"


def test_sign_in_throttle_admin_lifts(client: Client, administrator: User) -> None:
    row = SignInThrottle.objects.create(kind=ThrottleKind.ADDRESS, key="x", label="10.1.1.1")
    said(client, "/admin/accounts/signinthrottle/", chosen("lift", row))
    assert not SignInThrottle.objects.exists()
    assert AuditEntry.objects.get().action == "sign_in.lockout_lifted"


def test_audit_entry_admin_is_read_only_for_auditors(client: Client) -> None:
    auditor = cast.auditor()
    User.objects.filter(pk=auditor.pk).update(is_staff=True)
    client.force_login(auditor)
    assert client.get("/admin/accounts/auditentry/").status_code == 200
    assert client.get("/admin/accounts/auditentry/add/").status_code == 403
    assert client.get("/admin/accounts/user/").status_code == 403


def test_admin_sign_out_and_password_lead_to_the_portal(client: Client, administrator: User) -> None:
    answer = client.post("/admin/logout/")
    assert (answer.status_code, answer["Location"]) == (307, "/keluar/")
    assert client.get("/admin/password_change/")["Location"] == "/sandi/ubah/"


def test_agency_admin_lets_a_superuser_make_the_first_office(client: Client) -> None:
    factories.region_tree()
    client.force_login(User.objects.create_superuser("pertama", full_name="Orang Pertama"))
    data = {"name": "Dinas Pertama", "short_name": "Dinas", "slug": "dinas", "region": "33.75"}
    data |= {"time_zone": "Asia/Jakarta", "paper_size": "F4", "is_active": "on"}
    data |= {"privacy_contact_name": "PPDP", "privacy_contact_email": "ppdp@contoh.example"}
    answer = client.post(reverse("admin:accounts_agency_add"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert list(AuditEntry.objects.values_list("action", "object_type")) == [("agency.saved", "accounts.agency")]
    assert client.get("/").context["portal_agency"].name == "Dinas Pertama"
