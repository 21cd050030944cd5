from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.crypto import EncryptedTextField
from programs.models.batch import Batch
from programs.rules import Terms


class SelectionTerms(models.Model):
    """How the seats of one batch will be given, as it was declared when the batch was published.

    Under a draw the seed is kept where nobody sees it until the result; only its SHA-256 is public.
    """

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="declared_terms")
    content = models.JSONField(default=dict)
    seed = EncryptedTextField(null=True, blank=True)
    seed_hash = models.CharField(max_length=64, blank=True, editable=False)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seed__isnull=True, seed_hash="")
                | Q(seed__isnull=False, seed_hash__regex=r"^[0-9a-f]{64}$"),
                name="selection_terms_seed_with_hash",
                violation_error_message=_("A seed and its hash belong together."),
            ),
        ]

    def __str__(self) -> str:
        return f"Terms of batch {self.batch_id}"

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.content)
