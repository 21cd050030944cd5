from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField
from programs.models.program import Topic
from programs.models.rate import Grade, PaidRole
from regions.models import Region


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def every_day() -> list[int]:
    return list(Weekday.values)


def weekdays_field(label: Any) -> ArrayField:
    return ArrayField(models.PositiveSmallIntegerField(choices=Weekday.choices), default=every_day, verbose_name=label)


def weekday_words(days: Sequence[int]) -> str:
    """All of them, a row of them from the first to the last, or one by one."""
    found = sorted(set(days))
    names = [str(Weekday(day).label) for day in found]
    if len(found) == 7:
        return gettext("every day")
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return gettext("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names) or gettext("no day")


class InstructorQuerySet(models.QuerySet["Instructor"]):
    def visible_to(self, user: User, permission: Permission = Permission.MANAGE_RESOURCES) -> "InstructorQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def active(self) -> "InstructorQuerySet":
        """Who may be asked to teach."""
        return self.exclude(state=Instructor.State.INACTIVE)

    def named(self, text: str) -> "InstructorQuerySet":
        return self.filter(full_name__icontains=text) if text else self


class Instructor(models.Model):
    """Somebody competent to teach a topic."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")
        VERIFIED = "verified", _("Verified")
        CONTRACTED = "contracted", _("Contracted")
        INACTIVE = "inactive", _("Inactive")

    class Employment(models.TextChoices):
        """What the tax on an honorarium depends on (domain.md 8.5)."""

        EXTERNAL = "external", _("Not a civil servant")
        CIVIL_SERVANT_1_2 = "civil_servant_1_2", _("Civil servant, group I or II")
        CIVIL_SERVANT_3 = "civil_servant_3", _("Civil servant, group III")
        CIVIL_SERVANT_4 = "civil_servant_4", _("Civil servant, group IV")
        CONTRACT = "contract", _("Contract civil servant (PPPK)")

    NEXT: dict[str, tuple[str, ...]] = {
        State.CANDIDATE: (State.VERIFIED, State.INACTIVE),
        State.VERIFIED: (State.CONTRACTED, State.INACTIVE),
        State.CONTRACTED: (State.VERIFIED, State.INACTIVE),
        State.INACTIVE: (State.CANDIDATE,),
    }

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="instructors", verbose_name=_("agency"))
    title_prefix = models.CharField(max_length=30, blank=True, verbose_name=_("title before the name"))
    full_name = models.CharField(max_length=100, verbose_name=_("full name"))
    title_suffix = models.CharField(max_length=60, blank=True, verbose_name=_("title after the name"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.VERIFIED, verbose_name=_("state"))
    phone = models.CharField(max_length=16, blank=True, verbose_name=_("telephone"))
    email = models.EmailField(blank=True, verbose_name=_("e-mail"))
    institution = models.CharField(max_length=150, blank=True, verbose_name=_("place of work or business"))
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comes from")
    )
    regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("teaches only in"))
    weekdays = weekdays_field(_("teaches on"))
    topics = models.ManyToManyField(
        Topic, through="InstructorCompetence", blank=True, related_name="instructors", verbose_name=_("topics")
    )
    paid_as = models.CharField(
        max_length=20, choices=PaidRole.choices, default=PaidRole.INSTRUCTOR, verbose_name=_("paid as")
    )
    grade = models.CharField(max_length=20, choices=Grade.choices, default=Grade.ANY, verbose_name=_("rank"))
    employment = models.CharField(
        max_length=20, choices=Employment.choices, default=Employment.EXTERNAL, verbose_name=_("employment")
    )
    own_staff = models.BooleanField(default=False, verbose_name=_("works in this office"))
    # For contract, tax and receipts; found by its hash, so that nobody stands in the list twice.
    nik = EncryptedTextField(null=True)
    nik_hash = models.CharField(max_length=64, blank=True, editable=False)
    nik_last4 = models.CharField(max_length=4, blank=True, editable=False)

    objects = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ("full_name", "pk")
        constraints = [
            models.UniqueConstraint(
                "agency",
                Upper("full_name"),
                "phone",
                name="instructor_once",
                violation_error_message=_("An instructor of this name with this telephone number is listed already."),
            ),
            models.UniqueConstraint(
                fields=["agency", "nik_hash"],
                condition=~Q(nik_hash=""),
                name="instructor_identity_once",
                violation_error_message=_("An instructor with this identity number is listed already."),
            ),
            models.CheckConstraint(
                condition=Q(nik__isnull=True, nik_hash="", nik_last4="")
                | Q(nik__isnull=False, nik_last4__regex=r"^[0-9]{4}$", nik_hash__regex=r"^[0-9a-f]{64}$"),
                name="instructor_identity_whole",
                violation_error_message=_("The identity number was not stored correctly."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["candidate", "verified", "contracted", "inactive"]),
                name="instructor_state_known",
                violation_error_message=_("An instructor is a candidate, verified, contracted or inactive."),
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=Weekday.values),
                name="instructor_weekdays_known",
                violation_error_message=_("A week has seven days, from Monday to Sunday."),
            ),
        ]

    def __str__(self) -> str:
        named = f"{self.title_prefix} {self.full_name}".strip()
        return f"{named}, {self.title_suffix}" if self.title_suffix else named

    def get_absolute_url(self) -> str:
        return reverse("programs:instructor_detail", args=[self.pk])

    @property
    def shown_weekdays(self) -> str:
        return weekday_words(self.weekdays)

    @property
    def next_states(self) -> list[tuple[str, Any]]:
        return [(state, self.State(state).label) for state in self.NEXT[self.state]]


class InstructorDocument(models.Model):
    """A paper of an instructor. Its bytes are encrypted under a key of their own, which goes with the row."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate or diploma")
        CV = "cv", _("Curriculum vitae")
        IDENTITY_CARD = "identity_card", _("Identity card (KTP)")
        TAX_ID = "tax_id", _("Tax number (NPWP)")
        BANK_BOOK = "bank_book", _("First page of the bank book")
        CONSENT = "consent", _("Declaration of willingness to teach")
        OTHER = "other", _("Other paper")

    instructor = models.ForeignKey(Instructor, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    label = models.CharField(_("what it is"), max_length=150, blank=True)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    key = EncryptedTextField()
    uploaded_at = models.DateTimeField(_("sent at"))
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("paper of an instructor")
        verbose_name_plural = _("papers of instructors")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["certificate", "cv", "identity_card", "tax_id", "bank_book", "consent", "other"],
                ),
                name="instructor_document_kind_known",
                violation_error_message=_("This kind of paper does not exist."),
            )
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def context(self) -> str:
        """What the bytes are bound to."""
        return f"instructor {self.instructor_id} {self.kind}"


