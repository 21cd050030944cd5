"""The trail of what was done."""

from typing import Self

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.agencies import Agency
from accounts.models.people import User
from accounts.models.wording import field_words, is_pair, value_words
from accounts.roles import Role


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
    region_code = models.CharField(_("region"), max_length=13, blank=True)
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
            # What is common is met soon by walking down the trail; registering in a rush need not pay for this one.
            models.Index(
                fields=["agency", "action", "-id"],
                condition=~Q(action="registration.created"),
                name="accounts_audit_action",
            ),
            # Who tried to sign in, as typed.
            models.Index(
                fields=["-id"],
                condition=Q(actor__isnull=True) & ~Q(actor_label__in=["resident", "system"]),
                name="accounts_audit_nobody",
            ),
            # Rows come in the order of time: next to nothing to keep, and a day is found without reading ten years.
            models.Index(fields=["at"], name="accounts_audit_at"),
            models.Index(fields=["-id"], condition=Q(action="trail.verified"), name="accounts_audit_verified"),
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
        return self.actor_label if self.actor_id else without_account().get(self.actor_label, self.actor_label)

    @property
    def role_names(self) -> str:
        """The roles that the actor had at that time, in the language of the reader."""
        return ", ".join(str(Role(code).label) for code in self.role.split(",") if code in Role.values)

    @property
    def changes_shown(self) -> list[tuple[str, str]]:
        """Names and values in the reader's language; a pair is what was and what is, an absent value is a dash."""
        kind, shown = self.object_type, []
        for name, value in self.changes.items():
            if is_pair(name, value):
                told = " → ".join(value_words(kind, name, part) for part in value)
            else:
                told = value_words(kind, name, value)
            shown.append((field_words(kind, name), told))
        return shown

    @property
    def is_about_a_person(self) -> bool:
        return self.subject_type == "participants.person"


def without_account() -> dict[str, str]:
    """What the trail calls who has no account, in the language of the reader."""
    return {"resident": gettext("Resident"), "system": gettext("The portal"), "instructor": gettext("Instructor")}
