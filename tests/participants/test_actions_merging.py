from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions, queries
from participants.models import CardPreparation, JobSeekerCard, Person, PersonMerge, PersonPair, PersonTrace
from tests import cast, factories
from tests.participants.lines import everything, fresh, people, refusal, small_batch
from tests.participants.merging import card, merged, proposed, second_officer, two_cards

pytestmark = pytest.mark.django_db


def state(merge: PersonMerge) -> str:
    return str(PersonMerge.objects.get(pk=merge.pk).state)


def test_propose_merge_keeps_only_choices_about_what_differs() -> None:
    kept, gone = two_cards()
    merge = proposed(kept, gone, occupation="gone", sex="gone")
    assert merge.choices == {"nik": "kept", "full_name": "kept", "email": "kept", "occupation": "gone"}
    assert PersonPair.objects.of(card(kept), card(gone)).get().decision == "same"
    entry = AuditEntry.objects.get(action="person.merge_proposed")
    assert (entry.subject_id, entry.purpose) == (str(card(kept).pk), "KTP dan KK dilihat")


def test_propose_merge_needs_two_persons_and_a_reason() -> None:
    kept, gone = two_cards()
    by = cast.verifier()
    wanted: dict[str, Any] = {"kept": card(kept), "choices": {}, "by": by}
    refusal("reason_needed", actions.propose_merge, gone=card(gone), reason=" ", **wanted)
    refusal("person_merge_of_two", actions.propose_merge, gone=card(kept), reason="x", **wanted)
    proposed(kept, gone)
    refusal("merge_proposed", actions.propose_merge, gone=card(gone), reason="x", **wanted)
    refusal(
        "merge_proposed", actions.decide_pair, first=card(kept), second=card(gone), decision="later", note="", by=by
    )


def test_approve_merge_needs_somebody_else() -> None:
    merge = proposed(*two_cards())
    refusal("person_merge_second_person", actions.approve_merge, merge=merge, note="", by=cast.verifier())
    assert state(merge) == "proposed"


def test_approve_merge_moves_all_and_takes_the_chosen_values() -> None:
    kept, gone = two_cards()
    number, other = card(kept).pk, card(gone).pk
    merge = merged(kept, gone, occupation="gone", full_name="gone")
    assert not Person.objects.filter(pk=other).exists()
    person = Person.objects.get(pk=number)
    assert (person.full_name, person.name_key, person.occupation) == ("St. Aminah", "AMINAH", "Penjahit")
    assert person.nik == kept.nik
    assert list(person.registrations.order_by("pk")) == [kept, gone]
    assert (fresh(gone).nik, fresh(gone).full_name, fresh(gone).seat) == (gone.nik, "St. Aminah", "held")
    assert (merge.gone_number, merge.state) == (other, "merged")
    assert AuditEntry.objects.filter(action="person.merged", subject_id=str(number)).exists()
    assert queries.numbers_of(person) == [number, other]


def test_approve_merge_tells_each_address_once() -> None:
    kept, gone = two_cards(phone="+6281299998888")
    merged(kept, gone)
    told = Message.objects.filter(kind="persons_merged")
    assert sorted(told.values_list("recipient_name", flat=True)) == ["Siti Aminah", "Siti Aminah"]
    same, other = two_cards(email="siti@example.id")
    merged(same, other)
    assert told.count() == 3


def test_approve_merge_refuses_what_was_changed_since() -> None:
    kept, gone = two_cards()
    merge = proposed(kept, gone)
    actions.verify(registration=gone, note="KTP dilihat", by=cast.verifier())
    refusal("cards_changed", actions.approve_merge, merge=merge, note="", by=second_officer())


def test_approve_merge_refuses_two_places_in_one_batch_until_one_is_a_duplicate() -> None:
    batch = small_batch(quota=5)
    kept, gone = people(batch, 2)
    merge = proposed(kept, gone)
    refusal("registration_person_once_per_batch", actions.approve_merge, merge=merge, note="", by=second_officer())
    actions.resolve_duplicate(keep=kept, drop=gone, by=cast.verifier())
    actions.approve_merge(merge=merge, note="", by=second_officer())
    assert fresh(gone).person_id == fresh(kept).person_id


