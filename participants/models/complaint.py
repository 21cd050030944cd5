"""What residents complain of or suggest, and what became of it."""

import uuid
from datetime import date, datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from kit.crypto import EncryptedTextField, keyed_hash
from kit.phones import mask_phone
from participants import rules
from participants.models.registration import Registration
from regions.models import Region


class ComplaintCategory(models.TextChoices):
    REGISTRATION = "registration", _("Registration and seats")
    TRAINING = "training", _("The training itself")
    CONDUCT = "conduct", _("How an officer behaved")
    MONEY = "money", _("Somebody asked for money")
    PERSONAL_DATA = "personal_data", _("Personal data")
    PORTAL = "portal", _("This portal")
    SUGGESTION = "suggestion", _("Suggestion")
    OTHER = "other", _("Something else")


class ComplaintState(models.TextChoices):
    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("Being worked on")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed without answer")


class CloseReason(models.TextChoices):
    UNCLEAR = "unclear", _("Too little is said to look into it")
    ELSEWHERE = "elsewhere", _("Another office is responsible")
    REPEATED = "repeated", _("The same was sent before")
    NOT_A_COMPLAINT = "not_a_complaint", _("It is neither a complaint nor a suggestion")


# Only the heads read these: colleagues of the officer concerned do not.
SENSITIVE = frozenset({ComplaintCategory.CONDUCT, ComplaintCategory.MONEY})
HANDLED_BY: dict[Permission, frozenset[str]] = {
    Permission.MANAGE_COMPLAINTS: frozenset(ComplaintCategory.values) - {category.value for category in SENSITIVE},
    Permission.MANAGE_CONDUCT_COMPLAINTS: frozenset(category.value for category in SENSITIVE),
    Permission.MANAGE_PRIVACY_COMPLAINTS: frozenset({ComplaintCategory.PERSONAL_DATA.value}),
}
ENDED = (ComplaintState.ANSWERED, ComplaintState.CLOSED)
IS_OPEN = Q(state__in=["new", "in_progress"])
IS_PUBLISHED = Q(published_at__isnull=False)
SIXTEEN_DIGITS = r"[0-9]{16}"


def initial_word(submission_key: uuid.UUID) -> str:
    """The secret word of a new complaint: computed from the form's own key, so a double tap shows the same one."""
    return rules.spoken_word(keyed_hash("complaint word", str(submission_key)))


def hash_word(code: str, word: str) -> str:
    return keyed_hash("word of a complaint", f"{code}:{word}")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Actor) -> Self:
        """By category and office; never to the officer whom it is about."""
        seen = Q(pk__in=[])
        for permission, categories in HANDLED_BY.items():
            seen |= scope_q(user, permission) & Q(category__in=categories)
        return self.filter(seen).exclude(concerns=getattr(user, "pk", None))

    def with_parts(self) -> Self:
        return self.select_related("agency", "region", "assigned_to", "answered_by", "registration__batch__program")

    def without_words(self) -> Self:
        """For lists: nothing is decrypted that is not shown."""
        return self.defer("text", "full_name", "phone", "email", "answer")

    def open(self) -> Self:
        return self.filter(IS_OPEN)

    def overdue(self, today: date) -> Self:
        return self.filter(IS_OPEN, due_on__lt=today)

    def with_due_number(self) -> Self:
        """`due_number`: the due day as a number, for paging by key."""
        day = Func(F("due_on"), template="(%(expressions)s - DATE '1970-01-01')", output_field=IntegerField())
        return self.annotate(due_number=day)

    def published(self) -> Self:
        return self.filter(IS_PUBLISHED)

    def on_board(self, text: str) -> Self:
        text = text.replace("\0", "").strip()
        return self.filter(Q(published_question__icontains=text) | Q(published_answer__icontains=text))

    def of_form(self, submission_key: uuid.UUID) -> "Complaint | None":
        return self.select_related("agency").filter(submission_key=submission_key).first()

    def locked(self, pk: int) -> "Complaint":
        """Whoever changes it holds its row; what is shown of others is read after the lock."""
        self.model.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.model.objects.with_parts().get(pk=pk)

    def to_forget(self, before: datetime) -> Self:
        """Ended so long ago that nobody needs to reach its author any more."""
        return self.filter(ended_at__lt=before, contact_erased_at__isnull=True)


