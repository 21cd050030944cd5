"""Programmes, their rules, and the batches that carry them out."""

from budgets.models import TargetGroup
from programs.models.batch import Batch, BatchQuerySet, SeatAnswer
from programs.models.committee import CommitteeMember
from programs.models.feed import (
    CalendarFeed,
    CalendarFeedQuerySet,
    feed_hash,
)
from programs.models.holiday import Holiday, HolidayQuerySet
from programs.models.instructor import (
    Instructor,
    InstructorAbsence,
    InstructorCompetence,
    InstructorDocument,
    InstructorQuerySet,
    InstructorRecord,
    Weekday,
)
from programs.models.live import fresh_batch, live_batch, live_batch_at
from programs.models.meeting import MeetingTopic, TopicMeeting, TopicMeetingQuerySet
from programs.models.partner import Partner, PartnerAgreement, PartnerQuerySet
from programs.models.program import Demand, EligibilityRule, Program, ProgramQuerySet, Topic
from programs.models.rate import Grade, HonorariumRate, PaidRole, PaidUnit
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
from programs.models.rollout import (
    MOST_DAYS,
    MOST_REGIONS,
    Rollout,
    RolloutMeeting,
    RolloutQuerySet,
    RolloutRow,
    RolloutSitting,
)
from programs.models.selection import SelectionTerms
from programs.models.session import Session, SessionQuerySet
from programs.models.teaching import InvitedSession, TeachingInvitation
from programs.models.venue import Venue, VenueClosure, VenueQuerySet

__all__ = [
    "MOST_DAYS",
    "MOST_REGIONS",
    "Batch",
    "BatchQuerySet",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "CommitteeMember",
    "Demand",
    "EligibilityRule",
    "Grade",
    "Holiday",
    "HolidayQuerySet",
    "HonorariumRate",
    "Instructor",
    "InstructorAbsence",
    "InstructorCompetence",
    "InstructorDocument",
    "InstructorQuerySet",
    "InstructorRecord",
    "InvitedSession",
    "MeetingTopic",
    "PaidRole",
    "PaidUnit",
    "Partner",
    "PartnerAgreement",
    "PartnerQuerySet",
    "Program",
    "ProgramQuerySet",
    "Rollout",
    "RolloutMeeting",
    "RolloutQuerySet",
    "RolloutRow",
    "RolloutSitting",
    "SeatAnswer",
    "SelectionTerms",
    "Session",
    "SessionQuerySet",
    "TargetGroup",
    "TeachingInvitation",
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
    "VenueClosure",
    "VenueQuerySet",
    "Weekday",
    "feed_hash",
    "fresh_batch",
    "live_batch",
    "live_batch_at",
]
