"""P5 as it was: 30 owners of 30 kinds of food business, five days in a hotel in Kendari, with a partner university."""

from datetime import date, timedelta
from random import Random

from accounts.models import User
from ikm_portal.demo.days import at
from ikm_portal.demo.draws import declare_then, freeze_then
from ikm_portal.demo.enrolment import Enrolment, Entry, moments
from ikm_portal.demo.offices import Office
from ikm_portal.demo.residents import Residents
from participants.models import Selection
from programs.actions import SessionPlan, create_batch, publish_batch
from programs.models import Batch, Partner, Program, TargetGroup
from programs.rules import Limit, Terms

YEAR = 2023
# The report says 19 to 24 September: six days that end on a Sunday, while the training lasted five.
DAYS = [date(YEAR, 9, day) for day in (19, 20, 21, 22, 23)]
FRIDAY = 4
KINDS = (
    *("Abon ikan", "Bakso ikan", "Bawang goreng", "Dodol sagu", "Es krim buah", "Gula aren", "Ikan asap"),
    *("Jus buah", "Kacang mete", "Kasoami kering", "Keripik pisang", "Keripik singkong", "Kerupuk ikan"),
    *("Kopi bubuk", "Kue bagea", "Kue kering", "Kue basah", "Madu kemasan", "Minuman herbal", "Minyak kelapa"),
    *("Nugget ikan", "Olahan rumput laut", "Otak-otak", "Roti dan donat", "Sambal kemasan", "Selai buah"),
    *("Sinonggi instan", "Tahu dan tempe", "Terasi", "Teri krispi"),
)
TERMS = Terms(limits=(Limit("business_kind", 1),))
SUMMARY = (
    "Lima hari pelatihan pengolahan pangan di hotel bagi 30 pemilik usaha dari 30 jenis usaha, dengan materi dari "
    "Universitas Halu Oleo. Kursi diundi, satu untuk setiap jenis usaha."
)
SUMMARY_EN = (
    "Five days of food processing in a hotel for 30 owners of 30 kinds of business, taught by Halu Oleo University. "
    "Seats were drawn by lot, one for each kind of business."
)


def university(office: Office) -> Partner:
    found, _made = Partner.objects.get_or_create(
        agency=office.agency,
        name="Universitas Halu Oleo",
        defaults={"kind": Partner.Kind.ACADEMIA, "region": office.agency.region},
    )
    return found


def true_edition(office: Office, officer: User) -> Selection:
    """Registered in August, drawn on 11 September, trained from the 19th to the 23rd: long over."""
    zone = office.agency.zone
    program = _program(office)
    opens, closes = at(date(YEAR, 8, 21), "08:00", zone), at(date(YEAR, 9, 8), "16:00", zone)
    batch = create_batch(
        program=program,
        region=office.agency.region,
        name="Angkatan I",
        slug="angkatan-1",
        quota=len(KINDS),
        waiting_quota=5,
        opens_at=opens,
        closes_at=closes,
        topics=office.topics,
        sessions=_sessions(office),
        by=officer,
    )
    batch = publish_batch(batch=batch, by=officer)
    declare_then(batch, at=opens - timedelta(days=3), seed_words="Kendari 2023")
    _enrol(batch, office, officer)
    selection = freeze_then(batch, at=at(date(YEAR, 9, 11), "10:00", zone), words="dadu 3, 5, 1", by=officer)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FINISHED)
    Program.objects.filter(pk=program.pk).update(state=Program.State.FINISHED)
    return selection


def _enrol(batch: Batch, office: Office, officer: User) -> None:
    """47 applicants: one of each kind of business, and seventeen more of some."""
    opens, closes = batch.registration_opens_at, batch.registration_closes_at
    chance = Random("kendari 2023")
    people = Residents(edition=1, city="74", day=DAYS[0], first_phone=9100)
    enrolment = Enrolment(verifier=officer, witness=officer, chance=chance, with_trail=False)
    wanted = [*KINDS, *chance.choices(KINDS, k=17)]
    chance.shuffle(wanted)
    entries = [
        Entry(
            people.next(
                chance.choice(office.villages), target_group=TargetGroup.BUSINESS_OWNER, business_kind=wanted[number]
            ),
            at=moment,
            checked_at=closes - timedelta(minutes=30 + number),
        )
        for number, moment in enumerate(moments(chance, len(wanted), opens, closes - timedelta(days=1)))
    ]
    enrolment.add(batch, at(DAYS[0], "08:00", office.agency.zone), entries)
    enrolment.write()


def _program(office: Office) -> Program:
    program = Program.objects.create(
        agency=office.agency,
        fund_source=office.fund(YEAR, "PMK 215/PMK.07/2021"),
        slug=f"pelatihan-pangan-kendari-{YEAR}",
        name=f"Pelatihan Pengolahan Pangan {YEAR}",
        name_en=f"Food Processing Training {YEAR}",
        summary=SUMMARY,
        summary_en=SUMMARY_EN,
        state=Program.State.OPEN,
        duplicate_rule=Program.DuplicateRule.PER_TOPIC,
        selection_method=Program.SelectionMethod.DRAW,
        selection_terms=TERMS.as_json(),
        business_list=Program.BusinessList.OWN,
        business_kinds="\n".join(KINDS),
    )
    program.rules.create(kind="age", minimum=18, maximum=64, position=1)
    program.rules.create(kind="domicile", values=["id_card"], position=2)
    return program


def _sessions(office: Office) -> list[SessionPlan]:
    """Five named days in the hotel; Friday ends before prayers."""
    zone, hotel, partner = office.agency.zone, office.venues[office.agency.region_id], university(office)
    plans = []
    for number, day in enumerate(DAYS):
        hours = [("08:00", "11:30", 4)] if day.weekday() == FRIDAY else [("08:00", "12:00", 5), ("13:00", "16:00", 4)]
        plans += [
            SessionPlan(
                begin=at(day, begin, zone),
                end=at(day, end, zone),
                topic=office.topics[number // 3],
                lesson_hours=lessons,
                instructor=office.teachers[number // 3],
                venue=hotel,
                partner=partner,
            )
            for begin, end, lessons in hours
        ]
    return plans
