from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets.models import PayeeAccount
from incentives.models.result import Award


class SeenCopy(models.Model):
    """Somebody held the winner's identity card or bank book against the data: a mark in place of a stored copy.

    A bank book is that of one account; the mark is worth nothing for another one.
    """

    class Kind(models.TextChoices):
        IDENTITY_CARD = "identity_card", _("identity card (KTP)")
        BANK_BOOK = "bank_book", _("bank book")

    award = models.ForeignKey(Award, models.PROTECT, related_name="copies")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    account = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, blank=True, related_name="+")
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("seen by"))
    seen_at = models.DateTimeField(_("seen at"), default=timezone.now)

    class Meta:
        verbose_name = _("copy that was seen")
        verbose_name_plural = _("copies that were seen")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["award", "kind"],
                name="seen_copy_once",
                violation_error_message=_("This copy was marked as seen already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="identity_card", account__isnull=True) | Q(kind="bank_book", account__isnull=False),
                name="seen_copy_of_an_account",
                violation_error_message=_("A bank book is that of an account."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.kind}"
