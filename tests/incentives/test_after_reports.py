"""How an award was used: by the pages that a telephone shows, and at the desk."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry
from budgets.actions import propose_again, record_returned
from ikm_portal.waiting import tasks_of
from incentives import actions
from incentives.actions.naming import end_awards
from incentives.models import Award, Competition, UsePhoto, UseReport
from incentives.papers.telling import told_of
from incentives.privacy import erase, export
from incentives.queries.after import AfterBoard, told_use
from incentives.tasks import remind_winners
from jobs.models import StoredFile
from notifications.models import Message
from participants.rules import months_later
from programs.models import Batch
from tests import cast
from tests.budgets.money import refused
from tests.incentives import paid
from tests.incentives.paid import USE, address, at_page, first_award, report_of, sent_report, typed, won_and_paid
from tests.incentives.pitching import picture
from tests.participants.desk import at_desk

NET = 2_850_000


@pytest.fixture
def of(batch: Batch, settings: Any, tmp_path: Path) -> Competition:
    settings.MEDIA_ROOT = tmp_path
    return won_and_paid(batch, 1)


@pytest.fixture
def award(of: Competition) -> Award:
    return first_award(of)


@pytest.fixture
def phone(award: Award) -> Client:
    return at_page(award)


def test_a_report_is_due_by_the_months_of_the_method(batch: Batch) -> None:
    of = won_and_paid(batch, 2, report_months=1)
    today = of.program.agency.today()
    assert [row.due_on for row in UseReport.objects.all()] == [months_later(today, 1)] * 2
    assert [row.net for row in UseReport.objects.all()] == [NET, NET]
    actions.follow_payments(competition=of)
    assert UseReport.objects.count() == 2


def test_net_is_that_of_the_payment_that_was_made_again(phone: Client, of: Competition, award: Award) -> None:
    """A report that was sent already says what came in the end, as every list does."""
    sent_report(award)
    payment = award.payment
    assert payment is not None
    record_returned(payment=payment, reason="Rekening ditutup", by=cast.treasurer())
    propose_again(payment=payment, account=None, reason="Tunai", by=cast.activity_officer())
    paid.approve_payments(payments=[payment], by=cast.budget_authority())
    today = of.program.agency.today()
    told: dict[str, Any] = {"paid_on": today, "document": "SP2D 9", "by": cast.treasurer(), "cash": True}
    paid.record_paid(payments=[payment], tax=180_000, **told)
    actions.follow_payments(competition=of)
    [row], report = AfterBoard(of).rows, report_of(award)
    assert (row.net, report.net, row.difference, told_use(report)["difference"]) == (
        2_820_000,
        2_820_000,
        120_000,
        120_000,
    )
    desk = at_desk(cast.program_officer())
    pages = (
        phone.get(address("report_own", of.pk)),
        desk.get(address("report_detail", report.pk)),
        desk.get(address("follow_up", of.pk)),
    )
    found = [page.content.decode() for page in pages]
    assert [("Rp2.820.000" in text, "Rp2.850.000" in text) for text in found] == [(True, False)] * 3
    sheet = desk.post(address("report_sheet", of.pk)).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    net = rows[2].index("Dibayar bersih")
    assert {line[net] for line in rows[3:]} == {2_820_000}


def test_report_own_is_saved_in_steps_and_sent(phone: Client, of: Competition, award: Award) -> None:
    path = address("report_own", of.pk)
    assert phone.get(path).status_code == 200
    answer = phone.post(path, typed(business="", change=""))
    assert (answer.status_code, answer["Location"]) == (302, path)
    report = report_of(award)
    line = report.lines.get()
    assert (report.state, report.revision, line.kind, line.amount, line.spent_on) == (
        *("draft", 1, "tools", 2_000_000),
        date(2026, 1, 5),
    )
    again = typed("send", revision=1, **{"line0-line": str(line.pk), "line0-amount": "1.900.000"})
    assert phone.post(path, again).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.change, report.lines.get().pk, report.lines.get().amount) == (
        *("sent", USE.change, line.pk, 1_900_000),
    )
    page = phone.get(path).content.decode()
    assert ("Rp1.900.000" in page, "Rp950.000" in page, "<textarea" in page) == (True, True, False)
    assert phone.post(path, typed(revision=2)).status_code == 302
    assert report_of(award).revision == 2


def test_report_own_keeps_what_could_be_read(phone: Client, of: Competition, award: Award) -> None:
    path = address("report_own", of.pk)
    answer = phone.post(path, typed("send", **{"line0-amount": "dua juta", "line1-words": "Tepung"}))
    page = answer.content.decode()
    assert (answer.status_code, "dua juta" in page, report_of(award).state) == (422, True, "draft")
    kept = list(report_of(award).lines.values_list("kind", "amount"))
    assert kept == [("tools", None), ("", None)]
    pks = list(report_of(award).lines.values_list("pk", flat=True))
    assert all(f'name="line{at}-line" value="{pk}"' in page for at, pk in enumerate(pks))
    assert 'name="revision" value="1"' in page
    told = {f"line{at}-line": str(pk) for at, pk in enumerate(pks)}
    assert phone.post(path, typed(revision=1, **told)).status_code == 302
    assert list(report_of(award).lines.values_list("pk", flat=True)) == pks[:1]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"line0-kind": ""}, "Baris 1: pilih untuk apa uangnya."),
        ({"line0-kind": "other", "line0-words": ""}, "Baris 1: tulis dengan kata-kata sendiri untuk apa uangnya."),
        ({"line0-amount": ""}, "Baris 1: tulis jumlahnya."),
        ({"line0-spent_on": ""}, "Baris 1: tulis tanggalnya."),
        ({"line0-spent_on": "2099-01-01"}, "Baris 1: tanggal ini belum tiba."),
        ({"business": ""}, "Sampaikan keadaan usaha sekarang."),
        ({"change": ""}, "Tulis apa yang berubah pada usaha."),
        (dict.fromkeys(("line0-kind", "line0-words", "line0-amount", "line0-spent_on"), ""), "sedikitnya satu baris"),
    ],
)
def test_report_own_is_not_sent_without(
    phone: Client, of: Competition, award: Award, values: dict[str, str], sentence: str
) -> None:
    answer = phone.post(address("report_own", of.pk), typed("send", **values))
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert report_of(award).state == "draft"


def test_report_own_saved_on_another_page_is_told_and_nothing_typed_is_lost(
    phone: Client, of: Competition, award: Award
) -> None:
    path = address("report_own", of.pk)
    phone.post(path, typed())
    answer = phone.post(path, typed(change="Kata yang lain sekali"))
    page = answer.content.decode()
    assert (answer.status_code, "Kata yang lain sekali" in page, report_of(award).change) == (422, True, USE.change)
    assert 'name="revision" value="1"' in page
    assert phone.post(path, typed(revision=1, change="Kata yang lain sekali")).status_code == 302
    assert report_of(award).change == "Kata yang lain sekali"


def test_report_own_photo_is_for_the_winner_alone_until_it_is_sent(
    phone: Client, of: Competition, award: Award, batch: Batch
) -> None:
    path = address("report_own", of.pk)
    phone.post(path, typed() | {"line0-photo": picture("nota.jpg")})
    photo = UsePhoto.objects.get()
    shown = phone.get(address("report_own_photo", of.pk, photo.pk))
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store")
    assert photo.stored.content()[:2] != b"\xff\xd8", "encrypted on the disk"
    officer = at_desk(cast.program_officer())
    assert officer.get(address("report_photo", report_of(award).pk, photo.pk)).status_code == 404, "still a draft"
    line = str(report_of(award).lines.get().pk)
    phone.post(path, typed("send", revision=1, **{"line0-line": line}) | {"line0-photo": picture("baru.jpg")})
    fresh = UsePhoto.objects.get()
    assert (fresh.pk != photo.pk, StoredFile.objects.count()) == (True, 1)
    assert officer.get(address("report_photo", report_of(award).pk, fresh.pk)).status_code == 200
    assert Client().get(address("report_own_photo", of.pk, fresh.pk)).status_code == 302


def test_report_photo_is_of_its_own_report(phone: Client, of: Competition, award: Award) -> None:
    phone.post(address("report_own", of.pk), typed("send") | {"line0-photo": picture()})
    photo, report = UsePhoto.objects.get(), report_of(award)
    desk = at_desk(cast.auditor())
    assert desk.get(address("report_photo", report.pk, photo.pk)).status_code == 200
    assert desk.get(address("report_photo", report.pk, photo.pk + 1)).status_code == 404
    assert at_desk(cast.verifier()).get(address("report_photo", report.pk, photo.pk)).status_code == 403


def test_report_own_refuses_no_picture_and_keeps_the_words(phone: Client, of: Competition, award: Award) -> None:
    wrong = io.BytesIO(b"%PDF-1.7 bukan foto")
    wrong.name = "nota.pdf"
    answer = phone.post(address("report_own", of.pk), typed() | {"line0-photo": wrong})
    assert (answer.status_code, report_of(award).lines.get().amount, UsePhoto.objects.count()) == (422, 2_000_000, 0)


def test_nobody_writes_the_report_of_another(batch: Batch) -> None:
    of = won_and_paid(batch, 2)
    first, second = Award.objects.order_by("pk")
    at_page(second).post(address("report_own", of.pk), typed())
    assert (report_of(first).revision, report_of(second).revision) == (0, 1)
    stranger = paid.opened(Client(), paid.winner(first))
    end_awards(Award.objects.filter(pk=first.pk), "Mundur", by=cast.program_officer())
    assert stranger.get(address("report_own", of.pk)).status_code == 404


def test_report_detail_is_read_sent_back_and_accepted(phone: Client, of: Competition, award: Award) -> None:
    report = sent_report(award)
    officer = cast.program_officer()
    desk, path = at_desk(officer), address("report_detail", report.pk)
    page = desk.get(path).content.decode()
    assert ("Rp2.700.000" in page, "Rp150.000" in page) == (True, True)
    assert "Laporan pemenang untuk dibaca" in {str(task.label) for task in tasks_of(officer)}
    assert desk.post(path, {"step": "return", "note": ""}).status_code == 422
    assert desk.post(path, {"step": "return", "note": "Nota oven belum ada"}).status_code == 302
    told = Message.objects.get(kind="use_report_decided")
    assert ("Nota oven" in told.body, f"/saya/lomba/{of.pk}/laporan/" in told.body) == (False, True)
    own = phone.get(address("report_own", of.pk)).content.decode()
    assert ("Nota oven belum ada" in own, "<textarea" in own) == (True, True)
    refused("report_not_sent", action=actions.decide_use_report, report=report, accepted=True, note="", by=officer)
    sent_report(award)
    assert desk.post(path, {"step": "accept", "note": ""}).status_code == 302
    assert (report_of(award).state, Message.objects.filter(kind="use_report_decided").count()) == ("accepted", 2)
    actions_noted = set(AuditEntry.objects.filter(action__startswith="use_report.").values_list("action", flat=True))
    assert actions_noted == {"use_report.sent", "use_report.returned", "use_report.accepted"}
    assert at_desk(cast.treasurer()).post(path, {"step": "accept"}).status_code == 403


def test_report_visit_stands_in_for_the_telephone(of: Competition, award: Award) -> None:
    officer, report = cast.program_officer(), report_of(award)
    desk, path = at_desk(officer), address("report_visit", report.pk)
    told = typed() | {"visited_on": str(of.program.agency.today()), "change": "Oven terpasang dan dipakai."}
    tomorrow = str(of.program.agency.today() + timedelta(days=1))
    assert desk.post(path, told | {"visited_on": tomorrow}).status_code == 422
    assert desk.post(path, told | {"change": ""}).status_code == 422
    assert desk.post(path, told).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.visited_by, report.change) == ("accepted", officer, "Oven terpasang dan dipakai.")
    assert report.lines.get().amount == 2_000_000
    refused(
        "report_accepted", action=actions.note_visit, report=report, use=USE, visited_on=date(2026, 1, 5), by=officer
    )


def test_winners_are_reminded_once_before_and_once_after_the_day(of: Competition, award: Award) -> None:
    today = of.program.agency.today()
    assert remind_winners() == 0
    UseReport.objects.update(due_on=today + timedelta(days=14))
    assert (remind_winners(), remind_winners()) == (1, 0)
    UseReport.objects.update(due_on=today - timedelta(days=1))
    assert (remind_winners(), remind_winners()) == (1, 0)
    first, second = Message.objects.filter(kind="use_report_due").order_by("pk")
    assert ("Mohon laporkan paling lambat" in first.body, "belum kami terima" in second.body) == (True, True)
    assert {str(task.label) for task in tasks_of(cast.program_officer())} >= {"Laporan pemenang terlambat"}
    UseReport.objects.update(due_on=today - timedelta(days=61))
    assert remind_winners() == 0
    UseReport.objects.update(due_on=today)
    sent_report(award)
    assert remind_winners() == 0


def test_report_sheet_holds_every_line_cell_by_cell(batch: Batch) -> None:
    of = won_and_paid(batch, 2)
    award = first_award(of)
    use = actions.Use(business="running", change="=1+1", lines=USE.lines)
    sent_report(award, use)
    answer = at_desk(cast.program_officer()).post(address("report_sheet", of.pk))
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    today = of.program.agency.today()
    head, first, second, third = rows[2:6]
    assert head[:6] == ["Hadiah", "Pemenang", "Usaha", "Kelurahan", "Dibayar tanggal", "Dibayar bersih"]
    assert [first[at] for at in (4, 5, 9, 10, 11, 12, 13, 14, 16)] == [
        *(today, 2_850_000, "alat dan mesin", "Oven gas", date(2026, 1, 5), 2_000_000),
        *(2_700_000, 150_000, "=1+1"),
    ]
    assert [second[at] for at in (9, 10, 12)] == ["bahan baku", "", 700_000]
    assert [third[at] for at in (8, 9, 12)] == ["Belum dikirim", "", ""]
    assert len(rows) == 6
    assert AuditEntry.objects.filter(action="use_reports.exported").count() == 1


def test_what_winners_wrote_is_handed_over_and_forgotten(phone: Client, of: Competition, award: Award) -> None:
    phone.post(address("receipt_own", of.pk), {"revision": "0", "answer": "none", "words": "Belum masuk"})
    phone.post(address("report_own", of.pk), typed() | {"line0-photo": picture()})
    person = paid.winner(award).person
    assert person is not None
    told = {section.code: section for section in export(person)}["awards"]
    words = str([[fact.words for fact in record] for record in told.records])
    for word in ("Belum masuk", "Oven gas", "Rp2.000.000", USE.change, "Rp2.850.000"):
        assert word in words
    erase(person=person, by=cast.dpo())
    check, report = paid.asked(of), report_of(award)
    assert (check.answer, check.words, report.change) == ("none", None, None)
    line = report.lines.get()
    assert (line.words, line.amount, UsePhoto.objects.count(), StoredFile.objects.count()) == (None, 2_000_000, 0, 0)


@pytest.mark.parametrize("months", [1, 6, 36])
def test_statement_tells_the_months_of_the_method(batch: Batch, months: int) -> None:
    of = won_and_paid(batch, 1, report_months=months)
    assert told_of(of).values["waktu_lapor"].startswith(f"{months} (")
