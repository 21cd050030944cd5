"""The outbox: one row for everything that somebody is told, written together with the fact that it tells."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
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
    WHATSAPP = "whatsapp", _("WhatsApp")
    EMAIL = "email", _("E-mail")
    MANUAL = "manual", _("WhatsApp by staff")
    CALL = "call", _("Telephone")


# A person sends these: no machine ever claims them.
BY_HAND = (Channel.MANUAL, Channel.CALL)


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


# A secret text is kept only while it waits.
WIPED: dict[str, Any] = {"subject": "", "body": "", "facts": {}}
GONE_OUT = (State.SENT, State.DELIVERED)


@dataclass(frozen=True)
class Counted:
    """So many messages of one channel are in one state."""

    channel: str
    state: str
    count: int

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)


class MessageQuerySet(models.QuerySet["Message"]):
    def claimable(self, now: dt.datetime) -> Self:
        """What a deliverer may take now, in its order: one-time codes first, because they expire."""
        due = self.filter(state=State.QUEUED, not_before__lte=now)
        return due.order_by("-secret", "not_before", "pk")

    def longest_wait(self, now: dt.datetime) -> dt.timedelta:
        """How long the oldest message that a machine could send has been due."""
        waiting = self.exclude(channel__in=BY_HAND).filter(state__in=[State.QUEUED, State.SENDING], not_before__lte=now)
        oldest = waiting.order_by("not_before").values_list("not_before", flat=True).first()
        return now - oldest if oldest else dt.timedelta()

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
        return self.filter(channel__in=BY_HAND, state=State.QUEUED)

    def useful(self, now: dt.datetime) -> Self:
        """Without what has lost its use: an offer that ended, a code that no longer works."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))

    def urgent_first(self) -> Self:
        """Deadlines first, then the longest waiting."""
        return self.order_by(F("expires_at").asc(nulls_last=True), "not_before", "pk")

    def sent_by_hand(self, since: dt.datetime) -> Self:
        return self.filter(channel=Channel.MANUAL, state=State.SENT, sent_at__gte=since, secret=False)

    def given_up(self) -> Self:
        """Failed, and no other channel has taken over."""
        taken_over = Message.objects.filter(former=models.OuterRef("pk"))
        return self.filter(~models.Exists(taken_over), state=State.FAILED)

    def undelivered(self, before: dt.datetime) -> Self:
        """Taken by the gateway before then, and no telephone has said since that it has it."""
        return self.filter(channel=Channel.WHATSAPP, state=State.SENT, sent_at__lt=before)

    def counted(self) -> "list[Counted]":
        """How many by channel and state, in one query."""
        rows = self.order_by().values_list("channel", "state").annotate(total=models.Count("pk"))
        return [Counted(*row) for row in sorted(rows)]

    def search(self, text: str) -> Self:
        """By a part of the name, or by a whole e-mail address or phone number in any spelling.

        What has the form of an address is looked for as an address only: each way has its own index.
        """
        number = parse_phone(text)
        if "@" in text or number:
            return self.filter(recipient_address__in={text, text.lower(), number or text})
        return self.filter(recipient_name__icontains=text)


