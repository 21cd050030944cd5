import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.crypto import keyed_hash
from participants.models.registration import Registration

OFFER_PURPOSE = "offer link"


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> "OfferQuerySet":
        return self.filter(state=Offer.State.OPEN)

    def overdue(self, now: datetime) -> "OfferQuerySet":
        return self.open().filter(expires_at__lte=now)

    def by_token(self, token: str) -> "Offer | None":
        return self.filter(token_hash=keyed_hash(OFFER_PURPOSE, token)).select_related("registration__batch").first()


class Offer(models.Model):
    """A freed seat, kept for the next in line until a deadline. Its link accepts or declines without a PIN."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Taken back")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-offered_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(state="open"),
                name="offer_open_once_per_registration",
                violation_error_message=_("A seat is offered to this person already."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("offered_at")),
                name="offer_expires_after_it_is_made",
                violation_error_message=_("An offer needs time to be answered."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="offer_ended_has_time",
                violation_error_message=_("An ended offer has the time of its end."),
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"

    def is_open_at(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and now < self.expires_at

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(18)
