"""A programme that takes one participant of a household, and people of one family card."""

from typing import Any

from kit.family_cards import hash_household
from participants.models import Registration
from programs.models import Batch
from tests import factories
from tests.participants.lines import small_batch

CARD = "9971010101240001"
OTHER_CARD = "9971010101240002"


def household_batch(**values: Any) -> Batch:
    return small_batch(program_values={"one_per_household": True}, **{"quota": 9, **values})


def of(batch: Batch, card: str = CARD, **values: Any) -> Registration:
    return factories.registration(batch, household_hash=hash_household(card), **values)


def family(batch: Batch, count: int = 2) -> list[Registration]:
    return [of(batch) for _number in range(count)]