class Message(models.Model):
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False, verbose_name=_("agency"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("region")
    )
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=200)
    group = models.CharField(_("group"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recipient_name = models.CharField(_("recipient"), max_length=200, blank=True)
    recipient_address = models.CharField(_("address"), max_length=254, blank=True)
    recipient_email = models.CharField(_("e-mail of the recipient"), max_length=254, blank=True)
    recipient_phone = models.CharField(_("telephone of the recipient"), max_length=40, blank=True)
    fallbacks = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("channels left to try")
    )
    former = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="next_attempts",
        db_index=False,
        verbose_name=_("attempt before this one"),
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    facts = models.JSONField(_("values of the placeholders"), default=dict, blank=True)
    secret = models.BooleanField(_("secret"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    expires_at = models.DateTimeField(_("useless after"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    failure = models.CharField(_("reason of the failure"), max_length=300, blank=True)
    failure_code = models.CharField(_("code of the failure"), max_length=40, blank=True)
    provider_id = models.CharField(_("number given by the gateway"), max_length=200, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    subject_type = models.CharField(_("kind of person concerned"), max_length=80, blank=True)
    subject_id = models.CharField(_("person concerned"), max_length=80, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            # Not `unique=True`, which would keep a second index for LIKE: every change of a row pays for each index.
            models.UniqueConstraint(
                fields=["key"],
                name="notifications_message_key_unique",
                violation_error_message=_("This message was already written."),
            ),
            models.UniqueConstraint(
                fields=["message_id"],
                name="notifications_message_message_id_unique",
                violation_error_message=_("This Message-ID is already in use."),
            ),
            models.UniqueConstraint(
                fields=["former"],
                condition=Q(former__isnull=False),
                name="notifications_message_former_unique",
                violation_error_message=_("This attempt already has a next one."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="notifications_message_state_known",
                violation_error_message=_("A message is waiting, being sent, sent, delivered, failed or cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="notifications_message_channel_known",
                violation_error_message=_("A message goes by WhatsApp, by e-mail, by hand or by telephone."),
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
                condition=Q(state__in=GONE_OUT, sent_at__isnull=False)
                | Q(state=State.FAILED)  # the gateway may take a message and fail it later
                | (~Q(state__in=[*GONE_OUT, State.FAILED]) & Q(sent_at__isnull=True)),
                name="notifications_message_sent_has_time",
                violation_error_message=_("A sent message has the time of sending, a waiting one has none."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=State.DELIVERED) & Q(delivered_at__isnull=True, read_at__isnull=True)),
                name="notifications_message_delivered_has_time",
                violation_error_message=_("A delivered message has the time of delivery, no other message has one."),
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
                condition=~Q(channel=Channel.WHATSAPP) | Q(recipient_address__regex=r"^\+[1-9][0-9]{7,14}$"),
                name="notifications_message_whatsapp_has_number",
                violation_error_message=_("A message by WhatsApp needs a mobile number."),
            ),
            models.CheckConstraint(
                condition=Q(fallbacks__contained_by=Channel.values),
                name="notifications_message_fallbacks_known",
                violation_error_message=_("What is left to try are channels."),
            ),
            models.CheckConstraint(
                condition=Q(failure_code="") | ~Q(failure=""),
                name="notifications_message_code_has_reason",
                violation_error_message=_("A failure with a code also says why."),
            ),
            models.UniqueConstraint(
                fields=["provider_id"],
                condition=~Q(provider_id=""),
                name="notifications_message_provider_id_unique",
                violation_error_message=_("The gateway gave this number to another message."),
            ),
            models.CheckConstraint(
                condition=~Q(channel__in=BY_HAND, state=State.SENDING),
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
                F("secret").desc(),
                "not_before",
                "id",
                condition=Q(state=State.QUEUED, channel=Channel.EMAIL),
                name="notifications_claimable",
            ),
            models.Index(
                F("agency"),
                F("channel"),
                F("secret").desc(),
                "not_before",
                "id",
                condition=Q(state=State.QUEUED) & ~Q(channel=Channel.EMAIL),
                name="notifications_waiting_apart",
            ),
            models.Index(
                "sent_at", condition=Q(state=State.SENT, channel=Channel.WHATSAPP), name="notifications_undelivered"
            ),
            models.Index("claimed_at", condition=Q(state=State.SENDING), name="notifications_claimed"),
            models.Index("channel", "sent_at", condition=Q(sent_at__isnull=False), name="notifications_sent"),
            models.Index("group", condition=~Q(group=""), name="notifications_group"),
            models.Index(fields=["agency", "-id"], name="notifications_agency"),
            # Rows come in the order of time, so this costs next to nothing and spares sums of a period the whole table.
            BrinIndex("created_at", name="notifications_written", pages_per_range=32, autosummarize=True),
            models.Index("subject_type", "subject_id", condition=~Q(subject_type=""), name="notifications_subject"),
            models.Index("recipient_address", name="notifications_address"),
            models.Index(fields=["agency", "-id"], condition=Q(state=State.FAILED), name="notifications_failed"),
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
        return self.channel in BY_HAND and self.state == State.QUEUED

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
