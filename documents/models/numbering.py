"""How an office numbers its papers, and how far it has counted."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from documents.kinds import PaperKind
from documents.rules import Series


class NumberingQuerySet(models.QuerySet["Numbering"]):
    def for_kind(self, agency: Agency, kind: PaperKind) -> "Numbering | None":
        """The kind's own row, else that of all papers of the office."""
        return self.filter(agency=agency, kind__in=["", kind.code]).order_by("-kind").first()


class Numbering(models.Model):
    """The pattern of the numbers of one kind; without a kind, of all kinds that have no row of their own.

    Kinds of one `register` are counted together, as in one book of letters; it begins anew each year.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind of paper"), max_length=60, blank=True)
    register = models.CharField(_("register"), max_length=40)
    pattern = models.CharField(_("pattern"), max_length=120)
    classification = models.CharField(_("code of classification"), max_length=40, blank=True)
    unit = models.CharField(_("code of the unit"), max_length=40, blank=True)
    code = models.CharField(_("code of the kind"), max_length=20, blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("edited by"))
    edited_at = models.DateTimeField(_("edited at"), default=timezone.now)

    objects = NumberingQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbering")
        verbose_name_plural = _("numberings")
        ordering = ["agency", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"],
                name="documents_numbering_kind_once",
                violation_error_message=_("This kind of paper already has a numbering."),
            ),
            models.CheckConstraint(
                condition=Q(pattern__contains="{seq") & Q(pattern__contains="{tahun}"),
                name="documents_numbering_counts",
                violation_error_message=_("The pattern holds the running number {seq} and the year {tahun}."),
            ),
            models.CheckConstraint(
                condition=Q(register__regex=r"^[a-z0-9_-]{1,40}$"),
                name="documents_numbering_register_plain",
                violation_error_message=_("A register is named with small letters, digits and hyphens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.pattern}"

    @property
    def series(self) -> Series:
        return Series(self.pattern, self.classification, self.unit, self.code)


class NumberSequenceQuerySet(models.QuerySet["NumberSequence"]):
    def locked(self, agency: Agency, register: str, year: int) -> "NumberSequence":
        """The counter, held until the transaction ends: whoever takes numbers waits here."""
        named = {"agency": agency, "register": register, "year": year}
        found = self.select_for_update(of=("self",), no_key=True).filter(**named).first()
        if found is None:
            self.bulk_create([self.model(**named)], ignore_conflicts=True)
            found = self.select_for_update(of=("self",), no_key=True).get(**named)
        return found

    def of(self, agency: Agency) -> Self:
        return self.filter(agency=agency)


class NumberSequence(models.Model):
    """The last number taken in a register and year. `first` is where the office began, when it had counted by hand."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    register = models.CharField(_("register"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    first = models.PositiveIntegerField(_("first number"), default=1)
    last = models.PositiveIntegerField(_("last number"), default=0)

    objects = NumberSequenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("sequence of numbers")
        verbose_name_plural = _("sequences of numbers")
        ordering = ["agency", "-year", "register"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "register", "year"],
                name="documents_numbersequence_once",
                violation_error_message=_("This register has been opened for this year."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2199),
                name="documents_numbersequence_year",
                violation_error_message=_("This is not a year of a paper."),
            ),
            models.CheckConstraint(
                condition=Q(first__gte=1) & Q(last__gte=models.F("first") - 1),
                name="documents_numbersequence_forward",
                violation_error_message=_("Numbers begin with 1 or later and only go forward."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.year}"

    @property
    def taken(self) -> int:
        return self.last - self.first + 1