def test_approve_merge_refuses_two_places_that_the_rule_forbids() -> None:
    program = factories.program(cast.home_agency())
    kept = factories.registration(factories.batch(program))
    gone = factories.registration(factories.batch(program))
    merge = proposed(kept, gone)
    refusal("registration_person_once_per_rule", actions.approve_merge, merge=merge, note="", by=second_officer())


def job_card(person: Person, number: str) -> JobSeekerCard:
    today = timezone.localdate()
    return JobSeekerCard.objects.create(
        person=person,
        number=number,
        number_hash=number * 64,
        number_last4="0001",
        issued_on=today,
        expires_on=today + timedelta(days=700),
        recorded_at=timezone.now(),
        recorded_by=cast.verifier(),
    )


def test_approve_merge_moves_job_cards_but_never_two_in_force() -> None:
    kept, gone = two_cards()
    first = job_card(card(gone), "1")
    second = job_card(card(kept), "2")
    merge = proposed(kept, gone)
    refusal("job_card_once_in_force", actions.approve_merge, merge=merge, note="", by=second_officer())
    second.delete()
    actions.approve_merge(merge=merge, note="", by=second_officer())
    first.refresh_from_db()
    assert first.person_id == kept.person_id


def test_verification_holds_only_for_what_was_verified() -> None:
    kept, gone = two_cards()
    actions.verify(registration=kept, note="KTP dilihat", by=cast.verifier())
    merged(kept, gone, occupation="gone")
    assert card(kept).verified_at is not None
    kept, gone = two_cards()
    actions.verify(registration=kept, note="KTP dilihat", by=cast.verifier())
    merged(kept, gone, full_name="gone")
    assert card(kept).verified_at is None
    kept, gone = two_cards()
    actions.verify(registration=gone, note="KTP dilihat", by=cast.verifier())
    merged(kept, gone, nik="gone", full_name="gone")
    assert (card(kept).verified_at is not None, card(kept).nik) == (True, gone.nik)


def snapshot() -> list[Any]:
    """Everything that a merge touches, without the record of the merge itself."""
    preparations = list(CardPreparation.objects.order_by("person_id").values("person_id", "items", "updated_at"))
    pairs = list(PersonPair.objects.order_by("first", "second").values("first", "second", "score"))
    return [*everything()[:-1], preparations, pairs]


def test_undo_merge_puts_everything_back() -> None:
    kept, gone = two_cards()
    third = factories.registration(small_batch())
    now, by = timezone.now(), cast.verifier()
    CardPreparation.objects.create(person=card(kept), items=["photo"], updated_at=now, updated_by=by)
    later = now + timedelta(minutes=1)
    CardPreparation.objects.create(person=card(gone), items=["diploma"], updated_at=later, updated_by=by)
    PersonTrace.objects.create(person=card(gone), sound_key="X", digest="1" * 32)
    actions.decide_pair(first=card(gone), second=card(third), decision="different", note="kembar", by=by)
    merge = proposed(kept, gone, nik="gone", address="gone", occupation="gone")
    before = snapshot()
    actions.approve_merge(merge=merge, note="", by=second_officer())
    assert PersonPair.objects.of(card(kept), card(third)).get().decision == "different"
    assert CardPreparation.objects.get().items == ["diploma"]
    back = actions.undo_merge(merge=merge, note="Ternyata kembar", by=second_officer())
    assert back.pk == gone.person_id
    assert snapshot() == before
    assert (back.nik, card(kept).nik) == (gone.nik, kept.nik)
    assert (state(merge), PersonMerge.objects.get(pk=merge.pk).aside) == ("undone", None)
    assert PersonPair.objects.of(kept.person_id or 0, back).get().decision == "open"
    assert Message.objects.filter(kind="persons_parted").count() == 2


def test_undo_merge_refuses_once_something_builds_on_it() -> None:
    officer = second_officer()
    kept, gone = two_cards()
    merge = merged(kept, gone)
    declared = factories.declaration(nik=kept.nik, phone=kept.phone, full_name="Siti Aminah")
    added = factories.registration(small_batch(), declaration=declared)
    assert added.person_id == kept.person_id
    refusal("built_on", actions.undo_merge, merge=merge, note="x", by=officer)
    kept, gone = two_cards()
    merge = merged(kept, gone)
    actions.verify(registration=fresh(gone), note="KTP dilihat", by=cast.verifier())
    refusal("card_changed", actions.undo_merge, merge=merge, note="x", by=officer)
    kept, gone = two_cards()
    merge = merged(kept, gone)
    factories.registration(small_batch(), declaration=factories.declaration(nik=gone.nik))
    refusal("person_once_per_agency", actions.undo_merge, merge=merge, note="x", by=officer)


