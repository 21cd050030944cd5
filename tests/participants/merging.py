"""Two cards of one person: made, proposed, approved."""

from typing import Any

from accounts.models import User
from accounts.roles import Role
from participants import actions
from participants.models import Person, PersonMerge, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import small_batch


def second_officer() -> User:
    return factories.user("penyetuju", role=Role.PROGRAM_OFFICER)


def card(entry: Registration) -> Person:
    assert entry.person is not None
    return Person.objects.get(pk=entry.person.pk)


def two_cards(batch: Batch | None = None, **values: Any) -> tuple[Registration, Registration]:
    """Entries of one woman in two batches, one NIK mistyped."""
    factories.region_tree()
    one = factories.declaration(full_name="Siti Aminah", email="siti@example.id")
    said: dict[str, Any] = {"full_name": "St. Aminah", "birth_date": one.birth_date, "phone": one.phone}
    other = factories.declaration(**said | {"occupation": "Penjahit"} | values)
    return (
        factories.registration(batch or small_batch(), declaration=one),
        factories.registration(small_batch(), declaration=other),
    )


def proposed(kept: Registration, gone: Registration, **choices: str) -> PersonMerge:
    return actions.propose_merge(
        kept=card(kept), gone=card(gone), choices=choices, reason="KTP dan KK dilihat", by=cast.verifier()
    )


def merged(kept: Registration, gone: Registration, **choices: str) -> PersonMerge:
    return actions.approve_merge(merge=proposed(kept, gone, **choices), note="", by=second_officer())
