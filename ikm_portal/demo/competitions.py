"""P1: digital start-ups before a jury, twice: once just before its day, once long decided."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from accounts.models import User
from budgets.actions import Decree, apply_version, enter_line
from budgets.models import BudgetLine, FundSource
from budgets.rules import parse_account_code, parse_sub_activity_code
from ikm_portal.demo.attendance import everybody_came
from ikm_portal.demo.days import at, is_working_day
from ikm_portal.demo.editions import Staff
from ikm_portal.demo.enrolment import Enrolment, Entry, moments
from ikm_portal.demo.money import INDUSTRY
from ikm_portal.demo.offices import Office
from ikm_portal.demo.residents import Residents
from incentives.actions import create_competition, declare_competition
from incentives.models import Competition
from incentives.queries.dates import Dates
from participants.models import Registration
from programs.actions import SessionPlan, create_batch, publish_batch
from programs.models import Batch, Program, TargetGroup

PRIZES = ("5.1.02.05.01.0001", "Belanja Hadiah yang Bersifat Perlombaan")
CEILING = 60_000_000
BUSINESSES = ("Pangan", "Kriya", "Jasa")
# By wave: of the second two are still looked at when thirty are admitted.
PARTICIPANTS = {1: 30, 2: 32}
SUMMARY = (
    "Pembekalan IKM rintisan berbasis digital: pangan, kriya, dan jasa. Sekitar tiga puluh peserta dilatih, lalu "
    "mempresentasikan usahanya di depan juri. Enam pemenang menerima insentif."
)
SUMMARY_EN = (
    "Digital start-ups of small industry: food, craft and services. About thirty participants are trained and present "
    "their business to a jury. Six winners receive an incentive."
)


@dataclass(frozen=True)
class Stage:
    """A declared competition, and the participants of its programme who may enter."""

    competition: Competition
    registrations: list[Registration]


def before_the_jury(office: Office, staff: Staff, now: datetime) -> Stage:
    """Entries closed two days ago, the pitches are on a working day of this week or the next."""
    day = now.astimezone(office.agency.zone).date() + timedelta(days=3)
    while not is_working_day(day):
        day += timedelta(days=1)
    zone = office.agency.zone
    closes = at(now.astimezone(zone).date() - timedelta(days=2), "16:00", zone)
    return _stage(office, staff, held_on=day, closes=closes, wave=2)


def long_decided(office: Office, staff: Staff, now: datetime) -> Stage:
    """Its pitches were nine weeks ago, and its winners have reported how they used the money: all but one."""
    day = now.astimezone(office.agency.zone).date() - timedelta(days=63)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return _stage(office, staff, held_on=day, closes=at(day - timedelta(days=5), "16:00", office.agency.zone), wave=1)


def _stage(office: Office, staff: Staff, *, held_on: date, closes: datetime, wave: int) -> Stage:
    zone, year = office.agency.zone, office.agency.today().year
    line = _line(office, year, staff.officer)
    program = _program(office, line, wave)
    opens = at(closes.astimezone(zone).date() - timedelta(days=10), "08:00", zone)
    registrations = _trained(program, office, staff, last_day=opens.date() - timedelta(days=3), wave=wave)
    venue = next(iter(office.venues.values()), None)
    dates = Dates(opens, closes, held_on, time(8), venue, line)
    name = f"Lomba IKM Rintisan Digital gelombang {'I' * wave}"
    competition = create_competition(program=program, name=name, dates=dates, by=staff.officer)
    if wave == 1:
        competition.editions.update(report_months=1)
    declared = declare_competition(competition=competition, by=staff.officer, now=opens - timedelta(days=7))
    return Stage(declared, registrations)


def _line(office: Office, year: int, by: User) -> BudgetLine:
    """The city's own money pays the prizes of both competitions."""
    fund, is_new = FundSource.objects.get_or_create(
        agency=office.agency,
        code="apbd",
        fiscal_year=year,
        defaults={"name": "APBD Kota Pekalongan", "legal_basis": "Perda Kota Pekalongan tentang APBD"},
    )
    if not is_new:
        return fund.lines.get(account_code=PRIZES[0])
    line = BudgetLine(
        fund=fund,
        sub_activity_code=INDUSTRY[0],
        sub_activity_key=parse_sub_activity_code(INDUSTRY[0]),
        sub_activity_name=INDUSTRY[1],
        account_code=PRIZES[0],
        account_key=parse_account_code(PRIZES[0]),
        account_name=PRIZES[1],
    )
    line = enter_line(line=line, by=by)
    decree = Decree("original", f"DPA/A.1/{INDUSTRY[0][:4]}/002/{year}", date(year, 1, 3))
    apply_version(fund=fund, decree=decree, amounts={line.pk: CEILING}, by=by)
    return line


