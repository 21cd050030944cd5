"""Who judges, and whom they may not judge."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from incentives.models.competition import Competition
from incentives.models.entry import Entry
from kit.crypto import EncryptedTextField
from regions.models import Region


class JurorQuerySet(models.QuerySet["Juror"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_COMPETITIONS) -> "JurorQuerySet":
        return self.filter(scope_q(user, permission, agency="competition__program__agency", region=None))

    def serving(self) -> "JurorQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Juror(models.Model):
    """Judges one competition without an account: a link that opens once, then a PIN of their own."""

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="jurors")
    name = models.CharField(_("name"), max_length=150)
    institution = models.CharField(_("from"), max_length=150, blank=True)
    is_chair = models.BooleanField(_("chairs the jury"), default=False)
    phone = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    # What conflicts are suggested from: the person, where they live, their business.
    nik_hash = models.CharField(max_length=64, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    business_key = models.CharField(max_length=160, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    token_hash = models.CharField(max_length=64, null=True, unique=True, error_messages={"unique": _("Taken.")})  # noqa: DJ001 - unique where set
    token_until = models.DateTimeField(null=True)
    pin_hash = models.CharField(max_length=128, blank=True)
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True)
    # Goes up with each new link and each withdrawal: devices that were let in before are out.
    generation = models.PositiveIntegerField(default=1)
    invited_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    # Said that there is no conflict beside those that are noted.
    declared_at = models.DateTimeField(null=True)
    trained_at = models.DateTimeField(null=True)
    # When the edition that the juror last read was declared; whoever came in later has read what held then.
    method_read_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # By retention or at their wish: contact, identity, PIN and words are gone; who judged keeps the name.
    forgotten_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = JurorQuerySet.as_manager()

    class Meta:
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(is_chair=True, withdrawn_at__isnull=True),
                name="juror_one_chair",
                violation_error_message=_("Somebody else chairs this jury."),
            ),
            models.UniqueConstraint(
                fields=["competition", "nik_hash"],
                condition=~Q(nik_hash=""),
                name="juror_once",
                violation_error_message=_("This person is a juror of this competition already."),
            ),
            models.UniqueConstraint(
                fields=["competition", "user"],
                condition=Q(user__isnull=False),
                name="juror_user_once",
                violation_error_message=_("This colleague is a juror of this competition already."),
            ),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True) | ~Q(pin_hash=""),
                name="juror_joined_has_pin",
                violation_error_message=_("A juror chooses a PIN."),
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True)
                | Q(phone__isnull=True, email__isnull=True, token_hash__isnull=True, region__isnull=True)
                & Q(nik_hash="", business_key=""),
                name="juror_forgotten_is_empty",
                violation_error_message=_("Of a juror who was forgotten no contact and no identity is kept."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_locked(self, now: datetime) -> bool:
        return self.pin_locked_until is not None and self.pin_locked_until > now


class Conflict(models.Model):
    """Why a juror does not judge an entry: said by the juror, or suggested from the data and decided by somebody."""

    class Kind(models.TextChoices):
        SELF = "self", _("own entry")
        FAMILY = "family", _("family")
        HOUSEHOLD = "household", _("same household")
        BUSINESS = "business", _("business with each other")
        MENTOR = "mentor", _("mentor or teacher")
        REGION = "region", _("same urban village")
        OTHER = "other", _("another reason")

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested from the data")
        HOLDS = "holds", _("Conflict: does not judge")
        DISMISSED = "dismissed", _("No conflict")

    juror = models.ForeignKey(Juror, models.CASCADE, related_name="conflicts")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="conflicts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    declared = models.BooleanField(_("said by the juror"), default=False)
    note = EncryptedTextField(null=True)
    noted_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["juror", "entry", "kind"],
                name="conflict_once",
                violation_error_message=_("This conflict is noted already."),
            ),
            # What a juror says of themselves nobody takes back for them.
            models.CheckConstraint(
                condition=Q(declared=False) | Q(state="holds"),
                name="conflict_declared_holds",
                violation_error_message=_("A conflict that the juror declared stands."),
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="conflict_dismissed_by_somebody",
                violation_error_message=_("Somebody decides that there is no conflict."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} x {self.entry_id}: {self.kind}"
