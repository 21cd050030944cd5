from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions, queries
from participants.models import Person, Registration, SeatTransfer, Selection, SelectionRow
from programs.actions import publish_batch, set_registration_end
from programs.models import Batch, SelectionTerms
from programs.rules import Limit, PointRule, Terms, lot, seed_hash
from tests import cast, factories
from tests.participants.lines import counters, events, fresh, open_offer, refusal, seats, small_batch, told
from tests.participants.selecting import WORDS, close, freeze, seed_of, selecting_batch, verified
from tests.programs.test_rules_selection import published_script

pytestmark = pytest.mark.django_db


def outcomes(selection: Selection) -> list[tuple[int, str, str]]:
    return list(selection.rows.values_list("registration_id", "outcome", "reason"))


def test_register_under_a_draw_takes_everybody_without_a_seat() -> None:
    batch = selecting_batch(quota=1, waiting_quota=0)
    entries = [factories.registration(batch) for _ in range(4)]
    assert seats(batch) == "applied applied applied applied"
    assert counters(batch) == (0, 0, 0)
    assert batch.last_queue_number == 0
    assert (events(entries[0]), told(entries[0])) == (["entered"], ["registration_received"])
    message = Message.objects.for_subject("registration", entries[0].pk).get()
    assert str(entries[0].number) in message.body
    assert AuditEntry.objects.filter(action="registration.created").last().changes == {"seat": "applied"}  # type: ignore[union-attr]  # one entry of the trail is there


def test_register_under_a_draw_once_and_until_it_closes() -> None:
    batch, declared = selecting_batch(), factories.declaration()
    factories.registration(batch, declaration=declared)
    refusal("registration_contact_once_per_batch", factories.registration, batch=batch, declaration=declared)
    close(batch)
    refusal("batch_not_open", factories.registration, batch=batch)


def test_register_is_refused_by_the_database_when_the_batch_closed_a_moment_ago() -> None:
    batch = selecting_batch()
    stale = Batch.objects.with_parts().get(pk=batch.pk)
    factories.registration(stale)
    close(batch)
    assert not Batch.objects.enter(batch.pk)


def test_take_seat_gives_nothing_before_the_result() -> None:
    assert Batch.objects.take_seat(selecting_batch().pk) is None


def test_publishing_a_draw_keeps_a_seed_and_shows_its_hash() -> None:
    batch = selecting_batch()
    declared = SelectionTerms.objects.get(batch=batch)
    assert declared.seed_hash == seed_hash(seed_of(batch))
    assert len(seed_of(batch)) == 64
    assert seed_of(selecting_batch()) != seed_of(batch)
    assert batch.selection_method == "draw"
    assert not any(seed_of(batch) in str(entry.changes) for entry in AuditEntry.objects.all())


def test_publishing_keeps_the_terms_of_that_day() -> None:
    terms = Terms(points=(PointRule("sex", "female", 3),))
    batch = selecting_batch("points", terms=terms)
    batch.program.selection_terms = {}
    batch.program.save()
    assert SelectionTerms.objects.get(batch=batch).terms == terms


def test_freeze_draw_gives_seats_in_the_order_of_the_lots() -> None:
    batch = selecting_batch(quota=2, waiting_quota=1)
    entries = verified(batch, 4)
    close(batch)
    selection = freeze(batch)
    order = sorted((entry.pk for entry in entries), key=lambda pk: lot(seed_of(batch), WORDS, pk))
    assert outcomes(selection) == list(
        zip(order, ["held", "held", "waiting", "none"], ["seat", "seat", "seats", "seats"], strict=True)
    )
    assert [Registration.objects.get(pk=pk).seat for pk in order] == ["held", "held", "waiting", "none"]
    assert [Registration.objects.get(pk=pk).queue_number for pk in order] == [1, 2, 3, 4]
    assert counters(batch) == (2, 0, 1)
    assert (selection.seed, selection.seed_hash) == (seed_of(batch), seed_hash(seed_of(batch)))
    assert selection.counts == {"registered": 4, "held": 2, "waiting": 1, "none": 1}
    for pk, event in zip(order, ["selected", "selected", "placed", "not_selected"], strict=True):
        entry = Registration.objects.get(pk=pk)
        assert (events(entry)[-1], told(entry)[-1]) == (event, "selection_decided")
    line = AuditEntry.objects.get(action="batch.selected")
    assert set(line.changes["registrations"]) == set(order)


