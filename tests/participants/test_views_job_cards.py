"""The office's pages about job seeker cards."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from participants import actions
from participants.models import CardPreparation, CardReport, JobSeekerCard, Person
from programs.models import Batch
from regions.models import Region
from tests import cast, factories
from tests.participants import cards
from tests.participants.desk import at_desk, errors, flash


@pytest.fixture
def person(batch: Batch) -> Person:
    return cards.person(batch, full_name="Siti Aminah")


@pytest.fixture
def officer(db: None) -> Client:
    return at_desk(cast.village_officer_here())


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"participants:job_card_{name}", args=[] if pk is None else [pk])


def noted(person: Person, number: str = cards.NUMBER, days_ago: int = 10) -> JobSeekerCard:
    issued_on = person.agency.today() - timedelta(days=days_ago)
    return actions.record_card(person=person, number=number, issued_on=issued_on, by=cast.program_officer())


def names(response: Any) -> list[str]:
    return [row.person.full_name for row in response.context["page"].rows]


def test_job_card_list_shows_what_is_due_first(officer: Client, batch: Batch) -> None:
    people = [cards.person(batch, full_name=name) for name in ("Warga Nanti", "Warga Segera", "Warga Lewat")]
    for person, days in zip(people, (200, 20, -3), strict=True):
        report = noted(person, f"AK-{days}1").reports.all()[0]
        report.due_on = person.agency.today() + timedelta(days=days)
        report.save()
    page = officer.get(url("list"))
    assert names(page) == ["Warga Lewat", "Warga Segera"]
    assert page.content.decode().count("Lewat batas waktu") == 1
    assert names(officer.get(url("list"), {"tab": "held"})) == ["Warga Nanti", "Warga Segera", "Warga Lewat"]
    assert names(officer.get(url("list"), {"tab": "held", "place": "medono"})) == []
    assert names(officer.get(url("list"), {"tab": "held", "place": "bendan"})) != []
    assert names(officer.get(url("list"), {"tab": "rubbish"})) == ["Warga Lewat", "Warga Segera"]


def test_job_card_list_shows_only_the_own_area(person: Person) -> None:
    noted(person)
    assert names(at_desk(cast.village_officer_here()).get(url("list"), {"tab": "held"})) == ["Siti Aminah"]
    assert names(at_desk(cast.village_officer_next_door()).get(url("list"), {"tab": "held"})) == []
    assert names(at_desk(cast.other_agency_officer()).get(url("list"), {"tab": "held"})) == []


def test_job_card_list_of_preparations_and_ended(officer: Client, person: Person) -> None:
    by = cast.program_officer()
    assert "Belum ada apa-apa di sini" in officer.get(url("list"), {"tab": "preparing"}).content.decode()
    actions.prepare_card(person=person, items=["photo"], by=by)
    assert "1 / 5" in officer.get(url("list"), {"tab": "preparing"}).content.decode()
    card = noted(person)
    assert names(officer.get(url("list"), {"tab": "preparing"})) == []
    actions.end_card(card=card, reason="employed", ended_on=person.agency.today(), by=by)
    assert "Sudah bekerja" in officer.get(url("list"), {"tab": "ended"}).content.decode()


def test_job_card_batch_lists_who_holds_a_seat(officer: Client, batch: Batch, person: Person) -> None:
    other = cards.person(batch, full_name="Budi Contoh")
    noted(other, "AK1-7788")
    items = ["id_card", "photo", "diploma", "contact", "account"]
    actions.prepare_card(person=person, items=items, by=cast.program_officer())
    page = officer.get(url("batch", batch.pk))
    assert [(row.full_name, row.ready) for row in page.context["rows"]] == [
        ("Budi Contoh", 0),
        ("Siti Aminah", 5),
    ]
    assert (page.context["with_card"], page.context["all_ready"]) == (1, 1)
    assert at_desk(cast.village_officer_next_door()).get(url("batch", batch.pk)).status_code == 404


def test_job_card_person_of_another_area_is_seen_through_the_batch(batch: Batch) -> None:
    """Who lives next door and comes to this training: both officers help, a third one sees nothing."""
    elsewhere = Region.objects.get(code=factories.MEDONO)
    batch.program.rules.all().delete()
    guest = cards.person(batch, region=elsewhere)
    for officer, status in (
        (cast.village_officer_here(), 200),
        (cast.village_officer_next_door(), 200),
        (cast.other_agency_officer(), 404),
    ):
        assert at_desk(officer).get(url("person", guest.pk)).status_code == status
    assert cards.NUMBER not in at_desk(cast.village_officer_here()).get(url("list"), {"tab": "held"}).content.decode()


def test_job_card_prepare_saves_what_is_ready(officer: Client, person: Person) -> None:
    answer = officer.post(url("prepare", person.pk), {"items": ["photo", "diploma"]})
    assert flash(answer) == ["Kelengkapan sudah dicatat."]
    assert CardPreparation.objects.get().items == ["photo", "diploma"]
    page = officer.get(url("person", person.pk)).content.decode()
    assert "3 kelengkapan wajib masih kurang." in page
    refused = officer.post(url("prepare", person.pk), {"items": ["akta"]})
    assert flash(refused) == ["Pilih salah satu dari daftar."]
    officer.post(url("prepare", person.pk), {})
    assert CardPreparation.objects.get().items == []


def test_job_card_answers_fill_the_sheet(officer: Client, person: Person) -> None:
    page = officer.post(url("answers", person.pk), {"school": "SMK Contoh", "graduated": "2017"})
    assert page["Location"] == url("sheet", person.pk)
    sheet = officer.get(url("sheet", person.pk)).content.decode()
    assert "SMK Contoh" in sheet
    assert "SMK Contoh" in officer.get(url("answers", person.pk)).content.decode()
    refused = officer.post(url("answers", person.pk), {"school": "SMK Lain", "graduated": "17"})
    assert (refused.status_code, errors(refused)) == (422, {"graduated": ["Empat angka, misalnya 2017."]})
    assert "SMK Lain" in refused.content.decode()


def test_job_card_sheet_masks_the_number(officer: Client, person: Person) -> None:
    page = officer.get(url("sheet", person.pk)).content.decode()
    assert (person.nik in page, person.masked_nik in page) == (False, True)
    assert 'data-copy="12/07/1999"' in page
    assert all(word in page for word in ("Bendan Kergon", "Pekalongan Barat", "Kota Pekalongan", "Jawa Tengah"))
    assert url("number", person.pk) not in page  # village officers copy it from the card before them


def test_job_card_print_says_that_it_is_no_card(officer: Client, person: Person) -> None:
    page = officer.get(url("print", person.pk)).content.decode()
    assert "Lembar ini bukan kartu AK1" in page
    assert person.nik not in page


@pytest.mark.parametrize("more", [{}, {"print": "1"}])
def test_job_card_number_stands_in_one_answer(person: Person, more: dict[str, str]) -> None:
    client = at_desk(cast.program_officer())
    assert person.nik not in client.get(url("number", person.pk)).content.decode()
    refused = client.post(url("number", person.pk), {"purpose": "", **more})
    assert (refused.status_code, person.nik in refused.content.decode()) == (422, False)
    shown = client.post(url("number", person.pk), {"purpose": "Mengisi SIAPkerja", **more})
    assert person.nik in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.filter(action="person.nik_revealed").count() == 1


def test_job_card_record_and_renew(officer: Client, person: Person) -> None:
    today = person.agency.today()
    typed = {"number": " 3375-ak1-0001 ", "issued_on": str(today)}
    answer = officer.post(url("record", person.pk), typed)
    assert answer["Location"] == url("person", person.pk)
    card = JobSeekerCard.objects.get()
    assert (card.number, card.issued_on) == ("3375-AK1-0001", today)
    again = officer.post(url("record", person.pk), typed)
    assert (again.status_code, "sudah memegang kartu" in again.content.decode()) == (422, True)
    officer.post(url("record", person.pk), {**typed, "renews": "on"})
    assert [one.end_reason for one in person.job_cards.order_by("pk")] == ["renewed", ""]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "kartu kuning"}, "number"),
        ({"number": "12345; DROP"}, "number"),
        ({"number": ""}, "number"),
        ({"issued_on": "2999-01-01"}, "issued_on"),
        ({"issued_on": "2019-01-01"}, "issued_on"),
        ({"expires_on": "2020-01-01"}, "expires_on"),
    ],
)
def test_job_card_record_says_what_is_wrong(officer: Client, person: Person, typed: dict[str, str], field: str) -> None:
    filled = {"number": "3375-AK1-0001", "issued_on": str(person.agency.today()), **typed}
    refused = officer.post(url("record", person.pk), filled)
    assert (refused.status_code, list(errors(refused))) == (422, [field])
    assert not JobSeekerCard.objects.exists()


def test_job_card_report_and_report_undo(officer: Client, person: Person) -> None:
    report = noted(person).reports.all()[0]
    day = person.agency.today()
    refused = officer.post(url("report", report.pk), {"reported_on": str(day + timedelta(days=1))})
    assert (refused.status_code, errors(refused)) == (422, {"reported_on": ["Tanggal ini belum tiba."]})
    officer.post(url("report", report.pk), {"reported_on": str(day)})
    assert CardReport.objects.get(pk=report.pk).reported_on == day
    assert "Sudah lapor" in officer.get(url("person", person.pk)).content.decode()
    undone = officer.post(url("report_undo", report.pk))
    assert flash(undone) == ["Laporan ke-1 terbuka kembali."]
    assert CardReport.objects.get(pk=report.pk).reported_on is None


def test_job_card_report_undo_after_the_end_says_why_not(officer: Client, person: Person) -> None:
    card = noted(person)
    actions.end_card(card=card, reason="expired", ended_on=person.agency.today(), by=cast.program_officer())
    answer = officer.post(url("report_undo", card.reports.all()[0].pk))
    assert flash(answer) == ["Kartu ini sudah berakhir. Tidak ada lagi yang dicatat padanya."]


def test_job_card_end_says_why_not_and_ends(officer: Client, person: Person) -> None:
    card = noted(person)
    refused = officer.post(url("end", card.pk), {"ended_on": "2020-01-01", "reason": "employed"})
    assert errors(refused) == {"ended_on": ["Kartu terbit setelah tanggal ini."]}
    officer.post(url("end", card.pk), {"ended_on": str(person.agency.today()), "reason": "employed"})
    assert "Kartu terdahulu" in officer.get(url("person", person.pk)).content.decode()


def test_job_card_reopen_takes_the_end_back(officer: Client, person: Person) -> None:
    card, by = noted(person), cast.program_officer()
    actions.end_card(card=card, reason="mistake", ended_on=person.agency.today(), by=by)
    assert flash(officer.post(url("reopen", card.pk))) == ["Kartu berlaku kembali."]
    actions.end_card(card=card, reason="mistake", ended_on=person.agency.today(), by=by)
    noted(person, "AK1-9")
    assert flash(at_desk(by).post(url("reopen", card.pk))) == [
        "Orang ini sudah memegang kartu. Akhiri kartu itu dahulu, atau catat kartu ini sebagai perpanjangannya."
    ]