class InstructorCompetence(models.Model):
    """That somebody can teach a topic, how well, and what shows it."""

    class Level(models.IntegerChoices):
        BASIC = 1, _("Assists, or teaches beginners")
        SKILLED = 2, _("Teaches alone")
        EXPERT = 3, _("Expert, or certified")

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="competences")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="competences", verbose_name=_("topic"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.SKILLED)
    proof = models.CharField(_("what shows it"), max_length=200, blank=True)
    evidence = models.ForeignKey(
        InstructorDocument, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("paper")
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ("-level", "topic__name")
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "topic"],
                name="competence_once_per_topic",
                violation_error_message=_("This topic is listed for the instructor already."),
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3),
                name="competence_level_known",
                violation_error_message=_("The level is one of three."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}"

    def holds_on(self, day: date) -> bool:
        return self.valid_until is None or self.valid_until >= day


class InstructorAbsence(models.Model):
    """Days on which somebody does not teach."""

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="absences")
    days = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("days",)
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False),
                name="absence_has_first_and_last_day",
                violation_error_message=_("An absence has a first day, and a last day that is not before it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.days.lower} – {self.last_day}"

    @property
    def last_day(self) -> date:
        last: date = self.days.upper - timedelta(days=1)
        return last


class InstructorRecord(models.Model):
    """How well a batch learned from an instructor: the mean gain of its tests (-1 to 1) and the mean rating (1 to 5).

    Written by the app that holds tests and surveys, through `programs.actions.record_teaching`.
    """

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="records")
    batch = models.ForeignKey("programs.Batch", on_delete=models.CASCADE, related_name="+")
    gain = models.DecimalField(_("gain"), max_digits=4, decimal_places=3, null=True, blank=True)
    gain_count = models.PositiveIntegerField(_("tests behind the gain"), default=0)
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, null=True, blank=True)
    rating_count = models.PositiveIntegerField(_("answers behind the rating"), default=0)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("record of teaching")
        verbose_name_plural = _("records of teaching")
        ordering = ("-recorded_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "batch"],
                name="teaching_record_once_per_batch",
                violation_error_message=_("There is a record of this instructor in this batch already."),
            ),
            models.CheckConstraint(
                condition=(Q(gain__isnull=True) | Q(gain__gte=-1, gain__lte=1))
                & (Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5)),
                name="teaching_record_in_scale",
                violation_error_message=_("A gain lies between -1 and 1, a rating between 1 and 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor_id} {self.batch_id}"
