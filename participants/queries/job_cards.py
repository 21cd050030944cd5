"""Who holds or prepares a job seeker card (AK1), and what is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Upper

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.pages import Counted, counted
from participants.models import (
    NEEDED_ITEMS,
    CardPreparation,
    CardReport,
    JobSeekerCard,
    JobSeekerCardQuerySet,
    Person,
    PersonQuerySet,
    Registration,
    Seat,
)
from programs.models import Batch

SOON = timedelta(days=30)
DAY_NUMBER = "(%(expressions)s - DATE '1970-01-01')::bigint"


@dataclass(frozen=True)
class JobCard:
    """What is known of one person's card: for the office, and for the person."""

    card: JobSeekerCard | None
    reports: list[CardReport]
    preparation: CardPreparation | None
    former: list[JobSeekerCard]
    today: date

    @property
    def next_report(self) -> CardReport | None:
        return next((report for report in self.reports if report.reported_on is None), None)

    @property
    def overdue(self) -> list[CardReport]:
        return [report for report in self.reports if report.reported_on is None and report.due_on < self.today]

    @property
    def has_run_out(self) -> bool:
        return self.card is not None and self.card.expires_on < self.today

    @property
    def is_known(self) -> bool:
        return self.card is not None or self.preparation is not None


@dataclass(frozen=True)
class CardEntry:
    """One participant of a batch, with what is noted of a card."""

    person_id: int
    full_name: str
    place: str
    last4: str | None
    expires_on: date | None
    next_due: date | None
    items: list[str] | None

    @property
    def ready(self) -> int:
        return len({str(item) for item in NEEDED_ITEMS}.intersection(self.items or []))

    @property
    def is_ready(self) -> bool:
        return self.last4 is None and self.ready == len(NEEDED_ITEMS)


@dataclass(frozen=True)
class CardFigures:
    due: Counted
    held: Counted
    preparing: Counted
    ended: Counted


def card_persons(user: User) -> PersonQuerySet:
    """Who lives in the area of the role, or registered for a batch in it."""
    keeps = Permission.KEEP_JOB_CARDS
    in_batch = scope_q(user, keeps, agency="batch__program__agency", region="batch__region")
    entries = Registration.objects.filter(in_batch, person=OuterRef("pk"))
    return Person.objects.filter(scope_q(user, keeps) | Q(Exists(entries)))


def job_card_of(person: Person) -> JobCard:
    """The card, its reports in order, what is ready; the caller decides who may see it."""
    cards = list(person.job_cards.order_by("-pk"))
    card = next((one for one in cards if one.ended_on is None), None)
    reports = list(card.reports.select_related("card")) if card else []
    preparation = CardPreparation.objects.filter(person=person).select_related("updated_by").first()
    former = [one for one in cards if one.ended_on is not None]
    return JobCard(card, reports, preparation, former, person.agency.today())


def due_cards(user: User, today: date) -> JobSeekerCardQuerySet:
    """In force, with a report that is due within the month or overdue; the most urgent first by `moment`."""
    soon = CardReport.objects.filter(card=OuterRef("pk"), reported_on__isnull=True, due_on__lte=today + SOON)
    found = JobSeekerCard.objects.visible_to(user).in_force().filter(Exists(soon))
    return with_next_due(found).annotate(moment=_day_number("next_due"))


def held_cards(user: User) -> JobSeekerCardQuerySet:
    found = with_next_due(JobSeekerCard.objects.visible_to(user).in_force())
    return found.annotate(moment=_day_number("expires_on"))


def ended_cards(user: User) -> JobSeekerCardQuerySet:
    found = with_next_due(JobSeekerCard.objects.visible_to(user).filter(ended_on__isnull=False))
    return found.annotate(moment=_day_number("ended_on"))


def with_next_due(cards: JobSeekerCardQuerySet) -> JobSeekerCardQuerySet:
    """`next_due`: the first report that nobody noted yet."""
    reports = CardReport.objects.filter(card=OuterRef("pk"), reported_on__isnull=True).order_by("due_on")
    return cards.annotate(next_due=Subquery(reports.values("due_on")[:1]))


def preparing(user: User) -> "QuerySet[CardPreparation]":
    """Who has papers on the list and no card in force."""
    reach = scope_q(user, Permission.KEEP_JOB_CARDS, agency="person__agency", region="person__region")
    held = JobSeekerCard.objects.in_force().filter(person=OuterRef("person"))
    return CardPreparation.objects.filter(reach).exclude(Exists(held))


def card_figures(user: User, today: date) -> CardFigures:
    return CardFigures(
        counted(due_cards(user, today)),
        counted(held_cards(user)),
        counted(preparing(user)),
        counted(ended_cards(user)),
    )


def card_entries(batch: Batch) -> list[CardEntry]:
    """Who holds a seat of this batch, by name; doubtful entries belong to nobody yet."""
    cards = JobSeekerCard.objects.in_force().filter(person=OuterRef("person"))
    reports = CardReport.objects.open().filter(card__person=OuterRef("person")).order_by("due_on")
    prepared = CardPreparation.objects.filter(person=OuterRef("person"))
    entries = Registration.objects.filter(batch=batch, seat=Seat.HELD, person__isnull=False).annotate(
        last4=Subquery(cards.values("number_last4")[:1]),
        expires_on=Subquery(cards.values("expires_on")[:1]),
        next_due=Subquery(reports.values("due_on")[:1]),
        items=Subquery(prepared.values("items")[:1]),
    )
    shown = ("person_id", "full_name", "region__name", "last4", "expires_on", "next_due", "items")
    return [CardEntry(*row) for row in entries.order_by(Upper("full_name"), "pk").values_list(*shown)]


def trainings_of(person: Person) -> list[Registration]:
    """What the person was trained in at this office: a line of the data sheet each."""
    done = Registration.objects.filter(person=person, seat=Seat.HELD, batch__state=Batch.State.FINISHED)
    return list(done.select_related("batch__program").defer("nik").order_by("-batch__starts_at", "-pk"))


def _day_number(column: str) -> Func:
    """For paging by key."""
    return Func(F(column), template=DAY_NUMBER, output_field=BigIntegerField())
