"""Builds the demonstration once; a second time finds it there and changes nothing."""

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Agency, User
from ikm_portal.demo import (
    alive,
    attendance,
    awards,
    cards,
    cases,
    competitions,
    complaints,
    editions,
    files,
    graduation,
    jury,
    kendari,
    kendari_2023,
    lists,
    money,
    papers,
    payees,
    persons,
    pitches,
    plans,
    privacy,
    rights,
    signers,
    teaching,
    told,
    wishes,
    words,
)
from ikm_portal.demo.accounts import BENDAN_KERGON, KENDARI, MEDONO, PEKALONGAN, create_accounts
from ikm_portal.demo.editions import Edition, Staff
from ikm_portal.demo.offices import Office, create_agencies, equip_kendari, equip_pekalongan, find_office
from participants.models import Person
from programs.models import Program
from regions.actions import load_regions
from regions.models import Region

# Any number will do, as long as nothing else of the portal locks the same one.
LOADING_LOCK = 33_75_2024
LARGEST_SCALE = 120


@transaction.atomic
def load(*, scale: int = 1) -> bool:
    """Whether anything was added. `scale` adds whole copies of P2 with other people, for load tests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING_LOCK])
    now = timezone.now()
    added = not Agency.objects.filter(slug=PEKALONGAN).exists()
    if added:
        _build(now)
    for copy in range(2, scale + 1):
        added = _build_copy(copy, now) or added
    if added:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return added


def _build(now: datetime) -> None:
    if not {"33.75", "74.71"} <= set(Region.objects.in_bulk(["33.75", "74.71"])):
        load_regions(by=None)
    agencies = create_agencies()
    users = create_accounts(agencies)
    words.put_into_own_words(agencies[PEKALONGAN], users["petugas.program"])
    signers.people_sign(agencies[PEKALONGAN], users, users["petugas.program"])
    signers.neighbours_sign(agencies[KENDARI], users["petugas.kendari"])
    _build_pekalongan(agencies[PEKALONGAN], users, now)
    _build_kendari(agencies[KENDARI], users, now)


def _build_pekalongan(agency: Agency, users: dict[str, User], now: datetime) -> None:
    office, staff = equip_pekalongan(agency), _staff(users)
    for year in (2024, timezone.localdate(now).year):
        wishes.decided_round(office, year, staff.officer)
    wishes.open_round(office, now, staff.officer, users["kelurahan.bendankergon"])
    finished = editions.true_edition(office, staff)
    attendance.attendance_of_2024(finished, staff)
    papers.papers_of_2024(finished, staff.officer)
    graduation.certificates_of_2024(finished, staff.officer)
    cards.cards_of_2024(finished.registrations, staff.officer, agency.today())
    known = _by_village(finished)
    opened = editions.open_edition(office, staff, now, known=known)
    attendance.hall_of_today(office, staff, now)
    told.tell_what_happened(opened.registrations)
    words.write_to_a_batch(opened.registrations, staff.officer)
    teaching.equip_teaching(office, now, staff.officer)
    plans.second_wave(office, opened.program, staff.officer, now)
    teaching.ask_instructors(list(opened.batches.values()), staff.officer)
    money.give_budgets(agency, users["pptk"])
    _build_competitions(office, staff, users, now)
    _play_cases(cases.Scene(opened, staff, known), agency, users)
    payees.accounts_of_participants(list(opened.batches.values()), users["pptk"])
    batches = (finished.registrations[0].batch, opened.registrations[0].batch)
    rights.ask_about_data(opened=opened.registrations, finished=finished.registrations, officer=staff.officer, now=now)
    privacy.keep_house(agency=agency, finished=batches[0], opened=batches[1], by=users["ppdp"], now=now)
    complaints.write_complaints(agency=agency, officer=staff.officer, head=users["kabid"])


def _build_competitions(office: Office, staff: Staff, users: dict[str, User], now: datetime) -> None:
    """P1 twice: one that is long decided, one just before the day of its jury."""
    decided = competitions.long_decided(office, staff, now)
    purse = awards.Purse(users["pptk"], users["kpa"], users["bendahara"])
    awards.paid_out(decided, officer=staff.officer, verifier=staff.verifier, purse=purse)
    files.complete_the_file(decided.competition, officer=staff.officer, treasurer=users["bendahara"])
    stage = competitions.before_the_jury(office, staff, now)
    pitches.pitches_of(stage, staff)
    jury.seat_the_jury(stage.competition, staff.officer)


def _play_cases(scene: cases.Scene, agency: Agency, users: dict[str, User]) -> None:
    cases.play(scene)
    persons.one_person_twice(scene, agency)
    lists.lists_of_the_kelurahan(scene.edition, users["petugas.program"])
    alive.mails_come_back(agency)
    alive.some_have_no_whatsapp(agency, users["petugas.program"])
    alive.people_are_invited(agency, users["admin"])


def _build_kendari(agency: Agency, users: dict[str, User], now: datetime) -> None:
    hall, officer = equip_kendari(agency), users["petugas.kendari"]
    kendari_2023.true_edition(hall, officer)
    teaching.agree_with_university(kendari_2023.university(hall), officer)
    food = kendari.food_program(hall, officer, now)
    told.tell_what_happened(food.registrations)
    kendari.photos_of_documents(food, officer)
    money.give_budgets(agency, officer, sub_activity=money.INDUSTRY, parts=9)


def _build_copy(copy: int, now: datetime) -> bool:
    if Program.objects.filter(slug=f"pelatihan-dbhcht-2024-{copy}").exists():
        return False
    agency = Agency.objects.get(slug=PEKALONGAN)
    office: Office = find_office(agency)
    staff = _staff({user.username: user for user in agency.users.all()})
    editions.true_edition(office, staff, copy=copy)
    editions.open_edition(office, staff, now, copy=copy)
    return True


def _staff(users: dict[str, User]) -> Staff:
    helpers = {BENDAN_KERGON: users["kelurahan.bendankergon"], MEDONO: users["kelurahan.medono"]}
    return Staff(users["petugas.program"], users["verifikator"], helpers)


def _by_village(edition: Edition) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for registration in edition.registrations:
        if registration.person is not None:
            found[registration.region_id].append(registration.person)
    return found
