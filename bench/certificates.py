"""1,080 certificates as the worker makes them, two pages each: numbers, rows, trail and files; against ReportLab and
against Typst alone, as `bench.papers` measures the invitations."""

from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from bench.papers import crowd, measured_papers
from bench.registry import Result
from participants.models import CheckState, Completion, Person, Registration
from programs.models import Batch, Instructor, Session, Venue
from tests import cast, factories

HOURS = 8


def measures() -> Iterator[Result]:
    yield from measured_papers("certificate", "certificates", graduates)


def graduates(count: int) -> Batch:
    """A training that is over, in which everybody is verified and was there."""
    batch = crowd(count)
    give_persons(batch)
    batch.registrations.update(check_state=CheckState.VERIFIED, checked_by=cast.verifier(), checked_at=timezone.now())
    agency = batch.program.agency
    teacher = Instructor.objects.create(agency=agency, full_name=f"Siti Contoh {batch.pk}", title_suffix="S.Pd.")
    venue = Venue.objects.create(agency=agency, region_id=factories.BENDAN_KERGON, name=f"Aula {batch.pk}")
    batch.sessions.all().delete()
    for day in range(2):
        begin = datetime(2024, 7, 1 + day, 1, tzinfo=UTC)
        during = (begin, begin + timedelta(hours=HOURS))
        Session.objects.create(batch=batch, during=during, lesson_hours=HOURS, instructor=teacher, venue=venue)
    Completion.objects.bulk_create(
        Completion(
            registration=entry,
            sessions_planned=2,
            sessions_attended=2,
            lesson_hours_planned=2 * HOURS,
            lesson_hours_attended=2 * HOURS,
            share=100,
            attended_enough=True,
            computed_at=timezone.now(),
        )
        for entry in batch.registrations.only("pk")
    )
    return batch


def give_persons(batch: Batch) -> None:
    """A card on file for each of the crowd, as verifying makes it."""
    entries = list(batch.registrations.filter(person=None))
    one = batch.registrations.exclude(person=None).select_related("person").get().person
    assert one is not None
    cards = []
    for entry in entries:
        card = copy(one)
        card.pk, card.nik_hash, card.full_name, card.phone = None, entry.nik_hash, entry.full_name, entry.phone
        cards.append(card)
    Person.objects.bulk_create(cards, batch_size=1_000)
    for entry, card in zip(entries, cards, strict=True):
        entry.person = card
    Registration.objects.bulk_update(entries, ["person"], batch_size=1_000)
