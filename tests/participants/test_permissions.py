"""Who may do what with whose entry: the fixed cast against every question."""

from collections.abc import Callable

import pytest

from accounts.models import User
from participants import permissions
from participants.models import Registration
from tests import cast, factories
from tests.participants.lines import small_batch

pytestmark = pytest.mark.django_db

EVERYBODY: dict[str, Callable[[], User]] = {
    "officer": cast.program_officer,
    "verifier": cast.verifier,
    "here": cast.village_officer_here,
    "next door": cast.village_officer_next_door,
    "other agency": cast.other_agency_officer,
    "treasurer": cast.treasurer,
    "head": cast.division_head,
    "auditor": cast.auditor,
    "protection": cast.dpo,
    "administrator": cast.administrator,
    "nobody": cast.nobody,
}


@pytest.fixture
def entry() -> Registration:
    return factories.registration(small_batch())


def who(question: Callable[[User, object], bool], about: object) -> set[str]:
    return {name for name, make in EVERYBODY.items() if question(make(), about)}


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        ("can_verify", {"officer", "verifier"}),
        ("can_correct", {"officer", "verifier", "here"}),
        ("can_move", {"officer"}),
        ("can_reveal", {"officer", "verifier", "protection"}),
    ],
)
def test_question_about_an_entry(entry: Registration, question: str, allowed: set[str]) -> None:
    assert who(getattr(permissions, question), entry) == allowed


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        ("can_register_assisted", {"officer", "here"}),
        ("can_verify_in", {"officer", "verifier"}),
        ("can_export", {"officer"}),
    ],
)
def test_question_about_a_batch(entry: Registration, question: str, allowed: set[str]) -> None:
    assert who(getattr(permissions, question), entry.batch) == allowed


def test_village_officer_verifies_only_at_home_and_where_the_programme_says_so() -> None:
    entry = factories.registration(small_batch(program_values={"village_officer_verifies": True}))
    assert who(permissions.can_verify, entry) == {"officer", "verifier", "here"}


def test_role_that_ended_answers_no(entry: Registration) -> None:
    officer = cast.verifier()
    officer.role_assignments.update(valid_to=factories.agency().today().replace(year=2020))
    assert not permissions.can_verify(officer, entry)


def test_can_settle_is_for_the_office_even_where_villages_verify(db: None) -> None:
    program = factories.program(cast.home_agency(), village_officer_verifies=True)
    entry = factories.registration(factories.batch(program))
    officer = cast.village_officer_here()
    assert (permissions.can_verify(officer, entry), permissions.can_settle(officer, entry)) == (True, False)
    assert permissions.can_settle(cast.verifier(), entry)
