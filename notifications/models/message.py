"""The outbox: one row for everything that somebody is told, written together with the fact that it tells."""

import datetime as dt
from typing import Any, Self
from urllib.parse import quote

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Language
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.phones import is_mobile, mask_phone, parse_phone, show_phone, whatsapp_digits
from notifications import rules
from regions.models import Region


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    MANUAL = "manual", _("By staff")


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


# A secret text is kept only while it waits.
WIPED = {"subject": "", "body": ""}


class MessageQuerySet(models.QuerySet["Message"]):
    def claimable(self, now: dt.datetime) -> Self:
        """What a deliverer may take now, in its order: one-time codes first, because they expire."""
        due = self.filter(state=State.QUEUED, not_before__lte=now)
        return due.order_by("-secret", "not_before", "pk")

    def stuck(self, now: dt.datetime, patience: dt.timedelta) -> Self:
        """Claimed so long ago that whoever claimed them is gone."""
        return self.filter(state=State.SENDING, claimed_at__lt=now - patience)

    def visible_to(self, user: Any) -> Self:
        return self.filter(scope_q(user, Permission.VIEW_MESSAGES, agency="agency", region="region"))

    def sendable_by(self, user: Any) -> Self:
        return self.filter(scope_q(user, Permission.SEND_MESSAGES, agency="agency", region="region"))

    def for_subject(self, subject_type: str, subject_id: str | int) -> Self:
        return self.filter(subject_type=subject_type, subject_id=str(subject_id))

    def to_send_by_hand(self) -> Self:
        return self.filter(channel=Channel.MANUAL, state=State.QUEUED)

    def search(self, text: str) -> Self:
        """By a part of the name, or by a whole e-mail address or phone number in any spelling."""
        addresses = {text, text.lower(), parse_phone(text) or text}
        return self.filter(Q(recipient_name__icontains=text) | Q(recipient_address__in=addresses))


class Message(models.Model):
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False, verbose_name=_("agency"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("region")
    )
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(
        _("key"), max_length=200, unique=True, error_messages={"unique": _("This message was already written.")}
    )
    group = models.CharField(_("group"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recipient_name = models.CharField(_("recipient"), max_length=200, blank=True)
    recipient_address = models.CharField(_("address"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    secret = models.BooleanField(_("secret"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failure = models.CharField(_("reason of the failure"), max_length=300, blank=True)
    message_id = models.CharField(
        _("Message-ID"), max_length=200, unique=True, error_messages={"unique": _("This Message-ID is already in use.")}
    )
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    subject_type = models.CharField(_("kind of person concerned"), max_length=80, blank=True)
    subject_id = models.CharField(_("person concerned"), max_length=80, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="notifications_message_state_known",
                violation_error_message=_("A message is waiting, being sent, sent, delivered, failed or cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="notifications_message_channel_known",
                violation_error_message=_("A message goes by e-mail or by hand."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="notifications_message_language_known",
                violation_error_message=_("Choose Indonesian or English."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING, claimed_at__isnull=False)
                | (~Q(state=State.SENDING) & Q(claimed_at__isnull=True)),
                name="notifications_message_claimed_while_sending",
                violation_error_message=_("A message is claimed exactly while it is being sent."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.SENT, State.DELIVERED], sent_at__isnull=False)
                | (~Q(state__in=[State.SENT, State.DELIVERED]) & Q(sent_at__isnull=True)),
                name="notifications_message_sent_has_time",
                violation_error_message=_("A sent message has the time of sending, no other message has one."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | ~Q(failure=""),
                name="notifications_message_failed_has_reason",
                violation_error_message=_("A failed message says why."),
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.EMAIL) | Q(recipient_address__contains="@"),
                name="notifications_message_email_has_address",
                violation_error_message=_("A message by e-mail needs an e-mail address."),
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.MANUAL, state=State.SENDING),
                name="notifications_message_manual_not_claimed",
                violation_error_message=_("A message by hand is never taken by a machine."),
            ),
            models.CheckConstraint(
                condition=Q(subject_type="", subject_id="") | (~Q(subject_type="") & ~Q(subject_id="")),
                name="notifications_message_subject_paired",
                violation_error_message=_("The person concerned has a kind and a number, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(key__gt="") & Q(kind__gt="") & Q(message_id__gt=""),
                name="notifications_message_named",
                violation_error_message=_("A message has a kind, a key and a Message-ID."),
            ),
        ]
        indexes = [
            models.Index(
                F("channel"),
                F("secret").desc(),
                "not_before",
                "id",
                condition=Q(state=State.QUEUED),
                name="notifications_claimable",
            ),
            models.Index("claimed_at", condition=Q(state=State.SENDING), name="notifications_claimed"),
            models.Index("channel", "sent_at", condition=Q(sent_at__isnull=False), name="notifications_sent"),
            models.Index("group", condition=~Q(group=""), name="notifications_group"),
            models.Index(fields=["agency", "-created_at"], name="notifications_agency_created"),
            models.Index(fields=["agency", "-id"], name="notifications_agency"),
            models.Index("subject_type", "subject_id", condition=~Q(subject_type=""), name="notifications_subject"),
            GinIndex(OpClass(Upper("recipient_name"), name="gin_trgm_ops"), name="notifications_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def kind_label(self) -> str:
        return str(settings.MESSAGE_KINDS.get(self.kind, self.kind.replace("_", " ")))

    @property
    def masked_address(self) -> str:
        if self.channel == Channel.EMAIL:
            return rules.mask_email(self.recipient_address)
        return mask_phone(self.recipient_address) if self.recipient_address else ""

    @property
    def shown_address(self) -> str:
        return self.recipient_address if self.channel == Channel.EMAIL else show_phone(self.recipient_address)

    @property
    def waits_for_hand(self) -> bool:
        return self.channel == Channel.MANUAL and self.state == State.QUEUED

    @property
    def whatsapp_url(self) -> str:
        """Opens a chat with the text filled in; nothing for a landline or where no number is known."""
        if not is_mobile(self.recipient_address):
            return ""
        return f"https://wa.me/{whatsapp_digits(self.recipient_address)}?text={quote(self.body.strip(), safe='')}"

    @property
    def is_open(self) -> bool:
        """Neither told nor given up: somebody or something still works on it."""
        return self.state in {State.QUEUED, State.SENDING}

    @property
    def is_wiped(self) -> bool:
        """The text of a secret message is gone once it was sent, failed or was cancelled."""
        return self.secret and not self.body
