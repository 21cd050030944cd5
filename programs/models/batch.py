from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import BigIntegerField, Case, F, Func, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from programs.models.program import Program, Topic
from programs.models.session import Session
from regions.models import Region

TAKE_SEAT = """
UPDATE programs_batch SET
    seats_held = seats_held + CASE WHEN {free} THEN 1 ELSE 0 END,
    waiting_count = waiting_count + CASE WHEN {free} THEN 0 ELSE 1 END,
    last_queue_number = last_queue_number + 1
WHERE id = %s AND state = 'published' AND ({free} OR waiting_count < waiting_quota)
    AND (selection_method = 'first_come' OR selected_at IS NOT NULL)
RETURNING last_queue_number, waiting_count, seats_held, seats_offered
"""
# Shared with everybody else who enters; who freezes the result, cancels or changes the batch waits for all of them.
ENTER = """
SELECT id FROM programs_batch WHERE id = %s AND state = 'published' AND selection_method <> 'first_come'
    AND selected_at IS NULL AND registration_closes_at > clock_timestamp()
FOR SHARE
"""
MOMENT = "coalesce(extract(epoch FROM %(expressions)s)::bigint, 99999999999)"
FREE = "(waiting_count = 0 AND seats_held + seats_offered < quota)"


@dataclass(frozen=True)
class SeatAnswer:
    """What a newcomer got: a held seat (`position` 0) or a place on the waiting list (1 is next)."""

    queue_number: int
    position: int

    @property
    def is_held(self) -> bool:
        return self.position == 0


