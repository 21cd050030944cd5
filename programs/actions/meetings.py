"""The outcome of a village's meeting about topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from accounts.rules import is_inside
from jobs.actions import keep_file
from jobs.models import StoredFile
from kit.refusals import spoken_refusals
from kit.scans import Scan
from programs.models import MeetingTopic, Topic, TopicMeeting, TopicRound
from regions.models import Region


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was settled: topics in order with the number of people who want each. `scan` is the signed paper."""

    held_on: date
    attendees: int
    ranking: Sequence[tuple[Topic, int]]
    chaired_by: str = ""
    scan: Scan | None = None


@transaction.atomic
def enter_meeting(
    *, topic_round: TopicRound, region: Region, outcome: Outcome, replaces: TopicMeeting | None = None, by: User
) -> TopicMeeting:
    """Keeps the outcome; a correction names the one that it replaces, which stays, withdrawn."""
    _refuse_unfit(topic_round, region, outcome)
    file = _kept(topic_round, region, outcome.scan, by)
    if replaces is not None:
        file = file or replaces.file
        _withdraw(replaces, str(_("Corrected.")), by)
    meeting = TopicMeeting(
        round=topic_round,
        region=region,
        held_on=outcome.held_on,
        attendees=outcome.attendees,
        chaired_by=outcome.chaired_by,
        file=file,
        entered_at=timezone.now(),
        entered_by=by,
    )
    with spoken_refusals(TopicMeeting, MeetingTopic):
        meeting.save(force_insert=True)
        for rank, (topic, requesters) in enumerate(outcome.ranking, 1):
            meeting.ranking.create(rank=rank, topic=topic, requesters=requesters)
    changes = {"region": region.code, "count": len(outcome.ranking)}
    named: dict[str, Any] = {"by": by, "target": meeting, "agency": topic_round.agency, "changes": changes}
    if replaces is None:
        record(action="topic_meeting.entered", **named)
    else:
        record(action="topic_meeting.corrected", **named)
    return meeting


def _refuse_unfit(topic_round: TopicRound, region: Region, outcome: Outcome) -> None:
    agency = topic_round.agency
    if not is_inside(region.code, agency.region_id):
        raise ValidationError(_("This region does not belong to the office."), code="topic_region_foreign")
    if outcome.held_on > agency.today():
        raise ValidationError(_("The meeting cannot lie in the future."), code="meeting_in_future")
    if outcome.held_on.year < topic_round.fiscal_year - 2:
        raise ValidationError(_("This meeting is too long ago for this year's round."), code="meeting_too_old")
    if not outcome.ranking:
        raise ValidationError(_("Please name at least one topic."), code="meeting_without_topic")
    if any(topic.agency_id != agency.pk for topic, _number in outcome.ranking):
        raise ValidationError(_("This topic belongs to another office."), code="topic_foreign")
    if any(number > outcome.attendees for _topic, number in outcome.ranking):
        raise ValidationError(
            _("More people want a topic than were present (%(most)d)."),
            code="meeting_more_than_present",
            params={"most": outcome.attendees},
        )


def _kept(topic_round: TopicRound, region: Region, scan: Scan | None, by: User) -> StoredFile | None:
    if scan is None:
        return None
    name = f"usulan-topik-{region.name.lower().replace(' ', '-')}-{topic_round.fiscal_year}.{scan.extension}"
    return keep_file(agency=topic_round.agency, name=name, content=scan.content, content_type=scan.content_type, by=by)


@transaction.atomic
def withdraw_meeting(*, meeting: TopicMeeting, reason: str, by: User) -> None:
    """It no longer counts; it stays with the reason."""
    _withdraw(meeting, reason, by)
    record(action="topic_meeting.withdrawn", by=by, target=meeting, agency=meeting.round.agency, purpose=reason)


def _withdraw(meeting: TopicMeeting, reason: str, by: User) -> None:
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdraw_reason": reason}
    if TopicMeeting.objects.in_force().filter(pk=meeting.pk).update(**values) == 0:
        raise ValidationError(
            _("Somebody has corrected or withdrawn this outcome already. Please look again."), code="meeting_withdrawn"
        )
