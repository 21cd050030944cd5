"""What a participant puts before the jury."""

import json
import secrets
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from incentives.models.competition import Competition
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField
from participants.models import Registration
from regions.models import Region


def blind_code() -> str:
    """How a blind jury calls an entry; it tells nothing of who it is or when it came."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _place in range(4))


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_COMPETITIONS) -> "EntryQuerySet":
        paths = {"agency": "competition__program__agency", "region": None}
        free = Q(registration__isnull=True) | Q(registration__restricted_at__isnull=True)
        return self.filter(scope_q(user, permission, **paths), free | scope_q(user, Permission.MANAGE_PRIVACY, **paths))

    def real(self) -> "EntryQuerySet":
        """Without the entry that jurors train with."""
        return self.filter(is_training=False)

    def admitted(self) -> "EntryQuerySet":
        return self.filter(state=Entry.State.ADMITTED)

    def to_check_by(self, user: User) -> "EntryQuerySet":
        """What waits for this person's decision; jurors do not check pitches of their own competition."""
        judged = Competition.objects.filter(jurors__user=user, jurors__withdrawn_at__isnull=True).order_by()
        waiting = {"state": Entry.State.SUBMITTED, "competition__state": Competition.State.DECLARED}
        rows = self.visible_to(user, Permission.CHECK_PITCHES).real()
        return rows.filter(**waiting, competition__first_score_at__isnull=True).exclude(competition__in=judged)

    def in_order(self) -> "EntryQuerySet":
        return self.order_by(F("position").asc(nulls_last=True), "pk")


class Entry(models.Model):
    """One business before the jury. What was declared stands as it was when it was admitted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Sent, waits for the check")
        NEEDS_FIX = "needs_fix", _("Needs correction")
        ADMITTED = "admitted", _("Admitted")
        REFUSED = "refused", _("Not admitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DISQUALIFIED = "disqualified", _("Disqualified")

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="entries")
    # Empty for the entry that jurors train with, and after the erasure of a person.
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, blank=True, related_name="pitches")
    is_training = models.BooleanField(default=False)
    code = models.CharField(_("code"), max_length=4, default=blind_code)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    category = models.CharField(_("category"), max_length=30, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("urban village"))
    title = models.CharField(_("title of the pitch"), max_length=120, blank=True)
    business_name = models.CharField(_("business"), max_length=120, blank=True)
    # JSON: what it is about, and figures of the business by name.
    content = EncryptedTextField(null=True)
    # Which other entries are of the same household or business, without telling which household it is.
    household_hash = models.CharField(max_length=64, blank=True)
    business_key = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("sent at"), null=True)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    check_note = EncryptedTextField(null=True)
    ended_reason = EncryptedTextField(null=True)
    # Run of show: place, planned time, and what really happened.
    position = models.PositiveSmallIntegerField(_("place in the order"), null=True)
    planned_at = models.DateTimeField(_("planned time"), null=True)
    pitch_began_at = models.DateTimeField(null=True)
    pitch_ended_at = models.DateTimeField(null=True)
    absent_at = models.DateTimeField(_("did not come"), null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a competition")
        verbose_name_plural = _("entries of competitions")
        ordering = ("pk",)
        indexes = [models.Index(fields=["competition", "state", "position"], name="entry_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "registration"],
                condition=Q(registration__isnull=False),
                name="entry_once",
                violation_error_message=_("You take part in this competition already."),
            ),
            models.UniqueConstraint(
                fields=["competition", "code"],
                name="entry_code_once",
                violation_error_message=_("This code is taken."),
            ),
            models.UniqueConstraint(
                fields=["competition", "position"],
                name="entry_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two entries have the same place in the order."),
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(pitch_began_at__isnull=False, pitch_ended_at__isnull=True),
                name="entry_one_at_a_time",
                violation_error_message=_("Somebody is on the stage at the moment. End that pitch first."),
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(is_training=True),
                name="entry_one_for_training",
                violation_error_message=_("There is a training entry already."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(is_training=True) | Q(submitted_at__isnull=False),
                name="entry_sent_has_time",
                violation_error_message=_("An entry that was sent has a time."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["admitted", "refused", "needs_fix"])
                | Q(is_training=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="entry_checked_by_somebody",
                violation_error_message=_("Somebody checks an entry before it is admitted."),
            ),
            models.CheckConstraint(
                condition=Q(pitch_ended_at__isnull=True)
                | Q(pitch_began_at__isnull=False, pitch_ended_at__gte=F("pitch_began_at")),
                name="entry_pitch_ends_after_beginning",
                violation_error_message=_("A pitch ends after it began."),
            ),
        ]

    def __str__(self) -> str:
        return self.business_name or self.title or self.code

    def get_absolute_url(self) -> str:
        return reverse("incentives:entry_detail", args=[self.pk])

    @property
    def told(self) -> dict[str, Any]:
        """Summary and figures as they were sent."""
        return dict(json.loads(self.content)) if self.content else {}


class EntryFile(models.Model):
    """A picture, drawn anew from its pixels, or slides, written anew without scripts and links."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("picture")
        SLIDES = "slides", _("slides (PDF)")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    key = EncryptedTextField(null=True)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("file of an entry")
        verbose_name_plural = _("files of entries")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(kind="slides"),
                name="entry_file_one_slides",
                violation_error_message=_("There are slides already. Remove them first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.kind}"
