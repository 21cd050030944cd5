"""Short lines of people for the tests of seats and waiting lists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from notifications.models import Message
from participants.models import Declaration, Offer, Person, Registration
from participants.queries import batches_with_wrong_counters
from programs.models import Batch
from tests import cast, factories


def small_batch(quota: int = 1, waiting_quota: int = 5, **values: Any) -> Batch:
    """Bendan Kergon with few seats, in a programme that lets people take part as often as they like."""
    program_values = {"duplicate_rule": "never", **values.pop("program_values", {})}
    program = values.pop("program", None) or factories.program(cast.home_agency(), **program_values)
    return factories.batch(program, quota=quota, waiting_quota=waiting_quota, **values)


def people(batch: Batch, count: int) -> list[Registration]:
    """So many registrations, first come first."""
    return [factories.registration(batch) for _ in range(count)]


def seats(batch: Batch) -> str:
    """The seats of all entries in the order of their queue numbers: `held offered waiting`."""
    return " ".join(batch.registrations.order_by("queue_number").values_list("seat", flat=True))


def counters(batch: Batch) -> tuple[int, int, int]:
    """Held, offered, waiting as the batch counts them; they must be what the rows say."""
    assert batches_with_wrong_counters() == []
    batch.refresh_from_db()
    return batch.seats_held, batch.seats_offered, batch.waiting_count


def open_offer(registration: Registration) -> Offer:
    return registration.offers.open().get()


def let_offers_expire(batch: Batch) -> None:
    """As if the deadline had just passed."""
    past = timezone.now() - timedelta(seconds=1)
    for offer in Offer.objects.open().filter(registration__batch=batch):
        Offer.objects.filter(pk=offer.pk).update(offered_at=past - timedelta(hours=1), expires_at=past)


def begin(batch: Batch) -> None:
    """As if the first session had begun an hour ago."""
    for day, session in enumerate(batch.sessions.order_by("during")):
        start = timezone.now() - timedelta(hours=1) + timedelta(days=day)
        session.during = (start, start + timedelta(hours=8))
        session.save()


def refusal(code: str, action: Callable[..., Any], /, **arguments: Any) -> ValidationError:
    """Calls the action, which must refuse with this code and leave everything as it was."""
    before = everything()
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        action(**arguments)
    assert [error.code for error in refused.value.error_list] == [code]
    assert everything() == before
    return refused.value


def everything() -> list[Any]:
    """What a refused action must not have touched."""
    return [
        list(Batch.objects.order_by("pk").values()),
        list(Registration.objects.order_by("pk").values()),
        list(Person.objects.order_by("pk").values()),
        list(Offer.objects.order_by("pk").values()),
        Message.objects.count(),
    ]


def told(registration: Registration) -> list[str]:
    """The kinds of messages about an entry, in the order they were written."""
    return list(
        Message.objects.for_subject("registration", registration.pk).order_by("pk").values_list("kind", flat=True)
    )


def events(registration: Registration) -> list[str]:
    return list(registration.events.values_list("kind", flat=True))


def fresh(registration: Registration) -> Registration:
    return Registration.objects.with_parts().with_position().get(pk=registration.pk)


def stranger(person: Person, **values: Any) -> Declaration:
    """The same identity number with other contact data."""
    return factories.declaration(nik=person.nik, full_name=person.full_name, **values)
