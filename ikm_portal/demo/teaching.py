"""What stands behind the teaching: competences and days, a partner of each kind, rates, questions and answers."""

from datetime import date, datetime, time, timedelta

from django.db.models import F

from accounts.models import Agency, User
from ikm_portal.demo.offices import Office
from notifications.models import Message
from notifications.models.message import State
from programs import actions
from programs.models import Batch, HonorariumRate, Instructor, Partner, PartnerAgreement, Weekday
from regions.models import Region

WORKING_DAYS = [day for day in Weekday.values if day <= Weekday.FRIDAY]
# The five kinds of partners, all made up: what each gives.
PARTNERS = (
    ("government", "Balai Pelatihan Kerja Contoh", "Sudarmono", ["venue", "equipment"]),
    ("academia", "Politeknik Contoh Pekalongan", "Dewi Anggraini", ["material", "instructors"]),
    ("industry", "Asosiasi Perajin Contoh", "Hartono", ["instructors", "mentoring"]),
    ("company", "Toko Daring Contoh", "Yuliana", ["market"]),
    ("community", "Komunitas Wirausaha Contoh", "Slamet Riyadi", ["mentoring"]),
)
LEGAL_BASIS = "Perwal Contoh tentang Standar Harga Satuan"
# Role, rank, unit, minutes, ceiling, amount here: an example, the office enters its own.
RATES = (
    ("instructor", "any", "lesson_hour", 45, 150_000, 100_000),
    ("resource_person", "echelon_3", "person_hour", 60, 900_000, 450_000),
    ("resource_person", "echelon_2", "person_hour", 60, 1_000_000, 750_000),
    ("moderator", "any", "occasion", None, 700_000, 350_000),
)
HOMES = ("33.75.01.1006", "33.75.02.1004", "33.75.03.1007", "33.75.04.1004")


def equip_teaching(office: Office, now: datetime, officer: User) -> None:
    """Where instructors live and when they teach; halls with hours; partners and rates."""
    agency = office.agency
    for number, teacher in enumerate([*office.teachers, *office.managers, *office.card_officers]):
        teacher.region = Region.objects.get(code=HOMES[number % len(HOMES)])
        teacher.state = Instructor.State.CONTRACTED if number % 3 else Instructor.State.VERIFIED
        teacher.email = f"instruktur{number + 1}@contoh.example"
        teacher.own_staff = teacher in office.card_officers
        actions.save_instructor(row=teacher, nik=None, regions=[], changed=["region"], by=officer)
    for venue in office.venues.values():
        venue.weekdays, venue.opens_at, venue.closes_at = WORKING_DAYS, time(7, 30), time(17)
        venue.facilities = ["projector", "sound", "step_free"]
        actions.save_resource(row=venue, agency=agency, changed=["opens_at"], by=officer)
    away = now.astimezone(agency.zone).date() + timedelta(days=90)
    office.teachers[0].absences.create(days=(away, away + timedelta(days=5)), reason="Pameran di luar kota")
    _partners(agency, now, officer)
    _rates(agency, officer)


def _partners(agency: Agency, now: datetime, officer: User) -> None:
    year = now.astimezone(agency.zone).year
    for number, (kind, name, contact, gives) in enumerate(PARTNERS, start=1):
        partner = Partner(
            agency=agency,
            kind=kind,
            name=name,
            region_id=agency.region_id,
            contact_name=contact,
            contact_phone=f"+6281200009{number:03d}",
        )
        actions.save_resource(row=partner, agency=agency, changed=["name"], by=officer)
        agreement = PartnerAgreement(
            partner=partner,
            number=f"{number:03d}/PKS/{year}",
            subject="Kerja sama pelatihan industri kecil",
            signed_on=date(year, 1, 10),
            valid_from=date(year, 1, 10),
            valid_to=date(year + 1, 12, 31),
            gives=gives,
        )
        actions.save_agreement(row=agreement, content=None, changed=["number"], by=officer)


def _rates(agency: Agency, officer: User) -> None:
    for role, grade, unit, minutes, ceiling, amount in RATES:
        rate = HonorariumRate(
            agency=agency,
            role=role,
            grade=grade,
            unit=unit,
            minutes_per_unit=minutes,
            valid=(date(2024, 1, 1), None),
            legal_basis=LEGAL_BASIS,
            max_amount=ceiling,
            local_amount=amount,
        )
        actions.save_resource(row=rate, agency=agency, changed=["local_amount"], by=officer)


def ask_instructors(batches: list[Batch], officer: User) -> None:
    """In the first batch everybody is asked: one has said yes, one no, one has not answered."""
    for batch in batches[:1]:
        teachers = Instructor.objects.filter(sessions__batch=batch, sessions__cancelled=False).distinct().order_by("pk")
        answers = (actions.accept_invitation, None, actions.decline_invitation)
        for teacher, answer in zip(teachers, answers, strict=False):
            asked = actions.invite_instructor(batch=batch, instructor=teacher, days=5, by=officer)
            if answer is not None:
                answer(invitation=asked)
    sent = Message.objects.filter(kind="teaching_invited")
    sent.update(state=State.SENT, sent_at=F("created_at"), attempts=1)


def agree_with_university(partner: Partner, officer: User) -> None:
    """P5: the university gives the material of the five days."""
    agreement = PartnerAgreement(
        partner=partner,
        number="007/PKS/2023",
        subject="Materi pelatihan pengolahan pangan",
        signed_on=date(2023, 8, 14),
        valid_from=date(2023, 8, 14),
        gives=["material", "instructors"],
        contribution="Modul lima hari: mutu bahan, keamanan pangan, kemasan dan label, izin edar, harga jual.",
    )
    actions.save_agreement(row=agreement, content=None, changed=["number"], by=officer)
