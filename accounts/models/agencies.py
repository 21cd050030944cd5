"""Offices: their names, regions, clocks and letterheads."""

import datetime as dt
import zoneinfo
from typing import Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class PaperSize(models.TextChoices):
    A4 = "A4", _("A4")
    F4 = "F4", _("F4 (folio)")


class TimeZone(models.TextChoices):
    WESTERN = "Asia/Jakarta", _("Western Indonesia Time (WIB)")
    CENTRAL = "Asia/Makassar", _("Central Indonesia Time (WITA)")
    EASTERN = "Asia/Jayapura", _("Eastern Indonesia Time (WIT)")


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Agency(models.Model):
    """One office: its own controller of personal data, with its own clock and letterhead."""

    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=60)
    slug = models.SlugField(_("name in addresses"), max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    time_zone = models.CharField(_("time zone"), max_length=40, choices=TimeZone, default=TimeZone.WESTERN)
    address = models.TextField(_("address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True, validators=[URLValidator(["https", "http"])])
    letterhead_line1 = models.CharField(_("letterhead, line 1"), max_length=120, blank=True)
    letterhead_line2 = models.CharField(_("letterhead, line 2"), max_length=120, blank=True)
    paper_size = models.CharField(_("paper size"), max_length=2, choices=PaperSize, default=PaperSize.F4)
    privacy_contact_name = models.CharField(_("privacy contact: name"), max_length=120, blank=True)
    privacy_contact_email = models.EmailField(_("privacy contact: e-mail"), blank=True)
    privacy_contact_phone = models.CharField(_("privacy contact: telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    # Counts the changes of its own texts of messages: 0 says without a query that it has none.
    texts_version = models.PositiveIntegerField(default=0, editable=False)
    # Grows with each change of the channels, so that whoever holds this row knows whether it may rely on its memory.
    channels_version = models.PositiveIntegerField(default=0, editable=False)
    # Grows with each edition of its own words of consent: 0 says without a query that it speaks those of the portal.
    consents_version = models.PositiveIntegerField(default=0, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="accounts_agency_slug_unique",
                violation_error_message=_("Another agency already uses this name in its addresses."),
            ),
            models.CheckConstraint(
                condition=Q(time_zone__in=TimeZone.values),
                name="accounts_agency_time_zone_known",
                violation_error_message=_("Choose one of the three Indonesian time zones."),
            ),
            models.CheckConstraint(
                condition=Q(paper_size__in=PaperSize.values),
                name="accounts_agency_paper_size_known",
                violation_error_message=_("Choose A4 or F4."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def today(self) -> dt.date:
        """The date on the wall calendar of the office."""
        return timezone.localdate(timezone=self.zone)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