def test_freeze_writes_a_public_list_that_the_published_script_confirms(tmp_path: Any) -> None:
    terms = Terms(limits=(Limit("sex", 2), Limit("region", 3)))
    batch = selecting_batch(terms=terms, quota=3, waiting_quota=2)
    entries = verified(batch, 6)
    actions.withdraw(registration=entries[0], reason="", by=None)
    factories.registration(batch)
    close(batch)
    selection = freeze(batch)
    content = queries.stored_list(selection)
    path = tmp_path / "seleksi.csv"
    path.write_text(content)
    assert published_script().check(str(path), selection.seed_hash) == []
    path.write_text(content.replace(",held,", ",none,", 1))
    assert len(published_script().check(str(path))) == 1
    path.write_text(content.replace(f"benih={selection.seed}", f"benih={'0' * 64}"))
    assert published_script().check(str(path)) != []
    assert content.count("\n") == 8 + 7 + 2 - 1
    for private in (entries[1].full_name, entries[1].phone, entries[1].code, "female", factories.BENDAN_KERGON):
        assert private not in content


def test_freeze_points_by_priority_then_by_number() -> None:
    terms = Terms(points=(PointRule("sex", "female", 5), PointRule("first_time", "", 2)))
    batch = selecting_batch("points", terms=terms, quota=2, waiting_quota=9)
    [early] = verified(batch, sex="male")
    [trained] = verified(batch)
    [new] = verified(batch)
    over = small_batch(quota=1)
    before = factories.registration(over, nik=trained.nik, phone=trained.phone)
    assert before.person == trained.person
    Batch.objects.filter(pk=over.pk).update(state="finished")
    close(batch)
    selection = freeze(batch, witness_words="")
    assert list(selection.rows.values_list("registration_id", "points", "outcome")) == [
        (new.pk, 7, "held"),
        (trained.pk, 5, "held"),
        (early.pk, 2, "waiting"),
    ]
    assert (selection.seed, selection.witness_words) == ("", "")


def test_freeze_leaves_nobody_out_of_the_list() -> None:
    batch = selecting_batch()
    [chosen, left, wrong] = verified(batch, 3)
    pending = factories.registration(batch)
    actions.withdraw(registration=left, reason="", by=None)
    actions.reject(registration=wrong, reason="not_eligible", note="", by=cast.program_officer())
    close(batch)
    selection = freeze(batch)
    assert set(outcomes(selection)) == {
        (chosen.pk, "held", "seat"),
        (left.pk, "out", "withdrawn"),
        (wrong.pk, "out", "rejected"),
        (pending.pk, "out", "unverified"),
    }
    assert [fresh(entry).seat for entry in (left, wrong, pending)] == ["released", "released", "none"]
    assert (told(pending)[-1], told(left).count("selection_decided")) == ("selection_decided", 0)


def test_freeze_keeps_one_of_each_kind_of_business() -> None:
    terms = Terms(limits=(Limit("business_kind", 1),))
    values = {"business_list": "own", "business_kinds": "Abon\nBakso"}
    batch = selecting_batch("points", terms=terms, quota=2, waiting_quota=5, program_values=values)
    for kind in ("Abon", "Abon", "Abon", "Bakso"):
        verified(batch, business_kind=kind)
    close(batch)
    selection = freeze(batch)
    held = selection.rows.filter(outcome="held").values_list("registration__business_kind", flat=True)
    assert sorted(held) == ["Abon", "Bakso"]
    waiting = selection.rows.filter(outcome="waiting")
    assert {(row.reason, row.full_stratum) for row in waiting} == {("limit", "business_kind")}


