"""A message that an officer writes to the people of one batch."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from notifications.rules import Wording
from participants.models.registration import Registration, RegistrationQuerySet
from participants.models.states import ACTIVE_SEATS, CheckState
from programs.models import Batch


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    def visible_to(self, user: Actor) -> Self:
        scope = scope_q(user, Permission.SEND_MESSAGES, agency="batch__program__agency", region="batch__region")
        return self.filter(scope)

    def with_parts(self) -> Self:
        return self.select_related("batch__program__agency", "batch__region__parent", "written_by", "sent_by")

    def sent_since(self, since: datetime) -> Self:
        return self.filter(sent_at__gte=since)

    def locked(self, pk: int) -> "Broadcast":
        """Whoever sends, takes back or ends it holds its row until the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Broadcast(models.Model):
    """`chosen` are the entries ticked in the list; without it everybody whose seat and check are among those named."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        TAKEN_BACK = "taken_back", _("Taken back")
        ENDED = "ended", _("Ended with the batch")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="broadcasts", verbose_name=_("batch"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, editable=False)
    subject_id = models.CharField(_("subject in Indonesian"), max_length=200, blank=True)
    body_id = models.TextField(_("text in Indonesian"), blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    seats = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name=_("seats"))
    checks = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name=_("checks"))
    chosen = ArrayField(models.BigIntegerField(), null=True, blank=True, verbose_name=_("chosen entries"))
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"), db_default=Now())
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    recipients = models.PositiveIntegerField(_("recipients"), default=0)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a batch")
        verbose_name_plural = _("messages to batches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "taken_back", "ended"]),
                name="broadcast_state_known",
                violation_error_message=_("A message is a draft, sent, taken back or ended with its batch."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ended"]) | (Q(sent_at__isnull=False, sent_by__isnull=False)),
                name="broadcast_sent_names_who_and_when",
                violation_error_message=_("A sent message names who sent it and when."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ended"]) | (~Q(subject_id="") & ~Q(body_id="")),
                name="broadcast_sent_has_text",
                violation_error_message=_("A message needs a subject and a text in Indonesian."),
            ),
            models.CheckConstraint(
                condition=Q(subject_en="", body_en="") | (~Q(subject_en="") & ~Q(body_en="")) | Q(state="draft"),
                name="broadcast_english_whole",
                violation_error_message=_("The English version needs a subject and a text, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(seats__contained_by=[seat.value for seat in ACTIVE_SEATS])
                & Q(checks__contained_by=CheckState.values),
                name="broadcast_audience_known",
                violation_error_message=_("Only people with a seat, an offer or a place in line are written to."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject_id or str(_("Message without a subject"))

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def group(self) -> str:
        """What its messages can be found and taken back with."""
        return f"broadcast:{self.pk}"

    @property
    def wordings(self) -> dict[str, Wording]:
        """English only where it was written; who reads English gets the Indonesian text otherwise."""
        found = {"id": Wording(self.subject_id, self.body_id)}
        return found | ({"en": Wording(self.subject_en, self.body_en)} if self.body_en else {})

    def audience(self) -> RegistrationQuerySet:
        """Who gets it now: always people whose entry is alive."""
        people = (
            Registration.objects.active()
            .filter(batch=self.batch_id, restricted_at__isnull=True)
            .defer("nik")
            .order_by("pk")
        )
        if self.chosen is not None:
            return people.filter(pk__in=self.chosen)
        return people.filter(seat__in=self.seats, check_state__in=self.checks)