def test_undo_merge_goes_backwards_from_the_last_one() -> None:
    first, second = two_cards()
    third = factories.registration(small_batch())
    earlier = merged(first, second)
    later = merged(first, third)
    refusal("later_merge", actions.undo_merge, merge=earlier, note="x", by=second_officer())
    actions.undo_merge(merge=later, note="x", by=second_officer())
    actions.undo_merge(merge=earlier, note="x", by=second_officer())
    assert Person.objects.count() == 3


def test_undo_merge_of_a_card_that_went_on_into_another() -> None:
    """C into B, then B into A: the number of C is found under A, and both ways lead back."""
    a, b = two_cards()
    c = factories.registration(small_batch())
    number = c.person_id
    earlier = merged(b, c)
    later = merged(a, b)
    assert queries.numbers_of(card(a)) == [a.person_id, number, b.person_id]
    refusal("later_merge", actions.undo_merge, merge=earlier, note="x", by=second_officer())
    actions.undo_merge(merge=later, note="x", by=second_officer())
    actions.undo_merge(merge=earlier, note="x", by=second_officer())
    assert Person.objects.count() == 3
    assert fresh(c).person_id == number


def test_undo_merge_needs_a_note_and_its_time() -> None:
    merge = merged(*two_cards())
    refusal("note_needed", actions.undo_merge, merge=merge, note="", by=second_officer())
    PersonMerge.objects.update(undo_until=timezone.now())
    refusal("undo_too_late", actions.undo_merge, merge=merge, note="x", by=second_officer())


def test_seal_merges_leaves_nothing_of_the_other_card() -> None:
    kept, gone = two_cards()
    merge = merged(kept, gone)
    assert actions.seal_merges() == 0
    PersonMerge.objects.update(undo_until=timezone.now())
    assert actions.seal_merges() == 1
    assert (state(merge), PersonMerge.objects.get(pk=merge.pk).aside) == ("sealed", None)
    refusal("merge_moved", actions.undo_merge, merge=merge, note="x", by=second_officer())
    assert queries.numbers_of(card(kept)) == [kept.person_id, gone.person_id]


def test_refuse_merge_and_withdraw_merge_open_the_pair_again() -> None:
    kept, gone = two_cards()
    merge = proposed(kept, gone)
    refusal("note_needed", actions.refuse_merge, merge=merge, note="", by=second_officer())
    refusal("person_merge_second_person", actions.refuse_merge, merge=merge, note="x", by=cast.verifier())
    actions.refuse_merge(merge=merge, note="Ibu dan anak", by=second_officer())
    assert (state(merge), PersonPair.objects.get().decision) == ("refused", "open")
    again = proposed(kept, gone)
    refusal("not_the_proposer", actions.withdraw_merge, merge=again, by=second_officer())
    actions.withdraw_merge(merge=again, by=cast.verifier())
    assert (state(again), PersonPair.objects.get().decision) == ("withdrawn", "open")


def test_decide_pair_remembers_and_asks_again_when_put_off() -> None:
    kept, gone = two_cards()
    by, today = cast.verifier(), cast.home_agency().today()
    actions.decide_pair(first=card(gone), second=card(kept), decision="later", note="tunggu KK", by=by)
    found = PersonPair.objects.get()
    assert (found.first_id, found.second_id) == (kept.person_id, gone.person_id)
    assert not PersonPair.objects.to_decide(today).exists()
    assert PersonPair.objects.to_decide(today + timedelta(days=30)).exists()
    actions.decide_pair(first=card(kept), second=card(gone), decision="different", note="", by=by)
    assert not PersonPair.objects.to_decide(today + timedelta(days=30)).exists()
    refusal(
        "decision_unknown", actions.decide_pair, first=card(kept), second=card(gone), decision="same", note="", by=by
    )