def test_a_freed_seat_goes_to_the_next_whom_the_limits_allow() -> None:
    terms = Terms(limits=(Limit("business_kind", 1),))
    batch = selecting_batch("points", terms=terms, quota=2, waiting_quota=9)
    [abon] = verified(batch, business_kind="Abon")
    [bakso] = verified(batch, business_kind="Bakso")
    [second_abon] = verified(batch, business_kind="Abon")
    [second_bakso] = verified(batch, business_kind="Bakso")
    close(batch)
    freeze(batch)
    actions.withdraw(registration=fresh(bakso), reason="", by=None)
    assert [fresh(entry).seat for entry in (abon, bakso, second_abon, second_bakso)] == [
        "held",
        "released",
        "waiting",
        "offered",
    ]
    actions.accept_offer(offer=open_offer(second_bakso), by=None)
    assert counters(batch) == (2, 0, 1)
    assert SelectionRow.objects.get(registration=bakso).outcome == "held"


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("registration_open", {"registration_closes_at": timedelta(hours=1)}),
        ("not_selecting", {"state": "finished"}),
        ("not_selecting", {"selection_method": "first_come"}),
    ],
)
def test_freeze_is_refused_where_there_is_nothing_to_select(code: str, values: dict[str, Any]) -> None:
    batch = selecting_batch()
    close(batch)
    now = timezone.now()
    moved = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
    Batch.objects.filter(pk=batch.pk).update(**moved)
    refusal(code, freeze, batch=batch)


def test_freeze_is_refused_twice() -> None:
    batch = selecting_batch()
    close(batch)
    freeze(batch)
    refusal("already_selected", freeze, batch=batch)


def test_freeze_is_refused_when_the_list_is_another_than_the_officer_saw() -> None:
    batch = selecting_batch()
    [entry] = verified(batch)
    close(batch)
    seen = queries.fingerprint(batch)
    actions.withdraw(registration=entry, reason="", by=None)
    refusal("list_changed", freeze, batch=batch, expected=seen)


@pytest.mark.parametrize("words", ["", "  ", "x" * 201])
def test_freeze_draw_needs_the_words_of_a_witness(words: str) -> None:
    batch = selecting_batch()
    close(batch)
    refusal("words_needed", freeze, batch=batch, witness_words=words)


def test_freeze_is_refused_when_the_seed_was_exchanged() -> None:
    batch = selecting_batch()
    close(batch)
    SelectionTerms.objects.filter(batch=batch).update(seed="11" * 32)
    refusal("seed_broken", freeze, batch=batch)


