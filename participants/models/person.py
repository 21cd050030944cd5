from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import office_q, scope_q
from accounts.roles import Permission
from participants.models.declared import HOLDS_NOTHING, DeclaredData


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> "PersonQuerySet":
        """Who lives in the own area; for the whole office everybody on its file, wherever they live."""
        sees, answers = Permission.VIEW_REGISTRATIONS, Permission.MANAGE_PRIVACY
        free = Q(restricted_at__isnull=True) | scope_q(user, answers, agency="agency", region="region")
        return self.filter(scope_q(user, sees, agency="agency", region="region") | office_q(user, sees), free)

    def on_file(self, agency: Agency, nik_hash: str) -> "Person | None":
        return self.filter(agency=agency, nik_hash=nik_hash).first()


class Person(DeclaredData):
    """The file card of a resident at one agency.

    Anonymous input creates it, and mends it only as long as that one unverified entry is all that stands behind it.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="persons", db_index=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Since then nobody can be told from this card: it only keeps counts right.
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    restricted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "nik_hash"],
                name="person_once_per_agency",
                violation_error_message=_("A person with this identity number is on file already."),
            ),
            models.CheckConstraint(
                condition=Q(nik_last4__regex=r"^[0-9]{4}$", nik_hash__regex=r"^[0-9a-f]{64}$"),
                name="person_nik_hash_and_last4_formed",
                violation_error_message=_("The identity number was not stored correctly."),
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="person_verified_by_and_at_together",
                violation_error_message=_("Who verified and when belong together."),
            ),
            models.CheckConstraint(
                condition=Q(is_temporary=False) | Q(verified_at__isnull=True),
                name="person_temporary_is_not_verified",
                violation_error_message=_("A person with a temporary number cannot count as verified."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | HOLDS_NOTHING,
                name="person_anonymised_holds_nothing",
                violation_error_message=_("A person made anonymous keeps neither name, number, contact nor address."),
            ),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("participants:person_detail", args=[self.pk])

    @property
    def shown_number(self) -> str:
        """The number of the card, as it stands on pages and in the trail."""
        return str(self.pk)

    def knows_contact(self, *, phone: str, email: str) -> bool:
        """Whether the visitor gave contact data that is on file already: then the normal way goes on."""
        return phone == self.phone or bool(email and email.lower() == self.email.lower())
