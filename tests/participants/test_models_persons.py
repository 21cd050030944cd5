"""What PostgreSQL refuses of pairs, merges and temporary numbers."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from kit.identity import new_temporary
from participants.models import Person, PersonMerge, PersonPair, Registration
from tests import cast, factories
from tests.participants.lines import small_batch
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def persons() -> list[Person]:
    agency = cast.home_agency()
    declared = [factories.declaration() for _number in range(3)]
    return [Person.objects.create(agency=agency, **one.columns()) for one in declared]


def pair(persons: list[Person], **values: Any) -> PersonPair:
    first, second = values.pop("cards", persons[:2])
    defaults = {"agency": first.agency, "score": 60, "found_at": timezone.now()}
    return PersonPair.objects.create(first=first, second=second, **(defaults | values))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"decision": "maybe", "decided_at": 1, "decided_by": 1}, "person_pair_decision_known"),
        ({"decision": "different"}, "person_pair_decision_names_who_and_when"),
        ({"decided_at": 1}, "person_pair_decision_names_who_and_when"),
        ({"decision": "later", "decided_at": 1, "decided_by": 1}, "person_pair_put_off_has_day"),
        ({"ask_again_on": 1}, "person_pair_put_off_has_day"),
    ],
)
def test_pair_refuses(values: dict[str, Any], constraint: str, persons: list[Person]) -> None:
    real = {"decided_at": timezone.now(), "decided_by": cast.verifier(), "ask_again_on": timezone.localdate()}
    said = {name: real.get(name, value) for name, value in values.items()}
    assert broken_by(lambda: pair(persons, **said)) == constraint


def test_pair_is_kept_once_and_in_order(persons: list[Person]) -> None:
    pair(persons)
    assert broken_by(lambda: pair(persons)) == "person_pair_once"
    assert broken_by(lambda: pair(persons, cards=(persons[2], persons[1]))) == "person_pair_in_order"


def merge(persons: list[Person], **values: Any) -> PersonMerge:
    kept, gone = values.pop("cards", persons[:2])
    now = timezone.now()
    defaults: dict[str, Any] = {"agency": kept.agency, "kept": kept, "gone": gone, "gone_number": gone.pk}
    defaults |= {"digest": "", "reason": "x", "proposed_at": now, "proposed_by": cast.verifier()}
    return PersonMerge.objects.create(**(defaults | values))


def decided(state: str, **values: Any) -> dict[str, Any]:
    by: User = cast.program_officer()
    return {"state": state, "decided_at": timezone.now(), "decided_by": by, **values}


def test_merge_is_proposed_once(persons: list[Person]) -> None:
    first, second, third = persons
    merge(persons)
    assert broken_by(lambda: merge(persons, cards=(third, second))) == "person_merge_gone_proposed_once"
    assert broken_by(lambda: merge(persons, cards=(first, third))) == "person_merge_kept_proposed_once"


def test_merge_is_of_two(persons: list[Person]) -> None:
    first, second, third = persons
    assert broken_by(lambda: merge(persons, cards=(first, first))) == "person_merge_of_two"
    assert broken_by(lambda: merge(persons, gone_number=third.pk)) == "person_merge_of_two"


def test_merge_is_decided_by_a_second_person(persons: list[Person]) -> None:
    wanted = decided("refused", decided_by=cast.verifier())
    assert broken_by(lambda: merge(persons, **wanted)) == "person_merge_second_person"


def test_merge_names_who_and_when(persons: list[Person]) -> None:
    assert broken_by(lambda: merge(persons, state="gone")) in {
        "person_merge_state_known",
        "person_merge_decision_names_who_and_when",
    }
    assert broken_by(lambda: merge(persons, **decided("nonsense"))) == "person_merge_state_known"
    assert broken_by(lambda: merge(persons, state="refused")) == "person_merge_decision_names_who_and_when"
    assert broken_by(lambda: merge(persons, **decided("undone"))) == "person_merge_undoing_names_who_and_when"


def test_merge_keeps_what_was_taken_away_only_while_it_can_be_undone(persons: list[Person]) -> None:
    until = timezone.now() + timedelta(days=7)
    assert broken_by(lambda: merge(persons, **decided("merged"))) == "person_merge_aside_while_undoable"
    assert broken_by(lambda: merge(persons, **decided("sealed", aside="{}"))) == "person_merge_aside_while_undoable"
    merge(persons, gone=None, **decided("merged", aside="{}", undo_until=until))


def test_a_temporary_number_is_never_verified(persons: list[Person]) -> None:
    by, now = cast.verifier(), timezone.now()
    nameless = Person.objects.create(agency=cast.home_agency(), **factories.declaration(nik=new_temporary()).columns())
    cards = Person.objects.filter(pk=nameless.pk)
    assert broken_by(lambda: cards.update(verified_at=now, verified_by=by)) == "person_temporary_is_not_verified"
    entry = factories.registration(small_batch(), nik=new_temporary(), by=by, source="assisted")
    entries = Registration.objects.filter(pk=entry.pk)
    verified = {"check_state": "verified", "checked_at": now, "checked_by": by}
    assert broken_by(lambda: entries.update(**verified)) == "registration_temporary_is_not_verified"
