"""What a village settled in its meeting: topics in order, with the number of people who want each."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from jobs.models import StoredFile
from programs.models.program import Topic
from programs.models.request import TopicRound
from programs.rules import MOST_MEETING_TOPICS
from regions.models import Region


class TopicMeetingQuerySet(models.QuerySet["TopicMeeting"]):
    def visible_to(self, user: Actor, permission: Permission = Permission.VIEW_TOPIC_REQUESTS) -> Self:
        return self.filter(scope_q(user, permission, agency="round__agency"))

    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def with_parts(self) -> Self:
        return self.select_related("round__agency__region", "region__parent", "file", "entered_by").prefetch_related(
            "ranking__topic"
        )


class TopicMeeting(models.Model):
    """The outcome of one meeting. A correction is a new row; the former one stays, withdrawn."""

    round = models.ForeignKey(TopicRound, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("round"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    held_on = models.DateField(verbose_name=_("day of the meeting"))
    attendees = models.PositiveIntegerField(verbose_name=_("people present"))
    chaired_by = models.CharField(max_length=100, blank=True, verbose_name=_("led by"))
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scan")
    )
    entered_at = models.DateTimeField(verbose_name=_("entered at"))
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by"))
    withdrawn_at = models.DateTimeField(null=True, blank=True, verbose_name=_("withdrawn at"))
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdraw_reason = models.CharField(max_length=250, blank=True, verbose_name=_("reason"))

    objects = TopicMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome of a meeting")
        verbose_name_plural = _("outcomes of meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "region"],
                condition=Q(withdrawn_at__isnull=True),
                name="topic_meeting_one_in_force",
                violation_error_message=_("The outcome of this region has been entered already. Please correct it."),
            ),
            models.CheckConstraint(
                condition=Q(attendees__gte=1, attendees__lte=100_000),
                name="topic_meeting_attendees_plausible",
                violation_error_message=_("Between 1 and 100,000 people were present."),
            ),
            models.CheckConstraint(
                condition=(Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True) & Q(withdraw_reason=""))
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason="")),
                name="topic_meeting_withdrawn_has_reason",
                violation_error_message=_("What is withdrawn names who did it, when and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.held_on}"

    def get_absolute_url(self) -> str:
        return reverse("programs:meeting_detail", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None


class MeetingTopic(models.Model):
    meeting = models.ForeignKey(
        TopicMeeting, on_delete=models.CASCADE, related_name="ranking", verbose_name=_("outcome of a meeting")
    )
    rank = models.PositiveSmallIntegerField(verbose_name=_("place"))
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic"))
    requesters = models.PositiveIntegerField(verbose_name=_("people who want it"))

    class Meta:
        verbose_name = _("topic of a meeting")
        verbose_name_plural = _("topics of a meeting")
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "rank"],
                name="meeting_topic_rank_once",
                violation_error_message=_("Each topic has a place of its own."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "topic"],
                name="meeting_topic_once",
                violation_error_message=_("This topic stands in the list already."),
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=MOST_MEETING_TOPICS),
                name="meeting_topic_rank_between_1_and_10",
                violation_error_message=_("A meeting names at most ten topics."),
            ),
            models.CheckConstraint(
                condition=Q(requesters__gte=1, requesters__lte=100_000),
                name="meeting_topic_requesters_plausible",
                violation_error_message=_("Between 1 and 100,000 people want a topic that is named."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.topic}"
