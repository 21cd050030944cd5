import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts import actions
from accounts.models import AuditEntry, RoleAssignment, User
from accounts.permissions import roles_of
from accounts.roles import Role
from kit.context import acting
from notifications.models import Message
from participants.models import Registration
from tests import cast, factories

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal; `forbidden` where the action may not even be tried."""
    try:
        act()
    except ValidationError as refusal:
        errors = (
            [error for found in refusal.error_dict.values() for error in found]
            if hasattr(refusal, "error_dict")
            else refusal.error_list
        )
        return str(errors[0].code or "unnamed")
    except PermissionDenied:
        return "forbidden"
    return ""


def test_record_writes_who_what_whom_and_from_where() -> None:
    officer = cast.program_officer()
    with acting(ip="10.1.1.1", request_id="abc"):
        entry = actions.record(
            action="registration.revealed",
            by=officer,
            target=officer.agency,
            subject=("person", "7"),
            changes={"nik": "9971015207990001"},
            purpose="telepon 081234567890",
        )
    entry.refresh_from_db()
    assert {name: getattr(entry, name) for name in ("actor", "actor_label", "role", "agency", "action", "ip")} == {
        "actor": officer,
        "actor_label": "Petugas Program (petugas.program)",
        "role": "program_officer",
        "agency": officer.agency,
        "action": "registration.revealed",
        "ip": "10.1.1.1",
    }
    assert (entry.object_type, entry.object_id) == ("accounts.agency", str(officer.agency_id))
    assert (entry.subject_type, entry.subject_id, entry.request_id) == ("person", "7", "abc")
    assert (entry.changes, entry.purpose) == ({"nik": "•••001"}, "telepon •••7890")


def test_record_of_a_resident_has_no_actor() -> None:
    entry = actions.record(action="registration.submitted", by=None)
    assert (entry.actor, entry.actor_label, entry.role, entry.ip, entry.request_id) == (None, "resident", "", None, "")


def test_create_user_gives_a_password_to_change() -> None:
    administrator = cast.administrator()
    user, password = actions.create_user(
        by=administrator, username=" Baru.Datang ", full_name="Baru Datang", agency=administrator.agency
    )
    assert (user.username, user.must_change_password, user.check_password(password)) == ("baru.datang", True, True)
    assert (user.is_staff, user.is_superuser, roles_of(user)) == (False, False, [])
    assert password not in str(AuditEntry.objects.values_list("changes", flat=True))


def test_create_user_refuses_privileged_fields() -> None:
    administrator = cast.administrator()
    with pytest.raises(TypeError, match="is_superuser"):
        actions.create_user(by=administrator, username="naik", full_name="Naik", is_superuser=True)


def test_create_user_stays_in_the_own_agency() -> None:
    administrator, there = cast.administrator(), cast.next_agency()
    assert refused(lambda: actions.create_user(by=administrator, username="x.y", full_name="X", agency=there)) == (
        "forbidden"
    )
    assert refused(
        lambda: actions.create_user(by=cast.program_officer(), username="x.y", full_name="X", agency=there)
    ) == ("forbidden")


def test_grant_role_gives_rights_and_a_line_in_the_trail() -> None:
    administrator, user = cast.administrator(), cast.nobody()
    assignment = actions.grant_role(by=administrator, user=user, role=Role.VERIFIER, agency=cast.home_agency())
    assert (assignment.region_id, roles_of(user)) == ("33.75", [Role.VERIFIER])
    entry = AuditEntry.objects.get(action="role.granted")
    assert entry.changes == {"role": "verifier", "region": "33.75", "valid_from": None, "valid_to": None}


def test_grant_role_opens_and_revoke_role_closes_the_administration() -> None:
    administrator, user = cast.administrator(), cast.nobody()
    assignment = actions.grant_role(by=administrator, user=user, role=Role.ADMINISTRATOR, agency=cast.home_agency())
    assert User.objects.get(pk=user.pk).is_staff
    actions.revoke_role(by=administrator, assignment=assignment)
    assert not User.objects.get(pk=user.pk).is_staff
    assert AuditEntry.objects.filter(action="role.revoked").count() == 1


def test_grant_role_refuses() -> None:
    administrator, user, there = cast.administrator(), cast.nobody(), cast.next_agency()
    operator = factories.user("operator", is_superuser=True)

    def grant(by: User, to: User, **values: Any) -> str:
        fields: dict[str, Any] = {"role": Role.VERIFIER, "agency": user.agency, **values}
        return refused(lambda: actions.grant_role(by=by, user=to, **fields))

    answers = [
        grant(administrator, administrator),
        grant(operator, operator),
        grant(cast.program_officer(), user),
        grant(administrator, user, agency=there),
        grant(administrator, operator),
        grant(administrator, user, role="king"),
        grant(administrator, cast.verifier()),
    ]
    assert answers == [
        "own_rights",
        "own_rights",
        "own_rights",
        "not_administered",
        "operator_account",
        "invalid_choice",
        "unnamed",  # the unique constraint, whose sentence has no code
    ]
    assert not AuditEntry.objects.exists()


def test_grant_role_of_a_district_administrator_stays_in_the_district() -> None:
    administrator, user = cast.administrator(), cast.nobody()
    RoleAssignment.objects.filter(user=administrator).update(region_id="33.75.01")
    regions = factories.region_tree()
    grant: dict[str, Any] = {"by": administrator, "user": user, "role": Role.VILLAGE_OFFICER, "agency": user.agency}
    assert refused(lambda: actions.grant_role(**grant, region=regions["33.75"])) == "not_administered"
    assert refused(lambda: actions.grant_role(**grant, region=regions[factories.MEDONO])) == ""


def test_revoke_role_keeps_the_last_administrator() -> None:
    operator, last = factories.user("operator", is_superuser=True), cast.administrator()
    assert refused(lambda: actions.revoke_role(by=operator, assignment=last.role_assignments.get())) == (
        "last_administrator"
    )
    assert refused(lambda: actions.deactivate_user(by=operator, user=last)) == "last_administrator"
    factories.user("admin.kedua", role=Role.ADMINISTRATOR)
    actions.revoke_role(by=operator, assignment=last.role_assignments.get())
    assert RoleAssignment.objects.filter(user=last).count() == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_revoke_role_of_two_administrators_by_each_other_leaves_one() -> None:
    one, two = cast.administrator(), factories.user("admin.kedua", role=Role.ADMINISTRATOR)
    gate, answers = threading.Barrier(2), []

    def revoke(by: User, other: User) -> None:
        try:
            assignment = RoleAssignment.objects.select_related("user", "agency", "region").get(user=other)
            roles_of(by)
            gate.wait()
            answers.append(refused(lambda: actions.revoke_role(by=by, assignment=assignment)))
        finally:
            connection.close()

    threads = [threading.Thread(target=revoke, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["", "last_administrator"]
    assert RoleAssignment.objects.of_administrators().count() == 1


def test_deactivate_user_and_back() -> None:
    administrator, officer = cast.administrator(), cast.program_officer()
    actions.deactivate_user(by=administrator, user=officer)
    assert not User.objects.get(pk=officer.pk).is_active
    actions.reactivate_user(by=administrator, user=officer)
    assert User.objects.get(pk=officer.pk).is_active
    assert list(AuditEntry.objects.about(officer).order_by("pk").values_list("action", flat=True)) == [
        "user.deactivated",
        "user.reactivated",
    ]
    assert refused(lambda: actions.deactivate_user(by=administrator, user=administrator)) == "own_account"


@pytest.mark.parametrize("act", [actions.deactivate_user, actions.set_temporary_password, actions.change_user])
def test_people_of_other_agencies_are_out_of_reach(act: Callable[..., object]) -> None:
    """Also those who only hold one of their roles here, and operators."""
    administrator, stranger = cast.administrator(), cast.other_agency_officer()
    guest = factories.user("auditor.provinsi", agency=cast.next_agency())
    RoleAssignment.objects.create(user=guest, role=Role.AUDITOR, agency=cast.home_agency(), region_id="33.75")
    operator = factories.user("operator", is_superuser=True)
    answers = [refused(partial(act, by=administrator, user=user)) for user in (stranger, guest, operator)]
    assert answers == ["forbidden"] * 3


def test_set_temporary_password_must_be_changed() -> None:
    administrator, officer = cast.administrator(), cast.program_officer()
    password = actions.set_temporary_password(by=administrator, user=officer)
    officer.refresh_from_db()
    assert (officer.check_password(password), officer.must_change_password) == (True, True)
    assert refused(lambda: actions.set_temporary_password(by=administrator, user=administrator)) == "own_account"


def test_change_user_records_masked_differences() -> None:
    administrator, officer = cast.administrator(), cast.program_officer()
    actions.change_user(by=administrator, user=officer, full_name="Nama Baru", email="Baru@Contoh.id")
    entry = AuditEntry.objects.get(action="user.changed")
    assert entry.changes == {"full_name": ["Petugas Program", "Nama Baru"], "email": ["", "•••.id"]}
    assert User.objects.get(pk=officer.pk).email == "baru@contoh.id"


def test_change_user_tells_the_former_address_that_it_is_no_longer_the_one() -> None:
    """With another address an administrator could ask for a new password and become somebody who sees people's data."""
    administrator, officer = cast.administrator(), cast.program_officer()
    actions.change_user(by=administrator, user=officer, email="lama@contoh.example")
    assert Message.objects.count() == 0
    actions.change_user(by=administrator, user=officer, full_name="Nama Baru")
    assert Message.objects.count() == 0
    actions.change_user(by=administrator, user=officer, email="baru@contoh.example")
    told = Message.objects.get()
    assert (told.kind, told.recipient_address) == ("account_email_changed", "lama@contoh.example")
    assert "baru@contoh.example" not in told.body


def test_change_own_profile_changes_nothing_else() -> None:
    officer = cast.program_officer()
    with pytest.raises(TypeError, match="email"):
        actions.change_own_profile(by=officer, email="x@contoh.id")
    actions.change_own_profile(by=officer, full_name=officer.full_name)
    assert AuditEntry.objects.count() == 0


def test_record_tells_the_region_of_what_was_done_without_asking(django_assert_num_queries: Any) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    entry = factories.registration(batch)
    loaded = Registration.objects.select_related("batch").get(pk=entry.pk)
    with django_assert_num_queries(1):
        actions.record(action="registration.verified", by=None, target=loaded, agency=batch.program.agency)
    assert AuditEntry.objects.latest("pk").region_code == factories.BENDAN_KERGON
