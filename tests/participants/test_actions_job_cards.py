import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from notifications.models import Message, State
from participants import actions, rules
from participants.models import CardItem, CardPreparation, CardReport, JobSeekerCard, Person
from participants.tasks import forget_card_sheets, remind_card_reports
from programs.models import Batch
from tests import cast
from tests.participants import cards

ISSUED = date(2026, 10, 1)


@pytest.fixture
def person(batch: Batch) -> Person:
    return cards.person(batch)


def noted(person: Person, issued_on: date = ISSUED, number: str = cards.NUMBER) -> JobSeekerCard:
    return actions.record_card(person=person, number=number, issued_on=issued_on, by=cast.program_officer())


def due_in(card: JobSeekerCard, days: int) -> CardReport:
    """The first report, moved so that it is due in so many days."""
    report = card.reports.all()[0]
    report.due_on = card.person.agency.today() + timedelta(days=days)
    report.save()
    return report


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert rules.months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 1500), st.integers(1, 24))
def test_report_days_rise_and_end_with_the_card(issued: date, days: int, every: int) -> None:
    expires = issued + timedelta(days=days)
    found = rules.report_days(issued, expires, every)
    assert found == sorted(set(found))
    assert (found[-1], issued < found[0]) == (expires, True)


def test_record_card_is_valid_for_two_years_with_four_reports(person: Person) -> None:
    card = noted(person)
    due = list(card.reports.values_list("number", "due_on"))
    assert due == [(1, date(2027, 4, 1)), (2, date(2027, 10, 1)), (3, date(2028, 4, 1)), (4, date(2028, 10, 1))]
    assert (card.expires_on, card.number_last4) == (date(2028, 10, 1), "0123")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM participants_jobseekercard")
        assert cards.NUMBER.encode() not in bytes(cursor.fetchone()[0])
    entry = AuditEntry.objects.get(action="job_card.noted")
    assert (entry.subject_id, cards.NUMBER in str(entry.changes)) == (str(person.pk), False)


@pytest.mark.parametrize(("issued_on", "code"), [(date(2099, 1, 1), "card_future"), (date(2020, 1, 1), "card_expired")])
def test_record_card_refuses_days(person: Person, issued_on: date, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        noted(person, issued_on)
    assert [error.code for error in refused.value.error_dict["issued_on"]] == [code]


def test_record_card_refuses_a_second_one_and_a_number_of_somebody_else(batch: Batch, person: Person) -> None:
    noted(person)
    for who, number, code in (
        (person, "LAIN-2", "job_card_once_in_force"),
        (cards.person(batch), cards.NUMBER, "job_card_number_once_in_force"),
    ):
        with pytest.raises(ValidationError) as refused:
            noted(who, number=number)
        assert refused.value.code == code


def test_record_card_renews_under_the_same_number_and_ends_reminders(person: Person) -> None:
    by = cast.program_officer()
    first = noted(person)
    report = due_in(first, 5)
    actions.remind_reports()
    second = actions.record_card(person=person, number=cards.NUMBER, issued_on=date(2026, 11, 1), renews=True, by=by)
    first.refresh_from_db()
    assert (first.end_reason, first.ended_on) == (JobSeekerCard.End.RENEWED, date(2026, 11, 1))
    assert list(person.job_cards.in_force()) == [second]
    assert Message.objects.get(group=f"card_report:{report.pk}").state == State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_record_card_by_two_officers_at_once_notes_one(batch: Batch) -> None:
    person = cards.person(batch)
    results: list[str | None] = []
    by, gate = cast.program_officer(), threading.Barrier(4)

    def note(number: int) -> None:
        gate.wait()
        try:
            card = actions.record_card(person=person, number=f"AK1-{number}", issued_on=ISSUED, by=by)
            results.append(card.number_last4)
        except ValidationError as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=note, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("job_card_once_in_force") == 3
    assert (JobSeekerCard.objects.count(), CardReport.objects.count()) == (1, 4)


def test_note_report_once_and_undo(person: Person) -> None:
    by, report = cast.program_officer(), due_in(noted(person), 5)
    actions.remind_reports()
    for _press in range(2):
        actions.note_report(report=report, reported_on=date(2026, 11, 20), by=by)
    report.refresh_from_db()
    assert (report.reported_on, report.noted_by) == (date(2026, 11, 20), by)
    assert AuditEntry.objects.filter(action="job_card.reported").count() == 1
    assert Message.objects.get(kind="job_card_report_due").state == State.CANCELLED
    actions.undo_report(report=report, by=by)
    report.refresh_from_db()
    assert (report.reported_on, report.noted_at, report.noted_by) == (None, None, None)


@pytest.mark.parametrize(
    ("day", "code"), [(date(2099, 1, 1), "report_future"), (date(2026, 9, 30), "report_before_issue")]
)
def test_note_report_refuses_days(person: Person, day: date, code: str) -> None:
    report = noted(person).reports.all()[0]
    with pytest.raises(ValidationError) as refused:
        actions.note_report(report=report, reported_on=day, by=cast.program_officer())
    assert [error.code for error in refused.value.error_dict["reported_on"]] == [code]


def test_end_card_stops_everything_and_reopens(person: Person) -> None:
    by, card = cast.program_officer(), noted(person)
    due_in(card, 5)
    actions.end_card(card=card, reason="employed", ended_on=date(2026, 11, 2), by=by)
    assert actions.remind_reports() == 0
    with pytest.raises(ValidationError) as refused:
        actions.note_report(report=card.reports.all()[0], reported_on=date(2026, 11, 2), by=by)
    assert refused.value.code == "card_ended"
    actions.reopen_card(card=card, by=by)
    assert actions.remind_reports() == 1
    actions.end_card(card=card, reason="expired", ended_on=date(2026, 11, 2), by=by)
    noted(person, number="BARU-9")
    with pytest.raises(ValidationError) as refused:
        actions.reopen_card(card=card, by=by)
    assert refused.value.code == "job_card_once_in_force"


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (0, 1), (14, 1), (15, 0)])
def test_remind_reports_in_the_two_weeks_before(person: Person, days: int, told: int) -> None:
    due_in(noted(person), days)
    assert reminded() == told


