"""Two cards become one: proposed by one officer, approved by another, taken back for some days."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import office_q
from kit.crypto import EncryptedTextField
from participants.models.pair import PAIR_PERMISSIONS
from participants.models.person import Person

Row = TypeVar("Row", bound=models.Model)
SECOND_PERSON = _("Whoever proposed the merge cannot decide it. Somebody else has to look.")


def row_values(row: models.Model) -> dict[str, Any]:
    """Every column as JSON can keep it; `row_of` makes the same row of it again."""
    return {
        field.attname: value.isoformat() if isinstance(value, date | datetime) else value
        for field in row._meta.concrete_fields
        for value in [getattr(row, field.attname)]
    }


def row_of(model: type[Row], values: dict[str, Any]) -> Row:
    known = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: known[name].to_python(value) for name, value in values.items() if name in known})


def card_digest(person: Person) -> str:
    """Changes when anything on the card changes."""
    return hashlib.sha256(json.dumps(row_values(person), sort_keys=True).encode()).hexdigest()


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def visible_to(self, user: User) -> "PersonMergeQuerySet":
        return self.filter(office_q(user, *PAIR_PERMISSIONS))

    def proposed(self) -> "PersonMergeQuerySet":
        return self.filter(state=PersonMerge.State.PROPOSED)

    def merged(self) -> "PersonMergeQuerySet":
        return self.filter(state=PersonMerge.State.MERGED)

    def to_seal(self, now: datetime) -> "PersonMergeQuerySet":
        return self.merged().filter(undo_until__lte=now)

    def about(self, *keys: int) -> "PersonMergeQuerySet":
        """Proposals in which one of these cards takes part."""
        return self.filter(Q(kept__in=keys) | Q(gone__in=keys))


class PersonMerge(models.Model):
    """The card that stays, the one that goes, and from which side each value comes.

    While it can be undone, `aside` holds what was taken away; afterwards nothing of the other card is left but its
    number, by which the trail finds what was done with it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        MERGED = "merged", _("Merged")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")
        UNDONE = "undone", _("Undone")
        SEALED = "sealed", _("Merged for good")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    gone_number = models.BigIntegerField()
    choices = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=128, editable=False)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decision_note = models.CharField(max_length=300, blank=True)
    undo_until = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undo_note = models.CharField(max_length=300, blank=True)
    aside = EncryptedTextField(null=True)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two persons")
        verbose_name_plural = _("merges of persons")
        indexes = [
            models.Index(fields=["agency", "state", "-id"], name="person_merge_by_state"),
            models.Index(fields=["gone_number"], name="person_merge_gone_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(state="proposed"),
                name="person_merge_gone_proposed_once",
                violation_error_message=_("A merge of this person waits for approval already."),
            ),
            models.UniqueConstraint(
                fields=["kept"],
                condition=Q(state="proposed"),
                name="person_merge_kept_proposed_once",
                violation_error_message=_("Another merge with this person waits for approval. Settle that first."),
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("gone_number")) & (Q(gone__isnull=True) | Q(gone=F("gone_number"))),
                name="person_merge_of_two",
                violation_error_message=_("A merge is of two different persons."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "merged", "refused", "withdrawn", "undone", "sealed"]),
                name="person_merge_state_known",
                violation_error_message=_("This state of a merge does not exist."),
            ),
            models.CheckConstraint(
                condition=(Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by"))) | Q(state="withdrawn"),
                name="person_merge_second_person",
                violation_error_message=SECOND_PERSON,
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="person_merge_decision_names_who_and_when",
                violation_error_message=_("A decided merge names who decided and when."),
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_by__isnull=False, undone_at__isnull=False)
                | (~Q(state="undone") & Q(undone_by__isnull=True, undone_at__isnull=True)),
                name="person_merge_undoing_names_who_and_when",
                violation_error_message=_("An undone merge names who undid it and when."),
            ),
            models.CheckConstraint(
                condition=Q(state="merged", gone__isnull=True, aside__isnull=False, undo_until__isnull=False)
                | (~Q(state="merged") & Q(aside__isnull=True)),
                name="person_merge_aside_while_undoable",
                violation_error_message=_(
                    "What was taken away is kept as long as the merge can be undone, and no longer."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"PersonMerge {self.pk}"

    def can_be_undone_at(self, now: datetime) -> bool:
        return self.state == self.State.MERGED and self.undo_until is not None and now < self.undo_until
