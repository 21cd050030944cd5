"""What is wanted where, and what was decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Agency, User
from accounts.permissions import assignments_with
from accounts.roles import Permission
from programs.models import MeetingTopic, Program, Topic, TopicDecision, TopicRequest, TopicRound, TopicWish
from regions.models import Region


@dataclass(kw_only=True)
class Demand:
    """One topic in one region: how many residents asked for it, and what the meeting said."""

    topic: Topic
    asked: int = 0
    asked_first: int = 0
    meeting_rank: int | None = None
    meeting_requesters: int = 0

    @property
    def weight(self) -> tuple[int, int, int, str]:
        """The meeting first, in its order; then what most residents want, as their first wish most."""
        return (self.meeting_rank or 99, -self.asked, -self.asked_first, self.topic.name)


def decided_topics(of: Program | int, *, agency: Agency | None = None) -> dict[str, list[Topic]]:
    """{region code: topics chosen there, in order}: of a programme's office and fiscal year, or of a year.

    A year alone is of all offices unless one is named. Regions without a decision are left out.
    """
    if isinstance(of, Program):
        year, agency = of.fund_source.fiscal_year, of.agency
    else:
        year = of
    decisions = TopicDecision.objects.chosen().filter(round__fiscal_year=year)
    if agency is not None:
        decisions = decisions.filter(round__agency=agency)
    found: dict[str, list[Topic]] = defaultdict(list)
    for decision in decisions.select_related("topic").order_by("region", "position", "pk"):
        found[decision.region_id].append(decision.topic)
    return dict(found)


def wishes_of(topic_round: TopicRound, regions: Sequence[str] | None, before: datetime | None = None) -> QuerySet:
    """Wishes that count, with `named`: the topic chosen or the one that the words were put under."""
    wishes = TopicWish.objects.filter(request__round=topic_round, request__set_aside_at__isnull=True)
    if regions is not None:
        wishes = wishes.filter(request__region__in=regions)
    if before is not None:
        wishes = wishes.filter(request__submitted_at__lt=before)
    return wishes.order_by().annotate(named=Coalesce("topic", "phrase__topic"))


COUNTS = {
    "asked": Count("request", distinct=True),
    "first": Count("request", distinct=True, filter=Q(rank=1)),
}


def demand_by_region(
    topic_round: TopicRound, regions: Sequence[str] | None = None, before: datetime | None = None
) -> dict[str, list[Demand]]:
    """{region code: its topics, most wanted first}. Own words count once they are grouped."""
    topics = Topic.objects.in_bulk(topic_round.agency.topics.order_by().values_list("pk", flat=True))
    found: dict[str, dict[int, Demand]] = defaultdict(dict)
    rows = wishes_of(topic_round, regions, before).filter(named__isnull=False)
    for row in rows.values("request__region", "named").annotate(**COUNTS):
        demand = Demand(topic=topics[row["named"]], asked=row["asked"], asked_first=row["first"])
        found[row["request__region"]][row["named"]] = demand
    for held in _rankings(topic_round, regions):
        demand = found[held.meeting.region_id].setdefault(held.topic_id, Demand(topic=topics[held.topic_id]))
        demand.meeting_rank, demand.meeting_requesters = held.rank, held.requesters
    return {code: sorted(of.values(), key=lambda one: one.weight) for code, of in found.items()}


def _rankings(topic_round: TopicRound, regions: Sequence[str] | None) -> Iterable[MeetingTopic]:
    held = MeetingTopic.objects.filter(meeting__round=topic_round, meeting__withdrawn_at__isnull=True)
    held = held if regions is None else held.filter(meeting__region__in=regions)
    return held.select_related("meeting").order_by()


def demand_of_all(topic_round: TopicRound, before: datetime | None = None) -> list[Demand]:
    """The topics of the whole round, most wanted first, whatever the regions."""
    topics = Topic.objects.in_bulk(topic_round.agency.topics.order_by().values_list("pk", flat=True))
    rows = wishes_of(topic_round, None, before).filter(named__isnull=False).values("named").annotate(**COUNTS)
    found = [Demand(topic=topics[row["named"]], asked=row["asked"], asked_first=row["first"]) for row in rows]
    return sorted(found, key=lambda one: one.weight)


def requests_by_region(
    topic_round: TopicRound, regions: Sequence[str] | None = None, before: datetime | None = None
) -> dict[str, int]:
    """{region code: how many residents told their wishes}."""
    counted = TopicRequest.objects.filter(round=topic_round).counted()
    if regions is not None:
        counted = counted.filter(region__in=regions)
    if before is not None:
        counted = counted.filter(submitted_at__lt=before)
    return dict(counted.order_by().values("region").annotate(number=Count("pk")).values_list("region", "number"))


def regions_of(topic_round: TopicRound, user: User, permission: Permission) -> QuerySet[Region]:
    """The villages of the office that the person's roles reach."""
    reach = Q(pk__in=[])
    for given in assignments_with(user, permission):
        if given.agency_id == topic_round.agency_id:
            reach |= Q(code=given.region_id) | Q(code__startswith=f"{given.region_id}.")
    villages = Region.objects.current().under(topic_round.agency.region_id).villages()
    return villages.filter(reach).select_related("parent").order_by("code")


@dataclass(frozen=True)
class Origin:
    """Many requests from one network: a village behind one address, or somebody who presses often."""

    request: int
    count: int
    set_aside: int
    first: datetime
    last: datetime
    regions: int


def large_origins(topic_round: TopicRound, *, least: int = 10, limit: int = 50) -> list[Origin]:
    """Networks that sent so many and more, the largest first."""
    sent = TopicRequest.objects.filter(round=topic_round).exclude(origin="").order_by().values("origin")
    rows = (
        sent.annotate(
            count=Count("pk"),
            set_aside=Count("pk", filter=Q(set_aside_at__isnull=False)),
            regions=Count("region", distinct=True),
            request=Min("pk"),
            first=Min("submitted_at"),
            last=Max("submitted_at"),
        )
        .filter(count__gte=least)
        .order_by("-count")[:limit]
    )
    return [
        Origin(row["request"], row["count"], row["set_aside"], row["first"], row["last"], row["regions"])
        for row in rows
    ]
