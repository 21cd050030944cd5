from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from participants.models.registration import Registration
from programs.models import Batch, Program
from programs.rules import Terms


class SelectionQuerySet(models.QuerySet["Selection"]):
    def visible_to(self, user: User) -> "SelectionQuerySet":
        return self.filter(
            scope_q(user, Permission.VIEW_REGISTRATIONS, agency="batch__program__agency", region="batch__region")
        )


class Selection(models.Model):
    """The frozen result of one batch: by what rule, of how many, and, after a draw, the opened seed.

    PostgreSQL refuses to change or delete it, and its rows: what happens to an entry later stands on the entry.
    """

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="selection")
    method = models.CharField(max_length=20, choices=Program.SelectionMethod.choices)
    terms_content = models.JSONField(default=dict)
    seats = models.PositiveIntegerField()
    waiting_places = models.PositiveIntegerField()
    seed = models.CharField(max_length=64, blank=True)
    seed_hash = models.CharField(max_length=64, blank=True)
    witness_words = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)
    list_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        constraints = [
            models.CheckConstraint(
                condition=Q(method="points", seed="", seed_hash="")
                | Q(method="draw", seed__regex=r"^[0-9a-f]{64}$", seed_hash__regex=r"^[0-9a-f]{64}$"),
                name="selection_draw_has_seed",
                violation_error_message=_("A draw opens its seed; points have none."),
            ),
            models.CheckConstraint(
                condition=Q(list_hash__regex=r"^[0-9a-f]{64}$"),
                name="selection_list_hash_formed",
                violation_error_message=_("The result has the hash of its public list."),
            ),
        ]

    def __str__(self) -> str:
        return f"Selection of batch {self.batch_id}"

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.terms_content)


class SelectionRow(models.Model):
    """What the selection decided about one entry, and why. `number` in the public list is the entry's own key."""

    class Outcome(models.TextChoices):
        HELD = "held", _("Gets a seat")
        WAITING = "waiting", _("Waiting list")
        NONE = "none", _("No seat")
        OUT = "out", _("Did not take part")

    class Reason(models.TextChoices):
        SEAT = "seat", _("within the seats")
        LEFTOVER = "leftover", _("a seat that was left over, beyond the limit of the group")
        SEATS = "seats", _("all seats are taken")
        LIMIT = "limit", _("the seats of the group are taken")
        UNVERIFIED = "unverified", _("not verified in time")
        REJECTED = "rejected", _("not accepted by the check")
        WITHDRAWN = "withdrawn", _("withdrawn")

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="rows", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="selection_rows")
    rank = models.PositiveIntegerField(null=True, blank=True)
    points = models.IntegerField(default=0)
    groups = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    full_group = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("line of a selection")
        verbose_name_plural = _("lines of selections")
        ordering = (F("rank").asc(nulls_last=True), "registration_id")
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "registration"],
                name="selection_row_once_per_entry",
                violation_error_message=_("This entry is in the result already."),
            ),
            models.UniqueConstraint(
                fields=["selection", "rank"],
                name="selection_row_rank_once",
                violation_error_message=_("Two entries cannot have the same rank."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="out", rank__isnull=True, reason__in=["unverified", "rejected", "withdrawn"])
                | Q(outcome="held", rank__isnull=False, reason__in=["seat", "leftover"])
                | Q(outcome__in=["waiting", "none"], rank__isnull=False, reason__in=["seats", "limit"]),
                name="selection_row_outcome_has_reason",
                violation_error_message=_("Each line of a result has an outcome and the reason that goes with it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.outcome}"

    @property
    def full_stratum(self) -> str:
        """What kind of group was full: region, sex, business_kind or target_group; empty where no limit decided."""
        return self.full_group.partition(":")[0]


class SeatTransfer(models.Model):
    """Unused seats of one batch given to another of the same programme, by the declared rule."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="seat_transfers")
    source = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="seats_given")
    target = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="seats_received")
    seats = models.PositiveIntegerField()
    note = models.CharField(max_length=250)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("transfer of seats")
        verbose_name_plural = _("transfers of seats")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gte=1) & ~Q(source=F("target")),
                name="seat_transfer_moves_something",
                violation_error_message=_("At least one seat goes from one batch to another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seats} seats, batch {self.source_id} to {self.target_id}"