def _program(office: Office, line: BudgetLine, wave: int) -> Program:
    roman = "I" * wave
    program = Program.objects.create(
        agency=office.agency,
        fund_source=line.fund,
        slug=f"ikm-rintisan-digital-{line.fund.fiscal_year}-{wave}",
        name=f"IKM Rintisan Digital {line.fund.fiscal_year} gelombang {roman}",
        name_en=f"Digital Start-ups {line.fund.fiscal_year}, wave {roman}",
        summary=SUMMARY,
        summary_en=SUMMARY_EN,
        state=Program.State.OPEN,
        duplicate_rule=Program.DuplicateRule.PER_TOPIC,
        business_list=Program.BusinessList.OWN,
        business_kinds="\n".join(BUSINESSES),
    )
    program.budget_lines.set([line])
    program.rules.create(kind="age", minimum=18, maximum=64, position=1)
    return program


def _trained(program: Program, office: Office, staff: Staff, *, last_day: date, wave: int) -> list[Registration]:
    """Thirty owners of small businesses from all over the city, two days of training, all of whom came."""
    zone, first = office.agency.zone, last_day - timedelta(days=1)
    opens, closes = at(first - timedelta(days=21), "08:00", zone), at(first - timedelta(days=5), "16:00", zone)
    hours = [("08:00", "12:00", 5), ("13:00", "16:00", 4)]
    batch = create_batch(
        program=program,
        region=office.agency.region,
        name="Angkatan rintisan digital",
        slug="angkatan-1",
        quota=PARTICIPANTS[wave],
        waiting_quota=0,
        opens_at=opens,
        closes_at=closes,
        topics=office.topics[3:4],
        sessions=[
            SessionPlan(begin=at(day, begin, zone), end=at(day, end, zone), lesson_hours=lessons)
            for day in (first, last_day)
            for begin, end, lessons in hours
        ],
        by=staff.officer,
    )
    batch = publish_batch(batch=batch, by=staff.officer)
    entries = _enrol(batch, office, staff, opens, closes, wave)
    everybody_came(batch, entries, staff.officer)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FINISHED)
    return entries


def _enrol(
    batch: Batch, office: Office, staff: Staff, opens: datetime, closes: datetime, wave: int
) -> list[Registration]:
    batch = Batch.objects.with_parts().get(pk=batch.pk)
    chance = Random(f"rintisan {wave}")
    people = Residents(edition=90 + wave, city="71", day=opens.date(), first_phone=9_750 + 40 * wave)
    enrolment = Enrolment(verifier=staff.verifier, witness=staff.officer, chance=chance)
    found = [
        Entry(
            people.next(
                office.villages[number * 7 % len(office.villages)],
                target_group=TargetGroup.BUSINESS_OWNER,
                business_kind=BUSINESSES[number % 3],
            ),
            at=moment,
            checked_at=moment + timedelta(hours=20),
        )
        for number, moment in enumerate(moments(chance, PARTICIPANTS[wave], opens, closes - timedelta(days=1)))
    ]
    enrolment.add(batch, batch.starts_at or opens, found)
    return enrolment.write()
