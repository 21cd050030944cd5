"""Batches whose seats follow a selection, and the moment when registration has closed."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from participants import actions, queries
from participants.models import Registration, Selection
from programs.actions import publish_batch
from programs.models import Batch, SelectionTerms
from programs.rules import Terms
from tests import cast, factories

WORDS = "dadu 4, 2, 6"


def selecting_batch(method: str = "draw", *, terms: Terms | None = None, **values: Any) -> Batch:
    """Published by the action, with two seats and one waiting place unless said otherwise."""
    program_values = {"duplicate_rule": "never", **values.pop("program_values", {})}
    program = values.pop("program", None) or factories.program(
        cast.home_agency(), selection_method=method, selection_terms=(terms or Terms()).as_json(), **program_values
    )
    defaults: dict[str, Any] = {"state": "planned", "quota": 2, "waiting_quota": 1}
    made = factories.batch(program, **defaults | values)
    return publish_batch(batch=made, by=cast.program_officer())


def close(batch: Batch) -> None:
    """As if registration had closed a minute ago."""
    now = timezone.now()
    Batch.objects.filter(pk=batch.pk).update(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now - timedelta(minutes=1)
    )
    batch.refresh_from_db()


def verified(batch: Batch, count: int = 1, **values: Any) -> list[Registration]:
    found = [factories.registration(batch, **values) for _ in range(count)]
    return [actions.verify(registration=entry, note="KTP dilihat", by=cast.program_officer()) for entry in found]


def freeze(batch: Batch, **values: Any) -> Selection:
    arguments: dict[str, Any] = {
        "expected": queries.fingerprint(batch),
        "witness_words": WORDS,
        "by": cast.program_officer(),
    }
    return actions.freeze_selection(batch=batch, **arguments | values)


def seed_of(batch: Batch) -> str:
    return str(SelectionTerms.objects.get(batch=batch).seed)
