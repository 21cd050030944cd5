import uuid
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.digits import without_separators
from kit.names import BUSINESS_MAX, NAME_MAX
from participants.models.declared import HOLDS_NOTHING, DeclaredData, hash_nik
from participants.models.person import Person
from participants.models.states import (
    ACTIVE_SEATS,
    IS_ACTIVE,
    CheckState,
    GuardianRelation,
    RejectReason,
    Seat,
    Source,
)
from participants.rules import ADULT_AGE, documents_asked, is_code
from programs.models import Batch, Program, TargetGroup
from programs.rules import kind_of_business

# The eighteenth birthday, at its first moment in UTC.
COMES_OF_AGE = models.Func(
    F("birth_date"),
    template=f"((%(expressions)s + interval '{ADULT_AGE} years') AT TIME ZONE 'UTC')",
    output_field=models.DateTimeField(),
)
EARNS_CERTIFICATE = Q(seat=Seat.HELD, check_state=CheckState.VERIFIED, completion__attended_enough=True) & (
    Q(completion__test_passed__isnull=True) | Q(completion__test_passed=True)
)
# Who waits for a selection has no place in line yet: a number beyond all places, without a counter. The result gives
# places from 1 on.
NO_PLACE_YET = 1_000_000_000
# What a list shows of an entry; the rest of its sixty columns would cost more than the page.
LISTED = (
    *(
        "full_name",
        "code",
        "sex",
        "birth_date",
        "nik_last4",
        "is_temporary",
        "phone",
        "source",
        "created_at",
        "batch",
        "queue_number",
    ),
    *("seat", "check_state", "flags", "person", "withdrawn_at"),
    *("household_hash", "household_program"),
)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_REGISTRATIONS) -> "RegistrationQuerySet":
        """Restricted data is there for whoever answers for it, and for nobody else."""
        paths = {"agency": "batch__program__agency", "region": "batch__region"}
        free = Q(restricted_at__isnull=True) | scope_q(user, Permission.MANAGE_PRIVACY, **paths)
        return self.filter(scope_q(user, permission, **paths), free)

    def active(self) -> "RegistrationQuerySet":
        return self.filter(IS_ACTIVE)

    def earning_certificate(self) -> "RegistrationQuerySet":
        """The same as `rules.certificate_obstacles` that finds nothing."""
        return self.filter(EARNS_CERTIFICATE)

    def waiting_in_order(self) -> "RegistrationQuerySet":
        return self.filter(seat=Seat.WAITING).order_by("queue_number")

    def with_parts(self) -> "RegistrationQuerySet":
        return self.select_related("batch__program__agency", "batch__region", "region__parent", "person")

    def listed(self) -> "RegistrationQuerySet":
        """Only what a row of a list shows."""
        return self.select_related("region").only(*LISTED, "region__name")

    def with_position(self) -> "RegistrationQuerySet":
        """`position`: 1 is the next in line; empty for who does not wait."""
        ahead = (
            Registration.objects.filter(
                batch=OuterRef("batch"), seat=Seat.WAITING, queue_number__lte=OuterRef("queue_number")
            )
            .order_by()
            .values("batch")
            .annotate(total=Count("pk"))
            .values("total")
        )
        return self.annotate(position=models.Case(models.When(seat=Seat.WAITING, then=Subquery(ahead)), default=None))

    def for_receipt(self, submission_key: uuid.UUID | None) -> "Registration | None":
        """What the confirmation shows of an entry, and no more."""
        shown = ("batch_id", "code", "submission_key", "seat", "queue_number", "check_state", "pin_changed_at")
        asked = ("has_domicile_letter", "target_group")
        found = self.filter(submission_key=submission_key).only(*shown, *asked)[:1] if submission_key else ()
        return next(iter(found), None)

    def position_of(self, entry: "Registration") -> int:
        """The same for one entry that waits."""
        return self.filter(batch=entry.batch_id, seat=Seat.WAITING, queue_number__lte=entry.queue_number).count()

    def search(self, text: str) -> "RegistrationQuerySet":
        """By part of the name, by registration code, by the last four or all digits of the identity number.

        What has the form of a number is looked for as a number only, and each way has its own index.
        """
        text = text.replace("\0", "")  # PostgreSQL takes no such character
        compact = without_separators(text)
        if compact.isascii() and compact.isdigit() and len(compact) == 16:
            return self.filter(nik_hash=hash_nik(compact))
        if compact.isascii() and compact.isdigit() and len(compact) == 4:
            return self.filter(nik_last4=compact)
        named = Q(full_name__icontains=text.strip())
        return self.filter(named | Q(code=compact.upper()) if is_code(compact) else named)


