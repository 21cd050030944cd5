"""The people who work in the offices, and what they may do there."""

import zoneinfo
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.agencies import Agency, TimeZone
from accounts.roles import Role
from regions.models import Region


class Language(models.TextChoices):
    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def of_login(self, typed: str) -> Self:
        """Whom a text at the door names: an e-mail address has an @, a user name never."""
        typed = typed.strip().lower()
        return self.filter(**{"email" if "@" in typed else "username": typed}) if typed else self.none()

    def called(self, text: str) -> Self:
        """By a part of the name, the user name or the e-mail address; PostgreSQL knows no NUL."""
        text = text.replace("\0", "").strip()
        found = Q(full_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text)
        return self.filter(found) if text else self

    def in_state(self, state: str) -> Self:
        never_came = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        states = {
            "open": ~never_came & Q(is_active=True),
            "invited": never_came & Q(is_active=True),
            "no_step": ~never_came & Q(is_active=True, authenticator__isnull=True),
            "closed": Q(is_active=False),
        }
        return self.filter(states[state]) if state in states else self

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
    # Part of what a session is checked against: one more ends them all.
    sign_outs = models.PositiveIntegerField(_("times signed out everywhere"), default=0, editable=False)
    second_factor_asked_at = models.DateTimeField(_("asked for the second step"), null=True, editable=False)

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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password, as everywhere, and when somebody is signed out everywhere."""
        key_salt = "accounts.models.User.session"
        return salted_hmac(key_salt, f"{self.password}:{self.sign_outs}", secret=secret, algorithm="sha256").hexdigest()

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
        """Those who can come in: an invitation that nobody accepted yet administers nothing."""
        nobody_yet = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return self.filter(~nobody_yet, role=Role.ADMINISTRATOR, user__is_active=True)


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
