from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from programs.models.program import Topic


class Instructor(models.Model):
    """Somebody competent to teach a topic."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="instructors", verbose_name=_("agency"))
    title_prefix = models.CharField(max_length=30, blank=True, verbose_name=_("title before the name"))
    full_name = models.CharField(max_length=100, verbose_name=_("full name"))
    title_suffix = models.CharField(max_length=60, blank=True, verbose_name=_("title after the name"))
    phone = models.CharField(max_length=16, blank=True, verbose_name=_("telephone"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="instructors", verbose_name=_("topics"))

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ("full_name",)

    def __str__(self) -> str:
        named = f"{self.title_prefix} {self.full_name}".strip()
        return f"{named}, {self.title_suffix}" if self.title_suffix else named
