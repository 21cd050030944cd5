"""Programmes, their rules, and the batches that carry them out."""

from programs.models.batch import Batch, BatchQuerySet, SeatAnswer
from programs.models.instructor import Instructor
from programs.models.live import fresh_batch, live_batch, live_batch_at
from programs.models.meeting import MeetingTopic, TopicMeeting, TopicMeetingQuerySet
from programs.models.program import Demand, EligibilityRule, Program, ProgramQuerySet, TargetGroup, Topic
from programs.models.request import (
    TopicDecision,
    TopicDecisionQuerySet,
    TopicOutcome,
    TopicPhrase,
    TopicPhraseQuerySet,
    TopicRequest,
    TopicRequestQuerySet,
    TopicRound,
    TopicRoundQuerySet,
    TopicWish,
)
from programs.models.session import Session, SessionQuerySet
from programs.models.venue import Venue

__all__ = [
    "Batch",
    "BatchQuerySet",
    "Demand",
    "EligibilityRule",
    "Instructor",
    "MeetingTopic",
    "Program",
    "ProgramQuerySet",
    "SeatAnswer",
    "Session",
    "SessionQuerySet",
    "TargetGroup",
    "Topic",
    "TopicDecision",
    "TopicDecisionQuerySet",
    "TopicMeeting",
    "TopicMeetingQuerySet",
    "TopicOutcome",
    "TopicPhrase",
    "TopicPhraseQuerySet",
    "TopicRequest",
    "TopicRequestQuerySet",
    "TopicRound",
    "TopicRoundQuerySet",
    "TopicWish",
    "Venue",
    "fresh_batch",
    "live_batch",
    "live_batch_at",
]
