"""The papers that were issued."""

import json
import secrets
from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from documents.kinds import PaperKind, paper_kind, paper_kinds
from documents.models.numbering import NumberSequence
from documents.models.template import Layout, TemplateVersion
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField
from regions.models import Region


def new_token() -> str:
    """128 random bits, as they stand in the public address."""
    return secrets.token_urlsafe(16)


class Status(models.TextChoices):
    ISSUED = "issued", _("Issued")
    SIGNED = "signed", _("Signed")
    REPLACED = "replaced", _("Replaced by a corrected edition")
    REVOKED = "revoked", _("Revoked")


IN_FORCE = [Status.ISSUED, Status.SIGNED]
ISSUED_ALREADY = _("This paper has been issued already. Revoke it, or issue a corrected edition.")


NOTE_FILES = """
UPDATE documents_document SET file_id = new.file, sha256 = new.sha256
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS new (id, file, sha256) WHERE documents_document.id = new.id
"""


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Actor, permission: Permission = Permission.VIEW_DOCUMENTS) -> Self:
        """Kinds that ask for a permission of their own are seen by those who hold that one, and by nobody else."""
        apart: dict[Permission, list[str]] = {}
        for code, kind in paper_kinds().items():
            if (asked := kind.asks(permission)) != permission:
                apart.setdefault(asked, []).append(code)
        reach = scope_q(user, permission) & ~Q(kind__in=[code for codes in apart.values() for code in codes])
        for asked, codes in apart.items():
            reach |= Q(kind__in=codes) & scope_q(user, asked)
        return self.filter(reach)

    def in_force(self) -> Self:
        return self.filter(status__in=IN_FORCE)

    def about(self, scope: str) -> Self:
        """Of one batch, session or other thing: "batch:12"."""
        return self.filter(scope=scope)

    def unset(self) -> Self:
        """Issued, and not yet set in type."""
        return self.filter(file__isnull=True, status__in=IN_FORCE)

    def called(self, text: str) -> Self:
        """By a part of the number or of what it is about."""
        return self.filter(Q(label__icontains=text) | Q(number__icontains=text))

    def note_files(self, documents: Sequence["Document"]) -> None:
        """Writes file and hash of many in one plain statement: it lies on the way of every paper."""
        rows = [(document.pk, document.file_id, document.sha256) for document in documents]
        with connection.cursor() as cursor:
            cursor.execute(NOTE_FILES, [list(column) for column in zip(*rows, strict=True)])

    def listed(self) -> Self:
        """Without what was printed: that is long, and encrypted."""
        return self.select_related("region", "agency").defer("content")


class Document(models.Model):
    """One edition of one paper. What stands on it never changes: PostgreSQL refuses it.

    A corrected edition keeps number, date and token; the former edition stays and is called replaced.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    kind = models.CharField(_("kind of paper"), max_length=60)
    scope = models.CharField(_("belongs to"), max_length=60)
    subject = models.CharField(_("subject"), max_length=60)
    label = models.CharField(_("about"), max_length=200)
    sequence = models.ForeignKey(
        NumberSequence, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("sequence")
    )
    position = models.PositiveIntegerField(_("running number"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    date = models.DateField(_("date"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    token = models.CharField(_("token"), max_length=22, default=new_token)
    template = models.ForeignKey(
        TemplateVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    layout = models.ForeignKey(Layout, models.PROTECT, related_name="+", verbose_name=_("layout"))
    content = EncryptedTextField(verbose_name=_("content"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ISSUED)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("issued by"))
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    # Nobody where a decision of somebody without an account took its ground away; the trail names who that was.
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()
    ONE_IN_FORCE = ISSUED_ALREADY

    class Meta:
        verbose_name = _("official paper")
        verbose_name_plural = _("official papers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(status__in=IN_FORCE),
                name="documents_document_one_in_force",
                violation_error_message=ISSUED_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["sequence", "position", "edition"],
                name="documents_document_position_once",
                violation_error_message=_("This running number has been taken."),
            ),
            models.UniqueConstraint(
                fields=["agency", "number", "edition"],
                condition=~Q(number=""),
                name="documents_document_number_once",
                violation_error_message=_(
                    "Another paper of the office already bears this number. Change the pattern of one of the two kinds."
                ),
            ),
            models.UniqueConstraint(
                fields=["token", "edition"],
                name="documents_document_token_once",
                violation_error_message=_("Another paper already has this address."),
            ),
            models.CheckConstraint(
                condition=Q(("token__regex", r"^[A-Za-z0-9_-]{22}$")),
                name="documents_document_token_random",
                violation_error_message=_("The address of a paper has 22 characters."),
            ),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, position__isnull=True, number="")
                | (Q(sequence__isnull=False, position__gte=1) & ~Q(number="")),
                name="documents_document_numbered_whole",
                violation_error_message=_("A number stands in a register, or the paper has none."),
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, sha256="") | Q(file__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="documents_document_file_hashed",
                violation_error_message=_("A file is kept with its hash."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="documents_document_status_known",
                violation_error_message=_("A paper is issued, signed, replaced or revoked."),
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.REVOKED, revoked_at__isnull=False) & ~Q(reason=""))
                | (~Q(status=Status.REVOKED) & Q(revoked_at__isnull=True, revoked_by__isnull=True)),
                name="documents_document_revoked_why",
                violation_error_message=_("A revoked paper says when and why."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SIGNED) | Q(file__isnull=False),
                name="documents_document_signed_has_file",
                violation_error_message=_("Only a paper that is set can be signed."),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="documents_document_agency"),
            models.Index(fields=["agency", "kind", "-id"], name="documents_document_kind"),
            models.Index(fields=["region", "-id"], name="documents_document_region"),
            models.Index(fields=["scope", "kind"], name="documents_document_scope"),
            models.Index("id", condition=Q(file__isnull=True, status__in=IN_FORCE), name="documents_document_unset"),
            GinIndex(
                OpClass(Upper("label"), name="gin_trgm_ops"),
                OpClass(Upper("number"), name="gin_trgm_ops"),
                name="documents_document_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number or self.label}"

    def get_absolute_url(self) -> str:
        return reverse("documents:document_detail", args=[self.pk])

    @property
    def paper(self) -> PaperKind | None:
        return paper_kind(self.kind)

    @property
    def name(self) -> str:
        """What the paper is called in Indonesian; its code when no app tells this kind any more."""
        return self.paper.name if self.paper else self.kind

    @property
    def printed(self) -> dict[str, Any]:
        """Everything that stands on the paper, as it was when it was issued."""
        told: dict[str, Any] = json.loads(self.content)
        return told

    @property
    def is_in_force(self) -> bool:
        return self.status in IN_FORCE

    @property
    def public_path(self) -> str:
        return reverse("documents:verify", args=[self.token])

    @property
    def public_url(self) -> str:
        return f"{settings.SITE_URL}{self.public_path}"

    @property
    def file_name(self) -> str:
        words = f"{self.name} {self.number or self.label}"
        return "-".join("".join(sign if sign.isalnum() else " " for sign in words).split())[:120] + ".pdf"
