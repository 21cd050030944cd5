"""People with a job seeker card (AK1), and what stands on it."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from participants.models import CardPreparation, CardReport, JobSeekerCard, Person, hash_card_number
from programs.models import Batch
from tests import factories

NUMBER = "3375-AK1-2026-000123"


def person(batch: Batch, **values: Any) -> Person:
    """On file by an entry of this batch."""
    found = factories.registration(batch, **values).person
    assert found is not None
    return found


def card(of: Person, by: User, **values: Any) -> JobSeekerCard:
    """A row as it stands in the database, whatever the rules say."""
    number = values.pop("number", NUMBER)
    issued_on = values.pop("issued_on", date(2026, 3, 2))
    fields = {
        "number": number,
        "number_hash": hash_card_number(of.agency_id, number),
        "number_last4": number[-4:],
        "issued_on": issued_on,
        "expires_on": issued_on + timedelta(days=730),
        "recorded_at": timezone.now(),
        "recorded_by": by,
    }
    return JobSeekerCard.objects.create(person=of, **fields | values)


def report(of: JobSeekerCard, **values: Any) -> CardReport:
    return CardReport.objects.create(card=of, **{"number": 1, "due_on": date(2026, 9, 2)} | values)


def preparation(of: Person, by: User, **values: Any) -> CardPreparation:
    return CardPreparation.objects.create(person=of, updated_at=timezone.now(), updated_by=by, **values)