class Complaint(models.Model):
    """Sent without an account, perhaps without a name. Words and contact are encrypted; the board shows other words."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.CharField(_("about"), max_length=20, choices=ComplaintCategory.choices)
    state = models.CharField(_("state"), max_length=12, choices=ComplaintState.choices, default=ComplaintState.NEW)
    code = models.CharField(max_length=8, unique=True, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    word_hash = models.CharField(max_length=64, editable=False)
    word_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    word_locked_until = models.DateTimeField(null=True, editable=False)
    language = models.CharField(max_length=2, default="id")
    text = EncryptedTextField()
    full_name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    named_code = models.CharField(max_length=8, blank=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    may_publish = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    concerns = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    contact_erased_at = models.DateTimeField(null=True)
    published_question = models.TextField(blank=True)
    published_answer = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    # Filled by `with_due_number()`.
    due_number: int

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            models.Index(fields=["agency", "due_on", "id"], condition=IS_OPEN, name="complaint_open"),
            models.Index(fields=["received_at"], name="complaint_received"),
            models.Index(fields=["id"], condition=IS_PUBLISHED, name="complaint_board"),
            models.Index(fields=["ended_at"], condition=Q(contact_erased_at__isnull=True), name="complaint_to_forget"),
            GinIndex(
                OpClass(Upper("published_question"), name="gin_trgm_ops"),
                OpClass(Upper("published_answer"), name="gin_trgm_ops"),
                condition=IS_PUBLISHED,
                name="complaint_board_trigrams",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=ComplaintCategory.values),
                name="complaint_category_known",
                violation_error_message=_("Please choose what it is about from the list."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ComplaintState.values),
                name="complaint_state_known",
                violation_error_message=_("A complaint is new, being worked on, answered or closed."),
            ),
            models.CheckConstraint(
                condition=~Q(state="in_progress") | Q(assigned_to__isnull=False),
                name="complaint_in_progress_names_who",
                violation_error_message=_("A complaint that is being worked on names who does it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state="answered", answer__isnull=False, answered_at__isnull=False, answered_by__isnull=False
                )
                | (~Q(state="answered") & Q(answer__isnull=True, answered_at__isnull=True, answered_by__isnull=True)),
                name="complaint_answered_has_answer",
                violation_error_message=_("An answered complaint has its answer, who gave it and when."),
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & ~Q(close_reason="")) | (~Q(state="closed") & Q(close_reason="")),
                name="complaint_closed_has_reason",
                violation_error_message=_("Closing without an answer needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["answered", "closed"], ended_at__isnull=False)
                | Q(state__in=["new", "in_progress"], ended_at__isnull=True),
                name="complaint_ended_has_time",
                violation_error_message=_("A complaint has the time of its end exactly when it has ended."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | (
                    Q(state="answered", may_publish=True, published_at__isnull=False, published_by__isnull=False)
                    & ~Q(published_question="")
                    & ~Q(published_answer="")
                ),
                name="complaint_published_is_answered_and_allowed",
                violation_error_message=_("Only an answered complaint whose author allowed it stands on the board."),
            ),
            models.CheckConstraint(
                condition=~Q(published_question__regex=SIXTEEN_DIGITS) & ~Q(published_answer__regex=SIXTEEN_DIGITS),
                name="complaint_published_without_identity_number",
                violation_error_message=_("A number of 16 digits never stands on the board."),
            ),
            models.CheckConstraint(
                condition=Q(contact_erased_at__isnull=True)
                | Q(full_name__isnull=True, phone__isnull=True, email__isnull=True),
                name="complaint_forgotten_has_no_contact",
                violation_error_message=_("After erasing, neither name nor contact is left."),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    def get_absolute_url(self) -> str:
        return reverse("participants:complaint_detail", args=[self.pk])

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def group(self) -> str:
        """What its messages can be found and taken back with."""
        return f"complaint:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def is_sensitive(self) -> bool:
        return self.category in SENSITIVE

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < self.agency.today()

    @property
    def can_be_reopened(self) -> bool:
        return not self.is_open and self.reopened_at is None

    @property
    def has_contact(self) -> bool:
        return bool(self.phone or self.email)

    @property
    def masked_contact(self) -> list[str]:
        """`0812-****-7890`, `s***@contoh.example`: enough to know that there is something."""
        name, _at, host = (self.email or "").partition("@")
        return [*([mask_phone(self.phone)] if self.phone else []), *([f"{name[:1]}***@{host}"] if host else [])]

    def is_word_locked(self, now: datetime) -> bool:
        return self.word_locked_until is not None and now < self.word_locked_until

    def days_left(self) -> int:
        return (self.due_on - timezone.localdate(timezone=self.agency.zone)).days


class ComplaintEvent(models.Model):
    """One line of its history. Words are encrypted; notes are read by officers only."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        TAKEN = "taken", _("Taken on by an officer")
        PASSED = "passed", _("Passed on")
        NOTE = "note", _("Note")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed without answer")
        UNDONE = "undone", _("Taken up again")
        REOPENED = "reopened", _("Not satisfied: taken up again")
        PUBLISHED = "published", _("Shown on the board")
        UNPUBLISHED = "unpublished", _("Taken off the board")
        FORGOTTEN = "forgotten", _("Name and contact erased")

    # What the author reads too.
    PUBLIC = (Kind.RECEIVED, Kind.TAKEN, Kind.ANSWERED, Kind.CLOSED, Kind.UNDONE, Kind.REOPENED, Kind.FORGOTTEN)

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    text = EncryptedTextField(null=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="note") | Q(by__isnull=False, text__isnull=False),
                name="complaint_note_names_who",
                violation_error_message=_("A note has a text and names who wrote it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.complaint_id}"
