"""Two cards that may be one person: what the finder saw, what somebody decided, and what it compares."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import office_q
from accounts.roles import Permission
from kit.names import BUSINESS_MAX
from participants.models.person import Person

# Who may settle whether two cards are one person: both see everybody on file at the office.
PAIR_PERMISSIONS = (Permission.MERGE_PERSONS, Permission.APPROVE_MERGES)


class PersonPairQuerySet(models.QuerySet["PersonPair"]):
    def visible_to(self, user: User) -> "PersonPairQuerySet":
        """Found before somebody restricted their data: only for who keeps the privacy of the office as well."""
        free = Q(first__restricted_at__isnull=True, second__restricted_at__isnull=True)
        return self.filter(office_q(user, *PAIR_PERMISSIONS), free | office_q(user, Permission.MANAGE_PRIVACY))

    def to_decide(self, today: date) -> "PersonPairQuerySet":
        """Open ones, and those that were put off until today. What waits for approval is decided already."""
        later = Q(decision=PersonPair.Decision.LATER, ask_again_on__lte=today)
        return self.filter(Q(decision=PersonPair.Decision.OPEN) | later)

    def put_off(self, today: date) -> "PersonPairQuerySet":
        return self.filter(decision=PersonPair.Decision.LATER, ask_again_on__gt=today)

    def with_cards(self) -> "PersonPairQuerySet":
        return self.select_related("first__region", "second__region").defer("first__nik", "second__nik")

    def of(self, one: Person | int, other: Person | int) -> "PersonPairQuerySet":
        keys = sorted(card.pk if isinstance(card, Person) else card for card in (one, other))
        return self.filter(first=keys[0], second=keys[1])

    def about(self, person: Person) -> "PersonPairQuerySet":
        return self.filter(Q(first=person) | Q(second=person))


class PersonPair(models.Model):
    """Found by the finder or opened by hand. A decision stays, whatever is found again."""

    class Decision(models.TextChoices):
        OPEN = "open", _("To be looked at")
        LATER = "later", _("Put off")
        DIFFERENT = "different", _("Two different people")
        SAME = "same", _("The same person")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=300, blank=True)
    ask_again_on = models.DateField(null=True, blank=True)

    objects = PersonPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of persons")
        verbose_name_plural = _("pairs of persons")
        indexes = [models.Index(fields=["agency", "decision", "-score", "-id"], name="person_pair_likest")]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="person_pair_once",
                violation_error_message=_("These two persons are a pair already."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="person_pair_in_order",
                violation_error_message=_("A pair is two different persons, kept in the order of their cards."),
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["open", "later", "different", "same"]),
                name="person_pair_decision_known",
                violation_error_message=_("This decision about two persons does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="person_pair_decision_names_who_and_when",
                violation_error_message=_("A decision about two persons names who took it and when."),
            ),
            models.CheckConstraint(
                condition=Q(decision="later", ask_again_on__isnull=False)
                | (~Q(decision="later") & Q(ask_again_on__isnull=True)),
                name="person_pair_put_off_has_day",
                violation_error_message=_(
                    "What is put off has a day on which it is asked again, nothing else has one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}/{self.second_id}: {self.decision}"


class PersonTrace(models.Model):
    """How the finder last knew a card: the sound of its name, and a digest of what it compares."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="trace")
    sound_key = models.CharField(max_length=100)
    # What tells the firms that were named on entries, as they are spelled and as they sound.
    business_keys = ArrayField(models.CharField(max_length=BUSINESS_MAX), default=list, db_default=[])
    business_sounds = ArrayField(models.CharField(max_length=BUSINESS_MAX), default=list, db_default=[])
    digest = models.CharField(max_length=32)
    # Not compared with everybody else yet.
    is_new = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["person"], condition=Q(is_new=True), name="person_trace_new")]

    def __str__(self) -> str:
        return f"PersonTrace {self.person_id}"
