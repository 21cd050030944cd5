from datetime import date
from typing import Any

import pytest

from participants.models import JobSeekerCard, Proxy
from programs.models import Batch
from tests import cast, factories
from tests.participants import cards
from tests.support.constraints import broken_by


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"number_hash": "x"}, "job_card_number_formed"),
        ({"number_last4": ""}, "job_card_number_formed"),
        ({"expires_on": date(2026, 3, 2)}, "job_card_expires_after_issue"),
        ({"ended_on": date(2026, 5, 1)}, "job_card_end_whole"),
        ({"end_reason": "employed"}, "job_card_end_whole"),
    ],
)
def test_job_card_refuses(batch: Batch, wrong: dict[str, Any], constraint: str) -> None:
    person, by = cards.person(batch), cast.program_officer()
    assert broken_by(lambda: cards.card(person, by, **wrong)) == constraint


def test_job_card_once_in_force_for_person_and_number(batch: Batch) -> None:
    first, second, by = cards.person(batch), cards.person(batch), cast.program_officer()
    held = cards.card(first, by)
    assert broken_by(lambda: cards.card(first, by, number="LAIN-1")) == "job_card_once_in_force"
    assert broken_by(lambda: cards.card(second, by)) == "job_card_number_once_in_force"
    ended = {"ended_on": date(2026, 5, 1), "end_reason": JobSeekerCard.End.RENEWED, "ended_by": by}
    JobSeekerCard.objects.filter(pk=held.pk).update(**ended)
    cards.card(first, by)  # a renewed card may bear the same number


def test_card_report_refuses(batch: Batch) -> None:
    by = cast.program_officer()
    card = cards.card(cards.person(batch), by)
    cards.report(card)
    assert broken_by(lambda: cards.report(card)) == "card_report_once_per_number"
    half = {"number": 2, "reported_on": date(2026, 9, 2)}
    assert broken_by(lambda: cards.report(card, **half)) == "card_report_noted_whole"


def test_card_preparation_knows_its_items(batch: Batch) -> None:
    person, by = cards.person(batch), cast.program_officer()
    assert broken_by(lambda: cards.preparation(person, by, items=["akta"])) == "card_preparation_items_known"


@pytest.mark.parametrize("wrong", [{"relation": "x", "full_name": "Rini"}, {"relation": "cadre", "full_name": ""}])
def test_proxy_names_who_came(batch: Batch, wrong: dict[str, str]) -> None:
    entry = factories.registration(batch)
    assert broken_by(lambda: Proxy.objects.create(registration=entry, **wrong)) == "proxy_names_who_came"
