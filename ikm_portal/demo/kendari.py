"""A second office, in another time zone: a programme like P5, food processing, five days in a hotel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import prefetch_related_objects

from accounts.models import User
from ikm_portal.demo import specimens
from ikm_portal.demo.cases import SENDER
from ikm_portal.demo.days import at, working_week
from ikm_portal.demo.enrolment import Enrolment, Entry, moments
from ikm_portal.demo.kendari_2023 import KINDS, TERMS, university
from ikm_portal.demo.offices import Office
from ikm_portal.demo.residents import Residents
from kit.family_cards import hash_household
from participants import actions
from participants.models import CheckState, Consent, EvidenceKind, Registration
from participants.queries import PORTAL_EDITION
from programs.actions import SessionPlan, create_batch, publish_batch
from programs.models import Batch, Demand, Program, TargetGroup

SUMMARY = (
    "Lima hari pelatihan pengolahan pangan bagi 30 pemilik usaha kecil di Kota Kendari, tanpa biaya: mutu bahan, "
    "keamanan pangan, kemasan dan label, izin edar, serta menghitung harga jual. "
    "Pengajar berasal dari perguruan tinggi mitra. Kursi diundi, satu untuk setiap jenis usaha."
)
SUMMARY_EN = (
    "Five days of food processing for 30 owners of small businesses in Kendari, free of charge: good ingredients, "
    "food safety, packaging and labels, permits, and how to set a price. Taught by the "
    "partner university. Seats are drawn by lot, one for each kind of business."
)


@dataclass(frozen=True)
class Food:
    """The programme's batch, its people so far, and who else could come."""

    batch: Batch
    registrations: list[Registration]
    people: Residents


def food_program(office: Office, officer: User, now: datetime) -> Food:
    program = _program(office, now.astimezone(office.agency.zone).year)
    batch, first_day = _batch(program, office, officer, now)
    people = Residents(edition=0, city="74", day=first_day.date(), first_phone=9000)
    chance = Random("kendari")
    enrolment = Enrolment(verifier=officer, witness=officer, chance=chance)
    entries = [
        Entry(
            people.next(
                chance.choice(office.villages),
                target_group=TargetGroup.BUSINESS_OWNER,
                business_kind=chance.choice(KINDS),
                household_hash=hash_household(_family_card(number)),
            ),
            at=moment,
            checked_at=moment + (now - moment) * 0.8 if number < 8 else None,
        )
        for number, moment in enumerate(moments(chance, 17, batch.registration_opens_at, now - timedelta(minutes=30)))
    ]
    enrolment.add(batch, first_day, entries)
    return Food(batch, enrolment.write(), people)


def _family_card(number: int) -> str:
    """Everybody has a card of their own, but for the tenth, whose family the third is of too."""
    return f"997471010120{2 if number == 9 else number:04d}"


def photos_of_documents(food: Food, officer: User) -> None:
    """A guest who has sent nothing yet; photos that wait for the check; one that could not be read."""
    village = food.registrations[0].region
    said = food.people.next(
        village,
        woman=True,
        full_name=SENDER.name,
        target_group=TargetGroup.BUSINESS_OWNER,
        business_kind=KINDS[0],
        household_hash=hash_household(_family_card(99)),
        has_domicile_letter=True,
        email="salma@contoh.example",
    )
    actions.register(
        batch=food.batch,
        declaration=said,
        submission_key=SENDER.submission_key,
        consents={Consent.Purpose.NOTICE: True, Consent.Purpose.BROADCAST: True},
        notice_version=PORTAL_EDITION,
        by=None,
    )
    pending = [entry for entry in food.registrations if entry.check_state == CheckState.PENDING]
    for entry in pending[:4]:
        photo = specimens.identity_card(entry)
        actions.add_evidence(registration=entry, kind=EvidenceKind.IDENTITY_CARD, content=photo, by=None)
    note = "Nama pada foto tidak terbaca karena pantulan cahaya."
    actions.request_fix(registration=pending[3], note=note, by=officer, documents=[EvidenceKind.IDENTITY_CARD])


def _program(office: Office, year: int) -> Program:
    program = Program.objects.create(
        agency=office.agency,
        fund_source=office.fund(year, "PMK 72/2024"),
        slug=f"pelatihan-pangan-kendari-{year}",
        name=f"Pelatihan Pengolahan Pangan {year}",
        name_en=f"Food Processing Training {year}",
        summary=SUMMARY,
        summary_en=SUMMARY_EN,
        state=Program.State.OPEN,
        duplicate_rule=Program.DuplicateRule.PER_TOPIC,
        one_per_household=True,
        selection_method=Program.SelectionMethod.DRAW,
        selection_terms=TERMS.as_json(),
        business_list=Program.BusinessList.OWN,
        business_kinds="\n".join(KINDS),
        identity_card=Demand.REQUIRED,
        domicile_letter=Demand.OPTIONAL,
    )
    program.rules.create(kind="age", minimum=18, maximum=64, position=1)
    program.rules.create(kind="domicile", values=["id_card", "letter"], position=2)
    program.rules.create(kind="target_group", values=[TargetGroup.BUSINESS_OWNER], position=3)
    prefetch_related_objects([program], "rules")
    return program


def _batch(program: Program, office: Office, officer: User, now: datetime) -> tuple[Batch, datetime]:
    zone = office.agency.zone
    today = now.astimezone(zone).date()
    week = working_week(today + timedelta(days=30))
    hotel = office.venues[office.agency.region_id]
    plans = []
    for number, day in enumerate(week):
        topic, teacher = office.topics[number // 3], office.teachers[number // 3]
        # Friday ends before prayers.
        hours = [("08:00", "11:30", 4)] if day.weekday() == 4 else [("08:00", "12:00", 5), ("13:00", "16:00", 4)]
        plans += [
            SessionPlan(
                begin=at(day, begin, zone),
                end=at(day, end, zone),
                topic=topic,
                lesson_hours=lessons,
                instructor=teacher,
                venue=hotel,
                partner=university(office),
            )
            for begin, end, lessons in hours
        ]
    batch = create_batch(
        program=program,
        region=office.agency.region,
        name="Angkatan I",
        slug="angkatan-1",
        quota=30,
        waiting_quota=5,
        opens_at=at(today - timedelta(days=5), "08:00", zone),
        closes_at=at(today + timedelta(days=20), "23:59", zone),
        topics=office.topics,
        sessions=plans,
        by=officer,
    )
    publish_batch(batch=batch, by=officer)
    return Batch.objects.with_parts().get(pk=batch.pk), plans[0].begin
