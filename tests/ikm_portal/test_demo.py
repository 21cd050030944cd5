"""The demonstration as somebody finds it: whole, consistent, fictitious, and the same after a second loading."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Agency, AuditEntry, Invitation, RoleAssignment, User
from accounts.permissions import roles_of
from budgets.models import TransferList
from documents.models import Document, Official, signatory_for
from ikm_portal.demo.accounts import ACCOUNTS, BENDAN_KERGON, MEDONO
from ikm_portal.demo.cases import CHOOSER, GUESTS, MENDER, WAITER
from ikm_portal.demo.days import is_working_day
from ikm_portal.demo.editions import BANDENGAN, DEGAYU, KAUMAN, PODOSUGIH, PRINGREJO, SAPURO_KEBULEN, TIRTO
from ikm_portal.demo.persons import NAMELESS, TWINS, WEAVER
from incentives.models import Competition
from incentives.queries.awards import AwardBoard
from incentives.queries.recounting import recount
from notifications.models import Message
from participants import actions, queries
from participants.models import (
    Consent,
    Offer,
    Person,
    PersonMerge,
    PersonPair,
    Registration,
    RegistrationEvent,
    initial_pin,
)
from participants.rules import LIKELY, likeness
from programs.models import Batch, Program, Session
from programs.queries.planning import read_plan
from regions import rules
from regions.models import Region
from reports.queries import boards, competition_boards
from tests import factories
from tests.ikm_portal.kendari import KENDARI
from tests.programs.test_rules_selection import published_script

ROWS = (Agency, User, RoleAssignment, Program, Batch, Session, Person, Registration, RegistrationEvent, Message)
COUNTED: tuple[type[models.Model], ...] = (*ROWS, Consent, AuditEntry, Offer)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """Loaded once for the whole file, and taken away after it."""
    with django_db_blocker.unblock():
        factories.region_tree()
        assert [code for code in KENDARI if not rules.is_code(code)] == []
        Region.objects.bulk_create(factories.region(code, name) for code, name in KENDARI.items())
        call_command("load_demo", stdout=StringIO())
        yield counts()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def demonstration(loaded: dict[str, int], db: None) -> None:
    """Every test of this file stands in the demonstration; what it changes is rolled back."""


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def this_year() -> Program:
    return Program.objects.get(slug=f"pelatihan-dbhcht-{timezone.localdate().year}")


def batch_of(region: str) -> Batch:
    return this_year().batches.get(region=region)


def guest(submission_key: Any) -> Registration:
    return Registration.objects.with_parts().with_position().get(submission_key=submission_key)


def first_pin_opens(registration: Registration) -> Registration:
    pin = initial_pin(registration.submission_key)
    return actions.open_with_pin(code=registration.code, pin=pin)


def test_load_demo_twice_changes_nothing(loaded: dict[str, int]) -> None:
    before = sorted(Registration.objects.values_list("code", "seat", "check_state"))
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert out.getvalue() == "The demonstration is loaded already.\n"
    assert counts() == loaded
    assert sorted(Registration.objects.values_list("code", "seat", "check_state")) == before


def test_load_demo_production_refused(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")
    assert str(refusal.value) == "The demonstration is never loaded in production."


@pytest.mark.parametrize("scale", [0, -1, 121])
def test_load_demo_scale_refused(scale: int) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("load_demo", scale=scale)
    assert str(refusal.value) == "--scale is a number from 1 to 120."


def test_load_demo_grows_by_copies(loaded: dict[str, int]) -> None:
    """Other people in other programmes; the first ones stay as they are, and all rules hold."""
    call_command("load_demo", scale=2, stdout=StringIO())
    assert Program.objects.count() == loaded["Program"] + 2
    assert Program.objects.get(slug="pelatihan-dbhcht-2024-2").batches.count() == 27
    assert Registration.objects.filter(batch__program__slug="pelatihan-dbhcht-2024-2").count() == 1080
    assert Message.objects.count() == loaded["Message"]
    assert queries.batches_with_wrong_counters() == []


def test_demo_counters_equal_rows() -> None:
    assert queries.batches_with_wrong_counters() == []


def test_demo_true_figures_of_2024() -> None:
    program = Program.objects.get(slug="pelatihan-dbhcht-2024")
    entries = Registration.objects.filter(batch__program=program)
    assert (program.state, program.fund_source.name, program.fund_source.fiscal_year) == ("finished", "DBHCHT", 2024)
    assert set(program.batches.values_list("state", "quota", "seats_held", "waiting_count")) == {
        ("finished", 40, 40, 0)
    }
    assert program.batches.values("region").distinct().count() == 27
    assert set(entries.values_list("seat", "check_state")) == {("held", "verified")}
    assert entries.values("person").distinct().count() == 1080


def test_demo_training_days_of_2024_are_working_days() -> None:
    """54 days of training between 1 July and 27 August, two for each kelurahan, Friday left to prayers."""
    zone = ZoneInfo("Asia/Jakarta")
    sessions = Session.objects.filter(batch__program__slug="pelatihan-dbhcht-2024")
    days = {(session.batch_id, session.during.lower.astimezone(zone).date()) for session in sessions}
    assert len(days) == 54
    assert set(Counter(batch for batch, _ in days).values()) == {2}
    assert [day for _, day in days if day.weekday() > 3 or not is_working_day(day)] == []
    assert (min(day for _, day in days), max(day for _, day in days)) == (date(2024, 7, 1), date(2024, 8, 27))


def test_demo_sessions_of_this_year_lie_ahead() -> None:
    """Registration has opened and closes before the first day; each batch meets on two working days."""
    zone, now = ZoneInfo("Asia/Jakarta"), timezone.now()
    for batch in this_year().batches.exclude(region=BANDENGAN):
        days = {session.during.lower.astimezone(zone).date() for session in batch.sessions.planned()}
        assert len(days) == 2
        assert all(is_working_day(day) for day in days)
        assert batch.starts_at is not None
        assert now + timedelta(days=14) < batch.registration_closes_at < batch.starts_at
        assert batch.starts_at > now + timedelta(days=27)


@pytest.mark.parametrize(
    ("region", "phase", "held", "offered", "waiting"),
    [
        (BENDAN_KERGON, "open", 37, 0, 0),
        (MEDONO, "waiting", 39, 1, 4),
        (PODOSUGIH, "full", 40, 0, 10),
        (TIRTO, "upcoming", 0, 0, 0),
        (DEGAYU, "open", 2, 0, 0),
        (BANDENGAN, "cancelled", 0, 0, 0),
    ],
)
def test_demo_batch_shows_its_phase(region: str, phase: str, held: int, offered: int, waiting: int) -> None:
    batch = batch_of(region)
    assert (batch.phase(), batch.seats_held, batch.seats_offered, batch.waiting_count) == (
        phase,
        held,
        offered,
        waiting,
    )


def test_demo_suspected_duplicate_is_found() -> None:
    """The twin entries of one person, and nobody else anywhere but two sisters born on one day."""
    [pair] = queries.suspected_duplicates(batch_of(SAPURO_KEBULEN))
    assert pair.first.full_name == pair.second.full_name
    assert pair.first.nik != pair.second.nik
    others = this_year().batches.exclude(region__in=[SAPURO_KEBULEN, PRINGREJO])
    assert [pair for batch in others for pair in queries.suspected_duplicates(batch)] == []


def test_demo_doubts_wait_for_a_verifier() -> None:
    entries = batch_of(SAPURO_KEBULEN).registrations
    doubtful = entries.get(person__isnull=True)
    assert doubtful.flags == ["contact_differs"]
    assert sorted(flag for entry in entries.filter(person__isnull=False) for flag in entry.flags) == [
        "name_has_digits",
        "nik_birth_date_differs",
    ]
    assert Message.objects.filter(kind="identity_used").count() == 1


def test_demo_has_twins_a_merge_that_waits_and_somebody_without_a_nik() -> None:
    pairs = PersonPair.objects.to_decide(timezone.localdate())
    assert set(TWINS) in [{pair.first.full_name, pair.second.full_name} for pair in pairs]
    assert [likeness({*it.reasons} - {"business_name"}) < LIKELY for it in pairs if it.first.full_name == WEAVER] == [1]
    merge = PersonMerge.objects.proposed().get()
    numbers = [one.nik[:2] for one in Person.objects.filter(pk__in=[merge.kept_id, merge.gone_id])]
    assert (merge.proposed_by.username, numbers) == ("verifikator", ["99", "99"])
    assert Person.objects.get(is_temporary=True).full_name == NAMELESS


def test_demo_offer_is_open_and_its_resident_known() -> None:
    chooser = guest(CHOOSER.submission_key)
    kinds = ["declined", "accepted", "offered"]
    happened = RegistrationEvent.objects.filter(registration__batch=chooser.batch)
    assert (chooser.seat, chooser.batch.region_id) == ("offered", MEDONO)
    assert Offer.objects.open().get().registration == chooser
    assert [happened.filter(kind=kind).count() for kind in kinds] == [1, 1, 3]
    assert guest(WAITER.submission_key).position == 4


def test_demo_every_decision_is_met() -> None:
    found = set(Registration.objects.filter(batch__program=this_year()).values_list("check_state", flat=True))
    assert found == {"pending", "needs_fix", "verified", "rejected"}
    assert guest(MENDER.submission_key).check_state == "needs_fix"
    assert RegistrationEvent.objects.filter(kind__in=["moved", "decision_undone", "corrected"]).count() == 3
    assert Registration.objects.filter(source="assisted", registered_by__isnull=True).count() == 0


def test_demo_rescheduled_and_cancelled_batches_told_their_people() -> None:
    told = Counter(Message.objects.filter(kind__startswith="batch_").values_list("kind", flat=True))
    assert told == {"batch_rescheduled": 15, "batch_cancelled": 12}
    assert batch_of(KAUMAN).sessions.planned().count() == 5
    assert batch_of(BANDENGAN).cancel_reason != ""


@pytest.mark.parametrize("wanted", GUESTS, ids=lambda wanted: wanted.name)
def test_demo_guests_open_their_page_with_the_first_pin(wanted: Any) -> None:
    found = guest(wanted.submission_key)
    assert (found.full_name, found.sex) == (wanted.name, "male" if wanted == WAITER else "female")
    assert first_pin_opens(found) == found


def test_demo_bulk_entries_open_with_their_first_pin() -> None:
    """Written at once or by the action: the PIN of a form is made the same way."""
    found = batch_of(BENDAN_KERGON).registrations.order_by("queue_number")[0]
    assert first_pin_opens(found) == found


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_demo_account_signs_in_with_its_role(account: Any, settings: LazySettings, client: Client) -> None:
    user = User.objects.get(username=account.username)
    assert user.check_password(settings.DEMO_PASSWORD)
    assert authenticate(username=account.username, password=settings.DEMO_PASSWORD) == user
    assert roles_of(user) == [account.role]
    assert [(given.agency.slug, given.region_id) for given in user.role_assignments.all()] == [
        (account.agency, account.region)
    ]


def test_demo_offices_see_their_own_rows_only() -> None:
    def seen(username: str) -> set[str]:
        visible = Registration.objects.visible_to(User.objects.get(username=username))
        return set(visible.values_list("batch__region", flat=True))

    assert seen("petugas.kendari") == {"74.71"}
    assert seen("kelurahan.medono") == {MEDONO}
    assert seen("kelurahan.bendankergon") == {BENDAN_KERGON}
    assert len(seen("petugas.program")) == 28  # 27 kelurahan, and the city for the start-ups


def test_demo_people_are_fictitious() -> None:
    """Identity numbers of province 99, telephones 0812-0000-xxxx, mail to a domain that cannot exist."""
    for person in [*Person.objects.all(), *Registration.objects.all()]:
        assert person.nik.startswith("TMP" if person.is_temporary else "99")
        assert re.fullmatch(r"\+628120000\d{4}", person.phone)
        assert person.email == "" or person.email.endswith("@contoh.example")
    assert set(AuditEntry.objects.filter(changes__icontains="99710").values_list("pk", flat=True)) == set()


def test_demo_identity_numbers_agree_with_birth_date_and_sex() -> None:
    """But for the entries that are there to show what a warning looks like."""
    odd = [entry.flags for entry in Registration.objects.filter(is_temporary=False) if entry.flags]
    assert sorted(odd) == [["contact_differs"], ["name_has_digits"], ["nik_birth_date_differs"]]


def test_demo_messages_are_sent_or_wait_for_a_hand() -> None:
    states = Counter(Message.objects.values_list("state", flat=True))
    assert (set(states), states["failed"]) == ({"sent", "queued", "failed"}, 6)
    assert states["sent"] > 800
    assert states["queued"] < 120
    assert not Message.objects.filter(sent_at__gt=timezone.now()).exists()


def test_demo_shows_failures_calls_and_open_invitations() -> None:
    failed = Counter(Message.objects.filter(state="failed").values_list("failure_code", flat=True))
    assert failed == {"smtp_552": 2, "smtp_550": 1, "no_whatsapp": 3}
    calls = Message.objects.to_send_by_hand().filter(channel="call")
    assert sorted(calls.values_list("attempts", flat=True)) == [0, 0, 1]
    assert sorted(Invitation.objects.open().values_list("way", flat=True)) == ["letter", "link"]


def test_demo_consents_are_recorded_for_every_entry() -> None:
    assert Consent.objects.filter(purpose="notice", given=True).count() == Registration.objects.count()


def test_demo_every_entry_has_the_log_line_of_its_beginning() -> None:
    begun = RegistrationEvent.objects.filter(kind__in=["registered", "queued", "entered"])
    assert begun.values("registration").distinct().count() == Registration.objects.count() == begun.count()


def test_demo_accounts_prints_accounts_and_guests(settings: LazySettings) -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [line[0] for line in lines[1 : len(ACCOUNTS) + 1]] == [account.username for account in ACCOUNTS]
    assert {line[1] for line in lines[1 : len(ACCOUNTS) + 1]} == {settings.DEMO_PASSWORD}
    holder = guest(GUESTS[0].submission_key)
    assert lines[len(ACCOUNTS) + 3][:2] == [holder.shown_code, initial_pin(holder.submission_key)]


def test_demo_every_position_is_held_in_2024_and_today() -> None:
    """Papers of both editions find who signs them; the head signs on the screen."""
    for agency in Agency.objects.all():
        for position in agency.positions.all():
            for day in (date(2024, 7, 1), agency.today()):
                assert signatory_for(agency, position, day) is not None, (position.title, day)
    head = signatory_for(Agency.objects.get(slug="pekalongan"), "agency_head", timezone.localdate())
    assert head is not None
    assert Official.objects.get(pk=head.official).user == User.objects.get(username="kadis")


def test_demo_kendari_of_2023_is_as_it_was_reported(tmp_path: Path) -> None:
    """30 people of 30 kinds of business, five named days in a hotel, material of the university, eastern time."""
    batch = Batch.objects.get(program__slug="pelatihan-pangan-kendari-2023")
    zone = batch.program.agency.zone
    sessions = list(batch.sessions.planned().select_related("venue", "partner"))
    held = batch.registrations.filter(seat="held")
    assert (str(zone), batch.state, batch.quota, batch.seats_held) == ("Asia/Makassar", "finished", 30, 30)
    assert held.values("business_kind").distinct().count() == held.count() == 30
    days = sorted({session.during.lower.astimezone(zone).date() for session in sessions})
    assert days == [date(2023, 9, day) for day in (19, 20, 21, 22, 23)]
    assert {session.venue.name for session in sessions if session.venue} == {"Hotel Contoh Kendari"}
    assert {session.partner.name for session in sessions if session.partner} == {"Universitas Halu Oleo"}
    path = tmp_path / "seleksi.csv"
    path.write_text(queries.stored_list(batch.selection))
    assert published_script().check(str(path), batch.selection.seed_hash) == []


def test_demo_kendari_of_this_year_is_drawn_later() -> None:
    batch = Batch.objects.get(program__slug=f"pelatihan-pangan-kendari-{timezone.localdate().year}")
    assert (batch.phase(), batch.is_selecting, batch.seats_held) == ("open", True, 0)
    assert set(batch.registrations.values_list("seat", flat=True)) == {"applied"}
    assert not batch.registrations.filter(business_kind="").exists()
    assert sorted(Counter(batch.registrations.values_list("household_hash", flat=True)).values())[-2:] == [1, 2]


def test_demo_plan_of_a_second_wave_has_one_holiday_to_put_right() -> None:
    rollout = this_year().rollouts.get()
    assert (rollout.state, rollout.rows.count(), rollout.rows.filter(fixed=True).count()) == ("draft", 27, 1)
    clashes = [problem for problem in read_plan(rollout).problems() if not problem.is_open_point]
    assert {problem.code for problem in clashes} == {"holiday"}


def test_papers_of_one_batch_are_complete() -> None:
    batches = list(Batch.objects.filter(program__slug="pelatihan-dbhcht-2024").with_office())
    boards_of = {one.batch.region_id: one for one in boards(batches)}
    assert [line.kind.code for line in boards_of[BENDAN_KERGON].red] == ["honorarium_list"]
    assert boards_of[MEDONO].complete == 7
    unset = Document.objects.filter(file__isnull=True)
    assert set(unset.values_list("kind", flat=True)) == {"certificate"}
    assert not unset.filter(scope=f"batch:{boards_of[BENDAN_KERGON].batch.pk}").exists()


def test_demo_first_competition_is_paid_out_to_the_rupiah() -> None:
    of = Competition.objects.get(locked_at__isnull=False)
    board = AwardBoard(of, of.results.get())
    assert (len(board.rows), board.paid, board.decree is None) == (6, 6, False)
    assert (board.gross, board.tax, board.net) == (14_400_000, 720_000, 13_680_000)
    assert recount(of.results.get()).is_same
    made = vars(TransferList.objects.with_sums().get())
    assert [made[name] for name in ("state", "count", "total", "open_count")] == ["closed", 6, 13_680_000, 0]
    files = competition_boards(list(Competition.objects.with_parts().order_by("pk")))
    assert [board.light.value for board in files] == ["green", "grey"]


def test_demo_certificates_of_2024_follow_the_attendance() -> None:
    certificates = Document.objects.filter(kind="certificate")
    earned = Registration.objects.filter(batch__program__slug="pelatihan-dbhcht-2024").earning_certificate()
    assert certificates.count() == earned.count()
    assert 800 < earned.count() < 1_080
    assert list(certificates.order_by("position").values_list("position", flat=True)) == [*range(1, earned.count() + 1)]
