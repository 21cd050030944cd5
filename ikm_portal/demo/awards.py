"""P1 to its end: thirty pitches scored by three jurors, a locked result, six awards paid and their papers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from accounts.models import User
from budgets.actions import (
    AccountDetails,
    Outcome,
    approve_payments,
    enter_account,
    load_money_lists,
    make_transfer_list,
    record_outcome,
)
from budgets.models import Bank, TransferLayout, TransferList
from documents.actions import issue_many
from documents.kinds import paper_kinds
from ikm_portal.demo import after
from ikm_portal.demo.competitions import Stage
from ikm_portal.demo.days import at
from incentives.actions import lock_result, propose_awards
from incentives.models import Competition, Entry, Juror, Score, ScoreSheet
from incentives.queries.awards import awards_of, objections_until, owner_of, payee_name
from incentives.rules import business_key

JURY = (
    ("Dr. Ir. Laksmi Hapsari, M.T.", "Universitas Pekalongan"),
    ("H. Fajar Nugroho, S.E.", "Kamar Dagang dan Industri"),
    ("Yuliana Prameswari", "Komunitas Batik Digital"),
)
WORDS = ("Berkah", "Sejahtera", "Mandiri", "Lestari", "Makmur", "Cahaya", "Barokah", "Nusantara", "Rejeki", "Utama")
TRADES = {"Pangan": "Dapur", "Kriya": "Kriya", "Jasa": "Jasa"}


@dataclass(frozen=True)
class Purse:
    """The three people that a payment takes."""

    proposes: User
    approves: User
    pays: User


def paid_out(stage: Stage, *, officer: User, verifier: User, purse: Purse) -> None:
    competition = stage.competition
    zone = competition.program.agency.zone
    held_on = competition.held_on
    if held_on is None:
        return
    load_money_lists(by=None)
    noon = at(held_on, "14:00", zone)
    entries = _pitched(stage, verifier, noon)
    jurors = _jury(competition, officer, noon)
    _score(competition, jurors, entries, noon)
    competition.refresh_from_db()
    result = lock_result(competition=competition, chair=jurors[0], by=None, now=noon)
    competition.refresh_from_db()
    day = objections_until(competition, result) + timedelta(days=1)
    for code, on in (("jury_minutes", held_on), ("winner_announcement", held_on), ("winners_decree", day)):
        kind = paper_kinds()[code]
        issue_many(
            kind=kind, scope=competition.reference, subjects=list(kind.subjects(competition)), date=on, by=officer
        )
    _pay(competition, purse, day + timedelta(days=7))
    after.followed(competition, officer=officer)


def _pitched(stage: Stage, verifier: User, noon: datetime) -> list[Entry]:
    """Admitted, and each a quarter of an hour on the stage."""
    made = []
    for place, registration in enumerate(stage.registrations, 1):
        trade = TRADES.get(registration.business_kind, "Usaha")
        first = registration.full_name.split()[0]
        name = f"{trade} {first} {WORDS[place % len(WORDS)]}"
        began = noon - timedelta(hours=8) + timedelta(minutes=15 * place)
        made.append(
            Entry(
                competition=stage.competition,
                registration=registration,
                state=Entry.State.ADMITTED,
                region_id=registration.region_id,
                title=f"{name}: berjualan lewat telepon genggam",
                business_name=name,
                business_key=business_key(name),
                submitted_at=noon - timedelta(days=7),
                checked_at=noon - timedelta(days=3),
                checked_by=verifier,
                position=place,
                planned_at=began,
                pitch_began_at=began,
                pitch_ended_at=began + timedelta(minutes=14),
            )
        )
    return Entry.objects.bulk_create(made)


def _jury(competition: Competition, officer: User, noon: datetime) -> list[Juror]:
    return Juror.objects.bulk_create(
        Juror(
            competition=competition,
            name=name,
            institution=institution,
            is_chair=number == 0,
            position=number + 1,
            declared_at=noon - timedelta(days=1),
            created_by=officer,
        )
        for number, (name, institution) in enumerate(JURY)
    )


def _score(competition: Competition, jurors: list[Juror], entries: list[Entry], noon: datetime) -> None:
    """One juror is milder and one stricter; the third has a hobby horse. Totals differ, so no tie is left open."""
    chance, edition = Random("penjurian"), competition.edition
    if edition is None:
        return
    criteria = list(edition.criteria.all())
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(competition=competition, juror=juror, entry=entry, edition=edition)
        for juror in jurors
        for entry in entries
    )
    worth = {entry.pk: chance.uniform(58, 88) for entry in entries}
    lean = dict(zip((juror.pk for juror in jurors), (2.5, -3.0, 0.5), strict=True))
    Score.objects.bulk_create(
        Score(
            sheet=sheet,
            criterion=criterion,
            value=Decimal(round(min(98, max(40, worth[sheet.entry_id] + lean[sheet.juror_id] + chance.gauss(0, 3))))),
        )
        for sheet in sheets
        for criterion in criteria
    )
    Competition.objects.filter(pk=competition.pk).update(first_score_at=noon - timedelta(hours=7))
    ScoreSheet.objects.filter(competition=competition).update(
        state=ScoreSheet.State.SUBMITTED, submitted_at=noon - timedelta(hours=1), saved_at=noon - timedelta(hours=1)
    )


def _pay(competition: Competition, purse: Purse, day: date) -> None:
    """Proposed, approved and paid by three people, by one transfer list; each winner has an account of their own."""
    agency, bank = competition.program.agency, Bank.objects.get(code="113")
    for number, award in enumerate(awards_of(competition), 1):
        name = payee_name(award)
        details = AccountDetails(bank=bank, number=f"20071{number:05d}", holder_name=name)
        enter_account(agency=agency, owner=owner_of(award), payee_name=name, details=details, by=purse.proposes)
    payments = propose_awards(competition=competition, by=purse.proposes)
    approve_payments(payments=payments, by=purse.approves)
    today = agency.today()
    paid_on = day if day <= today and day.year == today.year else today
    layout = TransferLayout.objects.usable(agency, today)[0]
    made = make_transfer_list(payments=payments, layout=layout, by=purse.pays)
    numbers = dict.fromkeys(made.lines.values_list("pk", flat=True), f"SP2D {paid_on.year}/118")
    record_outcome(transfer_list=made, outcome=Outcome(paid_on, numbers), by=purse.pays)
    morning = at(paid_on, "09:00", agency.zone)
    TransferList.objects.filter(pk=made.pk).update(made_at=morning, closed_at=morning + timedelta(hours=4))
