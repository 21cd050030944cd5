"""The office's own texts of a paper, and the layouts that papers were set with; nothing is overwritten."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, PaperSize, User
from accounts.permissions import Actor, assignments_with, covers_agency
from accounts.roles import Permission
from documents.kinds import PaperKind, paper_kind


class TemplateVersionQuerySet(models.QuerySet["TemplateVersion"]):
    def in_force(self, agency: Agency) -> Self:
        return self.filter(agency=agency, is_current=True)

    def versions(self, agency: Agency, kind: str) -> Self:
        return self.filter(agency=agency, kind=kind).select_related("edited_by").order_by("-version")

    def visible_to(self, user: Actor) -> Self:
        return self.filter(agency__in=agencies_with_templates_of(user))


def agencies_with_templates_of(user: Actor, permission: Permission = Permission.MANAGE_TEMPLATES) -> list[Agency]:
    """The offices whose papers the person may word or lay out; it is for the whole office, so the role must be too."""
    given = [grant for grant in assignments_with(user, permission) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())


class TemplateVersion(models.Model):
    """One version of an office's own texts of a kind of paper: the blocks that differ from the standard ones.

    Without a layout the product's is used, without a paper size the office's.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind of paper"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    is_current = models.BooleanField(_("in force"), default=True)
    blocks = models.JSONField(_("texts"), default=dict, blank=True)
    paper_size = models.CharField(_("paper size"), max_length=2, choices=PaperSize, blank=True)
    with_letterhead = models.BooleanField(_("with letterhead"), default=True)
    layout = models.TextField(_("layout"), blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("edited by"))
    edited_at = models.DateTimeField(_("edited at"), db_default=Now())

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of a paper")
        verbose_name_plural = _("templates of papers")
        ordering = ["agency", "kind", F("version").desc()]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "version"],
                name="documents_templateversion_version_once",
                violation_error_message=_(
                    "Somebody else changed this template in the meantime. Please look at it again."
                ),
            ),
            models.UniqueConstraint(
                fields=["agency", "kind"],
                condition=Q(is_current=True),
                name="documents_templateversion_one_in_force",
                violation_error_message=_("Of each template one version is in force."),
            ),
            models.CheckConstraint(
                condition=Q(kind__gt="", version__gte=1),
                name="documents_templateversion_named",
                violation_error_message=_("A template has a kind and a version."),
            ),
            models.CheckConstraint(
                condition=Q(paper_size__in=["", *PaperSize.values]),
                name="documents_templateversion_paper_size_known",
                violation_error_message=_("Choose A4 or F4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    @property
    def is_standard(self) -> bool:
        """Whether it says in full: the product's texts and layout are in force again."""
        return not self.blocks and not self.layout and not self.paper_size and self.with_letterhead

    @property
    def paper(self) -> PaperKind | None:
        return paper_kind(self.kind)


class Layout(models.Model):
    """The Typst source that papers were set with, kept under its hash, so that a lost file can be set again."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, primary_key=True)
    source = models.TextField(_("source"))
    engine = models.CharField(_("typesetter"), max_length=40)

    class Meta:
        verbose_name = _("layout of papers")
        verbose_name_plural = _("layouts of papers")
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$") & ~Q(source=""),
                name="documents_layout_whole",
                violation_error_message=_("A layout has a source and its hash."),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
