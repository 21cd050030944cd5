"""P1 as its people do it in the browser: thirty pitches, three jurors on three phones, six awards paid."""

from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Page, expect

from budgets.models import Payment, Reservation
from incentives.models import Award, Competition
from jobs.models import State
from tests import cast
from tests.budgets.money import sums
from tests.incentives import journey
from tests.incentives import journey_desk as desk
from tests.incentives import journey_jury as jury
from tests.incentives import journey_money as money
from tests.incentives.journey import BATIK, JAMU, KERIPIK, ROTI, SAMBAL, TAS, at_the_desk
from tests.incentives.test_jury_browser import forgive_silence
from tests.support.browser import PHONE, LiveSite
from tests.support.looking import looked_at

pytestmark = pytest.mark.slow


def test_journey_p1_from_thirty_entries_to_six_paid_awards(transactional_db: None, live: LiveSite) -> None:
    with time_machine.travel(journey.ENTRIES_OPEN, tick=True) as clock:
        start = journey.begun()
        of = thirty_are_admitted(live, start)
        clock.move_to(journey.PITCH_DAY)
        sha256 = judged(live, of)
        told_and_disputed(live, of, sha256)
        clock.move_to(journey.OBJECTIONS_OVER)
        paid(live, of)
        everything_adds_up(start, of, sha256)


def thirty_are_admitted(live: LiveSite, start: journey.Start) -> Competition:
    of = desk.declares(live, at_the_desk(live, cast.program_officer()))
    assert sums(start.line) == (14_400_000, 0)
    jury.pitches(live, start.residents[0])
    journey.pitched(of, start.residents)
    desk.checks(live, at_the_desk(live, cast.verifier()), of)
    journey.admitted(of)
    assert of.entries.admitted().count() == 30
    return of


def judged(live: LiveSite, of: Competition) -> str:
    page = at_the_desk(live, cast.program_officer())
    desk.orders(live, page, of)
    links = desk.calls_the_jury(live, page, of)
    phones = [jury.joins(live, link, looks=not place) for place, link in enumerate(links)]
    desk.runs_the_day(live, page, of)
    jury.score_together(live, *phones)
    jurors = list(of.jurors.order_by("position"))
    typed = journey.scored(jurors, but=lambda one: (one.juror, one.entry.business_name) == (jurors[1], JAMU))
    assert typed == 90 - 3 - 1 - 1
    jury.sees_what_is_missing(live, phones[0])
    jury.hands_in_the_last(phones[1])
    forgive_silence(live)
    jury.decides_the_tie(live, phones[0])
    return jury.locks(live, phones[0], of)


def told_and_disputed(live: LiveSite, of: Competition, sha256: str) -> None:
    """The minutes bear the hash; the announcement is objected to, and answered before anybody is paid."""
    page = at_the_desk(live, cast.program_officer())
    minutes = desk.issues(page, of, "jury_minutes")
    groups = [sha256[place : place + 8] for place in range(0, 64, 8)]
    assert " ".join(groups) in minutes
    assert f"Wulan Contoh tidak menilai {ROTI} (hubungan keluarga)." in minutes
    assert f"Urutan {KERIPIK}, {BATIK} diputuskan dengan musyawarah" in minutes
    announced = desk.issues(page, of, "winner_announcement")
    assert [name in announced for name in (ROTI, JAMU, "Rp3.000.000")] == [True, True, False]
    jury.objects(live, of)
    early = at_the_desk(live, cast.activity_officer())
    early.goto(f"{of.get_absolute_url()}penghargaan/")
    expect(early.get_by_role("button", name="Usulkan pembayaran")).to_have_count(0)
    desk.answers(live, page, of)


def paid(live: LiveSite, of: Competition) -> None:
    officer = at_the_desk(live, cast.program_officer())
    decree = desk.issues(officer, of, "winners_decree")
    assert "14.400.000" in decree
    winners_are_public(live, of)
    proposer = at_the_desk(live, cast.activity_officer())
    money.gives_an_account(live, proposer, of)
    money.proposes(live, proposer, of)
    money.approves(live, at_the_desk(live, cast.budget_authority()))
    money.pays(live, at_the_desk(live, cast.treasurer()))
    receipts(officer, of)
    money.hears_of_the_money(live, officer, of)


def winners_are_public(live: LiveSite, of: Competition) -> None:
    """Name, business, kelurahan and award of each, and nothing else of anybody."""
    page = live.page(PHONE)
    page.goto(f"/lomba/{of.program.slug}/{of.slug}/pemenang/")
    desk.said(page, "Pemenang sudah final")
    shown = [" | ".join(one.split("\n")) for one in page.locator(".winner").all_inner_texts()]
    expected = [" | ".join(filter(None, told.split("\n"))) for told in (public(award) for award in standing(of))]
    assert [one.replace(" |  | ", " | ") for one in shown] == expected
    html = page.content()
    people = [award.entry.registration for award in standing(of)]
    secrets = [secret for one in people if one for secret in (one.phone, one.code, one.nik_last4)]
    assert [secret for secret in secrets if secret in html] == []
    looked_at(live, page, "winners")


def standing(of: Competition) -> list[Award]:
    rows = Award.objects.standing().filter(competition=of).order_by("tier__position", "slot")
    return list(rows.select_related("tier", "entry__registration", "entry__region"))


def public(award: Award) -> str:
    owner, region = award.entry.registration, award.entry.region
    assert owner is not None
    assert region is not None
    return f"{award.tier.label}\n{owner.full_name}\n{award.entry.business_name}\n{region.name}"


def receipts(page: Page, of: Competition) -> None:
    """Six at once are long work; the list of all is made while one waits."""
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    page.locator(f"a[href$='/buat/award_receipt/{of.pk}/']").click()
    desk.press(page, "Terbitkan 6 naskah")
    assert journey.job_done("papers_issue") == State.DONE
    page.goto(f"/kerja/naskah/?kind=award_receipt&scope={of.reference}")
    expect(page.locator("tbody tr")).to_have_count(6)
    listed = desk.issues(page, of, "award_receipt_list")
    assert [figure in listed for figure in ("14.400.000", "720.000", "13.680.000")] == [True, True, True]


def everything_adds_up(start: journey.Start, of: Competition, sha256: str) -> None:
    assert [award.entry.business_name for award in standing(of)] == [ROTI, KERIPIK, BATIK, TAS, SAMBAL, JAMU]
    rows = list(Payment.objects.filter(bundle=of.reference))
    assert {row.state for row in rows} == {"paid"}
    assert (len(rows), len({row.payee_key for row in rows})) == (6, 6)
    found = (sum(row.gross for row in rows), sum(row.tax or 0 for row in rows), sum(row.net or 0 for row in rows))
    assert found == (14_400_000, 720_000, 13_680_000)
    assert sums(start.line) == (0, 14_400_000)
    assert Reservation.objects.get(reference=of.reference).left == 0
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue().split() == ["competition", f"{of.pk},", "version", "1:", "same,", sha256]
