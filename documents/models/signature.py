"""What was signed, how and by whom. A signed file is never touched again."""

from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Actor
from documents.kinds import paper_kinds
from documents.models.document import Document
from documents.models.official import Mandate, Official, Tenure
from jobs.models import StoredFile


class Method(models.TextChoices):
    WET = "wet", _("By hand, scanned")
    CERTIFICATE = "certificate", _("With a certificate file")
    SERVICE = "service", _("By the e-sign service")


class SignatureQuerySet(models.QuerySet["Signature"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: Actor) -> Self:
        return self.filter(document__in=Document.objects.visible_to(user))

    def in_order(self) -> Self:
        return self.order_by("pk")


class Signature(models.Model):
    """One signature in a PDF, or the scan of a paper that was signed by hand.

    `place` is the signatory on the paper, from 0; a scan shows all of them and has none. `file` is the paper as it is
    with this signature and those before. Only a scan can be withdrawn: it may be the wrong sheet.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="signatures", verbose_name=_("official paper"))
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=12, choices=Method)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    certificate = models.JSONField(_("certificate"), default=dict, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "place"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="documents_signature_place_once",
                violation_error_message=_("This paper is signed there already."),
            ),
            models.CheckConstraint(
                condition=Q(method=Method.WET, place__isnull=True, certificate={})
                | (Q(method__in=[Method.CERTIFICATE, Method.SERVICE], place__isnull=False) & ~Q(certificate={})),
                name="documents_signature_method_whole",
                violation_error_message=_(
                    "A scan is of the whole paper; a signature in the PDF names its certificate."
                ),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="documents_signature_hashed",
                violation_error_message=_("A signed file is kept with its hash."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(method=Method.WET, withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="documents_signature_withdrawn_why",
                violation_error_message=_("Only a scan is withdrawn, and it says when, by whom and why."),
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="documents_signature_hash")]

    def __str__(self) -> str:
        return f"{self.document} {self.get_method_display()}"


def standing_signatures(document: Document) -> list[Signature]:
    return list(document.signatures.standing().in_order().select_related("file", "signed_by"))


def paper_file(document: Document) -> StoredFile | None:
    """The paper to hand out: as it was signed last, or as it was set."""
    signed = document.signatures.standing().order_by("-pk").select_related("file").first()
    return signed.file if signed else document.file


def signatories_on(document: Document) -> list[dict[str, Any]]:
    """Whose names stand on the paper, in their order."""
    found: list[dict[str, Any]] = document.printed.get("signatories", [])
    return found


def own_places(documents: Sequence[Document], user: User) -> dict[int, int]:
    """Paper -> the first place with a name of this account that is not signed yet; papers with a scan have none."""
    own = set(Official.objects.filter(user=user).values_list("pk", flat=True))
    taken: dict[int, set[int | None]] = {document.pk: set() for document in documents}
    signed = Signature.objects.standing().filter(document__in=taken)
    for key, place in signed.values_list("document_id", "place"):
        taken[key].add(place)
    found = {}
    for document in documents if own else ():
        named = enumerate(signatories_on(document))
        free = (place for place, who in named if who.get("official") in own and place not in taken[document.pk])
        place = next(free, None)
        if place is not None and None not in taken[document.pk]:
            found[document.pk] = place
    return found


def kinds_signed_by(user: User) -> list[str]:
    """Kinds of papers that ask for a position which the person holds or held, or signs for by a mandate."""
    held = Tenure.objects.filter(official__user=user)
    positions = set(held.values_list("position__kind", flat=True))
    deputies = held.values_list("position", flat=True)
    positions |= set(Mandate.objects.filter(deputy__in=deputies).values_list("position__kind", flat=True))
    return [code for code, kind in paper_kinds().items() if positions & set(kind.signers)]
