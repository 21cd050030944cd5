"""Two officers, one household."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from participants import actions
from participants.actions import checking
from participants.models import Registration
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.households import OTHER_CARD, family, household_batch, of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TWICE = "registration_household_verified_once"


def verified() -> int:
    return Registration.objects.filter(check_state="verified").count()


@pytest.mark.parametrize("by_constraint_alone", [False, True])
def test_two_officers_verify_one_household_at_once(monkeypatch: pytest.MonkeyPatch, by_constraint_alone: bool) -> None:
    """PostgreSQL refuses the second even where no action looks."""
    if by_constraint_alone:
        monkeypatch.setattr(checking, "hold_programs", lambda batches: None)
        monkeypatch.setattr(checking, "refuse_second_of_household", lambda entry, by: None)
    here = household_batch()
    there = factories.batch(here.program)
    officers = [cast.program_officer(), cast.verifier()]
    entries = [*family(here, 2), *family(there, 2)]
    jobs = [
        partial(actions.verify, registration=entry, note="", by=officers[place % 2])
        for place, entry in enumerate(entries)
    ]
    assert Counter(outcomes(at_once(jobs))) == {"done": 1, TWICE: 3}
    assert verified() == 1


def test_lists_of_two_households_crosswise_never_wait_for_each_other() -> None:
    here = household_batch()
    there = factories.batch(here.program)
    one = [of(here), of(here, OTHER_CARD)]
    other = [of(there, OTHER_CARD), of(there)]
    officers = [cast.program_officer(), cast.verifier()]
    jobs: list[Callable[[], Any]] = [
        partial(actions.decide_many, registrations=rows, decision="verify", note="", by=officer)
        for rows, officer in zip((one, other), officers, strict=True)
    ]
    jobs += [partial(actions.verify, registration=entry, note="", by=officers[0]) for entry in (*other, *one)]
    answers = at_once(jobs)
    raised = {type(answer).__name__ for answer in answers if isinstance(answer, Exception)}
    assert raised <= {"NotAllDecidedError", "ValidationError"}
    assert verified() == 2
    assert Registration.objects.filter(check_state="verified").values("household_hash").distinct().count() == 2


def test_withdrawing_frees_the_place_for_exactly_one() -> None:
    batch = household_batch()
    first, *others = family(batch, 4)
    officer = cast.program_officer()
    actions.verify(registration=first, note="", by=officer)
    jobs = [partial(actions.withdraw, registration=first, reason="", by=None)]
    jobs += [partial(actions.verify, registration=entry, note="", by=officer) for entry in others]
    found = outcomes(at_once(jobs))
    assert found[0] == "done"
    assert Counter(found[1:]) in ({"done": 1, TWICE: 2}, {TWICE: 3})
    assert verified() - 1 == Counter(found[1:])["done"]
