"""What PostgreSQL refuses about wishes, meetings and decisions; and which topics were decided."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from programs.models import TopicPhrase, TopicRequest
from programs.queries import decided_topics
from tests import cast, factories
from tests.programs.demand import decision, meeting, open_round, phrase, topic, wish
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("topic_round_ends_after_it_begins", {"closes_on": date(2020, 1, 1)}),
        ("topic_round_year_plausible", {"fiscal_year": 1999}),
    ],
)
def test_round_that_cannot_be_is_refused(name: str, values: dict[str, Any]) -> None:
    assert broken_by(lambda: open_round(**values)) == name


def test_round_of_a_year_stands_once() -> None:
    open_round()
    assert broken_by(open_round) == "topic_round_once_a_year"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("topic_phrase_key_normalised", {"key": "Kue Lapis"}),
        ("topic_phrase_without_numbers", {"words": "kue 0812-3456"}),
        ("topic_phrase_without_numbers", {"words": "siti@contoh.example"}),
    ],
)
def test_words_that_cannot_be_are_refused(name: str, values: dict[str, Any]) -> None:
    assert broken_by(lambda: phrase(**{"words": "kue lapis"} | values)) == name


def test_words_stand_once_and_in_one_place() -> None:
    known = phrase("kue lapis")
    assert broken_by(lambda: phrase("Kue Lapis")) == "topic_phrase_once"
    rows = TopicPhrase.objects.filter(pk=known.pk)
    both = {"topic": topic("Roti"), "set_aside": True}
    assert broken_by(lambda: rows.update(**both)) == "topic_phrase_grouped_or_set_aside"


def test_set_aside_needs_a_reason() -> None:
    sent = wish(open_round(), topic("Roti"))
    rows = TopicRequest.objects.filter(pk=sent.pk)
    assert broken_by(lambda: rows.update(set_aside_at=timezone.now())) == "topic_request_set_aside_has_reason"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("topic_wish_rank_once", {"rank": 1, "topic": "Tas"}),
        ("topic_wish_topic_once", {"rank": 2, "topic": "Roti"}),
        ("topic_wish_rank_between_1_and_3", {"rank": 4, "topic": "Tas"}),
        ("topic_wish_listed_or_own_words", {"rank": 2}),
    ],
)
def test_wish_that_cannot_be_is_refused(name: str, values: dict[str, Any]) -> None:
    sent = wish(open_round(), topic("Roti"))
    named = values | ({"topic": topic(values["topic"])} if "topic" in values else {})
    assert broken_by(lambda: sent.wishes.create(**named)) == name


def test_own_words_are_wished_once() -> None:
    lapis = phrase("kue lapis")
    sent = wish(open_round(), lapis)
    assert broken_by(lambda: sent.wishes.create(rank=2, phrase=lapis)) == "topic_wish_phrase_once"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("topic_meeting_attendees_plausible", {"attendees": 0}),
        ("topic_meeting_withdrawn_has_reason", {"withdrawn_at": timezone.now()}),
    ],
)
def test_meeting_that_cannot_be_is_refused(name: str, values: dict[str, Any]) -> None:
    held = open_round()
    assert broken_by(lambda: meeting(held, **values)) == name


def test_region_has_one_outcome_in_force() -> None:
    held = open_round()
    meeting(held)
    assert broken_by(lambda: meeting(held)) == "topic_meeting_one_in_force"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("meeting_topic_rank_once", {"rank": 1, "topic": "Tas", "requesters": 3}),
        ("meeting_topic_once", {"rank": 2, "topic": "Roti", "requesters": 3}),
        ("meeting_topic_rank_between_1_and_10", {"rank": 11, "topic": "Tas", "requesters": 3}),
        ("meeting_topic_requesters_plausible", {"rank": 2, "topic": "Tas", "requesters": 0}),
    ],
)
def test_topic_of_a_meeting_that_cannot_be_is_refused(name: str, values: dict[str, Any]) -> None:
    held = meeting(open_round())
    held.ranking.create(rank=1, topic=topic("Roti"), requesters=5)
    assert broken_by(lambda: held.ranking.create(**values | {"topic": topic(values["topic"])})) == name


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("topic_decision_once", lambda held: decision(held, topic("Roti"), place=2)),
        ("topic_decision_place_once", lambda held: decision(held, topic("Tas"), place=1)),
        ("topic_decision_chosen_has_place", lambda held: decision(held, topic("Tas"), place=2, outcome="declined")),
        ("topic_decision_has_reason", lambda held: decision(held, topic("Tas"), place=2, reason="")),
        (
            "topic_decision_undone_names_who",
            lambda held: decision(held, topic("Tas"), place=2, undone_at=timezone.now()),
        ),
    ],
)
def test_decision_that_cannot_be_is_refused(name: str, make: Callable[[Any], Any]) -> None:
    held = open_round()
    decision(held, topic("Roti"))
    assert broken_by(lambda: make(held)) == name


def test_round_counts_its_days() -> None:
    held = open_round(opens_on=date(2026, 3, 1), closes_on=date(2026, 3, 31), fiscal_year=2026)
    phases = [held.phase(day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))]
    assert phases == ["upcoming", "open", "open", "closed"]


def test_decided_topics_are_those_in_force_in_order() -> None:
    agency = factories.agency()
    held, program = open_round(), factories.program(agency)
    bread, bags, knitting = topic("Roti"), topic("Tas"), topic("Rajut")
    decision(held, bags, place=2)
    decision(held, bread, place=1)
    decision(held, knitting, outcome="declined", position=None)
    decision(held, knitting, region=factories.MEDONO, undone_at=timezone.now(), undone_by=cast.program_officer())
    next_door = open_round(cast.next_agency())
    decision(next_door, topic("Batik", cast.next_agency()), region=factories.MIROTO)
    here = {factories.BENDAN_KERGON: [bread, bags]}
    assert decided_topics(program) == here
    assert decided_topics(held.fiscal_year, agency=agency) == here
    assert list(decided_topics(held.fiscal_year)) == [factories.MIROTO, factories.BENDAN_KERGON]
    assert decided_topics(held.fiscal_year + 1) == {}


def test_wishes_are_seen_in_the_own_region() -> None:
    held = open_round()
    here, there = wish(held, topic("Roti")), wish(held, topic("Roti"), region=factories.MEDONO)
    seen = {
        person: set(TopicRequest.objects.visible_to(getattr(cast, person)()))
        for person in ("village_officer_here", "program_officer", "other_agency_officer", "verifier")
    }
    assert seen == {
        "village_officer_here": {here},
        "program_officer": {here, there},
        "other_agency_officer": set(),
        "verifier": set(),
    }


def test_round_stays_open_through_its_last_day() -> None:
    today = factories.agency().today()
    assert open_round(closes_on=today).is_open
    assert not open_round(fiscal_year=2050, closes_on=today - timedelta(days=1)).is_open