def test_a_frozen_result_is_never_changed() -> None:
    batch = selecting_batch()
    verified(batch)
    close(batch)
    selection = freeze(batch)
    for change in (
        lambda: Selection.objects.filter(pk=selection.pk).update(list_hash="0" * 64),
        lambda: selection.rows.update(outcome="none", reason="seats"),
        lambda: selection.rows.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


def test_registration_does_not_open_again_after_the_result() -> None:
    batch = selecting_batch()
    close(batch)
    freeze(batch)
    later = timezone.now() + timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        set_registration_end(batch=batch, closes_at=later, by=cast.program_officer())
    assert refused.value.code == "already_selected"
    assert Batch.objects.with_parts().get(pk=batch.pk).phase() == "closed"


def test_a_rejection_taken_back_before_the_result_takes_part_again() -> None:
    batch, officer = selecting_batch(), cast.program_officer()
    entry = factories.registration(batch)
    actions.reject(registration=entry, reason="not_eligible", note="", by=officer)
    actions.undo_decision(registration=fresh(entry), by=officer)
    assert (fresh(entry).seat, counters(batch)) == ("applied", (0, 0, 0))


def test_a_rejection_taken_back_after_the_result_stands_last_in_line() -> None:
    batch, officer = selecting_batch(quota=1, waiting_quota=5), cast.program_officer()
    verified(batch, 3)
    entry = factories.registration(batch)
    actions.reject(registration=entry, reason="not_eligible", note="", by=officer)
    close(batch)
    freeze(batch)
    actions.undo_decision(registration=fresh(entry), by=officer)
    assert (fresh(entry).seat, fresh(entry).position) == ("waiting", 3)


def test_move_into_a_draw_takes_part_and_out_of_it_takes_a_seat() -> None:
    draw, plain, officer = selecting_batch(), small_batch(quota=2), cast.program_officer()
    inside, outside = factories.registration(draw), factories.registration(plain)
    actions.move(registration=outside, to=draw, reason="", by=officer)
    actions.move(registration=inside, to=plain, reason="", by=officer)
    assert (fresh(outside).seat, fresh(inside).seat) == ("applied", "held")
    assert (counters(draw), counters(plain)) == ((0, 0, 0), (1, 0, 0))
    close(draw)
    refusal("batch_not_open", actions.move, registration=fresh(inside), to=draw, reason="", by=officer)


def test_cancelling_releases_who_waits_for_the_result() -> None:
    batch = selecting_batch()
    entry = factories.registration(batch)
    actions.cancel_batch(batch=batch, reason="Hujan", by=cast.program_officer())
    assert (fresh(entry).seat, told(entry)[-1]) == ("released", "batch_cancelled")


def test_who_was_not_chosen_is_free_to_register_elsewhere() -> None:
    batch = selecting_batch(quota=1, waiting_quota=0, program_values={"duplicate_rule": "per_year"})
    entries = verified(batch, 2)
    close(batch)
    freeze(batch)
    [out] = [entry for entry in entries if fresh(entry).seat == "none"]
    other = factories.batch(batch.program, state="planned")
    again = factories.registration(
        publish_batch(batch=other, by=cast.program_officer()),
        declaration=factories.declaration(nik=out.nik, phone=out.phone),
    )
    assert (again.seat, again.person) == ("applied", out.person)
    assert Person.objects.count() == 2


def two_batches(unused: int = 2, waiting: int = 3) -> tuple[Batch, Batch]:
    """One with seats that nobody took, one where people wait; both closed."""
    program = factories.program(cast.home_agency(), duplicate_rule="never")
    empty, full = factories.batch(program, quota=unused + 1), factories.batch(program, quota=1, waiting_quota=9)
    for batch, count in ((empty, 1), (full, 1 + waiting)):
        for _ in range(count):
            factories.registration(batch)
        close(batch)
    return empty, full


def proposal(batch: Batch) -> list[tuple[int, int, int]]:
    return [(source.pk, target.pk, count) for source, target, count in queries.proposed_transfers(batch.program)]


def test_share_out_seats_moves_quota_and_offers_it() -> None:
    empty, full = two_batches()
    assert proposal(empty) == [(empty.pk, full.pk, 2)]
    made = actions.share_out_seats(
        program=empty.program, expected=proposal(empty), note="Rapat 3 Mei", by=cast.program_officer()
    )
    assert [(one.source, one.target, one.seats, one.note) for one in made] == [(empty, full, 2, "Rapat 3 Mei")]
    assert (counters(empty), empty.quota) == ((1, 0, 0), 1)
    assert (counters(full), full.quota) == ((1, 2, 1), 3)
    assert AuditEntry.objects.filter(action="program.seats_shared").get().purpose == "Rapat 3 Mei"
    assert proposal(empty) == []


def test_share_out_seats_is_refused_when_seats_changed_meanwhile() -> None:
    empty, full = two_batches()
    seen, by = proposal(empty), cast.program_officer()
    actions.withdraw(registration=full.registrations.get(queue_number=4), reason="", by=None)
    actions.withdraw(registration=full.registrations.get(queue_number=3), reason="", by=None)
    refusal("proposal_changed", actions.share_out_seats, program=empty.program, expected=seen, note="Rapat", by=by)
    refusal("proposal_changed", actions.share_out_seats, program=empty.program, expected=[], note="Rapat", by=by)
    refusal("note_needed", actions.share_out_seats, program=empty.program, expected=proposal(empty), note=" ", by=by)
    assert SeatTransfer.objects.count() == 0


def test_share_out_seats_leaves_alone_what_is_open_or_not_frozen() -> None:
    empty, full = two_batches()
    Batch.objects.filter(pk=empty.pk).update(registration_closes_at=timezone.now() + timedelta(days=1))
    assert proposal(empty) == []
    close(empty)
    Batch.objects.filter(pk=full.pk).update(state="finished")
    assert proposal(empty) == []
