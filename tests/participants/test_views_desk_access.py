"""Every page of the desk against the cast: who may, who is refused, who learns nothing."""

import pytest

from accounts.roles import Role
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, url

R = Role
LOOK = {R.PROGRAM_OFFICER, R.VERIFIER, R.VILLAGE_OFFICER, R.DIVISION_HEAD, R.AUDITOR, R.ACTIVITY_OFFICER}
DECIDE, HELP, MANAGE = {R.PROGRAM_OFFICER, R.VERIFIER}, {R.PROGRAM_OFFICER, R.VILLAGE_OFFICER}, {R.PROGRAM_OFFICER}
DPO = R.DATA_PROTECTION_OFFICER
BATCH_PAGES = {
    "batch_list": LOOK | {R.TREASURER, R.BUDGET_AUTHORITY},
    "batch_desk": LOOK | {R.TREASURER, R.BUDGET_AUTHORITY},
    "batch_quota": MANAGE,
    "batch_extend": MANAGE,
    "batch_reschedule": MANAGE,
    "batch_cancel": MANAGE,
    "registration_list": LOOK | {DPO},
    "registration_print": LOOK | {DPO},
    "registration_export": MANAGE | {R.ACTIVITY_OFFICER},
    "registration_assist": HELP,
    "duplicate_list": LOOK | {DPO},
}
ENTRY_PAGES = {
    "registration_search": LOOK | {DPO},
    "registration_detail": LOOK | {DPO},
    "registration_verify": DECIDE,
    "registration_request_fix": DECIDE,
    "registration_reject": DECIDE,
    "registration_undo": DECIDE,
    "registration_link": DECIDE,
    "registration_reveal": DECIDE | {DPO},
    "registration_correct": DECIDE | HELP,
    "registration_move": MANAGE,
    "registration_withdraw": DECIDE | HELP,
}
WITHOUT_ROW = {"batch_list", "registration_search"}


@pytest.fixture
def entry(batch: Batch) -> Registration:
    return factories.registration(batch)


def row_of(page: str, batch: Batch, entry: Registration) -> Batch | Registration | None:
    if page in WITHOUT_ROW:
        return None
    return batch if page in BATCH_PAGES else entry


@pytest.mark.parametrize("role", list(cast.BY_ROLE), ids=str)
def test_desk_pages_open_to_the_roles_of_the_table_only(role: Role, batch: Batch, entry: Registration) -> None:
    client = at_desk(cast.BY_ROLE[role]())
    found = {page: client.get(url(page, row_of(page, batch, entry))).status_code for page in BATCH_PAGES | ENTRY_PAGES}
    assert found == {page: 200 if role in roles else 403 for page, roles in (BATCH_PAGES | ENTRY_PAGES).items()}


@pytest.mark.parametrize("page", sorted(set(BATCH_PAGES | ENTRY_PAGES) - WITHOUT_ROW))
def test_desk_pages_do_not_exist_for_another_office(page: str, batch: Batch, entry: Registration) -> None:
    client = at_desk(cast.other_agency_officer())
    assert client.get(url(page, row_of(page, batch, entry))).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        page
        for page, roles in (BATCH_PAGES | ENTRY_PAGES).items()
        if R.VILLAGE_OFFICER in roles and page not in WITHOUT_ROW
    ],
)
def test_desk_pages_do_not_exist_for_the_village_next_door(page: str, batch: Batch, entry: Registration) -> None:
    client = at_desk(cast.village_officer_next_door())
    assert client.get(url(page, row_of(page, batch, entry))).status_code == 404


@pytest.mark.parametrize(
    "page", ["registration_find", "registration_decide", "duplicate_deny", "duplicate_resolve", "registration_claim"]
)
def test_desk_doors_that_only_take_posts_are_closed_to_strangers(page: str, batch: Batch, entry: Registration) -> None:
    row = entry if page == "registration_claim" else batch
    assert at_desk(cast.other_agency_officer()).post(url(page, row)).status_code == 404
    assert at_desk(cast.treasurer()).post(url(page, row)).status_code == 403


@pytest.mark.parametrize("page", sorted(set(BATCH_PAGES | ENTRY_PAGES) - WITHOUT_ROW))
def test_desk_pages_with_personal_data_are_never_kept_by_the_browser(
    page: str, batch: Batch, entry: Registration
) -> None:
    response = at_desk(cast.program_officer()).get(url(page, row_of(page, batch, entry)))
    assert "no-store" in response["Cache-Control"]


def test_desk_pages_show_no_identity_number(batch: Batch, entry: Registration) -> None:
    client = at_desk(cast.program_officer())
    shown = [client.get(url(page, row_of(page, batch, entry))).content.decode() for page in BATCH_PAGES | ENTRY_PAGES]
    assert [page for page in shown if entry.nik in page] == []


def test_registration_verify_is_open_to_the_village_where_the_programme_says_so(
    batch: Batch, entry: Registration
) -> None:
    officer = cast.village_officer_here()
    page = url("registration_verify", entry)
    assert at_desk(officer).post(page, {"note": ""}).status_code == 403
    batch.program.village_officer_verifies = True
    batch.program.save()
    assert at_desk(officer).post(page, {"note": ""}).status_code == 302
    entry.refresh_from_db()
    assert (entry.check_state, entry.checked_by) == ("verified", officer)
