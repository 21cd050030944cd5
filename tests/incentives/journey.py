"""P1 before anybody clicks: the office, thirty residents of one programme who finished their training, the calendar."""

import io
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connections
from playwright.sync_api import Page
from pypdf import PdfReader

from accounts.models import User
from budgets.actions import load_money_lists
from budgets.models import BudgetLine
from incentives import actions
from incentives.models import Competition, Entry, Juror, ScoreSheet
from incentives.rules.example import CRITERIA
from jobs import runner
from jobs.models import Job
from participants.models import Registration
from programs.models import Program
from tests import cast, factories
from tests.documents import made as papers
from tests.documents import signed
from tests.documents.layouts import pages_of
from tests.incentives.pitching import attendee, sent
from tests.support.browser import DESK, LiveSite
from tests.support.hall import sign_in
from tests.support.looking import kept

WIB = ZoneInfo("Asia/Jakarta")
# Declared and pitched on a Monday; the jury a week later; three working days for objections are over on the Friday.
ENTRIES_OPEN = datetime(2026, 7, 6, 8, tzinfo=WIB)
PITCH_DAY = datetime(2026, 7, 13, 7, 30, tzinfo=WIB)
OBJECTIONS_OVER = datetime(2026, 7, 17, 9, tzinfo=WIB)
CODES = tuple(code for code, *_rest in CRITERIA)
# What each juror gives; the second and the third are equal in everything, across the border of Juara I.
ROTI, BATIK, KERIPIK, TAS, SAMBAL, JAMU = (
    *("Roti Mocaf Sari", "Batik Canting Ayu", "Keripik Pisang Jaya"),
    *("Tas Rajut Nur", "Sambal Bu Tini", "Jamu Segar Waras"),
)
TOTALS = {ROTI: 91, BATIK: 88, KERIPIK: 88, TAS: 86, SAMBAL: 84, JAMU: 82}
OTHERS = 24


@dataclass(frozen=True)
class Start:
    """Who is there before the competition is declared; the first of the residents pitches by her own telephone."""

    program: Program
    line: BudgetLine
    residents: list[Registration]


def begun() -> Start:
    load_money_lists(by=None)
    agency = cast.home_agency()
    signed.official_of(cast.division_head())
    for user, title, kind in (
        (cast.budget_authority(), "Kuasa Pengguna Anggaran", "budget_authority"),
        (cast.treasurer(), "Bendahara Pengeluaran", "treasurer"),
        (cast.activity_officer(), "Pejabat Pelaksana Teknis Kegiatan", "activity_officer"),
    ):
        signed.official_of(user, title, kind)
    papers.numbering(agency)
    factories.letterhead(agency)
    program = factories.program(agency, slug="rintisan", name="Wirausaha Baru 2026")
    line = factories.budget_line(program.fund_source, description="Penghargaan lomba", ceiling=20_000_000)
    here = factories.batch(program, name="Angkatan Bendan Kergon")
    there = factories.batch(program, factories.MEDONO, name="Angkatan Medono")
    residents = [attendee(here) for _number in range(len(TOTALS) + OTHERS - 1)]
    residents.append(attendee(there, region=there.region))
    return Start(program, line, residents)


def names() -> list[str]:
    """Of thirty businesses, as their pitches come in."""
    return [*TOTALS, *(f"Usaha Contoh {number:02d}" for number in range(1, OTHERS + 1))]


def pitched(of: Competition, residents: Sequence[Registration]) -> None:
    """All but the first, who does it herself; the last one lives in another kelurahan."""
    for number, (resident, name) in enumerate(zip(residents[1:], names()[1:], strict=True), 1):
        sent(of, resident, title=f"Cerita {name}", business_name=name, family_card=f"{9971015207000000 + number}")


def admitted(of: Competition) -> None:
    for entry in of.entries.filter(state=Entry.State.SUBMITTED):
        actions.admit_entry(entry=entry, by=cast.verifier())


def total_of(name: str) -> Decimal:
    return Decimal(TOTALS.get(name) or 80 - Decimal(name[-2:]) / 2)


def scored(jurors: Sequence[Juror], *, but: Callable[[ScoreSheet], bool]) -> int:
    """What three people type in a long day, past the telephones. How many sheets."""
    rows = ScoreSheet.objects.filter(juror__in=jurors, state=ScoreSheet.State.ASSIGNED).select_related("entry")
    found = [sheet for sheet in rows if not but(sheet)]
    for sheet in found:
        scores = dict.fromkeys(CODES, total_of(sheet.entry.business_name))
        given = actions.SheetInput(scores=scores, note="", revision=sheet.revision)
        actions.submit_sheet(sheet=sheet, given=given, client_id=uuid.uuid4())
    return len(found)


def at_the_desk(live: LiveSite, user: User) -> Page:
    """A colleague who has signed in."""
    page = live.page(DESK)
    sign_in(page, live, user)
    return page


def pdf_words(page: Page, path: str, name: str) -> str:
    """What the paper says, as the one who is signed in gets it."""
    answer = page.request.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    kept(f"{name}.pdf", answer.body())
    return " ".join(" ".join(pages_of(PdfReader(io.BytesIO(answer.body())))).split())


def job_done(kind: str) -> str:
    """A worker does it, in a thread of its own: the browser's event loop has this one."""
    with ThreadPoolExecutor(1) as worker:
        return str(worker.submit(_run, Job.objects.get(kind=kind).pk).result())


def _run(pk: int) -> str | None:
    try:
        return runner.run(pk)
    finally:
        connections.close_all()
