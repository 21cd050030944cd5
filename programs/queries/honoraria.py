"""What the instructors of a batch are paid: from sessions and rates, without what was proposed already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from budgets.models import PayeeAccount, Payment, TaxKind
from programs.models import Batch, Grade, HonorariumRate, Instructor, Session
from programs.rules import Fee, Rate, fee_for

ENDED = (Payment.State.REJECTED, Payment.State.CANCELLED)
TAX_KINDS: dict[str, str] = {
    Instructor.Employment.EXTERNAL: TaxKind.NOT_EMPLOYEE,
    Instructor.Employment.CIVIL_SERVANT_1_2: TaxKind.CIVIL_SERVANT_2,
    Instructor.Employment.CIVIL_SERVANT_3: TaxKind.CIVIL_SERVANT_3,
    Instructor.Employment.CIVIL_SERVANT_4: TaxKind.CIVIL_SERVANT_4,
    Instructor.Employment.CONTRACT: TaxKind.UNSET,
}


@dataclass(frozen=True)
class FeeLine:
    """One session of one instructor. `obstacle` says why it cannot be proposed; `payment` what was proposed already."""

    session: Session
    rate: HonorariumRate | None
    fee: Fee | None
    obstacle: str
    payment: Payment | None
    account: PayeeAccount | None

    @property
    def is_ready(self) -> bool:
        return not self.obstacle and self.payment is None


def reference_of(session: Session) -> str:
    return f"session:{session.pk}"


def owner_of(instructor: Instructor) -> str:
    return f"instructor:{instructor.pk}"


def fees_of(batch: Batch, now: datetime) -> list[FeeLine]:
    """All sessions of the batch in order, in a fixed number of queries."""
    agency = batch.program.agency
    sessions = list(batch.sessions.planned().in_order().select_related("instructor", "topic"))
    for session in sessions:
        session.batch = batch
    rates = list(HonorariumRate.objects.filter(agency=agency))
    references = [reference_of(session) for session in sessions]
    payments = Payment.objects.filter(agency=agency, kind=Payment.Kind.HONORARIUM, reference__in=references)
    paid = {(row.reference, row.payee_key): row for row in payments.exclude(state__in=ENDED)}
    owners = {owner_of(session.instructor) for session in sessions if session.instructor}
    accounts = PayeeAccount.objects.filter(agency=agency, owner__in=owners, state=PayeeAccount.State.IN_FORCE)
    known = {row.owner: row for row in accounts.select_related("bank").defer("number")}
    return [_line(session, rates, paid, known, now) for session in sessions]


def _line(
    session: Session,
    rates: Sequence[HonorariumRate],
    paid: dict[tuple[str, str], Payment],
    accounts: dict[str, PayeeAccount],
    now: datetime,
) -> FeeLine:
    teacher = session.instructor
    if teacher is None:
        return FeeLine(session, None, None, "nobody", None, None)
    owner = owner_of(teacher)
    rate = _rate_for(teacher, session, rates)
    fee = _fee(session, rate) if rate else None
    return FeeLine(
        session=session,
        rate=rate,
        fee=fee,
        obstacle=_obstacle(session, teacher, rate, fee, now),
        payment=paid.get((reference_of(session), owner)),
        account=accounts.get(owner),
    )


def _rate_for(teacher: Instructor, session: Session, rates: Sequence[HonorariumRate]) -> HonorariumRate | None:
    """In force on the day of the session; one for the own rank goes before the one for everybody."""
    zone = session.batch.program.agency.zone
    day = session.during.lower.astimezone(zone).date()
    found = {row.grade: row for row in rates if row.role == teacher.paid_as and day in row.valid}
    return found.get(teacher.grade) or found.get(Grade.ANY)


def _fee(session: Session, rate: HonorariumRate) -> Fee:
    minutes = int((session.during.upper - session.during.lower).total_seconds() // 60)
    terms = Rate(rate.unit, rate.minutes_per_unit, rate.local_amount)
    return fee_for(terms, lesson_hours=session.lesson_hours, clock_minutes=minutes)


def _obstacle(
    session: Session, teacher: Instructor, rate: HonorariumRate | None, fee: Fee | None, now: datetime
) -> str:
    if teacher.own_staff:
        return "own_staff"
    if rate is None or fee is None:
        return "no_rate"
    if session.during.upper > now:
        return "not_over"
    return "" if fee.gross else "no_units"
