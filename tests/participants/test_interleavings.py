"""Any order of what can happen to entries, several at the same moment, keeps every promise after every step."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions
from participants.models import Declaration, Offer, Registration, RegistrationEvent
from participants.queries import batches_with_wrong_counters
from programs.models import Batch
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import let_offers_expire, small_batch

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

# What a job may answer besides `done`. Anything else, a deadlock or a broken constraint among them, fails the test.
REFUSED = {
    "already_decided",
    "already_linked",
    "already_verified",
    "batch_ended",
    "batch_full",
    "batch_not_open",
    "identity_unsettled",
    "moved_meanwhile",
    "not_decided",
    "not_eligible:not_twice",
    "note_needed",
    "offer_ended",
    "quota_below_taken",
    "registration_contact_once_per_batch",
    "registration_ended",
    "registration_person_once_per_batch",
    "registration_person_once_per_rule",
    "same_batch",
    "waiting_quota_below_waiting",
    "batch_begun",
    "no_offer",
}
# job -> the action of its audit entry
AUDITED = {
    "register": "registration.created",
    "correct": "registration.corrected",
    "verify": "registration.verified",
    "request_fix": "registration.fix_requested",
    "reject": "registration.rejected",
    "undo": "registration.decision_undone",
    "link": "registration.identity_linked",
    "withdraw": "registration.withdrawn",
    "accept": "registration.offer_accepted",
    "decline": "registration.offer_declined",
    "move": "registration.moved",
    "quota": "batch.quota_changed",
    "cancel_batch": "batch.cancelled",
}
# event of an entry -> the kind of the one message that tells it
TOLD = {
    "registered": "registration_received",
    "queued": "registration_received",
    "offered": "seat_offered",
    "accepted": "offer_accepted",
    "expired": "offer_expired",
    "fix_requested": "registration_fix_requested",
    "verified": "registration_verified",
    "rejected": "registration_rejected",
    "decision_undone": "decision_undone",
    "cancelled": "registration_cancelled",
    "moved": "registration_moved",
    "batch_cancelled": "batch_cancelled",
}
COMMON = ["register", "accept", "decline", "withdraw", "move", "verify", "reject", "undo", "correct"]
KINDS = [*COMMON * 2, "register", "expire", "request_fix", "link", "quota", "cancel_batch"]
JOBS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 11), st.integers(0, 11)), min_size=2, max_size=4)
# A step is some jobs at once, after the deadline of the offers of one batch has passed (rarely) or not.
STEPS = st.lists(st.tuples(JOBS, st.sampled_from([None, None, None, 0, 1])), min_size=12, max_size=12)
PEOPLE = 10


@dataclass(frozen=True)
class Place:
    """Where an entry stood at the end of a step."""

    batch_id: int
    seat: str
    queue_number: int
    check_state: str


class Entries:
    """Two batches of one programme, ten people, an officer; each step runs up to four jobs at once."""

    def __init__(self, duplicate_rule: str) -> None:
        program = factories.program(cast.home_agency(), duplicate_rule=duplicate_rule)
        self.batches = [small_batch(quota, 3, program=program) for quota in (1, 2)]
        self.people = [factories.declaration() for _ in range(PEOPLE)]
        self.officer = cast.program_officer()
        for number, person in enumerate(self.people[:6]):
            self.registering(self.batches[number % 2], person)()
        self.before: dict[int, Place] = {}
        self.last_event = self.newest(RegistrationEvent)
        self.last_audit = self.newest(AuditEntry)

    def several_at_once(self, jobs: list[tuple[str, int, int]]) -> None:
        self.before = self.places()
        self.last_event, self.last_audit = self.newest(RegistrationEvent), self.newest(AuditEntry)
        chosen = [self.job(*each) for each in jobs]
        found = outcomes(at_once([work for _, work in chosen]))
        assert set(found) <= {"done"} | REFUSED
        done = Counter(kind for (kind, _), answer in zip(chosen, found, strict=True) if answer == "done")
        self.assert_each_change_is_audited(done)
        self.assert_each_event_is_told_once()
        self.assert_nobody_was_passed()
        self.assert_seats_are_within_the_quota_and_counted()

    def assert_seats_are_within_the_quota_and_counted(self) -> None:
        assert batches_with_wrong_counters() == []
        for batch in Batch.objects.filter(pk__in=[each.pk for each in self.batches]):
            rows = Counter(batch.registrations.values_list("seat", flat=True))
            assert (rows["held"], rows["offered"], rows["waiting"]) == (
                batch.seats_held,
                batch.seats_offered,
                batch.waiting_count,
            )
            assert rows["held"] + rows["offered"] <= batch.quota
            assert rows["waiting"] <= batch.waiting_quota
            offers = Offer.objects.open().filter(registration__batch=batch)
            assert offers.count() == rows["offered"] == offers.filter(registration__seat="offered").count()
            if rows["waiting"]:
                assert rows["held"] + rows["offered"] == batch.quota  # no seat lies idle while somebody waits
            if batch.state == Batch.State.CANCELLED:
                assert rows["held"] + rows["offered"] + rows["waiting"] == 0

    def job(self, kind: str, first: int, second: int) -> tuple[str, Callable[[], Any]]:
        """One action on the batch or entry that the two numbers choose."""
        batch, by = self.batches[second % 2], self.officer
        entries = list(self.entries().order_by("pk"))
        if kind == "expire":
            return kind, partial(actions.expire_offers, batch_id=batch.pk)
        if kind == "quota":
            return kind, partial(actions.change_quota, batch=batch, quota=1 + first % 5, waiting_quota=3, by=by)
        if kind == "cancel_batch" and first > 9:  # rarely: afterwards nothing happens in the batch any more
            return kind, partial(actions.cancel_batch, batch=batch, reason="Hujan", by=by)
        if kind in {"register", "cancel_batch"}:
            return "register", self.registering(batch, self.person(first, second))
        fitting = [entry for entry in entries if fits(entry, kind)]
        chosen = fitting if fitting and second < 9 else entries  # mostly what can be done, now and then what cannot
        return kind, self.job_on(chosen[first % len(chosen)], kind, batch, second)

    def job_on(self, entry: Registration, kind: str, batch: Batch, second: int) -> Callable[[], Any]:
        by = self.officer
        if kind in {"accept", "decline"}:
            return partial(self.answer, entry, actions.accept_offer if kind == "accept" else actions.decline_offer)
        if kind == "correct":
            return partial(actions.correct, registration=entry, declaration=self.corrected(entry), by=None)
        jobs: dict[str, Callable[[], Any]] = {
            "withdraw": partial(actions.withdraw, registration=entry, reason="", by=None if second % 2 else by),
            "move": partial(actions.move, registration=entry, to=batch, reason="", by=by),
            "verify": partial(actions.verify, registration=entry, note="KTP dilihat", by=by),
            "request_fix": partial(actions.request_fix, registration=entry, note="Nama kurang jelas", by=by),
            "reject": partial(actions.reject, registration=entry, reason="not_reachable", note="", by=by),
            "undo": partial(actions.undo_decision, registration=entry, by=by),
            "link": partial(actions.link_identity, registration=entry, note="Ditelepon", by=by),
        }
        return jobs[kind]

    def answer(self, entry: Registration, action: Callable[..., Any]) -> Any:
        offer = entry.offers.order_by("-pk").first()
        if offer is None:
            raise ValidationError("Nothing was offered.", code="no_offer")
        return action(offer=offer, by=None)

    def person(self, first: int, second: int) -> Declaration:
        """One of the eight people; now and then under contact data that is not on file."""
        person = self.people[first % PEOPLE]
        if second < 9:
            return person
        return factories.declaration(nik=person.nik, full_name=person.full_name)

    def registering(self, batch: Batch, declared: Declaration) -> Callable[[], Registration]:
        return partial(
            actions.register,
            batch=batch,
            declaration=declared,
            submission_key=uuid.uuid4(),
            consents={"notice": True},
            notice_version="1",
            by=None,
        )

    def corrected(self, entry: Registration) -> Declaration:
        return factories.declaration(
            nik=entry.nik, full_name=entry.full_name, phone=entry.phone, address=f"Jalan {uuid.uuid4().hex[:6]}"
        )

    def entries(self) -> Any:
        return Registration.objects.filter(batch__in=self.batches)

    def places(self) -> dict[int, Place]:
        rows = self.entries().values_list("pk", "batch_id", "seat", "queue_number", "check_state")
        return {pk: Place(*place) for pk, *place in rows}

    def newest(self, model: Any) -> int:
        return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def assert_each_change_is_audited(self, done: Counter[str]) -> None:
        written = list(AuditEntry.objects.filter(pk__gt=self.last_audit).values_list("action", "object_id", "changes"))
        found = Counter(action for action, _, _ in written)
        for kind, action in AUDITED.items():
            if kind == "quota":  # the same numbers again change nothing
                assert found[action] <= done[kind]
            else:
                assert (kind, found[action]) == (kind, done[kind])
        named = {int(pk) for action, pk, _ in written if action.startswith("registration.")}
        for action, _, changes in written:
            if action == "batch.registrations_released":
                named |= set(changes["registrations"])
        changed = {pk for pk, place in self.places().items() if self.before.get(pk) != place}
        assert changed <= named

    def assert_each_event_is_told_once(self) -> None:
        expected: Counter[str] = Counter()
        events = RegistrationEvent.objects.filter(pk__gt=self.last_event, registration__in=self.entries())
        for pk, kind in events.values_list("pk", "kind"):
            if kind in TOLD:
                expected[f"{TOLD[kind]}:{pk}"] += 1
        about = [str(pk) for pk in self.entries().values_list("pk", flat=True)]
        rows = Message.objects.filter(subject_type="registration", subject_id__in=about)
        keys = [key for key in rows.values_list("key", flat=True) if int(key.split(":")[1]) > self.last_event]
        told = Counter(key for key in keys if key.split(":")[0] not in {"identity_used", "registration_corrected"})
        assert told == expected

    def assert_nobody_was_passed(self) -> None:
        """Who waited all the time stands before everybody who got a seat or an offer of that batch meanwhile."""
        now = self.places()
        busy = set(RegistrationEvent.objects.filter(pk__gt=self.last_event).values_list("registration_id", flat=True))
        for batch in self.batches:
            patient = [
                place.queue_number
                for pk, place in now.items()
                if place.batch_id == batch.pk and place.seat == "waiting" and pk not in busy and pk in self.before
            ]
            served = [
                place.queue_number
                for pk, place in now.items()
                if place.batch_id == batch.pk and place.seat in {"held", "offered"} and self.before.get(pk) != place
                if self.before.get(pk) is None or self.before[pk].seat not in {"held", "offered"}
            ]
            assert not patient or not served or max(served) < min(patient)


def fits(entry: Registration, kind: str) -> bool:
    """Whether the job has a chance on this entry, as it stood before the step."""
    if kind in {"accept", "decline"}:
        return entry.seat == "offered"
    if kind == "undo":
        return entry.check_state in {"verified", "rejected"}
    if kind == "link":
        return entry.is_active and entry.person_id is None
    return entry.is_active


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.generate],  # which thread wins is not repeatable, so there is nothing to shrink
    suppress_health_check=list(HealthCheck),
)
@given(duplicate_rule=st.sampled_from(["never", "per_year"]), steps=STEPS)
def test_any_interleaving_keeps_seats_order_trail_and_notices(
    duplicate_rule: str, steps: list[tuple[list[tuple[str, int, int]], int | None]]
) -> None:
    entries = Entries(duplicate_rule)
    for jobs, late in steps:
        if late is not None:
            let_offers_expire(entries.batches[late])
        entries.several_at_once(jobs)
