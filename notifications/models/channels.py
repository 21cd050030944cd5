"""What an office decides about its channels, and which telephone numbers allow WhatsApp."""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Language
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.crypto import EncryptedTextField, keyed_hash
from notifications.models.message import Channel


def usual_order() -> list[str]:
    return [Channel.WHATSAPP, Channel.EMAIL, Channel.MANUAL, Channel.CALL]


def usual_kinds_at_any_hour() -> list[str]:
    return list(settings.MESSAGES_AT_ANY_HOUR)


class ChannelPolicy(models.Model):
    """In which order an office tries its channels, and when a telephone must not ring."""

    agency = models.OneToOneField(Agency, models.CASCADE, related_name="+", verbose_name=_("agency"))
    order = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=usual_order, verbose_name=_("order of the channels")
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, default=dt.time(20))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True, default=dt.time(6))
    email_waits = models.BooleanField(_("e-mail keeps the quiet hours too"), default=False)
    at_any_hour = ArrayField(
        models.CharField(max_length=60),
        default=usual_kinds_at_any_hour,
        blank=True,
        verbose_name=_("messages that may go out at any hour"),
    )
    delivery_hours = models.PositiveSmallIntegerField(
        _("hours without a delivery report until the next channel is tried"),
        default=12,
        validators=[MinValueValidator(1)],
    )

    class Meta:
        verbose_name = _("rules of the channels")
        verbose_name_plural = _("rules of the channels")
        constraints = [
            models.CheckConstraint(
                condition=Q(order__contained_by=Channel.values, order__len__gt=0),
                name="notifications_policy_order_known",
                violation_error_message=_("Choose at least one channel."),
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notifications_policy_quiet_paired",
                violation_error_message=_("Quiet hours have a beginning and an end, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(delivery_hours__gte=1),
                name="notifications_policy_patience",
                violation_error_message=_("Wait at least one hour for a delivery report."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)


class WhatsAppGatewayQuerySet(models.QuerySet["WhatsAppGateway"]):
    def usable(self) -> Self:
        """In use and not stopped by a refusal that only the office can mend."""
        return self.filter(is_active=True, paused_at__isnull=True, agency__is_active=True)

    def paused(self) -> Self:
        return self.filter(is_active=True, paused_at__isnull=False)

    def of(self, user: Any) -> Self:
        """Of the offices whose messages this person sees."""
        return self.filter(scope_q(user, Permission.VIEW_MESSAGES, agency="agency", region=None))


class WhatsAppGateway(models.Model):
    """The office's own number at the WhatsApp Business Platform (Cloud API)."""

    agency = models.OneToOneField(Agency, models.CASCADE, related_name="+", verbose_name=_("agency"))
    phone_number_id = models.CharField(_("phone number ID"), max_length=40)
    token = EncryptedTextField(_("access token"))
    app_secret = EncryptedTextField(_("app secret"))
    per_minute = models.PositiveIntegerField(
        _("messages a minute"), default=600, help_text=_("What the platform allows this number; 0 is no limit.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    paused_at = models.DateTimeField(_("stopped at"), null=True, blank=True, editable=False)
    pause_reason = models.CharField(_("why it stopped"), max_length=300, blank=True, editable=False)
    not_before = models.DateTimeField(_("rests until"), default=timezone.now, editable=False)

    objects = WhatsAppGatewayQuerySet.as_manager()

    class Meta:
        verbose_name = _("WhatsApp gateway")
        verbose_name_plural = _("WhatsApp gateways")
        constraints = [
            models.UniqueConstraint(
                fields=["phone_number_id"],
                name="notifications_gateway_number_unique",
                violation_error_message=_("Another office already sends from this number."),
            ),
            models.CheckConstraint(
                condition=Q(phone_number_id__regex=r"^[0-9]{5,40}$"),
                name="notifications_gateway_number_plain",
                violation_error_message=_("The phone number ID consists of digits only."),
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="notifications_gateway_pause_has_reason",
                violation_error_message=_("A stopped gateway says why."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)

    @property
    def verify_token(self) -> str:
        """What the platform shows when it asks whether the webhook is ours; the same for ever, stored nowhere."""
        return keyed_hash("whatsapp-verify", str(self.agency_id))[:40]


class WhatsAppTemplate(models.Model):
    """Which approved template brings a kind of message in a language, and what stands in its places {{1}}, {{2}} …"""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    name = models.CharField(_("name of the template"), max_length=512)
    language_code = models.CharField(
        _("language code of the template"), max_length=15, default="id", help_text=_("As approved: id, en, en_US …")
    )
    parameters = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("values in their order"),
    )

    class Meta:
        verbose_name = _("WhatsApp template")
        verbose_name_plural = _("WhatsApp templates")
        ordering = ["agency", "kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "language"],
                name="notifications_template_once",
                violation_error_message=_("This kind already has a template in this language."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="notifications_template_language_known",
                violation_error_message=_("Choose Indonesian or English."),
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z0-9_]+$"),
                name="notifications_template_name_plain",
                violation_error_message=_("The name consists of small letters, digits and underscores."),
            ),
            models.CheckConstraint(
                condition=Q(language_code__regex=r"^[a-z]{2,3}(_[A-Z]{2})?$"),
                name="notifications_template_code_plain",
                violation_error_message=_("Write the language as id, en or en_US."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class WhatsAppChoiceQuerySet(models.QuerySet["WhatsAppChoice"]):
    def allows(self, agency_id: int, phone: str) -> bool:
        return self.filter(agency=agency_id, phone=phone, wants=True).exists()


class WhatsAppChoice(models.Model):
    """Whether a number allows messages of the office by WhatsApp. Without a row it does not."""

    class Source(models.TextChoices):
        FORM = "form", _("Ticked on the form")
        PAPER = "paper", _("On paper, witnessed by an officer")
        REPLY = "reply", _("Answered to a message")

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", verbose_name=_("agency"))
    phone = models.CharField(_("telephone"), max_length=20)
    wants = models.BooleanField(_("allows WhatsApp"))
    source = models.CharField(_("how it was said"), max_length=10, choices=Source)
    at = models.DateTimeField(_("when"))
    subject_type = models.CharField(_("kind of person concerned"), max_length=80, blank=True)
    subject_id = models.CharField(_("person concerned"), max_length=80, blank=True)

    objects = WhatsAppChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice about WhatsApp")
        verbose_name_plural = _("choices about WhatsApp")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "phone"],
                name="notifications_choice_once",
                violation_error_message=_("This number has already chosen."),
            ),
            models.CheckConstraint(
                condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$"),
                name="notifications_choice_phone_whole",
                violation_error_message=_("Write the number with its country code."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=["form", "paper", "reply"]),
                name="notifications_choice_source_known",
                violation_error_message=_("The choice was made on the form, on paper or by a reply."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.pk}"
