"""Offices, the people who work in them, what they may do there, and the trail of what was done."""

import datetime as dt
import zoneinfo
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from regions.models import Region


class PaperSize(models.TextChoices):
    A4 = "A4", _("A4")
    F4 = "F4", _("F4 (folio)")


class TimeZone(models.TextChoices):
    WESTERN = "Asia/Jakarta", _("Western Indonesia Time (WIB)")
    CENTRAL = "Asia/Makassar", _("Central Indonesia Time (WITA)")
    EASTERN = "Asia/Jayapura", _("Eastern Indonesia Time (WIT)")


class Language(models.TextChoices):
    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Agency(models.Model):
    """One office: its own controller of personal data, with its own clock and letterhead."""

    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=60)
    slug = models.SlugField(_("name in addresses"), max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    time_zone = models.CharField(_("time zone"), max_length=40, choices=TimeZone, default=TimeZone.WESTERN)
    address = models.TextField(_("address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True, validators=[URLValidator(["https", "http"])])
    letterhead_line1 = models.CharField(_("letterhead, line 1"), max_length=120, blank=True)
    letterhead_line2 = models.CharField(_("letterhead, line 2"), max_length=120, blank=True)
    paper_size = models.CharField(_("paper size"), max_length=2, choices=PaperSize, default=PaperSize.F4)
    privacy_contact_name = models.CharField(_("privacy contact: name"), max_length=120, blank=True)
    privacy_contact_email = models.EmailField(_("privacy contact: e-mail"), blank=True)
    privacy_contact_phone = models.CharField(_("privacy contact: telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="accounts_agency_slug_unique",
                violation_error_message=_("Another agency already uses this name in its addresses."),
            ),
            models.CheckConstraint(
                condition=Q(time_zone__in=TimeZone.values),
                name="accounts_agency_time_zone_known",
                violation_error_message=_("Choose one of the three Indonesian time zones."),
            ),
            models.CheckConstraint(
                condition=Q(paper_size__in=PaperSize.values),
                name="accounts_agency_paper_size_known",
                violation_error_message=_("Choose A4 or F4."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def today(self) -> dt.date:
        """The date on the wall calendar of the office."""
        return timezone.localdate(timezone=self.zone)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_assignments(self) -> Self:
        """Roles come along, so that asking for permissions later costs nothing."""
        return self.select_related("agency").prefetch_related(
            models.Prefetch(
                "role_assignments", RoleAssignment.objects.select_related("agency", "region").order_by("pk")
            )
        )


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.strip().lower(), **fields)
        user.email = user.email.strip().lower()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(
        _("user name"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("Another person already has this user name.")},
        help_text=_("3 to 40 small letters, digits, dots, hyphens or underscores."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    full_name = models.CharField(_("full name"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.INDONESIAN)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("works for")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    date_joined = models.DateTimeField(_("created"), default=timezone.now)
    must_change_password = models.BooleanField(_("must change the password"), default=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["full_name", "username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]{2,39}$"),
                name="accounts_user_username_plain",
                violation_error_message=_("Use 3 to 40 small letters, digits, dots, hyphens or underscores."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="accounts_user_email_unique",
                violation_error_message=_("Another person already has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="accounts_user_email_small_letters",
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="accounts_user_language_known",
                violation_error_message=_("Choose Indonesian or English."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] or self.username

    @property
    def time_zone(self) -> str | None:
        """The clock of the office that one works for."""
        return self.agency.time_zone if self.agency else None


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def current(self) -> Self:
        """In force today, by the calendar of the agency of each."""
        in_force = Q()
        for zone in TimeZone.values:
            today = timezone.localdate(timezone=zoneinfo.ZoneInfo(zone))
            started = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
            ended = Q(valid_to__lt=today)
            in_force |= Q(agency__time_zone=zone) & started & ~ended
        return self.filter(in_force, agency__is_active=True)

    def of_administrators(self) -> Self:
        return self.filter(role=Role.ADMINISTRATOR, user__is_active=True)


class RoleAssignment(models.Model):
    """A role in one agency and one region with everything below it, from a first day to a last day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="role_assignments", verbose_name=_("agency"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("granted by")
    )
    created_at = models.DateTimeField(_("granted at"), default=timezone.now)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "agency", "region"],
                name="accounts_role_assignment_unique",
                violation_error_message=_("This person already has this role here."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="accounts_role_assignment_role_known",
                violation_error_message=_("This role does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="accounts_role_assignment_days_in_order",
                violation_error_message=_("The last day is before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.agency.short_name}, {self.region_id})"

    def in_force(self) -> bool:
        """Today is a date of the agency's own calendar; a closed agency gives nobody anything."""
        today = self.agency.today()
        started = self.valid_from is None or self.valid_from <= today
        return self.agency.is_active and started and (self.valid_to is None or today <= self.valid_to)


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, target: models.Model) -> Self:
        return self.filter(object_type=target._meta.label_lower, object_id=str(target.pk))


class AuditEntry(models.Model):
    """What was done, by whom, to what, about whom. Written once: the database refuses change and deletion."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("user")
    )
    actor_label = models.CharField(_("who"), max_length=160)
    role = models.CharField(_("role"), max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("agency")
    )
    action = models.CharField(_("action"), max_length=80)
    object_type = models.CharField(_("kind of object"), max_length=80, blank=True)
    object_id = models.CharField(_("object"), max_length=80, blank=True)
    subject_type = models.CharField(_("kind of person concerned"), max_length=80, blank=True)
    subject_id = models.CharField(_("person concerned"), max_length=80, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["agency", "-id"], name="accounts_audit_agency"),
            models.Index(fields=["actor", "-id"], name="accounts_audit_actor"),
            models.Index(fields=["object_type", "object_id"], name="accounts_audit_object"),
            models.Index(
                fields=["subject_type", "subject_id"], condition=~Q(subject_type=""), name="accounts_audit_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

    @property
    def action_name(self) -> str:
        """What was done, in the language of the reader; the code where nobody named it."""
        return str(settings.AUDIT_ACTIONS.get(self.action, self.action))

    @property
    def object_name(self) -> str:
        """`entry 12`: the kind of the thing in the reader's language and its number."""
        try:
            kind = str(apps.get_model(self.object_type)._meta.verbose_name)
        except (LookupError, ValueError):
            kind = self.object_type
        return f"{kind} {self.object_id}".strip()

    @property
    def actor_shown(self) -> str:
        """Who had no account is told in the language of the reader, everybody else by the name of that day."""
        without_account = {"resident": gettext("Resident"), "system": gettext("The portal")}
        return self.actor_label if self.actor_id else without_account.get(self.actor_label, self.actor_label)

    @property
    def role_names(self) -> str:
        """The roles that the actor had at that time, in the language of the reader."""
        return ", ".join(str(Role(code).label) for code in self.role.split(",") if code in Role.values)

    @property
    def changes_shown(self) -> list[tuple[str, str]]:
        """A pair is what was and what is; an absent value is a dash."""
        return [
            (name, " → ".join(str(part or "–") for part in value) if isinstance(value, list) else str(value))
            for name, value in self.changes.items()
        ]


class ThrottleKind(models.TextChoices):
    LOGIN = "login", _("user name or e-mail")
    ADDRESS = "address", _("network address")


class SignInThrottle(models.Model):
    """Failed attempts per typed name and per address, in the database: a cache that is down opens no door.

    The typed name is kept as a keyed hash only, whether or not such an account exists.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ThrottleKind)
    key = models.CharField(_("key"), max_length=64)
    label = models.CharField(_("who"), max_length=60, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    lockouts = models.PositiveIntegerField(_("lock-outs"), default=0)
    last_attempt_at = models.DateTimeField(_("last attempt"), default=timezone.now)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in lock")
        verbose_name_plural = _("sign-in locks")
        ordering = ["-last_attempt_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="accounts_sign_in_throttle_unique",
                violation_error_message=_("This name or address is already counted."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"
