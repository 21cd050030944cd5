import pytest

from accounts.models import AuditEntry, User
from participants import actions, queries
from participants.models import DuplicateReview, Person, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import counters, events, fresh, open_offer, people, refusal, seats, small_batch, stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    return small_batch(quota=5, waiting_quota=3)


@pytest.fixture
def officer() -> User:
    return cast.verifier()


def doubtful_entry(batch: Batch, owner: Registration) -> Registration:
    assert owner.person is not None
    return factories.registration(batch, declaration=stranger(owner.person))


def test_link_identity_settles_whose_entry_it_is(batch: Batch, officer: User) -> None:
    owner = factories.registration(small_batch())
    doubtful = doubtful_entry(batch, owner)
    actions.link_identity(registration=doubtful, note="KTP dilihat", by=officer)
    assert (fresh(doubtful).person, events(doubtful)[-1]) == (owner.person, "linked")
    entry = AuditEntry.objects.get(action="registration.identity_linked")
    assert (entry.actor, entry.purpose, entry.subject_id) == (officer, "KTP dilihat", str(owner.person_id))
    actions.verify(registration=doubtful, note="KTP dilihat", by=officer)
    person = fresh(doubtful).person
    assert person is not None
    assert person.phone == doubtful.phone


def test_link_identity_needs_a_note_and_a_doubtful_entry(batch: Batch, officer: User) -> None:
    owner = factories.registration(small_batch())
    doubtful = doubtful_entry(batch, owner)
    refusal("note_needed", actions.link_identity, registration=doubtful, note="", by=officer)
    refusal("already_linked", actions.link_identity, registration=owner, note="x", by=officer)


def test_link_identity_refuses_a_second_entry_in_the_batch(batch: Batch, officer: User) -> None:
    [owner] = people(batch, 1)
    doubtful = doubtful_entry(batch, owner)
    refusal("registration_person_once_per_batch", actions.link_identity, registration=doubtful, note="x", by=officer)


def test_link_identity_refuses_a_second_training_of_the_year(officer: User) -> None:
    program = factories.program(cast.home_agency())
    owner = factories.registration(factories.batch(program))
    doubtful = doubtful_entry(factories.batch(program), owner)
    refusal("registration_person_once_per_rule", actions.link_identity, registration=doubtful, note="x", by=officer)


def test_link_identity_makes_a_card_when_the_other_one_is_gone(batch: Batch, officer: User) -> None:
    """A stranger's entry held the number first and was then corrected to another one, with its card."""
    mistyped = factories.registration(batch)
    doubtful = doubtful_entry(batch, mistyped)
    corrected = factories.declaration(phone=mistyped.phone)
    actions.correct(registration=mistyped, declaration=corrected, by=None)
    assert not Person.objects.filter(nik_hash=doubtful.nik_hash).exists()
    actions.link_identity(registration=doubtful, note="KTP dilihat", by=officer)
    person = fresh(doubtful).person
    assert person is not None
    assert (person.nik, person.phone) == (doubtful.nik, doubtful.phone)


def test_resolve_duplicate_keeps_one_and_offers_the_other_seat_on(officer: User) -> None:
    batch = small_batch(quota=2, waiting_quota=2)
    keep, drop, next_in_line = people(batch, 3)
    actions.resolve_duplicate(keep=keep, drop=drop, by=officer)
    assert (seats(batch), counters(batch)) == ("held released offered", (1, 1, 0))
    assert (fresh(drop).reject_reason, fresh(drop).check_note) == ("duplicate", keep.shown_code)
    assert open_offer(next_in_line).state == "open"
    review = DuplicateReview.objects.get()
    assert (review.first, review.second, review.decision, review.by) == (keep, drop, "same", officer)


def test_resolve_duplicate_refuses_what_would_end_both(batch: Batch, officer: User) -> None:
    first, second = people(batch, 2)
    other = people(small_batch(), 1)[0]
    refusal("different_batches", actions.resolve_duplicate, keep=first, drop=other, by=officer)
    refusal("duplicate_review_pair_in_order", actions.resolve_duplicate, keep=first, drop=first, by=officer)
    actions.withdraw(registration=first, reason="", by=None)
    refusal("registration_ended", actions.resolve_duplicate, keep=first, drop=second, by=officer)


def test_mark_different_silences_the_finder(batch: Batch, officer: User) -> None:
    first = factories.registration(batch, full_name="Siti Aminah", number=1)
    second = factories.registration(batch, full_name="Siti Aminah", number=2)
    assert [(pair.first, pair.second) for pair in queries.suspected_duplicates(batch)] == [(first, second)]
    actions.mark_different(first=second, second=first, by=officer)
    assert queries.suspected_duplicates(batch) == []
    refusal("duplicate_review_once_per_pair", actions.mark_different, first=first, second=second, by=officer)
