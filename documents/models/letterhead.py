"""The head of an office's papers. Each change is a new version, so that an issued paper keeps the one it has."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Actor
from documents.models.template import agencies_with_templates_of
from jobs.models import StoredFile


class LetterheadQuerySet(models.QuerySet["Letterhead"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(agency__in=agencies_with_templates_of(user))


class Letterhead(models.Model):
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="letterheads", verbose_name=_("agency"))
    version = models.PositiveIntegerField(_("version"))
    line1 = models.CharField(_("government"), max_length=120)
    line2 = models.CharField(_("office"), max_length=160)
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact = models.CharField(_("telephone, e-mail and site"), max_length=200, blank=True)
    unit_code = models.CharField(_("code of the office in numbers of papers"), max_length=20, blank=True)
    place = models.CharField(_("place before the date"), max_length=80, blank=True)
    arms = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("arms")
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("changed by"))
    created_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        ordering = ["agency", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "version"],
                name="documents_letterhead_version_once",
                violation_error_message=_("Somebody else changed the letterhead just now. Please look at it again."),
            ),
            models.CheckConstraint(
                condition=~Q(line1="") & ~Q(line2=""),
                name="documents_letterhead_has_lines",
                violation_error_message=_("A letterhead names the government and the office."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line2} ({self.version})"

    def as_json(self) -> dict[str, Any]:
        """For the snapshot of a document; the arms are named by their file and its hash."""
        return {
            "version": self.version,
            "line1": self.line1,
            "line2": self.line2,
            "address": self.address,
            "contact": self.contact,
            "unit_code": self.unit_code,
            "place": self.place,
            "arms": {"file": self.arms.pk, "sha256": self.arms.sha256} if self.arms else None,
        }


def letterhead_of(agency: Agency) -> Letterhead:
    """The one in force; an office that never changed it has one of what its own row says, as version 0."""
    found = Letterhead.objects.filter(agency=agency).select_related("arms").order_by("-version").first()
    if found is not None:
        found.place = found.place or seat_of(agency)
        return found
    return Letterhead(
        agency=agency,
        version=0,
        line1=agency.letterhead_line1 or f"PEMERINTAH {agency.region.full_name.upper()}",
        line2=agency.letterhead_line2 or agency.name.upper(),
        address=" ".join(agency.address.split()),
        contact=contact_line(agency),
        place=seat_of(agency),
    )


def seat_of(agency: Agency) -> str:
    """Where an office signs that names no place of its own: no paper begins its day with a comma."""
    return agency.region.name.removeprefix("Kota ").removeprefix("Kabupaten ")


def contact_line(agency: Agency) -> str:
    """Papers are in the official language, whatever the screen speaks."""
    parts = (("Telepon", agency.phone), ("Pos-el", agency.email), ("Laman", agency.website))
    return ", ".join(f"{said} {value}" for said, value in parts if value)
