"""Lists that come in and are taken back while people register, officers verify, and the same list comes twice."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from participants import actions
from participants.models import Person, Registration, RegistrationImport
from participants.queries import batches_with_wrong_counters
from programs.models import Batch
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import counters, small_batch
from tests.participants.lists import brought_in, checked, person
from tests.participants.test_races import assert_line_is_whole, registering

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]


def ready(batch: Batch, count: int) -> RegistrationImport:
    """A list of so many people that waits for the worker."""
    upload = checked(batch, [person(number, region=batch.region.name) for number in range(1, count + 1)])
    assert upload.counts["good"] == count
    return actions.start_bringing_in(upload=upload, expected=upload.counts, tell=False, by=upload.created_by)


def bringing(upload: RegistrationImport) -> Callable[[], Any]:
    return partial(actions.bring_in, upload=upload, notice_version="1", alive=lambda: None, by=upload.created_by)


@pytest.mark.parametrize("place", [0, 3, 6])
def test_an_import_and_visitors_want_the_last_places(place: int) -> None:
    batch = small_batch(quota=3, waiting_quota=2)
    jobs: list[Callable[[], Any]] = [registering(batch, factories.declaration()) for _ in range(6)]
    jobs.insert(place, bringing(ready(batch, 5)))
    answers = outcomes(at_once(jobs))
    came = Registration.objects.filter(source="import").count()
    visitors = Counter(answers[:place] + answers[place + 1 :])
    if answers[place] == "done":
        assert (came, visitors) == (5, Counter({"batch_full": 6}))
    else:
        assert (answers[place], came, visitors) == ("list_changed", 0, Counter({"done": 5, "batch_full": 1}))
    assert counters(batch) == (3, 0, 2)
    assert_line_is_whole(batch)


def test_the_same_list_sent_twice_comes_in_once() -> None:
    batch = small_batch(quota=10)
    first, second = ready(batch, 4), ready(batch, 4)
    assert sorted(outcomes(at_once([bringing(first), bringing(second)]))) == ["done", "list_changed"]
    assert (Registration.objects.count(), Person.objects.count()) == (4, 4)
    assert_line_is_whole(batch)


def test_two_runners_of_one_import_bring_it_in_once() -> None:
    batch = small_batch(quota=10)
    upload = ready(batch, 4)
    assert outcomes(at_once([bringing(upload)] * 3)) == ["done"] * 3
    assert Registration.objects.count() == 4
    assert_line_is_whole(batch)


@pytest.mark.parametrize("_attempt", range(3))
def test_an_import_is_taken_back_while_somebody_verifies_one_of_its_people(_attempt: int) -> None:
    batch = small_batch(quota=10)
    upload = brought_in(checked(batch, [person(number, region=batch.region.name) for number in range(1, 5)]))
    entry = Registration.objects.order_by("pk")[2]
    by = cast.verifier()
    verifying = partial(actions.verify, registration=entry, note="KTP dilihat", by=by)
    undone, verified = at_once([partial(actions.undo_import, upload=upload, by=upload.created_by), verifying])
    if isinstance(verified, Registration.DoesNotExist):
        assert outcomes([undone]) == ["done"]
        assert (Registration.objects.count(), Person.objects.count()) == (0, 0)
    else:
        assert outcomes([undone, verified])[1] == "done"
        assert set(outcomes([undone])[0].split("+")) == {"built_on"}
        assert Registration.objects.filter(check_state="verified").count() == 1
    assert batches_with_wrong_counters() == []


@pytest.mark.parametrize("_attempt", range(3))
def test_an_import_is_taken_back_while_people_of_it_register_elsewhere(_attempt: int) -> None:
    batch, others = small_batch(quota=10), [small_batch(quota=5) for _number in range(4)]
    upload = brought_in(checked(batch, [person(number, region=batch.region.name) for number in range(1, 5)]))
    mine = [
        factories.declaration(nik=entry.nik, full_name=entry.full_name, phone=entry.phone, birth_date=entry.birth_date)
        for entry in Registration.objects.order_by("pk")
    ]
    jobs = [registering(other, declared) for other, declared in zip(others, mine, strict=True)]
    answers = outcomes(at_once([partial(actions.undo_import, upload=upload, by=upload.created_by), *jobs]))
    assert answers == ["done"] * 5
    assert [other.registrations.count() for other in others] == [1] * 4
    for entry in Registration.objects.all():
        assert entry.person_id is None or Person.objects.filter(pk=entry.person_id).exists()
    assert batches_with_wrong_counters() == []