class Registration(DeclaredData):
    """One person's entry for one batch, with what was declared frozen on it.

    Three axes: the check of the data, the seat, and (from completion) the outcome. `person` stays empty while the
    identity number is known but the contact data is not: a verifier decides who it is.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations")
    code = models.CharField(max_length=8, unique=True, editable=False)
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pin_hash = models.CharField(max_length=64, editable=False)
    pin_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    pin_locked_until = models.DateTimeField(null=True, blank=True, editable=False)
    pin_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    language = models.CharField(max_length=2, default="id")
    target_group = models.CharField(max_length=30, choices=TargetGroup.choices, blank=True)
    has_domicile_letter = models.BooleanField(default=False)
    business_kind = models.CharField(max_length=80, blank=True, default="", db_default="")
    business_name = models.CharField(max_length=BUSINESS_MAX, blank=True, default="", db_default="")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ONLINE)
    registered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    seat = models.CharField(max_length=10, choices=Seat.choices)
    queue_number = models.PositiveIntegerField()
    duplicate_key = models.CharField(max_length=60, blank=True)
    # Together, and only where the programme takes one participant of a household.
    household_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    household_program = models.ForeignKey(
        Program, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    eligibility = models.JSONField(default=list)
    flags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    check_state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.PENDING)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    check_note = models.CharField(max_length=500, blank=True)
    reject_reason = models.CharField(max_length=20, choices=RejectReason.choices, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=250, blank=True)
    # Whoever is a child on the day of registering has a guardian who consents.
    guardian_name = models.CharField(max_length=NAME_MAX, blank=True, default="", db_default="")
    guardian_relation = models.CharField(
        max_length=20, choices=GuardianRelation.choices, blank=True, default="", db_default=""
    )
    guardian_phone = models.CharField(max_length=16, blank=True, default="", db_default="")
    # Since then nobody can be told from this entry: it only keeps counts right.
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    restricted_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Filled by `with_position()`, and by `queries.households.tell_households`.
    position: int | None
    of_household: int

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        # Each index costs every registration a little: only what a page or a search goes by. The batch alone is found
        # by the places in line, which begin with it; officers and regions are never deleted, so nobody looks for them.
        indexes = [
            models.Index(fields=["batch", "seat", "queue_number"], name="registration_line"),
            models.Index("batch", "check_state", "queue_number", condition=IS_ACTIVE, name="registration_to_check"),
            models.Index("batch", condition=IS_ACTIVE & Q(person__isnull=True), name="registration_doubtful"),
            models.Index(fields=["nik_hash"], name="registration_nik"),
            models.Index(
                fields=["household_program", "household_hash"],
                condition=Q(household_program__isnull=False),
                name="registration_household",
            ),
            models.Index(fields=["nik_last4"], name="registration_last4"),
            GinIndex(OpClass(Upper("full_name"), name="gin_trgm_ops"), name="registration_name_trigrams"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person"],
                condition=IS_ACTIVE,
                name="registration_person_once_per_batch",
                violation_error_message=_("This person is registered for this batch already."),
            ),
            models.UniqueConstraint(
                fields=["batch", "nik_hash", "phone"],
                condition=IS_ACTIVE,
                name="registration_contact_once_per_batch",
                violation_error_message=_("You are registered for this batch already."),
            ),
            models.UniqueConstraint(
                fields=["person", "duplicate_key"],
                condition=IS_ACTIVE & ~Q(duplicate_key=""),
                name="registration_person_once_per_rule",
                violation_error_message=_("This person takes part in another training of the same year already."),
            ),
            models.UniqueConstraint(
                fields=["household_program", "household_hash"],
                condition=IS_ACTIVE & Q(check_state="verified"),
                name="registration_household_verified_once",
                violation_error_message=_("Another entry of the same family card (KK) is verified already."),
            ),
            models.UniqueConstraint(
                fields=["batch", "queue_number"],
                name="registration_queue_number_once_per_batch",
                violation_error_message=_("Two registrations cannot have the same place in line."),
            ),
            models.CheckConstraint(
                condition=Q(seat__in=Seat.values),
                name="registration_seat_known",
                violation_error_message=_("This kind of seat does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(check_state__in=CheckState.values),
                name="registration_check_state_known",
                violation_error_message=_("This state of the check does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(nik_last4__regex=r"^[0-9]{4}$", nik_hash__regex=r"^[0-9a-f]{64}$"),
                name="registration_nik_hash_and_last4_formed",
                violation_error_message=_("The identity number was not stored correctly."),
            ),
            models.CheckConstraint(
                condition=Q(household_hash="", household_program__isnull=True)
                | Q(household_hash__regex=r"^[0-9a-f]{64}$", household_program__isnull=False),
                name="registration_household_formed",
                violation_error_message=_("The comparison value of a family card stands with its programme."),
            ),
            models.CheckConstraint(
                condition=~Q(source="assisted") | Q(registered_by__isnull=False),
                name="registration_assisted_names_the_officer",
                violation_error_message=_("An assisted registration names the officer who helped."),
            ),
            models.CheckConstraint(
                condition=~Q(check_state__in=["verified", "rejected"])
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="registration_decision_names_who_and_when",
                violation_error_message=_("A decision names who took it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(check_state="verified") | Q(person__isnull=False),
                name="registration_verified_has_person",
                violation_error_message=_("Settle whose identity number it is before verifying."),
            ),
            models.CheckConstraint(
                condition=Q(is_temporary=False) | ~Q(check_state="verified"),
                name="registration_temporary_is_not_verified",
                violation_error_message=_("Enter the NIK before verifying: this entry has a temporary number."),
            ),
            models.CheckConstraint(
                condition=~Q(check_state="rejected") | Q(seat__in=["none", "released"]),
                name="registration_rejected_has_no_seat",
                violation_error_message=_("A rejected registration cannot keep a seat."),
            ),
            models.CheckConstraint(
                condition=(Q(check_state="rejected") & ~Q(reject_reason=""))
                | (~Q(check_state="rejected") & Q(reject_reason="")),
                name="registration_rejection_has_reason",
                violation_error_message=_("A rejection needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(seat__in=["none", "released"]),
                name="registration_withdrawn_has_no_seat",
                violation_error_message=_("A withdrawn registration cannot keep a seat."),
            ),
            # The clocks of the three time zones may have turned a day that has not turned here yet.
            models.CheckConstraint(
                condition=Q(created_at__gte=COMES_OF_AGE - timedelta(days=1))
                | ~Q(guardian_relation="")
                | Q(anonymised_at__isnull=False),
                name="registration_child_has_guardian",
                violation_error_message=_("A child is registered with a guardian."),
            ),
            models.CheckConstraint(
                condition=Q(guardian_relation__in=["", "not_recorded"], guardian_name="", guardian_phone="")
                | Q(guardian_relation__in=["parent", "family", "legal"]) & ~Q(guardian_name="")
                | Q(anonymised_at__isnull=False, guardian_name="", guardian_phone=""),
                name="registration_guardian_is_named",
                violation_error_message=_("A guardian has a name and a relation."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | HOLDS_NOTHING & Q(business_name="", household_hash=""),
                name="registration_anonymised_holds_nothing",
                violation_error_message=_("An entry made anonymous keeps neither name, number, contact nor address."),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    def get_absolute_url(self) -> str:
        return reverse("participants:registration_detail", args=[self.pk])

    @property
    def shown_code(self) -> str:
        """The number as it is read aloud: two groups of four."""
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def number(self) -> int:
        """By which a draw and its public list know the entry: it says nothing of the person, and never changes."""
        return int(self.pk)

    @property
    def shown_number(self) -> str:
        """As it stands in the list, without dots."""
        return str(self.number)

    @property
    def kind_of_business(self) -> str:
        return kind_of_business(self.business_kind)

    @property
    def business(self) -> str:
        """Its name and its kind, as far as they were declared."""
        return " · ".join(part for part in (self.business_name, self.kind_of_business) if part)

    @property
    def is_active(self) -> bool:
        return self.seat in ACTIVE_SEATS

    @property
    def is_doubtful(self) -> bool:
        """The identity number is on file with other contact data; whose entry it is, a verifier decides."""
        return self.person_id is None

    @property
    def can_be_corrected(self) -> bool:
        return self.is_active and self.check_state in {CheckState.PENDING, CheckState.NEEDS_FIX}

    def documents_asked(self, program: Program) -> dict[str, str]:
        """Kind -> how firmly the programme asks for a photo of it; empty for most programmes."""
        demands = program.demands
        if not demands:
            return demands
        group = self.target_group
        return documents_asked(demands, has_domicile_letter=self.has_domicile_letter, target_group=group)

    def is_pin_locked(self, now: datetime) -> bool:
        return self.pin_locked_until is not None and now < self.pin_locked_until

    def declared(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.DECLARED}
