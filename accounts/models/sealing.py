"""Blocks of the trail, chained so that a later change of any entry is found."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """One block: every entry with a number from `first_id` to `last_id`, the hash of each, and the hash before.

    `entries` holds 40 bytes for each entry: its number (8 bytes, big-endian) and its SHA-256. Written once.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    version = models.PositiveSmallIntegerField(_("version of the encoding"), default=1)
    first_id = models.BigIntegerField(_("first entry"))
    last_id = models.BigIntegerField(_("last entry"))
    count = models.PositiveIntegerField(_("entries"))
    entries = models.BinaryField(_("hashes of the entries"))
    entries_hash = models.CharField(_("hash of the entries"), max_length=64)
    previous_hash = models.CharField(_("hash before"), max_length=64)
    key_id = models.PositiveSmallIntegerField(_("key"), default=0)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), default=timezone.now)

    class Meta:
        verbose_name = _("seal of the trail")
        verbose_name_plural = _("seals of the trail")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["previous_hash"],
                name="accounts_audit_seal_one_after_another",
                violation_error_message=_("Another seal already follows that one."),
            ),
            models.UniqueConstraint(
                fields=["first_id"],
                name="accounts_audit_seal_first_once",
                violation_error_message=_("These entries are sealed already."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, count__gte=1, first_id__gte=1, last_id__gte=F("first_id") + F("count") - 1),
                name="accounts_audit_seal_covers_entries",
                violation_error_message=_("A seal covers the entries that it counts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first_id}-{self.last_id}"


class SealMark(models.Model):
    """How far the next seal may reach once every transaction below `xid` has ended. One row."""

    last_id = models.BigIntegerField(_("last entry"))
    xid = models.BigIntegerField(_("transaction"))

    class Meta:
        verbose_name = _("mark of the sealer")
        verbose_name_plural = _("marks of the sealer")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="accounts_seal_mark_single",
                violation_error_message=_("The sealer keeps one mark."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_id} below {self.xid}"
