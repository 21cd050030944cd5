"""What everybody may read of the wishes: steps instead of counts, as of last midnight, so that nobody is recognised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from programs.models import TopicDecision, TopicMeeting, TopicRound
from programs.queries.requests import Demand, demand_by_region, demand_of_all, requests_by_region
from programs.rules import Band, public_band


@dataclass(frozen=True)
class Line:
    """A topic with the step that its count lies in; `share` of the most wanted one, 0 to 100, for a bar."""

    demand: Demand
    band: Band
    share: int


@dataclass(frozen=True)
class Tally:
    """The topics that enough residents want; `others`: some are wanted by fewer, and are not named."""

    people: Band | None
    lines: list[Line]
    others: bool


@dataclass(frozen=True)
class Place:
    code: str
    people: Band | None
    chosen: list[TopicDecision]


def midnight(topic_round: TopicRound) -> datetime:
    """Until when wishes are told: the beginning of the office's day."""
    zone = topic_round.agency.zone
    return timezone.make_aware(datetime.combine(topic_round.agency.today(), time()), zone)


def tally_of_all(topic_round: TopicRound) -> Tally:
    before = midnight(topic_round)
    people = sum(requests_by_region(topic_round, None, before).values())
    return _told(people, demand_of_all(topic_round, before))


def tally_of_place(topic_round: TopicRound, code: str) -> Tally:
    before = midnight(topic_round)
    people = requests_by_region(topic_round, [code], before).get(code, 0)
    asked = [one for one in demand_by_region(topic_round, [code], before).get(code, []) if one.asked]
    return _told(people, sorted(asked, key=lambda one: (-one.asked, one.topic.name)))


def _told(people: int, demand: Sequence[Demand]) -> Tally:
    bands = [(one, public_band(one.asked)) for one in demand]
    highest = max((band.low for _one, band in bands if band), default=1)
    lines = [Line(one, band, band.low * 100 // highest) for one, band in bands if band]
    # Of topics in the same step the name decides, or the order would tell more than the step.
    lines.sort(key=lambda line: (-line.band.low, line.demand.topic.name))
    return Tally(public_band(people), lines, others=len(lines) < len(demand))


def places(topic_round: TopicRound) -> list[Place]:
    """Every region with a wish, a meeting or a decision, by code."""
    people = requests_by_region(topic_round, None, midnight(topic_round))
    chosen: dict[str, list[TopicDecision]] = {}
    decisions = TopicDecision.objects.chosen().filter(round=topic_round).select_related("topic")
    for decision in decisions.order_by("region", "position"):
        chosen.setdefault(decision.region_id, []).append(decision)
    met = TopicMeeting.objects.in_force().filter(round=topic_round).values_list("region", flat=True)
    codes = sorted({*people, *chosen, *met})
    return [Place(code, public_band(people.get(code, 0)), chosen.get(code, [])) for code in codes]
