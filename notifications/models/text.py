"""The office's own wording of a message; every version is kept."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Language, User
from accounts.permissions import Actor, assignments_with, covers_agency
from accounts.roles import Permission
from notifications.rules import Wording


class MessageTextQuerySet(models.QuerySet["MessageText"]):
    def in_force(self, agency: Agency) -> Self:
        return self.filter(agency=agency, is_current=True)

    def versions(self, agency: Agency, kind: str) -> Self:
        return self.filter(agency=agency, kind=kind).select_related("edited_by").order_by("language", "-version")

    def visible_to(self, user: Actor) -> Self:
        return self.filter(agency__in=agencies_with_texts_of(user))


def agencies_with_texts_of(user: Actor) -> list[Agency]:
    """The offices whose wording the person may change; it is for the whole office, so the role must be too."""
    given = [grant for grant in assignments_with(user, Permission.MANAGE_TEXTS) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())


class MessageText(models.Model):
    """One version of one text in one language. A version without words says: the standard text is in force again."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    version = models.PositiveIntegerField(_("version"))
    is_current = models.BooleanField(_("in force"), default=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("edited by"))
    edited_at = models.DateTimeField(_("edited at"), db_default=Now())

    objects = MessageTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        ordering = ["agency", "kind", "language", F("version").desc()]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "language", "version"],
                name="notifications_messagetext_version_once",
                violation_error_message=_("Somebody else changed this text in the meantime. Please look at it again."),
            ),
            models.UniqueConstraint(
                fields=["agency", "kind", "language"],
                condition=Q(is_current=True),
                name="notifications_messagetext_one_in_force",
                violation_error_message=_("Of each text one version is in force."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="notifications_messagetext_language_known",
                violation_error_message=_("A text is in Indonesian or in English."),
            ),
            models.CheckConstraint(
                condition=Q(kind__gt="", version__gte=1),
                name="notifications_messagetext_named",
                violation_error_message=_("A text has a kind and a version."),
            ),
            models.CheckConstraint(
                condition=Q(subject="", body="") | (~Q(subject="") & ~Q(body="")),
                name="notifications_messagetext_whole",
                violation_error_message=_("A text has a subject and a body, or is the standard text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"

    @property
    def is_standard(self) -> bool:
        return not self.body

    @property
    def wording(self) -> Wording:
        return Wording(self.subject, self.body)

    @property
    def kind_label(self) -> str:
        return str(settings.MESSAGE_KINDS.get(self.kind, self.kind))
