"""Two officers at once at what cannot be taken back, and people who come back while their data are being removed."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from jobs.models import Job
from participants import actions
from participants.models import Incident, Registration, RetentionRun
from participants.queries import Criteria
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import small_batch
from tests.participants.test_incidents import listed, report
from tests.participants.test_races import registering
from tests.participants.test_retention import approved, finished, proposed

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_removal_is_approved_once() -> None:
    finished(3)
    run, by = proposed(), cast.dpo()
    approving = partial(actions.approve_retention, run=run, expected=run.found, by=by)
    assert sorted(outcomes(at_once([approving] * 4))) == ["decided", "decided", "decided", "done"]
    assert Job.objects.filter(kind="retention_run").count() == 1


def test_removal_is_approved_or_discarded() -> None:
    finished(3)
    run, by = proposed(), cast.dpo()
    approving = partial(actions.approve_retention, run=run, expected=run.found, by=by)
    discarding = partial(actions.discard_retention, run=run, note="Belum.", by=by)
    assert sorted(outcomes(at_once([approving, discarding]))) == ["decided", "done"]
    state = RetentionRun.objects.get().state
    assert (state, Job.objects.count()) in [("approved", 1), ("discarded", 0)]


@pytest.mark.parametrize("attempt", range(3))
def test_whoever_registers_again_during_the_removal_keeps_the_new_entry(attempt: int) -> None:
    batch = finished(6)
    entries = list(batch.registrations.order_by("pk"))
    said = {entry.nik: entry.full_name for entry in entries[:4]}
    again = [factories.declaration(nik=nik, full_name=name) for nik, name in said.items()]
    run = approved(proposed())
    jobs: list[Callable[[], Any]] = [registering(small_batch(quota=5), declaration) for declaration in again]
    jobs.insert(attempt, partial(actions.carry_out_retention, run=run, by=cast.dpo()))
    assert Counter(outcomes(at_once(jobs))) == {"done": 5}
    actions.sweep_requests()
    fresh = RetentionRun.objects.get()
    assert (fresh.state, fresh.removed + fresh.kept) == ("done", fresh.found)
    new = Registration.objects.exclude(batch=batch).select_related("person")
    assert {entry.nik: entry.full_name for entry in new} == said
    assert not [entry for entry in new if entry.anonymised_at or (entry.person and entry.person.anonymised_at)]
    gone = Registration.objects.filter(batch=batch, anonymised_at__isnull=False)
    assert gone.count() == fresh.removed >= 2


def test_carrying_out_twice_at_once_counts_each_person_once() -> None:
    finished(6)
    run = approved(proposed())
    carrying = partial(actions.carry_out_retention, run=run, by=cast.dpo())
    assert set(outcomes(at_once([carrying, carrying]))) <= {"done", "decided"}
    fresh = RetentionRun.objects.get()
    assert (fresh.state, fresh.removed, fresh.kept) == ("done", 6, 0)


def test_list_of_an_incident_is_that_of_one_officer() -> None:
    first, second, incident = small_batch(quota=5), small_batch(quota=5), report()
    for batch, count in ((first, 2), (second, 3)):
        for _number in range(count):
            factories.registration(batch)
    freezing = [
        partial(actions.list_people, incident=incident, criteria=Criteria(batches=[batch.pk]), by=cast.dpo())
        for batch in (first, second, first, second)
    ]
    assert sorted(at_once(freezing)) == [2, 2, 3, 3]
    fresh = Incident.objects.get()
    batches = set(fresh.people.values_list("registration__batch", flat=True))
    assert [list(batches), fresh.people.count()] == [fresh.criteria["batches"], fresh.people_count]


def test_list_is_not_changed_under_the_letters() -> None:
    incident, _people = listed(2)
    factories.registration(small_batch())
    by = cast.dpo()
    telling = partial(actions.note_letters, incident=incident, expected=2, by=by)
    freezing = partial(actions.list_people, incident=incident, criteria=Criteria(), by=by)
    assert sorted(outcomes(at_once([telling, freezing]))) in [["done", "told"], ["changed", "done"]]
    fresh = Incident.objects.get()
    assert fresh.people_count == fresh.people.count()
    assert fresh.people.untold().count() in (0, 3)
