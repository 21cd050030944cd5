"""The demand board of the office: region by region what is wanted, settled and decided, in whole numbers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Permission
from programs.models import TopicDecision, TopicMeeting, TopicRound
from programs.queries.requests import Demand, demand_by_region, regions_of, requests_by_region
from regions.models import Region
from regions.rules import normalise_name

SHOWN = 3


@dataclass
class BoardRow:
    region: Region
    asked: int = 0
    meeting: TopicMeeting | None = None
    demand: list[Demand] = field(default_factory=list)
    decisions: list[TopicDecision] = field(default_factory=list)

    @property
    def chosen(self) -> list[TopicDecision]:
        return [one for one in self.decisions if one.outcome == "chosen"]

    @property
    def most_wanted(self) -> list[Demand]:
        return self.demand[:SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.demand) - SHOWN, 0)


def board_regions(topic_round: TopicRound, user: User, *, q: str = "", state: str = "") -> QuerySet[Region]:
    """Regions that the person may see, narrowed by name and by what is still to do."""
    regions = regions_of(topic_round, user, Permission.VIEW_TOPIC_REQUESTS)
    if q:
        key = normalise_name(q)
        regions = regions.filter(search_key__contains=key) if key else regions.none()
    if state == "asked":
        return regions.filter(pk__in=topic_round.requests.counted().order_by().values("region"))
    if state == "no_meeting":
        return regions.exclude(pk__in=topic_round.meetings.in_force().order_by().values("region"))
    if state == "open":
        return regions.exclude(pk__in=topic_round.decisions.chosen().order_by().values("region"))
    return regions


def board_rows(topic_round: TopicRound, regions: Sequence[Region]) -> list[BoardRow]:
    codes = [region.code for region in regions]
    asked, demand = requests_by_region(topic_round, codes), demand_by_region(topic_round, codes)
    held = topic_round.meetings.in_force().filter(region__in=codes)
    met = {meeting.region_id: meeting for meeting in held.order_by()}
    decided = decisions_of(topic_round.decisions.in_force().filter(region__in=codes))
    return [
        BoardRow(
            region, asked.get(region.code, 0), met.get(region.code), demand.get(region.code, []), decided[region.code]
        )
        for region in regions
    ]


def decisions_of(decisions: "QuerySet[TopicDecision]") -> defaultdict[str, list[TopicDecision]]:
    found: defaultdict[str, list[TopicDecision]] = defaultdict(list)
    rows: Iterable[TopicDecision] = decisions.select_related("topic", "decided_by").order_by("position", "pk")
    for decision in rows:
        found[decision.region_id].append(decision)
    return found
