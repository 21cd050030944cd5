"""A round of wishes and what stands in it."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Agency
from jobs.actions import keep_file
from programs.actions import open_feed
from programs.models import CalendarFeed, Topic, TopicDecision, TopicMeeting, TopicPhrase, TopicRequest, TopicRound
from programs.rules import phrase_key
from tests import cast, factories


def open_round(agency: Agency | None = None, **values: Any) -> TopicRound:
    """Open today, for this year."""
    today = timezone.localdate()
    defaults = {
        "fiscal_year": today.year,
        "opens_on": today - timedelta(days=9),
        "closes_on": today + timedelta(days=20),
    }
    return TopicRound.objects.create(agency=agency or factories.agency(), **(defaults | values))


def topic(name: str, agency: Agency | None = None) -> Topic:
    return Topic.objects.get_or_create(agency=agency or factories.agency(), name=name)[0]


def phrase(words: str, agency: Agency | None = None, **values: Any) -> TopicPhrase:
    return TopicPhrase.objects.create(
        agency=agency or factories.agency(), **({"key": phrase_key(words), "words": words} | values)
    )


def wish(of: TopicRound, *wanted: Topic | TopicPhrase, region: str = factories.BENDAN_KERGON, **values: Any) -> Any:
    """One resident's request, sent a day ago, as rows."""
    defaults = {"submission_key": uuid.uuid4(), "submitted_at": timezone.now() - timedelta(days=1)}
    made = TopicRequest.objects.create(round=of, region_id=region, **(defaults | values))
    for rank, chosen in enumerate(wanted, 1):
        made.wishes.create(rank=rank, **{"topic" if isinstance(chosen, Topic) else "phrase": chosen})
    return made


def meeting(of: TopicRound, *, region: str = factories.BENDAN_KERGON, **values: Any) -> TopicMeeting:
    defaults: dict[str, Any] = {
        "held_on": timezone.localdate() - timedelta(days=3),
        "attendees": 40,
        "entered_at": timezone.now(),
        "entered_by": cast.village_officer_here(),
    }
    return TopicMeeting.objects.create(round=of, region_id=region, **(defaults | values))


def decision(
    of: TopicRound, about: Topic, *, region: str = factories.BENDAN_KERGON, place: int = 1, **values: Any
) -> Any:
    defaults: dict[str, Any] = {
        "outcome": "chosen",
        "position": place,
        "reason": "Paling banyak diminta.",
        "decided_at": timezone.now(),
        "decided_by": cast.program_officer(),
    }
    return TopicDecision.objects.create(round=of, region_id=region, topic=about, **(defaults | values))


def feed(agency: Agency) -> CalendarFeed:
    """The link of the programme officer."""
    open_feed(agency=agency, by=cast.program_officer())
    return CalendarFeed.objects.in_force().get(user=cast.program_officer())


def wanted(agency: Agency) -> dict[str, Any]:
    """A round with one of everything, for Bendan Kergon."""
    held, knitting, words = open_round(agency), topic("Rajut", agency), phrase("merajut tas", agency)
    stored = keep_file(agency=agency, name="usulan.pdf", content=b"%PDF-", content_type="application/pdf", by=None)
    met = meeting(held, file=stored)
    met.ranking.create(rank=1, topic=knitting, requesters=21)
    sent = wish(held, knitting, words, origin="f" * 64)
    return {
        "round": held,
        "phrase": words,
        "wish": sent,
        "meeting": met,
        "decision": decision(held, knitting),
        "feed": feed(agency),
    }
