from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from regions.models import Region


class Venue(models.Model):
    """A place where a batch can meet."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="venues", verbose_name=_("agency"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    name = models.CharField(max_length=150, verbose_name=_("name"))
    address = models.CharField(max_length=250, blank=True, verbose_name=_("address"))
    capacity = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("capacity"))

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "region", "name"],
                name="venue_name_once_per_region",
                violation_error_message=_("A venue of this name exists already in that region."),
            )
        ]

    def __str__(self) -> str:
        return self.name
