import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.actions import record
from accounts.models import Agency, AuditEntry, RoleAssignment, SignInThrottle, ThrottleKind, User
from accounts.roles import Role
from tests import cast, factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 7, 1)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("accounts_user_username_plain", {"username": "Huruf.Besar"}),
        ("accounts_user_username_plain", {"username": "ab"}),
        ("accounts_user_username_plain", {"username": "nama@contoh.id"}),
        ("accounts_user_email_unique", {"username": "lain", "email": "ani@contoh.id"}),
        ("accounts_user_email_small_letters", {"username": "lain", "email": "Ani.Dua@contoh.id"}),
        ("accounts_user_language_known", {"username": "lain", "language": "jv"}),
        ("accounts_user_username", {"username": "ani"}),
    ],
)
def test_user_constraint_is_kept(constraint: str, fields: dict) -> None:
    factories.user("ani", email="ani@contoh.id")
    with pytest.raises(IntegrityError, match=constraint):
        User.objects.create(**{"full_name": "Orang Lain", **fields})


def test_user_without_email_may_exist_many_times() -> None:
    factories.user("satu")
    factories.user("dua")
    assert User.objects.filter(email="").count() == 2


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("accounts_agency_slug_unique", {"slug": "pekalongan"}),
        ("accounts_agency_time_zone_known", {"slug": "lain", "time_zone": "Europe/London"}),
        ("accounts_agency_paper_size_known", {"slug": "lain", "paper_size": "A3"}),
    ],
)
def test_agency_constraint_is_kept(constraint: str, fields: dict) -> None:
    cast.home_agency()
    with pytest.raises(IntegrityError, match=constraint):
        Agency.objects.create(**{"name": "Dinas", "short_name": "Dinas", "region_id": "33.75", **fields})


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("accounts_role_assignment_unique", {"role": Role.VERIFIER}),
        ("accounts_role_assignment_role_known", {"role": "king"}),
        (
            "accounts_role_assignment_days_in_order",
            {"role": Role.TREASURER, "valid_from": TODAY, "valid_to": TODAY - dt.timedelta(days=1)},
        ),
    ],
)
def test_role_assignment_constraint_is_kept(constraint: str, fields: dict) -> None:
    verifier = cast.verifier()
    with pytest.raises(IntegrityError, match=constraint):
        RoleAssignment.objects.create(user=verifier, agency=cast.home_agency(), region_id="33.75", **fields)


def test_sign_in_throttle_key_is_unique_per_kind() -> None:
    SignInThrottle.objects.create(kind=ThrottleKind.LOGIN, key="x")
    SignInThrottle.objects.create(kind=ThrottleKind.ADDRESS, key="x")
    with pytest.raises(IntegrityError, match="accounts_sign_in_throttle_unique"):
        SignInThrottle.objects.create(kind=ThrottleKind.LOGIN, key="x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET action = 'x'",
        "UPDATE accounts_auditentry SET action = 'x' WHERE false",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry",
        "TRUNCATE accounts_user CASCADE",
    ],
)
def test_audit_entry_refuses_every_change(statement: str) -> None:
    record(action="test.done", by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or a TRUNCATE would fail for another reason
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["test.done"]


def test_audit_entry_keeps_its_actor() -> None:
    officer = cast.nobody()
    record(action="test.done", by=officer)
    with pytest.raises(ProtectedError):
        officer.delete()


def test_current_assignments_follow_the_days() -> None:
    user = cast.nobody()
    today = cast.home_agency().today()
    days = [
        ("future", Role.VERIFIER, today + dt.timedelta(days=1), None),
        ("past", Role.TREASURER, None, today - dt.timedelta(days=1)),
        ("today", Role.AUDITOR, today, today),
        ("open", Role.JUROR, None, None),
    ]
    for _name, role, first, last in days:
        RoleAssignment.objects.create(
            user=user, role=role, agency=cast.home_agency(), region_id="33.75", valid_from=first, valid_to=last
        )
    assert list(RoleAssignment.objects.current().values_list("role", flat=True)) == [Role.AUDITOR, Role.JUROR]
    assert [given.role for given in user.role_assignments.all() if given.in_force()] == [Role.AUDITOR, Role.JUROR]
