"""A result while others register, leave, are checked and are cancelled, on connections of their own."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from notifications.models import Message
from participants import actions, queries
from participants.models import Registration, SeatTransfer, Selection, SelectionRow
from programs.models import Batch
from programs.rules import Limit, Terms
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import counters, fresh
from tests.participants.selecting import WORDS, close, freeze, selecting_batch, verified
from tests.participants.test_actions_selecting import proposal, two_batches
from tests.participants.test_races import registering, withdrawing

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def freezing(batch: Batch, **values: Any) -> Any:
    arguments: dict[str, Any] = {"expected": queries.fingerprint(batch), "witness_words": WORDS}
    return partial(actions.freeze_selection, batch=batch, by=cast.program_officer(), **arguments | values)


def assert_result_is_whole(batch: Batch) -> None:
    """Every entry has one line, and seats, counters and lines say the same."""
    selection = Selection.objects.get(batch=batch)
    entries = Registration.objects.filter(batch=batch)
    assert not entries.filter(seat="applied").exists()
    assert SelectionRow.objects.filter(selection=selection).count() == entries.count()
    held, offered, waiting = counters(batch)
    assert held + offered <= batch.quota
    assert waiting <= batch.waiting_quota


def test_two_hundred_enter_a_draw_at_once_and_all_are_in() -> None:
    batch = selecting_batch(quota=40, waiting_quota=10)
    declared = [factories.declaration() for _ in range(200)]
    assert outcomes(at_once([registering(batch, each) for each in declared], threads=40)) == ["done"] * 200
    assert counters(batch) == (0, 0, 0)
    assert batch.last_queue_number == 0
    assert Registration.objects.filter(batch=batch, seat="applied").values("queue_number").distinct().count() == 200
    assert Message.objects.count() == 200


def test_nobody_waits_for_somebody_else_who_enters() -> None:
    """The batch's row is shared: while one entry is not committed yet, the next goes through."""
    batch = selecting_batch()
    first, second = factories.declaration(), factories.declaration()
    with transaction.atomic():
        registering(batch, first)()
        assert outcomes(at_once([registering(batch, second)])) == ["done"]
    assert Registration.objects.filter(batch=batch).count() == 2


def test_the_same_person_with_twenty_forms_enters_once() -> None:
    batch, declared = selecting_batch(), factories.declaration()
    answers = outcomes(at_once([registering(batch, declared) for _ in range(20)]))
    assert Counter(answers) == {"done": 1, "registration_contact_once_per_batch": 19}


def test_many_officers_freeze_once() -> None:
    batch = selecting_batch(quota=3, waiting_quota=2)
    verified(batch, 8)
    close(batch)
    answers = outcomes(at_once([freezing(batch)] * 8))
    assert Counter(answers) == {"done": 1, "already_selected": 7}
    assert_result_is_whole(batch)
    assert Message.objects.filter(kind="selection_decided").count() == 8


def test_freezing_while_people_leave_and_are_checked_is_whole_or_refused() -> None:
    for _ in range(4):
        batch, officer = selecting_batch(quota=2, waiting_quota=2), cast.program_officer()
        entries = [*verified(batch, 5), *[factories.registration(batch) for _ in range(3)]]
        close(batch)
        jobs = [
            freezing(batch),
            *[withdrawing(entry) for entry in entries[:2]],
            partial(actions.reject, registration=entries[2], reason="not_reachable", note="", by=officer),
            *[partial(actions.verify, registration=entry, note="KTP dilihat", by=officer) for entry in entries[5:]],
        ]
        found = outcomes(at_once(jobs))
        assert set(found) <= {"done", "list_changed", "registration_ended"}
        if found[0] != "done":
            freeze(batch)
        assert_result_is_whole(batch)


