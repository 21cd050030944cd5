"""A round of wishes and what stands in it."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Agency
from programs.models import Topic, TopicDecision, TopicMeeting, TopicPhrase, TopicRequest, TopicRound
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
