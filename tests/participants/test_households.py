"""One participant of a household: asked for where a programme wants it, compared where entries are verified."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from kit.family_cards import hash_household
from notifications.models import Message
from participants import actions
from participants.actions.checking import NotAllDecidedError
from participants.forms import values_to_keep
from participants.models import Registration
from participants.privacy.anonymising import anonymise
from participants.privacy.exporting import export
from participants.queries import households
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, errors, url
from tests.participants.households import CARD, OTHER_CARD, family, household_batch, of
from tests.participants.lines import fresh, refusal, small_batch
from tests.participants.public_form import form_url, send, typed
from tests.participants.test_views_registration_desk import save
from tests.support.searching import places_in_database

pytestmark = pytest.mark.django_db
TWICE = "registration_household_verified_once"


@pytest.fixture
def asking() -> Batch:
    return household_batch()


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


def verify(entry: Registration, by: User) -> Registration:
    return actions.verify(registration=entry, note="", by=by)


# Asking


def test_form_asks_for_the_card_only_where_the_programme_does(client: Client, batch: Batch, asking: Batch) -> None:
    assert "family_card" not in client.get(form_url(batch)).content.decode()
    assert 'name="family_card"' in client.get(form_url(asking)).content.decode()
    assert send(client, batch, family_card=CARD).status_code == 302
    entry = Registration.objects.get()
    assert (entry.household_hash, entry.household_program) == ("", None)


def test_form_keeps_a_comparison_value_and_never_the_number(client: Client, asking: Batch) -> None:
    assert send(client, asking, family_card="9971 0101 0124-0001").status_code == 302
    entry = Registration.objects.get()
    assert (entry.household_hash, entry.household_program) == (hash_household(CARD), asking.program)
    assert places_in_database({"clean": CARD, "typed": "9971 0101 0124-0001"}) == set()


@pytest.mark.parametrize("written", ["", "123", CARD + "1", "9,97101E+15", "abcdefghijklmnop"])
def test_form_says_at_the_field_what_is_wrong(client: Client, asking: Batch, written: str) -> None:
    refused = send(client, asking, family_card=written, full_name="Siti Contoh")
    assert (refused.status_code, list(errors(refused))) == (422, ["family_card"])
    assert refused.context["form"]["full_name"].value() == "Siti Contoh"


def test_drafts_leave_the_number_out() -> None:
    assert "family_card" not in values_to_keep(typed(family_card=CARD))


def test_register_refuses_without_a_card_whatever_the_form_was(asking: Batch) -> None:
    refusal("family_card_missing", factories.registration, batch=asking)


def test_desk_asks_for_the_card_but_not_of_who_has_no_nik_yet(asking: Batch) -> None:
    desk = at_desk(cast.village_officer_here())
    assert list(errors(save(desk, asking, 1))) == ["family_card"]
    assert save(desk, asking, 1, family_card=CARD).status_code == 302
    assert save(desk, asking, 2, full_name="Tanpa Kartu", nik="", no_nik="on").status_code == 302
    found = Registration.objects.order_by("pk").values_list("household_hash", flat=True)
    assert list(found) == [hash_household(CARD), ""]


def test_second_of_a_household_is_taken_like_any_other(asking: Batch) -> None:
    """Whoever tries a number learns nothing of who else is registered."""
    visitors = [Client(), Client()]
    answers = [send(one, asking, number=number, family_card=CARD) for number, one in enumerate(visitors, 1)]
    assert [answer.status_code for answer in answers] == [302, 302]
    receipts = [one.get(answer["Location"]) for one, answer in zip(visitors, answers, strict=True)]
    assert [receipt.status_code for receipt in receipts] == [200, 200]
    assert list(Registration.objects.values_list("seat", "check_state").distinct()) == [("held", "pending")]
    lines = [entry.eligibility[-1] for entry in Registration.objects.all()]
    assert lines == [{"kind": "household", "passed": None, "blocking": False, "data": {}}] * 2


# Correcting


def correction(entry: Registration, by: User | None = None, **values: Any) -> Registration:
    declared = factories.declaration(nik=entry.nik, phone=entry.phone, full_name=entry.full_name, **values)
    return actions.correct(registration=entry, declaration=declared, by=by)


def test_correction_keeps_the_number_that_is_noted_and_takes_another(asking: Batch) -> None:
    entry = of(asking)
    correction(entry)
    assert fresh(entry).household_hash == hash_household(CARD)
    correction(entry, household_hash=hash_household(OTHER_CARD))
    assert fresh(entry).household_hash == hash_household(OTHER_CARD)
    assert entry.events.order_by("-pk").values_list("data", flat=True)[0] == {"fields": ["family_card"]}


def test_correction_form_asks_again_only_when_nothing_is_noted(asking: Batch, officer: User) -> None:
    desk, entry = at_desk(officer), of(asking)
    sent = {**typed(1), "nik": ""}
    page = desk.get(url("registration_correct", entry))
    assert (page.context["form"].fields["family_card"].required, CARD in page.content.decode()) == (False, False)
    assert desk.post(url("registration_correct", entry), sent).status_code == 302
    Registration.objects.filter(pk=entry.pk).update(household_hash="", household_program=None)
    assert list(errors(desk.post(url("registration_correct", entry), sent))) == ["family_card"]
    assert desk.post(url("registration_correct", entry), sent | {"family_card": CARD}).status_code == 302
    assert fresh(entry).household_hash == hash_household(CARD)


# Verifying


def test_second_of_a_household_is_not_verified(asking: Batch, officer: User) -> None:
    first, second = family(asking)
    verify(first, officer)
    refused = refusal(TWICE, actions.verify, registration=second, note="", by=officer)
    assert first.shown_code in refused.messages[0]


def test_refusal_tells_no_code_to_who_may_not_see_the_other(asking: Batch) -> None:
    asking.program.village_officer_verifies = True
    asking.program.save()
    next_door = factories.batch(asking.program, factories.MEDONO)
    declared = factories.declaration(region=next_door.region, household_hash=hash_household(CARD))
    first, second = factories.registration(next_door, declaration=declared), of(asking)
    verify(first, cast.program_officer())
    village = cast.village_officer_here()
    refused = refusal(TWICE, actions.verify, registration=second, note="", by=village)
    assert first.shown_code not in refused.messages[0]
    page = at_desk(village).get(url("registration_detail", second))
    assert (page.context["household"].others, page.context["household"].unseen) == ([], 1)
    assert first.full_name not in page.content.decode()


@pytest.mark.parametrize("end", ["withdraw", "reject", "undo_decision", "cancel"])
def test_place_of_a_household_is_free_again(asking: Batch, officer: User, end: str) -> None:
    other = factories.batch(asking.program)
    first, second = of(asking), of(other)
    verify(first, officer)
    if end == "withdraw":
        actions.withdraw(registration=first, reason="", by=officer)
    elif end == "reject":
        actions.reject(registration=first, reason="wrong_data", note="", by=officer)
    elif end == "undo_decision":
        actions.undo_decision(registration=first, by=officer)
    else:
        actions.cancel_batch(batch=asking, reason="Banjir", by=officer)
    assert verify(second, officer).check_state == "verified"


def test_waiting_list_and_every_batch_of_the_programme_count(asking: Batch, officer: User) -> None:
    small = factories.batch(asking.program, quota=1)
    factories.registration(small, household_hash=hash_household(OTHER_CARD))
    waiting, held = of(small), of(asking)
    assert (waiting.seat, held.seat) == ("waiting", "held")
    verify(waiting, officer)
    refusal(TWICE, actions.verify, registration=held, note="", by=officer)


def test_programmes_do_not_count_for_each_other(asking: Batch, officer: User) -> None:
    elsewhere = household_batch()
    for batch in (asking, elsewhere):
        assert verify(of(batch), officer).check_state == "verified"


def test_entry_without_a_card_is_not_verified(asking: Batch, officer: User) -> None:
    entry = of(asking)
    Registration.objects.filter(pk=entry.pk).update(household_hash="", household_program=None)
    refusal("family_card_missing", actions.verify, registration=entry, note="", by=officer)


def test_many_at_once_are_told_row_by_row(asking: Batch, officer: User) -> None:
    first, second = family(asking)
    alone = of(asking, OTHER_CARD)
    with pytest.raises(NotAllDecidedError) as refused:
        actions.decide_many(registrations=[first, second, alone], decision="verify", note="", by=officer)
    told = {result.registration.pk: result.refusal for result in refused.value.results}
    assert (told[first.pk], told[alone.pk]) == ("", "")
    assert first.shown_code in told[second.pk]
    assert not Registration.objects.filter(check_state="verified").exists()
    assert Message.objects.filter(kind="registration_verified").count() == 0
    actions.decide_many(registrations=[first, alone], decision="verify", note="", by=officer)
    assert Registration.objects.filter(check_state="verified").count() == 2


# Moving


def test_move_takes_the_value_along_where_it_is_asked_and_drops_it_elsewhere(asking: Batch, officer: User) -> None:
    second, plain = household_batch(), small_batch()
    entry = of(asking)
    moved = actions.move(registration=entry, to=second, reason="", by=officer)
    assert (moved.household_hash, moved.household_program) == (hash_household(CARD), second.program)
    moved = actions.move(registration=moved, to=plain, reason="", by=officer)
    assert (moved.household_hash, moved.household_program) == ("", None)
    moved = actions.move(registration=moved, to=asking, reason="", by=officer)
    refusal("family_card_missing", actions.verify, registration=moved, note="", by=officer)


def test_move_of_a_verified_entry_finds_no_second_place(asking: Batch, officer: User) -> None:
    second = household_batch()
    entry = verify(of(second), officer)
    verify(of(asking), officer)
    refusal(TWICE, actions.move, registration=entry, to=asking, reason="", by=officer)
    within = factories.batch(second.program)
    assert actions.move(registration=entry, to=within, reason="", by=officer).check_state == "verified"


# What staff see


def test_pages_of_staff_tell_who_else_of_the_household_applied(asking: Batch, officer: User) -> None:
    desk, (first, second) = at_desk(officer), family(asking)
    alone = of(asking, OTHER_CARD)
    for name in ("registration_detail", "registration_verify"):
        page = desk.get(url(name, first))
        assert (page.context["household"].count, page.context["household"].others) == (2, [second])
        assert second.get_absolute_url() in page.content.decode()
        assert desk.get(url(name, alone)).context["household"] is None
    listed = desk.get(url("registration_list", asking))
    assert [row.of_household for row in listed.context["page"].rows] == [2, 2, 1]
    assert listed.content.decode().count("2 dari satu KK") == 2
    actions.withdraw(registration=second, reason="", by=officer)
    assert desk.get(url("registration_detail", first)).context["household"] is None
    assert desk.get(url("registration_detail", second)).context["household"] is None


def test_list_counts_households_by_one_query(asking: Batch, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [*family(asking, 3), of(asking, OTHER_CARD)]
    with django_assert_num_queries(1):
        households.tell_households(rows)
    assert [row.of_household for row in rows] == [3, 3, 3, 1]
    plain = [factories.registration(small_batch())]
    with django_assert_num_queries(0):
        households.tell_households(plain)


# Privacy


def test_extract_tells_that_a_comparison_value_is_kept(asking: Batch) -> None:
    entry = of(asking)
    assert entry.person is not None
    facts = {fact.code: fact.value for section in export(entry.person) for row in section.records for fact in row}
    assert facts["household"] is True
    assert entry.household_hash not in str(facts)


def test_anonymous_entry_leaves_no_trace_of_the_household(asking: Batch, officer: User) -> None:
    entry = verify(of(asking), officer)
    assert anonymise(persons=[entry.person_id or 0], at=timezone.now()) == 1
    assert (fresh(entry).household_hash, fresh(entry).household_program) == ("", None)
    assert verify(of(asking), officer).check_state == "verified"