class BatchQuerySet(models.QuerySet["Batch"]):
    def public(self) -> "BatchQuerySet":
        return self.filter(state__in=Batch.PUBLIC_STATES, program__state__in=Program.PUBLIC_STATES)

    def visible_to(self, user: User, permission: Permission = Permission.VIEW_BATCHES) -> "BatchQuerySet":
        return self.filter(scope_q(user, permission, agency="program__agency", region="region"))

    def accepting(self, now: datetime) -> "BatchQuerySet":
        return self.filter(
            state=Batch.State.PUBLISHED,
            program__state=Program.State.OPEN,
            registration_opens_at__lte=now,
            registration_closes_at__gt=now,
        )

    def in_regions(self, codes: Sequence[str]) -> "BatchQuerySet":
        """Batches of these regions, of what lies in them, and of the larger regions that contain them."""
        within = Q()
        for code in codes:
            above = [code[:length] for length in (2, 5, 8) if length < len(code)]
            within |= Q(region=code) | Q(region__code__startswith=f"{code}.") | Q(region__in=above)
        return self.filter(within) if codes else self.none()

    def soonest_first(self) -> "BatchQuerySet":
        return self.order_by(F("starts_at").asc(nulls_last=True), "pk")

    def with_moment(self) -> "BatchQuerySet":
        """`moment`: the beginning as a number, for paging by key; what has no date comes last."""
        return self.annotate(moment=Func(F("starts_at"), template=MOMENT, output_field=BigIntegerField()))

    def with_chance(self, now: datetime) -> "BatchQuerySet":
        """`chance`: 0 has free seats, 1 a waiting list, 2 opens later, 3 is full, 4 takes nobody any more."""
        free = Q(waiting_count=0, quota__gt=F("seats_held") + F("seats_offered"))
        chance = Case(
            When(registration_opens_at__gt=now, then=2),
            When(registration_closes_at__lte=now, then=4),
            When(free, then=0),
            When(waiting_count__lt=F("waiting_quota"), then=1),
            default=3,
        )
        return self.annotate(chance=chance)

    def not_begun(self, now: datetime) -> "BatchQuerySet":
        return self.filter(starts_at__gt=now)

    def not_over(self, now: datetime) -> "BatchQuerySet":
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))

    def current(self, now: datetime) -> "BatchQuerySet":
        """Planned or running: what an office still has to do with."""
        return self.filter(state__in=[Batch.State.PLANNED, Batch.State.PUBLISHED]).not_over(now)

    def listed(self) -> "BatchQuerySet":
        """Only what a row of the desk's list shows."""
        program = ("program__name", "program__name_en", "program__state")
        region = ("region__code", "region__name", "region__kind")
        dates = ("registration_opens_at", "registration_closes_at", "starts_at", "ends_at")
        seats = (
            "selection_method",
            "selected_at",
            "quota",
            "waiting_quota",
            "seats_held",
            "seats_offered",
            "waiting_count",
        )
        return self.select_related("program", "region").only("name", "state", *dates, *seats, *program, *region)

    def with_office(self) -> "BatchQuerySet":
        """With programme, office and region: enough for a heading."""
        return self.select_related("program__agency", "program__fund_source", "region__parent")

    def with_parts(self) -> "BatchQuerySet":
        return self.with_office().prefetch_related("topics")

    def locked(self, pk: int) -> "Batch":
        """The batch's row, locked until the transaction ends: whoever moves seats holds it."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def take_seat(self, pk: int) -> SeatAnswer | None:
        """A seat, else a place on the waiting list, else None: one statement, whoever else presses at once.

        Nobody passes the queue: while somebody waits, a newcomer waits too.
        """
        with connection.cursor() as cursor:
            cursor.execute(TAKE_SEAT.format(free=FREE), [pk])
            row = cursor.fetchone()
        return SeatAnswer(queue_number=row[0], position=row[1]) if row else None

    def enter(self, pk: int) -> bool:
        """Whether the batch takes entries that wait for a selection; until the commit its state cannot change.

        No counter moves, so a crowd passes side by side.
        """
        with connection.cursor() as cursor:
            cursor.execute(ENTER, [pk])
            return cursor.fetchone() is not None

    def shift_seats(self, pk: int, *, held: int = 0, offered: int = 0, waiting: int = 0) -> None:
        """Move the counters; the constraints refuse what would not fit. The caller holds the lock."""
        self.filter(pk=pk).update(
            seats_held=F("seats_held") + held,
            seats_offered=F("seats_offered") + offered,
            waiting_count=F("waiting_count") + waiting,
        )


class Batch(models.Model):
    """One run of a programme in one region: seats, a waiting list, a registration window, sessions."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PUBLISHED = "published", _("Published")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    PUBLIC_STATES = (State.PUBLISHED, State.FINISHED, State.CANCELLED)

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="batches", verbose_name=_("programme"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="batches", verbose_name=_("region"))
    slug = models.SlugField(max_length=60, verbose_name=_("name in addresses"))
    name = models.CharField(max_length=120, verbose_name=_("name"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="batches", verbose_name=_("topics"))
    state = models.CharField(max_length=20, choices=State.choices, default=State.PLANNED, verbose_name=_("state"))
    registration_opens_at = models.DateTimeField(verbose_name=_("registration opens"))
    registration_closes_at = models.DateTimeField(verbose_name=_("registration closes"))
    # Taken from the programme when the batch is published, and never changed while people enter.
    selection_method = models.CharField(
        max_length=20,
        choices=Program.SelectionMethod.choices,
        default=Program.SelectionMethod.FIRST_COME,
        db_default=Program.SelectionMethod.FIRST_COME,
        editable=False,
        verbose_name=_("selection"),
    )
    selected_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("result frozen at"))
    quota = models.PositiveIntegerField(verbose_name=_("seats"))
    waiting_quota = models.PositiveIntegerField(default=0, verbose_name=_("places on the waiting list"))
    seats_held = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("seats held"))
    seats_offered = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("seats offered"))
    waiting_count = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("waiting"))
    last_queue_number = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("last place given"))
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("cancelled at"))
    cancel_reason = models.CharField(
        max_length=250, blank=True, editable=False, verbose_name=_("reason of the cancellation")
    )

    # The first and last moment of its planned sessions. PostgreSQL keeps them whenever a session changes.
    starts_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("starts at"))
    ends_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("ends at"))
    # Filled by `live_batch()`: what changes when anything does that a page of the batch shows, or its list of places.
    version: tuple[Any, ...] | None = None
    places_version: str | None = None
    read_at: float | None = None

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("region__code", "slug")
        indexes = [
            models.Index("ends_at", condition=Q(state__in=["planned", "published"]), name="batch_not_over"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "slug"],
                name="batch_slug_once_per_program",
                violation_error_message=_("The programme has a batch with this address already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "published", "finished", "cancelled"]),
                name="batch_state_known",
                violation_error_message=_("A batch is planned, published, finished or cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(seats_held__gte=0, seats_offered__gte=0, quota__gte=F("seats_held") + F("seats_offered")),
                name="batch_seats_within_quota",
                violation_error_message=_("Held and offered seats cannot exceed the quota."),
            ),
            models.CheckConstraint(
                condition=Q(waiting_count__gte=0, waiting_count__lte=F("waiting_quota")),
                name="batch_waiting_within_limit",
                violation_error_message=_("More people wait than the waiting list has places."),
            ),
            models.CheckConstraint(
                condition=Q(selection_method__in=["first_come", "points", "draw"]),
                name="batch_selection_method_known",
                violation_error_message=_("Seats go to who comes first, by points, or by a draw."),
            ),
            models.CheckConstraint(
                condition=Q(selection_method="first_come", selected_at__isnull=True)
                | (
                    ~Q(selection_method="first_come")
                    & (
                        Q(selected_at__isnull=False, selected_at__gte=F("registration_closes_at"))
                        | Q(selected_at__isnull=True, seats_held=0, seats_offered=0, waiting_count=0)
                    )
                ),
                name="batch_seats_follow_the_selection",
                violation_error_message=_("Seats are given by the result, which is frozen after registration closed."),
            ),
            models.CheckConstraint(
                condition=Q(quota__gte=1, quota__lte=10_000),
                name="batch_quota_between_1_and_10000",
                violation_error_message=_("The quota is between 1 and 10,000 seats."),
            ),
            models.CheckConstraint(
                condition=Q(registration_closes_at__gt=F("registration_opens_at")),
                name="batch_registration_closes_after_opening",
                violation_error_message=_("Registration must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
                name="batch_cancelled_has_time",
                violation_error_message=_("A cancelled batch needs the time of cancellation, another has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:batch_detail", args=[self.program.slug, self.slug])

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC_STATES and self.program.is_public

    @property
    def is_selecting(self) -> bool:
        """Entries are taken without limit; seats follow a result that is not there yet."""
        return self.selection_method != Program.SelectionMethod.FIRST_COME and self.selected_at is None

    @property
    def seats_taken(self) -> int:
        return self.seats_held + self.seats_offered

    @property
    def seats_free(self) -> int:
        return max(self.quota - self.seats_taken, 0) if self.waiting_count == 0 else 0

    @property
    def waiting_free(self) -> int:
        return max(self.waiting_quota - self.waiting_count, 0)

    @property
    def expected_position(self) -> int:
        """Where a newcomer would come to stand now: 0 is a seat, 1 is next on the waiting list."""
        return 0 if self.seats_free else self.waiting_count + 1

    @property
    def is_full(self) -> bool:
        return self.seats_free == 0 and self.waiting_free == 0

    def phase(self, now: datetime | None = None) -> str:
        """What a visitor sees: planned, upcoming, open, waiting, full, closed, finished or cancelled."""
        now = now or timezone.now()
        if self.state != self.State.PUBLISHED:
            return self.state
        if now < self.registration_opens_at:
            return "upcoming"
        is_over = now >= self.registration_closes_at or self.selected_at is not None
        if is_over or self.program.state != Program.State.OPEN:
            return "closed"
        if self.seats_free:
            return "open"
        return "waiting" if self.waiting_free else "full"

    @property
    def is_over(self) -> bool:
        """The last planned session has ended."""
        return self.ends_at is not None and self.ends_at <= timezone.now()

    def planned_sessions(self) -> list[Session]:
        """In order, with venue and topic, as they were when a live batch was read."""
        planned: list[Session] | None = vars(self).get("planned")
        if planned is not None:
            return planned
        return list(self.sessions.planned().in_order().select_related("venue", "topic"))

    def first_day(self, now: datetime) -> date:
        """The day on which ages count, by the office's calendar: of the first session, today where none is planned."""
        return (self.starts_at or now).astimezone(self.program.agency.zone).date()

    def offer_expires_at(self, now: datetime, starts_at: datetime | None) -> datetime | None:
        """Until when a freed seat is kept for the next in line; None once the first session has begun."""
        deadline = now + timedelta(hours=self.program.offer_hours)
        if starts_at is None:
            return deadline
        return min(deadline, starts_at) if starts_at > now else None
