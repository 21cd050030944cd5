"""The job seeker card (AK1) of the manpower ministry: what is ready for it, which one a person holds, its reports.

The portal never issues the card. Source: domain.md section 5.
"""

import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.crypto import EncryptedTextField, keyed_hash
from participants.models.person import Person

CARD_NUMBER_MAX = 40


class CardItem(models.TextChoices):
    """What somebody brings to the ministry's system."""

    ID_CARD = "id_card", _("Copy of the identity card (KTP)")
    PHOTO = "photo", _("Photo 3x4, a file and two prints")
    DIPLOMA = "diploma", _("Copy of the last diploma")
    CONTACT = "contact", _("Own telephone number and e-mail address that work")
    ACCOUNT = "account", _("Account in SIAPkerja, opened by the person")
    CERTIFICATE = "certificate", _("Certificate of competence or training")
    WORK_LETTER = "work_letter", _("Letter of work experience")


# Without these the ministry's system goes no further; the others help.
NEEDED_ITEMS: tuple[CardItem, ...] = tuple(
    item for item in CardItem if item not in {CardItem.CERTIFICATE, CardItem.WORK_LETTER}
)


class CardPreparation(models.Model):
    """What one person has ready, and what the data sheet needs that no training asks.

    The answers are kept only until the card is there, or nobody touched them for a while.
    """

    ANSWERS: ClassVar[dict[str, Any]] = {
        "birth_place": _("Birth place"),
        "marital_status": _("Marital status"),
        "school": _("School or university"),
        "major": _("Field of study"),
        "graduated": _("Year of the diploma"),
        "languages": _("Languages"),
        "skills": _("Skills"),
        "experience": _("Work experience"),
        "wanted_job": _("Work that is looked for"),
        "wanted_place": _("Where"),
        "wanted_wage": _("Wage that is hoped for"),
    }

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="card_preparation")
    items = ArrayField(models.CharField(max_length=20, choices=CardItem.choices), default=list, blank=True)
    sheet = EncryptedTextField(null=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["updated_at"], condition=Q(sheet__isnull=False), name="card_preparation_answers"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(items__contained_by=list(CardItem.values)),
                name="card_preparation_items_known",
                violation_error_message=_("This document does not exist on the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"Card preparation {self.person_id}"

    @property
    def answers(self) -> dict[str, str]:
        return dict(json.loads(self.sheet)) if self.sheet else {}

    @property
    def ready_count(self) -> int:
        return len(NEEDED_ITEMS) - len(self.missing)

    @property
    def missing(self) -> list[CardItem]:
        return [item for item in NEEDED_ITEMS if item not in self.items]


class JobSeekerCardQuerySet(models.QuerySet["JobSeekerCard"]):
    def visible_to(self, user: User) -> "JobSeekerCardQuerySet":
        """By where the person lives."""
        return self.filter(scope_q(user, Permission.KEEP_JOB_CARDS, agency="person__agency", region="person__region"))

    def in_force(self) -> "JobSeekerCardQuerySet":
        return self.filter(ended_on__isnull=True)


class JobSeekerCard(models.Model):
    """A card that the ministry's system gave, as the office noted it. Its number tells of the person: encrypted."""

    class End(models.TextChoices):
        EMPLOYED = "employed", _("Found work")
        SELF_EMPLOYED = "self_employed", _("Runs a business of their own")
        RENEWED = "renewed", _("Followed by a new card")
        EXPIRED = "expired", _("Ran out, not renewed")
        MISTAKE = "mistake", _("Noted by mistake")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="job_cards")
    number = EncryptedTextField()
    number_hash = models.CharField(max_length=64, editable=False)
    number_last4 = models.CharField(max_length=4, editable=False)
    issued_on = models.DateField()
    expires_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=End.choices, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = JobSeekerCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("job seeker card")
        verbose_name_plural = _("job seeker cards")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_on__isnull=True),
                name="job_card_once_in_force",
                violation_error_message=_(
                    "This person holds a card already. End it first, or note the new one as its renewal."
                ),
            ),
            models.UniqueConstraint(
                fields=["number_hash"],
                condition=Q(ended_on__isnull=True),
                name="job_card_number_once_in_force",
                violation_error_message=_("This number is noted for another person. Please look at the card again."),
            ),
            models.CheckConstraint(
                condition=Q(number_hash__regex=r"^[0-9a-f]{64}$", number_last4__regex=r"^.{1,4}$"),
                name="job_card_number_formed",
                violation_error_message=_("The number of the card was not stored correctly."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("issued_on")),
                name="job_card_expires_after_issue",
                violation_error_message=_("A card runs out after the day on which it was issued."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="", ended_by__isnull=True)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="job_card_end_whole",
                violation_error_message=_("The end of a card has a day, a reason and who noted it."),
            ),
        ]

    def __str__(self) -> str:
        return f"Job seeker card {self.pk}"

    @property
    def masked_number(self) -> str:
        return f"…{self.number_last4}"


def hash_card_number(agency_id: int, number: str) -> str:
    """Each office keeps its own notes, so the same number may stand once at each."""
    return keyed_hash("job card", f"{agency_id}:{number}")


class CardReportQuerySet(models.QuerySet["CardReport"]):
    def visible_to(self, user: User) -> "CardReportQuerySet":
        reach = scope_q(user, Permission.KEEP_JOB_CARDS, agency="card__person__agency", region="card__person__region")
        return self.filter(reach)

    def open(self) -> "CardReportQuerySet":
        return self.filter(reported_on__isnull=True, card__ended_on__isnull=True)


class CardReport(models.Model):
    """One of the reports that a holder owes every six months; the last one falls on the day the card runs out."""

    card = models.ForeignKey(JobSeekerCard, on_delete=models.CASCADE, related_name="reports", db_index=False)
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    reported_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = CardReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a job seeker card")
        verbose_name_plural = _("reports of job seeker cards")
        ordering = ("due_on",)
        indexes = [
            models.Index(fields=["due_on"], condition=Q(reported_on__isnull=True), name="card_report_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["card", "number"],
                name="card_report_once_per_number",
                violation_error_message=_("This report is on the card already."),
            ),
            models.CheckConstraint(
                condition=Q(reported_on__isnull=True, noted_at__isnull=True, noted_by__isnull=True)
                | Q(reported_on__isnull=False, noted_at__isnull=False, noted_by__isnull=False),
                name="card_report_noted_whole",
                violation_error_message=_("A report has a day and who noted it."),
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.number} of card {self.card_id}"

    @property
    def is_last(self) -> bool:
        """The card runs out that day: no report helps, it is renewed."""
        return self.due_on >= self.card.expires_on
