import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, RoleAssignment, User
from accounts.permissions import (
    CACHE,
    Actor,
    can_change_rights_of,
    forget,
    holds,
    requires,
    roles_of,
    scope_q,
)
from accounts.roles import GRANTS, PERSONAL_DATA, Permission, Role
from regions.models import Region
from tests import cast, factories

# Written out once more by hand, so that a slip in the table of roles is seen.
TABLE = {
    "administrator": "manage_users manage_texts manage_templates edit_layouts",
    "program_officer": "view_batches manage_batches register_assisted view_registrations verify_registrations "
    "move_registrations export_registrations reveal_identity view_messages send_messages "
    "manage_texts manage_complaints view_budgets view_topic_requests enter_topic_requests "
    "decide_topic_requests manage_resources run_selection view_documents issue_documents "
    "manage_templates import_registrations take_attendance settle_attendance merge_persons approve_merges "
    "keep_job_cards manage_data_requests "
    "view_competitions manage_competitions check_pitches view_scores",
    "village_officer": "view_batches view_registrations register_assisted view_topic_requests enter_topic_requests "
    "take_attendance keep_job_cards",
    "verifier": "view_batches view_registrations verify_registrations reveal_identity take_attendance merge_persons "
    "view_competitions check_pitches",
    "activity_officer": "view_batches view_registrations export_registrations view_budgets manage_budgets "
    "propose_payments view_topic_requests manage_resources view_documents issue_documents "
    "sign_documents take_attendance settle_attendance "
    "view_competitions manage_competitions view_scores",
    "budget_authority": "view_batches view_budgets approve_payments view_documents sign_documents "
    "view_competitions view_scores",
    "treasurer": "view_batches view_budgets record_payments view_documents view_competitions",
    "division_head": "view_batches view_registrations manage_texts manage_complaints manage_conduct_complaints "
    "view_budgets view_topic_requests decide_topic_requests view_documents sign_documents "
    "manage_templates approve_merges "
    "view_competitions view_scores",
    "agency_head": "view_batches view_registrations manage_complaints manage_conduct_complaints view_budgets "
    "view_topic_requests view_documents sign_documents view_privacy "
    "view_competitions view_scores reopen_files",
    "instructor": "",
    "juror": "",
    "mentor": "",
    "planning_viewer": "view_batches view_budgets view_topic_requests",
    "auditor": "view_batches view_registrations view_audit view_budgets view_topic_requests view_documents "
    "view_privacy "
    "view_competitions view_scores",
    "data_protection_officer": "view_registrations view_audit reveal_identity manage_privacy_complaints "
    "manage_data_requests view_privacy manage_privacy",
}


def test_grants_are_the_table() -> None:
    assert {role.value: set(granted) for role, granted in GRANTS.items()} == {
        role: set(granted.split()) for role, granted in TABLE.items()
    }


def test_administrators_see_no_personal_data() -> None:
    assert GRANTS[Role.ADMINISTRATOR] & PERSONAL_DATA == set()


