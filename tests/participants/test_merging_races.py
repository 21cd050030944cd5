"""Cards that become one while people register, officers verify, and two colleagues press at once."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from participants import actions
from participants.models import Declaration, Person, PersonMerge, Registration
from participants.queries import batches_with_wrong_counters
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import small_batch
from tests.participants.merging import card, merged, proposed, second_officer, two_cards
from tests.participants.test_races import registering

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def again(entry: Registration) -> Declaration:
    """The same person, as they would register once more."""
    return factories.declaration(nik=entry.nik, full_name=entry.full_name, phone=entry.phone, email=entry.email)


def approving(merge: PersonMerge) -> Callable[[], Any]:
    return partial(actions.approve_merge, merge=merge, note="", by=second_officer())


@pytest.mark.parametrize("attempt", range(3))
def test_people_register_with_either_card_while_it_is_merged(attempt: int) -> None:
    kept, gone = two_cards(phone="+6281377770000")
    batches = [small_batch(quota=5) for _number in range(12)]
    merge = proposed(kept, gone)
    registrations = [registering(batch, again(gone if place % 2 else kept)) for place, batch in enumerate(batches)]
    registrations.insert(2 + attempt, approving(merge))
    assert Counter(outcomes(at_once(registrations, threads=6))) == {"done": 13}
    assert batches_with_wrong_counters() == []
    number = card(kept).pk
    for entry in Registration.objects.all():
        owner = entry.person_id if entry.person_id is None else Person.objects.get(pk=entry.person_id).pk
        assert owner == number or entry.nik == gone.nik
    assert Registration.objects.filter(person=gone.person_id).count() == 0
    assert not Person.objects.filter(pk=gone.person_id or 0).exists()


def test_two_colleagues_approve_at_once() -> None:
    merge = proposed(*two_cards())
    assert sorted(outcomes(at_once([approving(merge)] * 4))) == ["done", "merge_moved", "merge_moved", "merge_moved"]


def test_approving_and_refusing_at_once() -> None:
    merge = proposed(*two_cards())
    refusing = partial(actions.refuse_merge, merge=merge, note="x", by=second_officer())
    assert sorted(outcomes(at_once([approving(merge), refusing]))) == ["done", "merge_moved"]


def test_the_same_pair_is_proposed_from_both_sides_once() -> None:
    kept, gone = two_cards()
    one, other = card(kept), card(gone)
    by = cast.verifier()
    act = actions.propose_merge
    jobs = [
        partial(act, kept=one, gone=other, choices={}, reason="x", by=by),
        partial(act, kept=other, gone=one, choices={}, reason="x", by=by),
    ]
    assert sorted(outcomes(at_once(jobs))) == ["done", "merge_proposed"]


@pytest.mark.parametrize("_attempt", range(3))
def test_verifying_and_merging_at_once_never_wait_for_each_other(_attempt: int) -> None:
    kept, gone = two_cards()
    merge = proposed(kept, gone)
    by = cast.verifier()
    jobs = [approving(merge)] + [
        partial(actions.verify, registration=entry, note="KTP dilihat", by=by) for entry in (gone, kept)
    ]
    answers = outcomes(at_once(jobs))
    assert answers[1:] == ["done", "done"]
    assert answers[0] in {"done", "cards_changed"}
    assert Person.objects.count() == (1 if answers[0] == "done" else 2)
    assert Registration.objects.filter(check_state="verified").count() == 2


def test_undoing_twice_at_once() -> None:
    merge = merged(*two_cards())
    undoing = partial(actions.undo_merge, merge=merge, note="x", by=second_officer())
    assert sorted(outcomes(at_once([undoing, undoing]))) == ["done", "merge_moved"]
    assert Person.objects.count() == 2
