"""P2 as its officer does it in the browser, from the fund to 27 opened batches: by mouse, and without JavaScript."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from participants.models import RegistrationEvent
from programs import actions
from programs.models import Batch, Instructor, Program, Rollout, Session, Topic, TopicRound, Venue
from tests import cast
from tests.programs.rollout import TOPICS, villages
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow


def keys_of_four_digits() -> None:
    """As after years of work: whoever writes 1.234 into an address is found out here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            cursor.execute("SELECT setval(%s, greatest(1233, nextval(%s)))", [name, name])


@pytest.fixture
def office(transactional_db: None) -> None:
    """What the office has before it plans: topics, instructors, halls, and what the kelurahan decided."""
    keys_of_four_digits()
    agency, by = cast.home_agency(), cast.program_officer()
    topics = [Topic.objects.create(agency=agency, name=name) for name in TOPICS]
    for topic in topics:
        teacher = Instructor.objects.create(agency=agency, full_name=f"Pengajar {topic.name}")
        teacher.competences.create(topic=topic)
    every = villages()
    Venue.objects.bulk_create(Venue(agency=agency, region=one, name=f"Balai {one.name}", capacity=50) for one in every)
    decided = TopicRound(agency=agency, fiscal_year=2024, opens_on=date(2023, 8, 1), closes_on=date(2023, 9, 30))
    actions.save_round(topic_round=decided, topics=[], by=by)
    for number, region in enumerate(every):
        wanted = topics[:3] if region.name in {"Pringrejo", "Bendan Kergon"} else [topics[number % len(topics)]]
        for topic in wanted:
            actions.decide_topic(
                topic_round=decided, region=region, topic=topic, outcome="chosen", reason="Diminati", by=by
            )


def signed_in(live: LiveSite, width: int, *, javascript: bool = True, by: Callable[[], User] | None = None) -> Page:
    client = Client()
    client.force_login((by or cast.program_officer)())
    page = live.page(width, javascript=javascript)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
    return page


def enter_the_fund(page: Page) -> None:
    """The activity officer writes down the fund and its first line, with the ceiling of the decree."""
    page.goto("/kerja/dana/")
    page.get_by_role("link", name="Dana baru").click()
    for name, value in (("name", "DBHCHT"), ("code", "dbhcht"), ("fiscal_year", "2024")):
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Mata anggaran baru").click()
    page.fill("[name=sub_activity_code]", "2.07.03.2.01.0001")
    page.fill("[name=sub_activity_name]", "Proses Pelaksanaan Pelatihan Keterampilan")
    page.fill("[name=account_code]", "5.1.02.02.01.0003")
    page.fill("[name=account_name]", "Honorarium Narasumber")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Tetapkan pagu").click()
    page.fill("[name=document]", "DPA/A.1/2.07/001/2024")
    page.fill("[name=decided_on]", "2024-01-03")
    page.locator("[name^=line_]").fill("243.000.000")
    page.get_by_role("button", name="Berlakukan pagu ini").click()
    expect(page.get_by_text("Pagu yang baru sudah berlaku.")).to_be_visible()


def make_the_programme(page: Page) -> None:
    page.goto("/kerja/program/")
    page.get_by_role("link", name="Program baru").first.click()
    page.select_option("[name=fund_source]", index=1)
    page.fill("[name=name]", "Pelatihan DBHCHT 2024")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("button", name="Buka program").click()
    expect(page.get_by_role("link", name="Rencanakan pelaksanaan")).to_be_visible()


def plan_it(page: Page) -> None:
    page.get_by_role("link", name="Rencanakan pelaksanaan").click()
    page.fill("[name=name]", "Rencana DBHCHT 2024")
    for name, value in (("first_day", "2024-07-01"), ("last_day", "2024-08-27"), ("opens_on", "2024-06-10")):
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Usulkan rencana").click()
    expect(page.get_by_text("Semuanya cocok")).to_be_visible()


def propose_around_it(page: Page) -> None:
    """Whoever was moved by hand may stand in another's way; the next proposal goes around."""
    page.get_by_role("button", name="Usulkan ulang").click()
    expect(page.get_by_text("Semuanya cocok")).to_be_visible()


def test_journey_p2_from_the_fund_to_27_opened_batches(office: None, live: LiveSite) -> None:
    money = signed_in(live, DESK, by=cast.activity_officer)
    enter_the_fund(money)
    assert (live.violations(money), live.overflow(money)) == ([], 0)
    page = signed_in(live, DESK)
    make_the_programme(page)
    plan_it(page)
    rollout = Rollout.objects.get()
    assert (page.locator("[data-row]").count(), live.violations(page), live.overflow(page)) == (54, [], 0)
    # One batch is dragged to the last days of the window and stays pinned there.
    page.set_viewport_size({"width": DESK, "height": 2600})  # without scrolling on the way
    page.locator(".chip", has_text="Medono").first.drag_to(page.locator("[data-day='2024-08-26']"))
    expect(page.get_by_text("Medono sekarang dimulai 26 Agustus 2024.")).to_be_visible()
    row = rollout.rows.get(region__name="Medono")
    assert (row.days, row.fixed) == ([date(2024, 8, 26), date(2024, 8, 27)], True)
    propose_around_it(page)
    page.get_by_role("link", name="Buat angkatan").click()
    assert live.violations(page) == []
    page.get_by_role("button", name="Buat 27 angkatan").click()
    expect(page.get_by_text("27 angkatan dibuat.")).to_be_visible()
    program = Program.objects.get()
    assert set(program.batches.values_list("state", "quota")) == {("published", 40)}
    assert (program.batches.count(), Session.objects.count()) == (27, 27 * 5)
    assert not Session.objects.filter(kind="training", instructor=None).exists()
    several = Batch.objects.get(region__name="Pringrejo")
    assert several.topics.count() == 3
    days = Session.objects.filter(batch__program=program).values_list("during", flat=True)
    zone = program.agency.zone
    found = {during.lower.astimezone(zone).date() for during in days}
    assert min(found) >= date(2024, 7, 1)
    assert max(found) == date(2024, 8, 27)
    assert {day.weekday() for day in found} <= {0, 1, 2, 3}


def test_journey_on_a_phone_without_javascript_moves_a_batch_by_its_form(office: None, live: LiveSite) -> None:
    money = signed_in(live, PHONE, javascript=False, by=cast.activity_officer)
    enter_the_fund(money)
    assert live.overflow(money) == 0
    page = signed_in(live, PHONE, javascript=False)
    make_the_programme(page)
    plan_it(page)
    assert live.overflow(page) == 0
    page.locator(".chip", has_text="Tirto").first.click()
    assert live.overflow(page) == 0
    page.fill("[name=day]", "2024-08-26")
    page.get_by_role("button", name="Pindahkan").click()
    expect(page.get_by_text("Tirto sekarang dimulai 26 Agustus 2024.")).to_be_visible()
    propose_around_it(page)
    page.get_by_role("link", name="Buat angkatan").click()
    page.get_by_role("button", name="Buat 27 angkatan").click()
    expect(page.get_by_text("27 angkatan dibuat.")).to_be_visible()
    assert Batch.objects.filter(state="published").count() == 27
    assert not RegistrationEvent.objects.exists()
