from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.names import NAME_MAX
from participants.models.registration import Registration


class Proxy(models.Model):
    """Somebody else came to the desk for the resident, with the resident's signature on paper."""

    class Relation(models.TextChoices):
        FAMILY = "family", _("Member of the family")
        CADRE = "cadre", _("Cadre, RT or RW")
        NEIGHBOUR = "neighbour", _("Neighbour or friend")
        COMPANION = "companion", _("Companion of a person with a disability")

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="proxy")
    relation = models.CharField(max_length=20, choices=Relation.choices)
    full_name = models.CharField(max_length=NAME_MAX)

    class Meta:
        verbose_name = _("who came for the resident")
        verbose_name_plural = _("who came for residents")
        constraints = [
            models.CheckConstraint(
                condition=Q(relation__in=["family", "cadre", "neighbour", "companion"]) & ~Q(full_name=""),
                name="proxy_names_who_came",
                violation_error_message=_("Who came for the resident has a name and a relation."),
            ),
        ]

    def __str__(self) -> str:
        return f"Proxy {self.registration_id}"
