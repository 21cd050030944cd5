from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models.payment import Payment
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField


class TransferProofQuerySet(models.QuerySet["TransferProof"]):
    def visible_to(self, user: User) -> "TransferProofQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_BUDGETS, agency="agency", region=None))

    def standing(self) -> "TransferProofQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class TransferProof(models.Model):
    """What the bank says of one transfer or of a whole bundle. It shows accounts: its bytes lie under a key of their
    own."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    key = EncryptedTextField()
    content_type = models.CharField(max_length=40)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("kept by"))
    kept_at = models.DateTimeField(_("kept at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = TransferProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of a transfer")
        verbose_name_plural = _("proofs of transfers")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="transfer_proof_withdrawn_why",
                violation_error_message=_("A proof that is withdrawn says when, by whom and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.pk}"

    @property
    def context(self) -> str:
        """What the bytes are bound to."""
        return f"transfer proof {self.agency_id}"

    @property
    def file_name(self) -> str:
        return f"bukti-transfer-{self.pk}.{'pdf' if self.content_type == 'application/pdf' else 'jpg'}"


class ProvenPaymentQuerySet(models.QuerySet["ProvenPayment"]):
    def standing(self) -> "ProvenPaymentQuerySet":
        """Of the transfer that counts: after a return and a new transfer the former one proves nothing."""
        return self.filter(
            proof__withdrawn_at__isnull=True, payment__state=Payment.State.PAID, document=F("payment__document")
        )


class ProvenPayment(models.Model):
    """One payment on a proof, with the number that the payment had then."""

    proof = models.ForeignKey(TransferProof, models.CASCADE, related_name="payments")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="proofs")
    document = models.CharField(_("number"), max_length=60)

    objects = ProvenPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment on a proof")
        verbose_name_plural = _("payments on proofs")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["proof", "payment"],
                name="proven_payment_once",
                violation_error_message=_("This payment stands on the proof already."),
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="proven_payment_has_number",
                violation_error_message=_("A payment that was made has a number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proof_id}: {self.payment_id}"
