"""What people ask about their own data, and the clock of the law: three times 24 hours (UU 27/2022)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField
from participants.models.history import Consent
from participants.models.person import Person
from participants.models.registration import Registration
from regions.models import Region

HOURS = 72
TIME_TO_ANSWER = timedelta(hours=HOURS)
IS_OPEN = Q(state__in=["received", "in_progress"])


class RequestKind(models.TextChoices):
    ACCESS = "access", _("See all my data")
    CORRECTION = "correction", _("Correct my data")
    CONSENT_WITHDRAWAL = "consent_withdrawal", _("Withdraw a consent")
    RESTRICTION = "restriction", _("Restrict the use of my data")
    PORTABILITY = "portability", _("Take my data with me")
    ERASURE = "erasure", _("Erase my data")
    OBJECTION = "objection", _("Object to a decision or a use")


class RequestState(models.TextChoices):
    RECEIVED = "received", _("Received")
    IN_PROGRESS = "in_progress", _("Being worked on")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    TAKEN_BACK = "taken_back", _("Taken back")


class IdentityProof(models.TextChoices):
    PIN = "pin", _("registration number and PIN")
    CODE = "code", _("one-time code sent to the contact on file")
    CARD = "card", _("identity card seen at the office")
    PAPER = "paper", _("letter with a copy of the identity card")


class RefusalReason(models.TextChoices):
    NOT_PROVEN = "not_proven", _("It is not proven who asks")
    NOT_TRUE = "not_true", _("The evidence does not show what was asked")
    RUNNING = "running", _("The data is needed for a training that is not over")
    LAW = "law", _("A law demands that the data is kept")
    OTHERS = "others", _("It would reveal data of other people")
    NOTHING = "nothing", _("There is nothing to do: the data is right, or not here")


ENDED = (RequestState.DONE, RequestState.REFUSED, RequestState.TAKEN_BACK)
# Carried out by the portal at once when who asks is known: nobody has to decide.
AT_ONCE = (RequestKind.ACCESS, RequestKind.PORTABILITY, RequestKind.CONSENT_WITHDRAWAL)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(scope_q(user, Permission.MANAGE_DATA_REQUESTS))

    def open(self) -> Self:
        return self.filter(IS_OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def with_parts(self) -> Self:
        return self.select_related(
            "agency", "region", "person", "registration__batch__program", "taken_by", "answered_by", "proposed_by"
        )

    def without_words(self) -> Self:
        """For lists: nothing is decrypted that is not shown."""
        return self.defer("wish", "answer", "evidence_key", "person__nik", "registration__nik")

    def locked(self, pk: int) -> "DataRequest":
        """Whoever changes it holds its row; what is shown of others is read after the lock."""
        self.model.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.model.objects.with_parts().get(pk=pk)


class DataRequest(models.Model):
    """One right that somebody uses. Words and evidence are encrypted, and go when the person is erased."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(_("what is asked"), max_length=20, choices=RequestKind.choices)
    state = models.CharField(_("state"), max_length=12, choices=RequestState.choices, default=RequestState.RECEIVED)
    code = models.CharField(_("number"), max_length=8, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="data_requests")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, null=True, related_name="data_requests")
    identity = models.CharField(_("identity checked by"), max_length=10, choices=IdentityProof.choices)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("to be answered until"))
    purpose = models.CharField(max_length=20, choices=Consent.Purpose.choices, blank=True)
    wish = EncryptedTextField()
    evidence = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    evidence_key = EncryptedTextField(null=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    refusal_reason = models.CharField(max_length=12, choices=RefusalReason.choices, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about data")
        verbose_name_plural = _("requests about data")
        indexes = [
            models.Index(fields=["agency", "due_at", "id"], condition=IS_OPEN, name="data_request_open"),
            models.Index(fields=["agency", "-id"], name="data_request_agency"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RequestKind.values),
                name="data_request_kind_known",
                violation_error_message=_("Please choose what is asked from the list."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values),
                name="data_request_state_known",
                violation_error_message=_("A request is received, being worked on, done, refused or taken back."),
            ),
            models.CheckConstraint(
                condition=Q(identity__in=IdentityProof.values),
                name="data_request_identity_known",
                violation_error_message=_("Please choose how the identity was checked."),
            ),
            models.CheckConstraint(
                condition=Q(identity__in=["pin", "code"]) | Q(entered_by__isnull=False),
                name="data_request_proof_names_officer",
                violation_error_message=_("A card or a letter was looked at by an officer, who is named."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(registration__isnull=False),
                name="data_request_is_about_somebody",
                violation_error_message=_("A request is about a person or about an entry."),
            ),
            models.CheckConstraint(
                condition=Q(due_at=F("received_at") + TIME_TO_ANSWER),
                name="data_request_due_in_72_hours",
                violation_error_message=_("The law gives three times 24 hours from the moment of asking."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="consent_withdrawal") & ~Q(purpose=""))
                | (~Q(kind="consent_withdrawal") & Q(purpose="")),
                name="data_request_withdrawal_names_purpose",
                violation_error_message=_("A withdrawal says which consent; no other request does."),
            ),
            models.CheckConstraint(
                condition=~Q(state="in_progress") | Q(taken_by__isnull=False),
                name="data_request_in_progress_names_who",
                violation_error_message=_("A request that is being worked on names who does it."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "refused", "taken_back"], answered_at__isnull=False)
                | (
                    ~Q(state__in=["done", "refused", "taken_back"])
                    & Q(answered_at__isnull=True, answered_by__isnull=True)
                ),
                name="data_request_ended_has_time",
                violation_error_message=_("A request has the time of its end exactly when it has ended."),
            ),
            models.CheckConstraint(
                condition=(Q(state="refused", answered_by__isnull=False, answer__isnull=False) & ~Q(refusal_reason=""))
                | (~Q(state="refused") & Q(refusal_reason="")),
                name="data_request_refused_has_reason",
                violation_error_message=_("A refusal has a reason, an answer and who gave it."),
            ),
            models.CheckConstraint(
                condition=Q(proposed_at__isnull=True, proposed_by__isnull=True)
                | Q(kind="erasure", proposed_at__isnull=False, proposed_by__isnull=False),
                name="data_request_proposal_whole",
                violation_error_message=_("Only erasing is proposed, with who proposed it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="erasure", state="done")
                | (Q(proposed_by__isnull=False, answered_by__isnull=False) & ~Q(answered_by=F("proposed_by"))),
                name="data_request_erasure_by_two",
                violation_error_message=_("One officer proposes to erase, another one confirms it."),
            ),
            models.CheckConstraint(
                condition=Q(evidence__isnull=True, evidence_key__isnull=True)
                | Q(evidence__isnull=False, evidence_key__isnull=False),
                name="data_request_evidence_has_key",
                violation_error_message=_("Evidence is kept with its key, or not at all."),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=IS_OPEN & Q(person__isnull=False),
                name="data_request_open_once_per_person",
                violation_error_message=_("The same has been asked already and is not answered yet."),
            ),
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=IS_OPEN & Q(person__isnull=True),
                name="data_request_open_once_per_entry",
                violation_error_message=_("The same has been asked already and is not answered yet."),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    def get_absolute_url(self) -> str:
        return reverse("participants:data_request_detail", args=[self.pk])

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def group(self) -> str:
        """What its messages can be found and taken back with."""
        return f"data_request:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def subject(self) -> Person | Registration:
        """Whose data it is about: the person, or the one entry whose person is not settled."""
        found = self.person or self.registration
        assert found is not None  # noqa: S101 - data_request_is_about_somebody
        return found

    @property
    def wishes(self) -> dict[str, Any]:
        """`note` in own words, and `fields` of a correction with the values that are right."""
        told: dict[str, Any] = json.loads(self.wish) if self.wish else {}
        return told

    @property
    def note(self) -> str:
        return str(self.wishes.get("note", ""))

    @property
    def is_proposed(self) -> bool:
        return self.is_open and self.proposed_at is not None

    @property
    def evidence_context(self) -> str:
        """What the bytes of the evidence are bound to."""
        return f"data request {self.code}"

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now

    def hours_left(self, now: datetime) -> int:
        """Whole hours until the deadline, below zero after it."""
        return int((self.due_at - now).total_seconds() // 3600)


def written_wish(note: str = "", fields: Mapping[str, Any] | None = None) -> str:
    """What `DataRequest.wishes` reads."""
    return json.dumps({"note": note, "fields": dict(fields or {})}, ensure_ascii=False)
