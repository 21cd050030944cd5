"""Which topics are taught where, and why."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.rules import is_inside
from kit.refusals import spoken_refusals
from programs.models import Topic, TopicDecision, TopicOutcome, TopicRound
from programs.queries.requests import Demand, demand_by_region
from regions.models import Region


@transaction.atomic
def save_round(*, topic_round: TopicRound, topics: list[Topic], by: User) -> TopicRound:
    """A new round, or new dates of one. `topics` is what may be chosen from; none is every topic of the office."""
    if any(topic.agency_id != topic_round.agency_id for topic in topics):
        raise ValidationError(_("This topic belongs to another office."), code="topic_foreign")
    fresh = topic_round.pk is None
    with spoken_refusals(TopicRound):
        topic_round.save()
        topic_round.topics.set(topics)
    dates = {"valid_from": topic_round.opens_on.isoformat(), "valid_to": topic_round.closes_on.isoformat()}
    named: dict[str, Any] = {"by": by, "target": topic_round, "agency": topic_round.agency, "changes": dates}
    if fresh:
        record(action="topic_round.opened", **named)
    else:
        record(action="topic_round.changed", **named)
    return topic_round


@transaction.atomic
def decide_topic(
    *, topic_round: TopicRound, region: Region, topic: Topic, outcome: str, reason: str, by: User
) -> TopicDecision:
    """Chosen, after what is chosen there already, or declined. The figures of this moment are kept with it."""
    locked = TopicRound.objects.locked(topic_round.pk)
    return _decide(locked, region.code, topic, outcome, reason, demand_by_region(locked, [region.code]), by)


@transaction.atomic
def choose_most_wanted(*, topic_round: TopicRound, regions: list[str], per_region: int, reason: str, by: User) -> int:
    """In each of these regions without a chosen topic, what is wanted most. How many were chosen."""
    locked = TopicRound.objects.locked(topic_round.pk)
    demand = demand_by_region(locked, regions)
    decided = set(locked.decisions.in_force().values_list("region", "topic"))
    settled = set(locked.decisions.chosen().values_list("region", flat=True))
    count = 0
    for code in sorted(set(demand) - settled):
        wanted = [one for one in demand[code] if (code, one.topic.pk) not in decided]
        for one in wanted[:per_region]:
            _decide(locked, code, one.topic, TopicOutcome.CHOSEN, reason, demand, by)
            count += 1
    if count == 0:
        raise ValidationError(_("Nothing is left to choose in these regions."), code="nothing_changed")
    return count


def _decide(
    topic_round: TopicRound,
    code: str,
    topic: Topic,
    outcome: str,
    reason: str,
    demand: dict[str, list[Demand]],
    by: User,
) -> TopicDecision:
    _refuse_foreign(topic_round.agency, code, topic)
    known = next((one for one in demand.get(code, []) if one.topic.pk == topic.pk), None)
    decision = TopicDecision(
        round=topic_round,
        region_id=code,
        topic=topic,
        outcome=outcome,
        reason=reason,
        position=_next_place(topic_round, code) if outcome == TopicOutcome.CHOSEN else None,
        asked=known.asked if known else 0,
        asked_first=known.asked_first if known else 0,
        meeting_rank=known.meeting_rank if known else None,
        decided_at=timezone.now(),
        decided_by=by,
    )
    with spoken_refusals(TopicDecision):
        decision.save(force_insert=True)
    changes = {"region": code, "topic": topic.name, "result": outcome}
    record(action="topic.decided", by=by, target=decision, agency=topic_round.agency, purpose=reason, changes=changes)
    return decision


def _next_place(topic_round: TopicRound, code: str) -> int:
    """The caller holds the round."""
    last = topic_round.decisions.chosen().filter(region=code).order_by("-position").first()
    return (last.position or 0) + 1 if last else 1


def _refuse_foreign(agency: Agency, code: str, topic: Topic) -> None:
    if topic.agency_id != agency.pk:
        raise ValidationError(_("This topic belongs to another office."), code="topic_foreign")
    if not is_inside(code, agency.region_id):
        raise ValidationError(_("This region does not belong to the office."), code="topic_region_foreign")


@transaction.atomic
def undo_decision(*, decision: TopicDecision, by: User) -> None:
    """Open again; what was decided stays in the history."""
    open_one = TopicDecision.objects.in_force().filter(pk=decision.pk)
    if open_one.update(undone_at=timezone.now(), undone_by=by) == 0:
        raise ValidationError(_("This decision has been taken back already."), code="decision_undone")
    changes = {"region": decision.region_id, "topic": decision.topic.name}
    record(action="topic.decision_undone", by=by, target=decision, agency=decision.round.agency, changes=changes)
