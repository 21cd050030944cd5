from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.crypto import EncryptedTextField
from participants.models.person import Person
from participants.models.registration import Registration

# Law 27 of 2022, article 46: written notice to the people and to the authority within 3 x 24 hours.
TIME_TO_TELL = timedelta(hours=72)


class IncidentKind(models.TextChoices):
    DISCLOSURE = "disclosure", _("Data was seen by somebody who must not")
    LOSS = "loss", _("Data or a device was lost")
    ALTERATION = "alteration", _("Data was changed without right")
    UNAVAILABLE = "unavailable", _("Data could not be reached")


class DataItem(models.TextChoices):
    """What data: the words of the letters, in the reader's language on the screen."""

    NAME = "name", _("name")
    NIK = "nik", _("identity number (NIK)")
    BIRTH = "birth", _("birth date and sex")
    ADDRESS = "address", _("address")
    CONTACT = "contact", _("phone and e-mail")
    PHOTO = "photo", _("photo of a document")
    EDUCATION = "education", _("education and work")
    ATTENDANCE = "attendance", _("trainings and attendance")
    ACCOUNT = "account", _("bank account")
    CHILD = "child", _("data of children")
    HEALTH = "health", _("need for support, health")


class IncidentState(models.TextChoices):
    OPEN = "open", _("Being handled")
    CLOSED = "closed", _("Closed")
    DISMISSED = "dismissed", _("No failure of data protection")


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_PRIVACY) -> "IncidentQuerySet":
        return self.filter(scope_q(user, permission, region=None))

    def open(self) -> "IncidentQuerySet":
        return self.filter(state=IncidentState.OPEN)

    def untold(self) -> "IncidentQuerySet":
        return self.open().filter(Q(authority_told_at=None) | Q(people_told_at=None))

    def overdue(self, now: datetime) -> "IncidentQuerySet":
        return self.untold().filter(discovered_at__lt=now - TIME_TO_TELL)


class Incident(models.Model):
    """A failure of data protection: what, when, how, whom it concerns, who was told, and what was done."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=IncidentKind.choices)
    state = models.CharField(max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    data_items = ArrayField(models.CharField(max_length=20, choices=DataItem.choices), default=list)
    happened_from = models.DateTimeField(null=True, blank=True)
    happened_until = models.DateTimeField(null=True, blank=True)
    discovered_at = models.DateTimeField()
    happening = EncryptedTextField()
    effect = EncryptedTextField(null=True)
    handling = EncryptedTextField(null=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    people_frozen_at = models.DateTimeField(null=True, blank=True)
    people_count = models.PositiveIntegerField(default=0)
    criteria = models.JSONField(default=dict, blank=True)
    authority_told_at = models.DateTimeField(null=True, blank=True)
    authority_reference = models.CharField(max_length=100, blank=True)
    people_told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=IncidentKind.values),
                name="incident_kind_known",
                violation_error_message=_("This kind of incident does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(happened_from=None) | Q(happened_until=None) | Q(happened_until__gte=F("happened_from")),
                name="incident_ends_after_it_began",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(discovered_at__lte=F("reported_at")),
                name="incident_discovered_before_reported",
                violation_error_message=_("It cannot be discovered in the future."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None)
                | (Q(state__in=["closed", "dismissed"]) & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="incident_end_names_who_and_when",
                violation_error_message=_("The end of an incident names who closed it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(authority_told_at__isnull=False, people_told_at__isnull=False),
                name="incident_closed_when_all_were_told",
                violation_error_message=_("It is closed when the authority and the people were told."),
            ),
            models.CheckConstraint(
                condition=Q(people_told_at=None) | Q(people_frozen_at__isnull=False),
                name="incident_people_listed_before_told",
                violation_error_message=_("First the list of the people concerned, then the letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("participants:incident_detail", args=[self.pk])

    @property
    def due_at(self) -> datetime:
        return self.discovered_at + TIME_TO_TELL

    @property
    def is_open(self) -> bool:
        return self.state == IncidentState.OPEN

    @property
    def is_told(self) -> bool:
        return self.authority_told_at is not None and self.people_told_at is not None

    def is_overdue_at(self, now: datetime) -> bool:
        return self.is_open and not self.is_told and now > self.due_at

    @property
    def data_labels(self) -> list[str]:
        return [str(DataItem(code).label) for code in self.data_items if code in DataItem.values]


class IncidentEvent(models.Model):
    """The timeline: written once."""

    class Kind(models.TextChoices):
        REPORTED = "reported", _("Reported")
        CHANGED = "changed", _("Description changed")
        LISTED = "listed", _("People concerned listed")
        AUTHORITY_TOLD = "authority_told", _("Authority told")
        PEOPLE_TOLD = "people_told", _("People told")
        NOTED = "noted", _("Note")
        CLOSED = "closed", _("Closed")
        DISMISSED = "dismissed", _("Dismissed")
        REOPENED = "reopened", _("Opened again")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    note = EncryptedTextField(null=True)
    count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.incident_id}"


class IncidentPersonQuerySet(models.QuerySet["IncidentPerson"]):
    def untold(self) -> "IncidentPersonQuerySet":
        return self.filter(told_at__isnull=True)


class IncidentPerson(models.Model):
    """One of the people concerned, by the entry through which they are reached; frozen with the list."""

    class Way(models.TextChoices):
        MESSAGE = "message", _("By message")
        LETTER = "letter", _("By letter")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="people", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)

    objects = IncidentPersonQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "registration"],
                name="incident_person_entry_once",
                violation_error_message=_("This entry stands in the list already."),
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, way="") | (Q(told_at__isnull=False) & ~Q(way="")),
                name="incident_person_told_some_way",
                violation_error_message=_("Who was told was told by message or by letter."),
            ),
        ]

    def __str__(self) -> str:
        return f"IncidentPerson {self.pk}"
