"""Complaints at the office: who sees which, every step, two officers at once, and what PostgreSQL refuses."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency, AuditEntry, User
from accounts.roles import Role
from participants import actions
from participants.models import Complaint, ComplaintCategory, ComplaintEvent
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.desk import at_desk, errors, flash
from tests.support.constraints import broken_by

LIST = "/kerja/pengaduan/"
ANSWER = "Ruang pelatihan kini dibuka pukul 07.30."


@pytest.fixture
def office(db: None) -> Agency:
    return cast.home_agency()


@pytest.fixture
def officer(office: Agency) -> User:
    return cast.program_officer()


def url(name: str, complaint: Complaint) -> str:
    return reverse(f"participants:complaint_{name}", args=[complaint.pk])


def answered(office: Agency, by: User, **said: Any) -> Complaint:
    return actions.answer_complaint(complaint=factories.complaint(office, **said), answer=ANSWER, by=by)


def head() -> User:
    return factories.user("kadis", role=Role.AGENCY_HEAD)


def seen_by(user: User) -> set[str]:
    return set(Complaint.objects.visible_to(user).values_list("category", flat=True))


def test_visible_to_goes_by_category_and_office(office: Agency) -> None:
    for category in ComplaintCategory.values:
        factories.complaint(office, category=category)
    everything = set(ComplaintCategory.values)
    assert seen_by(cast.program_officer()) == everything - {"conduct", "money"}
    assert seen_by(cast.division_head()) == seen_by(head()) == everything
    assert seen_by(cast.dpo()) == {"personal_data"}
    for stranger in (cast.village_officer_here, cast.verifier, cast.auditor, cast.administrator, cast.treasurer):
        assert seen_by(stranger()) == set()
    assert seen_by(cast.other_agency_officer()) == set()


def test_visible_to_goes_by_area_when_a_registration_is_named(batch: Any) -> None:
    entry = factories.registration(batch)
    complaint = factories.complaint(batch.program.agency, number=entry.code)
    here = factories.user("petugas.barat", role=Role.PROGRAM_OFFICER, region="33.75.01")
    elsewhere = factories.user("petugas.timur", role=Role.PROGRAM_OFFICER, region="33.75.02")
    assert list(Complaint.objects.visible_to(here)) == [complaint]
    assert list(Complaint.objects.visible_to(elsewhere)) == []
    whole = factories.complaint(batch.program.agency)
    assert whole not in Complaint.objects.visible_to(here)


def test_complaint_about_a_head_is_hidden_from_that_head(office: Agency) -> None:
    about, other = cast.division_head(), head()
    complaint = factories.complaint(office, category="conduct")
    form = {"category": "conduct", "to": other.pk, "concerns": about.pk, "note": ""}
    assert at_desk(other).post(url("pass", complaint), form)["Location"] == url("detail", complaint)
    client = at_desk(about)
    assert client.get(url("detail", complaint)).status_code == 404
    assert client.get(LIST).context["page"].rows == []
    assert client.post(url("answer", complaint), {"answer": ANSWER}).status_code == 404


def test_complaint_list_puts_what_is_due_first_on_top(office: Agency, officer: User) -> None:
    rows = [factories.complaint(office) for _number in range(3)]
    today = office.today()
    for row, days in zip(rows, (3, -2, 0), strict=True):
        Complaint.objects.filter(pk=row.pk).update(due_on=today + timedelta(days=days))
    client = at_desk(officer)
    page = client.get(LIST)
    assert [row.pk for row in page.context["page"].rows] == [rows[1].pk, rows[2].pk, rows[0].pk]
    assert page.context["overdue"].number == 1
    assert [row.pk for row in client.get(f"{LIST}?state=overdue").context["page"].rows] == [rows[1].pk]


def test_complaint_list_filters(office: Agency, officer: User) -> None:
    new, mine, ended = (factories.complaint(office) for _number in range(3))
    actions.take_complaint(complaint=mine, by=officer)
    actions.close_complaint(complaint=ended, reason="unclear", note="Tulislah tempatnya.", by=officer)
    shown = {
        "": {new, mine},
        "?whose=mine": {mine},
        "?whose=nobody": {new},
        "?state=closed": {ended},
        "?state=all": {new, mine, ended},
        f"?number={ended.shown_code.lower()}": {ended},
        "?about=portal": set(),
        "?state=%27&after=1~x&number=%00": set(),
    }
    client = at_desk(officer)
    for query, rows in shown.items():
        if "%00" not in query:
            assert set(client.get(f"{LIST}{query}").context["page"].rows) == rows, query
        assert client.get(f"{LIST}{query}").status_code == 200


def test_complaint_list_takes_as_many_queries_for_three_rows_as_for_one(
    office: Agency, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = at_desk(officer)
    actions.take_complaint(complaint=factories.complaint(office), by=officer)
    client.get(LIST)  # what the process keeps is read once
    for _round in range(2):
        with django_assert_num_queries(6):
            client.get(LIST)
        for _number in range(2):
            actions.take_complaint(complaint=factories.complaint(office), by=officer)


def test_complaint_detail_masks_the_contact(office: Agency, officer: User) -> None:
    said = {"full_name": "Siti Contoh", "phone": "+6281234567890", "email": "siti@contoh.example"}
    complaint = factories.complaint(office, **said)
    page = at_desk(officer).get(url("detail", complaint)).content.decode()
    assert "0812-****-7890" in page
    assert "s***@contoh.example" in page
    assert "siti@contoh.example" not in page
    assert "Siti Contoh" not in page.split("<h2>Pesan</h2>")[0]


def test_complaint_reveal_asks_why_and_is_written_down(office: Agency, officer: User) -> None:
    complaint = factories.complaint(office, full_name="Siti Contoh", phone="+6281234567890")
    client = at_desk(officer)
    assert "purpose" in errors(client.post(url("reveal", complaint), {"purpose": ""}))
    page = client.post(url("reveal", complaint), {"purpose": "Menanyakan tempat kejadian"})
    assert "Siti Contoh" in page.content.decode()
    entry = AuditEntry.objects.get(action="complaint.contact_revealed")
    assert (entry.actor, entry.purpose) == (officer, "Menanyakan tempat kejadian")
    assert "Siti Contoh" not in client.get(url("reveal", complaint)).content.decode()


def test_complaint_take_tells_the_second_officer_who_was_first(office: Agency, officer: User) -> None:
    complaint, second = factories.complaint(office), cast.division_head()
    at_desk(officer).post(url("take", complaint))
    response = at_desk(second).post(url("take", complaint))
    assert flash(response) == [f"Pengaduan ini sudah ditangani {officer.full_name}."]
    complaint.refresh_from_db()
    assert (complaint.state, complaint.assigned_to) == ("in_progress", officer)


def test_complaint_pass_by_officer_to_the_heads_ends_the_officers_view(office: Agency, officer: User) -> None:
    complaint = factories.complaint(office)
    form = {"category": "conduct", "to": "", "concerns": "", "note": "Menyangkut sikap petugas."}
    client = at_desk(officer)
    assert client.post(url("pass", complaint), form)["Location"] == LIST
    assert client.get(url("detail", complaint)).status_code == 404
    assert at_desk(cast.division_head()).get(url("detail", complaint)).status_code == 200


def test_complaint_pass_refuses_whoever_may_not_see_it(office: Agency, officer: User) -> None:
    complaint, village = factories.complaint(office), cast.village_officer_here()
    form = {"category": "other", "to": village.pk, "concerns": "", "note": ""}
    assert "to" in errors(at_desk(officer).post(url("pass", complaint), form))
    with pytest.raises(ValidationError) as refusal:
        actions.pass_complaint(
            complaint=complaint, category="conduct", to=officer, concerns=None, note="", by=cast.division_head()
        )
    assert refusal.value.code == "officer_not_allowed"
    for same in ({"to": None, "concerns": None}, {"to": officer, "concerns": officer}):
        with pytest.raises(ValidationError):
            actions.pass_complaint(complaint=complaint, category="other", note="", by=officer, **same)


def test_complaint_note_is_never_read_by_the_author(office: Agency, officer: User, client: Any) -> None:
    complaint = factories.complaint(office)
    at_desk(officer).post(url("note", complaint), {"text": "Sudah ditelepon, tidak diangkat."})
    client.cookies["x"] = "y"
    page = at_desk(officer).get(url("detail", complaint)).content.decode()
    assert "tidak diangkat" in page
    assert ComplaintEvent.Kind.NOTE not in ComplaintEvent.PUBLIC
    assert ComplaintEvent.Kind.PASSED not in ComplaintEvent.PUBLIC


def test_complaint_answer_keeps_what_was_typed_when_another_was_first(office: Agency, officer: User) -> None:
    complaint = factories.complaint(office)
    actions.answer_complaint(complaint=complaint, answer=ANSWER, by=cast.division_head())
    response = at_desk(officer).post(url("answer", complaint), {"answer": "Jawaban saya yang lain sekali."})
    first = cast.division_head().full_name
    assert errors(response) == {"__all__": [f"{first} sudah menjawab pengaduan ini. Lihat dahulu jawabannya."]}
    assert "Jawaban saya yang lain sekali." in response.content.decode()
    complaint.refresh_from_db()
    assert complaint.answer == ANSWER


def test_complaint_close_needs_reason_and_sentence(office: Agency, officer: User) -> None:
    complaint, client = factories.complaint(office), at_desk(officer)
    assert sorted(errors(client.post(url("close", complaint), {}))) == ["note", "reason"]
    form = {"reason": "elsewhere", "note": "Silakan hubungi dinas kependudukan."}
    assert client.post(url("close", complaint), form).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.close_reason) == ("closed", "elsewhere")


def test_complaint_undo_takes_the_answer_back_and_keeps_it_in_the_history(office: Agency, officer: User) -> None:
    complaint = answered(office, officer)
    actions.publish_complaint(complaint=complaint, question="Mengapa ruang terkunci?", answer=ANSWER, by=officer)
    at_desk(officer).post(url("undo", complaint))
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answer, complaint.published_at) == ("in_progress", None, None)
    assert ANSWER in list(complaint.events.values_list("text", flat=True))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Hubungi saya di 0812-3456-7890 ya", "Hapus nomor telepon ini: 0812-3456-7890."),
        ("Tulis ke aku@contoh.example saja", "Hapus alamat email ini: aku@contoh.example."),
        ("NIK saya 9971015207990001, tolong", "Hapus angka 16 digit ini: 9971015207990001."),
        ("Saya Siti, ruangnya masih terkunci", "Ada nama orang yang terkait: Siti. Tulislah dengan cara lain."),
        ("Nomor saya K7QM-4XPD, mohon dicek", "Hapus nomor pendaftaran atau nomor pengaduan."),
    ],
)
def test_complaint_publish_refuses_what_is_personal(office: Agency, officer: User, words: str, found: str) -> None:
    complaint = answered(office, officer, full_name="Siti Contoh", number="K7QM-4XPD")
    form = {"question": words, "answer": ANSWER, "checked": "on"}
    response = at_desk(officer).post(url("publish", complaint), form)
    assert errors(response) == {"question": [found]}
    complaint.refresh_from_db()
    assert complaint.published_at is None


def test_complaint_publish_needs_a_second_look(office: Agency, officer: User) -> None:
    complaint, client = answered(office, officer), at_desk(officer)
    form = {"question": "Mengapa ruang pelatihan terkunci?", "answer": ANSWER}
    assert list(errors(client.post(url("publish", complaint), form))) == ["checked"]
    assert client.post(url("publish", complaint), form | {"checked": "on"}).status_code == 302
    assert client.post(url("unpublish", complaint)).status_code == 302
    kinds = list(complaint.events.values_list("kind", flat=True))
    assert kinds == ["received", "answered", "published", "unpublished"]


def test_complaint_publish_is_closed_where_the_author_did_not_allow_it(office: Agency, officer: User) -> None:
    complaint = answered(office, officer, may_publish=False)
    assert at_desk(officer).get(url("publish", complaint)).status_code == 403
    with pytest.raises(ValidationError) as refusal:
        actions.publish_complaint(complaint=complaint, question="x" * 20, answer=ANSWER, by=officer)
    assert refusal.value.code == "not_publishable"


def test_publish_action_refuses_numbers_whoever_calls_it(office: Agency, officer: User) -> None:
    complaint = answered(office, officer)
    with pytest.raises(ValidationError) as refusal:
        actions.publish_complaint(complaint=complaint, question="NIK 9971015207990001", answer=ANSWER, by=officer)
    assert refusal.value.code == "personal_data"


def test_workspace_tells_how_many_wait_and_are_overdue(office: Agency, officer: User) -> None:
    rows = [factories.complaint(office) for _number in range(3)]
    Complaint.objects.filter(pk=rows[0].pk).update(due_on=office.today() - timedelta(days=1))
    tasks = {task.label: task.count.number for task in at_desk(officer).get("/kerja/").context["tasks"]}
    assert (tasks["Pengaduan menunggu"], tasks["Pengaduan lewat batas waktu"]) == (3, 1)


NOW = timezone.now()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("complaint_category_known", {"category": "x"}),
        ("complaint_state_known", {"state": "x", "ended_at": None}),
        ("complaint_in_progress_names_who", {"state": "in_progress"}),
        ("complaint_answered_has_answer", {"state": "answered", "ended_at": NOW}),
        ("complaint_closed_has_reason", {"state": "closed", "ended_at": NOW}),
        ("complaint_ended_has_time", {"ended_at": NOW}),
        ("complaint_published_is_answered_and_allowed", {"published_at": NOW}),
        ("complaint_published_without_identity_number", {"published_question": "NIK 9971015207990001"}),
        ("complaint_forgotten_has_no_contact", {"contact_erased_at": NOW, "full_name": "Siti"}),
    ],
)
def test_constraints_of_a_complaint(office: Agency, name: str, values: dict[str, Any]) -> None:
    complaint = factories.complaint(office)
    assert broken_by(lambda: Complaint.objects.filter(pk=complaint.pk).update(**values)) in {
        name,
        *({"complaint_ended_has_time"} if name == "complaint_state_known" else set()),
    }


def test_constraint_of_a_note(office: Agency) -> None:
    complaint = factories.complaint(office)
    nameless = partial(ComplaintEvent.objects.create, complaint=complaint, at=NOW, kind="note", text="x")
    assert broken_by(nameless) == "complaint_note_names_who"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_answer_at_once_the_second_hears_of_it() -> None:
    officers = [cast.program_officer(), cast.division_head()]
    complaint = factories.complaint(cast.home_agency(), email="siti@contoh.example")
    jobs = [partial(actions.answer_complaint, complaint=complaint, answer=ANSWER, by=by) for by in officers * 5]
    assert sorted(outcomes(at_once(jobs))) == ["complaint_answered"] * 9 + ["done"]
    assert complaint.events.filter(kind="answered").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_form_ten_times_is_one_complaint() -> None:
    office = cast.home_agency()
    said = actions.Said(category="other", text="Papan petunjuk tidak ada.", email="siti@contoh.example")
    key = uuid.uuid4()
    jobs = [partial(actions.send_complaint, agency=office, said=said, submission_key=key)] * 10
    assert outcomes(at_once(jobs)) == ["done"] * 10
    assert (Complaint.objects.count(), ComplaintEvent.objects.count()) == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_answering_and_reopening_at_once_leave_one_whole_state() -> None:
    complaint = answered(cast.home_agency(), cast.program_officer())
    words = "Sampai hari ini masih terkunci."
    jobs: list[Any] = [partial(actions.reopen_complaint, complaint=complaint, comment=words)] * 5
    jobs.append(partial(actions.undo_complaint, complaint=complaint, by=cast.program_officer()))
    outcomes(at_once(jobs))
    with transaction.atomic():
        fresh = Complaint.objects.locked(complaint.pk)
    assert (fresh.state, fresh.answer, fresh.ended_at) == ("in_progress", None, None)
    assert fresh.events.filter(kind="reopened").count() <= 1


@pytest.mark.django_db
def test_complaint_unpublish_of_what_is_not_there_changes_nothing() -> None:
    complaint = answered(cast.home_agency(), cast.program_officer())
    client = at_desk(cast.program_officer())
    assert client.post(url("unpublish", complaint))["Location"] == url("detail", complaint)
    assert not complaint.events.filter(kind="unpublished").exists()