def test_remind_reports_leaves_out_restricted_data(person: Person) -> None:
    due_in(noted(person), 5)
    Person.objects.filter(pk=person.pk).update(restricted_at=timezone.now())
    assert reminded() == 0
    Person.objects.filter(pk=person.pk).update(restricted_at=None)
    assert reminded() == 1


def reminded() -> int:
    """As the clock does it."""
    return int(remind_card_reports())


def test_remind_reports_once_for_each_due_day(person: Person) -> None:
    report = due_in(noted(person), 5)
    assert [reminded(), reminded()] == [1, 0]
    message = Message.objects.get(kind="job_card_report_due")
    assert (message.recipient_phone, message.subject_type) == (person.phone, "person")
    assert cards.NUMBER not in message.body
    report.due_on += timedelta(days=3)  # another day, another message
    report.save()
    assert reminded() == 1


def test_remind_reports_says_that_the_card_runs_out(person: Person) -> None:
    card = noted(person)
    last = card.reports.all()[3]
    card.expires_on = last.due_on = person.agency.today() + timedelta(days=9)
    card.save()
    last.save()
    assert reminded() == 1
    assert Message.objects.get(kind="job_card_expiring").subject == "Kartu AK1 Anda akan habis masa berlakunya"


def test_answers_are_encrypted_and_go_with_the_card(person: Person) -> None:
    by = cast.program_officer()
    answers = {"school": "SMK Contoh", "skills": "menjahit", "marital_status": "", "unknown": "x"}
    kept = actions.fill_card_sheet(person=person, answers=answers, by=by)
    assert kept.answers == {"school": "SMK Contoh", "skills": "menjahit"}
    entry = AuditEntry.objects.get(action="job_card.sheet_filled")
    assert (entry.changes, "menjahit" in str(entry.changes)) == ({"fields": ["school", "skills"]}, False)
    actions.prepare_card(person=person, items=[CardItem.PHOTO], by=by)
    assert CardPreparation.objects.get().answers == kept.answers
    noted(person)
    preparation = CardPreparation.objects.get()
    assert (preparation.sheet, preparation.items) == (None, ["photo"])


def test_forget_card_sheets_after_half_a_year(person: Person) -> None:
    kept = actions.fill_card_sheet(person=person, answers={"school": "SMK Contoh"}, by=cast.program_officer())
    assert forget_card_sheets() == 0
    CardPreparation.objects.update(updated_at=kept.updated_at - timedelta(days=181))
    assert [forget_card_sheets(), forget_card_sheets()] == [1, 0]


def test_reveal_number_asks_why_and_is_written_down(person: Person) -> None:
    by = cast.program_officer()
    with pytest.raises(ValidationError) as refused:
        actions.reveal_number(person=person, purpose=" ", by=by)
    assert refused.value.code == "purpose_needed"
    assert actions.reveal_number(person=person, purpose="Mengisi SIAPkerja", by=by) == person.nik
    entry = AuditEntry.objects.get(action="person.nik_revealed")
    assert (entry.subject_id, entry.purpose) == (str(person.pk), "Mengisi SIAPkerja")