@pytest.mark.django_db
class TestScope:
    def regions(self, user: Actor, permission: Permission = Permission.VIEW_BATCHES) -> set[str]:
        """Which regions of home and next agency the scope reaches, tried on the agencies themselves."""
        return set(Agency.objects.filter(scope_q(user, permission, agency="pk")).values_list("region_id", flat=True))

    def test_scope_q_of_the_whole_office_reaches_its_region_only(self) -> None:
        officer, _other = cast.program_officer(), cast.next_agency()
        assert self.regions(officer) == {"33.75"}

    def test_scope_q_of_a_village_stays_there(self) -> None:
        officer = cast.village_officer_here()
        for code in ("33.75", factories.BENDAN_KERGON, factories.MEDONO):
            Agency.objects.filter(users=officer).update(region_id=code)
            inside = code == factories.BENDAN_KERGON
            assert self.regions(officer) == ({code} if inside else set())

    def test_scope_q_never_takes_a_longer_number_for_a_part(self) -> None:
        """No real code is 33.7: the assignment is only in memory."""
        officer = cast.nobody()
        given = RoleAssignment(user=officer, role=Role.PROGRAM_OFFICER, agency=officer.agency, region_id="33.7")
        setattr(officer, CACHE, (given,))
        assert self.regions(officer) == set()
        given.region_id = "33.75"
        assert self.regions(officer) == {"33.75"}

    def test_scope_q_of_the_province_reaches_all_below(self) -> None:
        officer = cast.program_officer()
        RoleAssignment.objects.filter(user=officer).update(region_id="33")
        assert self.regions(officer) == {"33.75"}

    def test_scope_q_without_region_leaves_it_out(self) -> None:
        officer = cast.village_officer_here()
        found = Agency.objects.filter(scope_q(officer, Permission.VIEW_BATCHES, agency="pk", region=None))
        assert [agency.slug for agency in found] == ["pekalongan"]

    def test_scope_q_reaches_rows_without_region_for_the_whole_office(self) -> None:
        """`Region.parent` is a region that may be absent: the province has none."""
        whole, village = cast.program_officer(), cast.village_officer_here()
        for user, reached in ((whole, True), (village, False)):
            q = scope_q(user, Permission.VIEW_BATCHES, agency=None, region="parent")
            assert Region.objects.filter(q, code="33").exists() is reached

    def test_scope_q_of_nobody_is_empty(self) -> None:
        cast.home_agency()
        for user in (cast.nobody(), AnonymousUser(), None):
            assert self.regions(user) == set()

    def test_scope_q_asks_once(self) -> None:
        officer = User.objects.get(pk=cast.program_officer().pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for _number in range(3):
                for permission in Permission:
                    scope_q(officer, permission)
                    holds(officer, permission)
        assert len(queries) == 1

    def test_scope_q_of_a_loaded_user_asks_nothing(self) -> None:
        pk = cast.program_officer().pk
        officer = User.objects.with_assignments().get(pk=pk)
        with CaptureQueriesContext(connection) as queries:
            scope_q(officer, Permission.VIEW_BATCHES)
        assert len(queries) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_holds_follows_the_table(role: Role) -> None:
    user = factories.user("orang", role=role)
    held = {permission.value for permission in Permission if holds(user, permission)}
    assert held == set(TABLE[role.value].split())


@pytest.mark.django_db
def test_holds_looks_at_agency_and_region() -> None:
    officer, here, there = cast.village_officer_here(), cast.home_agency(), cast.next_agency()
    answers = [
        holds(officer, Permission.REGISTER_ASSISTED, here.pk, factories.BENDAN_KERGON),
        holds(officer, Permission.REGISTER_ASSISTED, here.pk, factories.MEDONO),
        holds(officer, Permission.REGISTER_ASSISTED, there.pk, factories.BENDAN_KERGON),
        holds(officer, Permission.REGISTER_ASSISTED, here.pk),
    ]
    assert answers == [True, False, False, True]


@pytest.mark.django_db
def test_holds_ends_with_the_last_day_and_with_the_account() -> None:
    officer = cast.program_officer()
    yesterday = cast.home_agency().today() - dt.timedelta(days=1)
    RoleAssignment.objects.filter(user=officer).update(valid_to=yesterday)
    forget(officer)
    assert roles_of(officer) == []
    RoleAssignment.objects.filter(user=officer).update(valid_to=None)
    forget(officer)
    assert roles_of(officer) == [Role.PROGRAM_OFFICER]
    officer.is_active = False
    assert not holds(officer, Permission.VIEW_BATCHES)


@pytest.mark.django_db
def test_holds_follows_the_clock_of_the_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 23.30 in Jakarta it is tomorrow in Jayapura."""
    officer = cast.program_officer()
    moment = dt.datetime(2024, 7, 1, 16, 30, tzinfo=dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    RoleAssignment.objects.filter(user=officer).update(valid_to=dt.date(2024, 7, 1))
    answers = []
    for zone in ("Asia/Jakarta", "Asia/Jayapura"):
        Agency.objects.update(time_zone=zone)
        fresh = User.objects.get(pk=officer.pk)
        answers.append((holds(fresh, Permission.VIEW_BATCHES), RoleAssignment.objects.current().count()))
    assert answers == [(True, 1), (False, 0)]


@pytest.mark.django_db
def test_superuser_sees_no_personal_data() -> None:
    operator = factories.user("operator", is_superuser=True, is_staff=True)
    assert [permission for permission in Permission if holds(operator, permission)] == [Permission.MANAGE_USERS]


@pytest.mark.django_db
def test_nobody_changes_the_own_rights() -> None:
    administrator = cast.administrator()
    assert can_change_rights_of(administrator, cast.verifier())
    assert not can_change_rights_of(administrator, administrator)
    assert not can_change_rights_of(cast.program_officer(), cast.verifier())


@pytest.mark.django_db
def test_requires_refuses_without_the_permission(rf: RequestFactory) -> None:
    @requires(Permission.VIEW_AUDIT)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=204)

    request = rf.get("/")
    request.user = cast.auditor()
    assert view(request).status_code == 204
    request.user = cast.program_officer()
    with pytest.raises(PermissionDenied):
        view(request)