def test_freezing_while_the_batch_is_cancelled() -> None:
    batch, officer = selecting_batch(), cast.program_officer()
    verified(batch, 4)
    close(batch)
    cancel = partial(actions.cancel_batch, batch=batch, reason="Hujan", by=officer)
    found = outcomes(at_once([freezing(batch), cancel, freezing(batch)]))
    assert found[1] == "done"
    assert set(found) <= {"done", "not_selecting", "already_selected", "list_changed"}
    assert counters(batch) == (0, 0, 0)
    assert not Registration.objects.active().filter(batch=batch).exists()


def test_cancelling_while_people_enter_keeps_nobody() -> None:
    batch, officer = selecting_batch(), cast.program_officer()
    cancel = partial(actions.cancel_batch, batch=batch, reason="Hujan", by=officer)
    jobs = [registering(batch, factories.declaration()) for _ in range(12)]
    found = outcomes(at_once([*jobs[:6], cancel, *jobs[6:]]))
    assert (found[6], set(found) <= {"done", "batch_not_open"}) == ("done", True)
    assert not Registration.objects.active().filter(batch=batch).exists()


def test_nobody_enters_beside_a_result() -> None:
    """Registration closes at the very moment when people press: who is in has a line, who is not was told."""
    batch = selecting_batch(quota=5, waiting_quota=5)
    jobs: list[Any] = [registering(batch, factories.declaration()) for _ in range(12)]
    jobs.insert(6, partial(close, Batch.objects.get(pk=batch.pk)))
    found = outcomes(at_once(jobs))
    assert set(found) <= {"done", "batch_not_open"}
    batch.refresh_from_db()
    late = [registering(batch, factories.declaration()) for _ in range(4)]
    answers = outcomes(at_once([freezing(batch), *late]))
    assert answers == ["done", *["batch_not_open"] * 4]
    assert_result_is_whole(batch)
    assert Registration.objects.filter(batch=batch).count() == Counter(found)["done"] - 1


def test_seats_freed_at_once_keep_the_limits() -> None:
    terms = Terms(limits=(Limit("business_kind", 1),))
    batch = selecting_batch("points", terms=terms, quota=3, waiting_quota=20)
    seated = [verified(batch, business_kind=kind)[0] for kind in ("Abon", "Bakso", "Dodol")]
    line = [verified(batch, business_kind=kind)[0] for kind in ("Abon", "Abon", "Bakso", "Dodol", "Dodol")]
    close(batch)
    freeze(batch)
    assert outcomes(at_once([withdrawing(fresh(entry)) for entry in seated])) == ["done"] * 3
    offered = [fresh(entry).business_kind for entry in line if fresh(entry).seat == "offered"]
    assert sorted(offered) == ["Abon", "Bakso", "Dodol"]
    assert counters(batch) == (0, 3, 2)


def test_two_officers_share_out_seats_once() -> None:
    empty, full = two_batches()
    officer, expected = cast.program_officer(), proposal(empty)
    share = partial(actions.share_out_seats, program=empty.program, expected=expected, note="Rapat", by=officer)
    found = outcomes(at_once([share] * 4))
    assert Counter(found) == {"done": 1, "proposal_changed": 3}
    assert (counters(empty), counters(full), SeatTransfer.objects.count()) == ((1, 0, 0), (1, 2, 1), 1)


def test_seats_shared_out_while_people_leave_are_never_too_many() -> None:
    for _ in range(3):
        empty, full = two_batches()
        entries = list(full.registrations.order_by("queue_number"))
        share = partial(
            actions.share_out_seats,
            program=empty.program,
            expected=proposal(empty),
            note="Rapat",
            by=cast.program_officer(),
        )
        found = outcomes(at_once([share, *[withdrawing(entry) for entry in entries[:3]]]))
        assert set(found) <= {"done", "proposal_changed"}
        for batch in (empty, full):
            held, offered, waiting = counters(batch)
            assert held + offered <= batch.quota
            assert not waiting or held + offered == batch.quota
        assert empty.quota + full.quota == 4
