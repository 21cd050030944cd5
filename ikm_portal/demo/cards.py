"""Job seeker cards (AK1) of people trained in 2024: reports due and late, one that has run out, some in preparation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from ikm_portal.demo.accounts import BENDAN_KERGON
from participants import actions, rules
from participants.models import NEEDED_ITEMS, CardItem, CardReport, JobSeekerCard, Person, Registration

DAYS_OF_A_MONTH = 30.44


@dataclass(frozen=True)
class Held:
    """A card noted so many months ago; the first reports are noted in time. `end` is why it counts no more."""

    months: float
    reports: int
    end: str = ""


# The next report of these is due in: 3 days, 12 days, 25 days, 40 days ago, months; the sixth ran out last month.
CARDS = (
    Held(5.9, 0),
    Held(11.6, 1),
    Held(5.2, 0),
    Held(7.3, 0),
    Held(8.5, 1),
    Held(25, 3),
    Held(1, 0),
    Held(14, 2, JobSeekerCard.End.EMPLOYED),
    Held(10, 1, JobSeekerCard.End.SELF_EMPLOYED),
)
READY: tuple[tuple[CardItem, ...], ...] = (
    NEEDED_ITEMS,
    (*NEEDED_ITEMS, CardItem.CERTIFICATE),
    (CardItem.ID_CARD, CardItem.PHOTO, CardItem.DIPLOMA),
    (CardItem.ID_CARD,),
)
ANSWERS = {
    "birth_place": "Pekalongan",
    "marital_status": "kawin",
    "school": "SMA Contoh 1 Pekalongan",
    "major": "IPS",
    "graduated": "2009",
    "languages": "Indonesia, Jawa",
    "skills": "Membatik tulis dan cap, mengemas makanan ringan",
    "wanted_job": "Pembatik",
    "wanted_place": "Kota Pekalongan",
}


def cards_of_2024(entries: Sequence[Registration], officer: User, today: date) -> None:
    """One village, so that its officer, the list of the batch and the whole office have something to see."""
    people = [entry.person for entry in entries if entry.region_id == BENDAN_KERGON and entry.person is not None]
    for number, (person, held) in enumerate(zip(people, CARDS, strict=False), 1):
        _note(person, held, f"3375/AK1/{number:06d}", officer, today)
    for person, items in zip(people[len(CARDS) :], READY, strict=False):
        actions.prepare_card(person=person, items=[str(item) for item in items], by=officer)
    if len(people) > len(CARDS):
        actions.fill_card_sheet(person=people[len(CARDS)], answers=ANSWERS, by=officer)


def _note(person: Person, held: Held, number: str, officer: User, today: date) -> None:
    issued_on = today - timedelta(days=round(held.months * DAYS_OF_A_MONTH))
    lasting = rules.months_later(issued_on, 24)
    noted = actions.record_card(
        person=person, number=number, issued_on=issued_on, expires_on=max(lasting, today), by=officer
    )
    if lasting < today:
        _run_out(noted, issued_on, lasting)
    for report in noted.reports.order_by("number")[: held.reports]:
        actions.note_report(report=report, reported_on=report.due_on - timedelta(days=4), by=officer)
    if held.end:
        actions.end_card(card=noted, reason=held.end, ended_on=today - timedelta(days=20), by=officer)


def _run_out(card: JobSeekerCard, issued_on: date, expires_on: date) -> None:
    """It was noted while it was in force; today nobody may note one that has run out."""
    JobSeekerCard.objects.filter(pk=card.pk).update(expires_on=expires_on)
    CardReport.objects.filter(card=card).delete()
    days = rules.report_days(issued_on, expires_on, 6)
    CardReport.objects.bulk_create([CardReport(card=card, number=n, due_on=day) for n, day in enumerate(days, 1)])
