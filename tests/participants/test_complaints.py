"""The public side: the form, the number and word, the page behind them, the board."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Agency, AuditEntry
from kit import watch
from kit.form_keys import new_submission_key
from notifications.models import Message
from participants import actions, rules
from participants.models import Complaint, ComplaintEvent, initial_word
from programs.models import Batch
from tests import cast, factories

SEND, OWN, STATUS = "/pengaduan/kirim/", "/pengaduan/saya/", "/pengaduan/cek/"
TEXT = "Kemarin saya datang pukul 08.00, tetapi ruang pelatihan masih terkunci."
ATTACK = '<script>alert(1)</script> =HYPERLINK("http://x.example") {{ 7|add:7 }} ' + "x" * 20


@pytest.fixture
def office(db: None) -> Agency:
    return cast.home_agency()


def typed(**values: Any) -> dict[str, Any]:
    return {"category": "training", "text": TEXT, "submission_key": new_submission_key()} | values


def sent(client: Client, **values: Any) -> Complaint:
    assert client.post(SEND, typed(**values)).status_code == 302
    return Complaint.objects.latest("pk")


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def test_complaint_send_needs_neither_name_nor_account(client: Client, office: Agency) -> None:
    complaint = sent(client)
    assert (complaint.full_name, complaint.phone, complaint.email, complaint.state) == (None, None, None, "new")
    assert complaint.text == TEXT
    assert list(complaint.events.values_list("kind", flat=True)) == ["received"]
    assert Message.objects.count() == 0
    entry = AuditEntry.objects.get(action="complaint.received")
    assert (entry.actor_label, entry.changes) == ("resident", {"category": "training"})


def test_complaint_is_encrypted_at_rest(client: Client, office: Agency) -> None:
    sent(client, full_name="Siti Contoh", phone="0812-0000-0001", email="siti@contoh.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM participants_complaint c")
        row = cursor.fetchone()[0]
    for words in ("terkunci", "Siti", "8120000", "contoh.example"):
        assert words not in row
        assert words.encode().hex() not in row


def test_complaint_send_keeps_what_was_typed(client: Client, office: Agency) -> None:
    response = client.post(SEND, typed(text="Terlalu pendek", email="siti@", phone="12", category=""))
    assert sorted(errors(response)) == ["category", "email", "phone", "text"]
    assert errors(response)["text"] == ["Tulislah sedikit lebih banyak: paling sedikit 20 karakter. Ini baru 14."]
    page = response.content.decode()
    assert "Terlalu pendek</textarea>" in page
    assert 'value="siti@"' in page
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 2001, "too_long"), ("x" * 300_000, "too_long"), ("\u202e" * 40, "required"), ("   \r\n ", "required")],
)
def test_complaint_send_refuses_what_is_too_long_or_empty(client: Client, office: Agency, text: str, code: str) -> None:
    response = client.post(SEND, typed(text=text))
    assert response.context["form"].has_error("text", code)


def test_complaint_send_takes_out_what_nobody_sees(client: Client, office: Agency) -> None:
    complaint = sent(client, text="Baris satu yang panjang\0\x07\r\n\r\n\r\n\r\n\u202eBaris dua yang panjang")
    assert complaint.text == "Baris satu yang panjang\n\nBaris dua yang panjang"


def test_complaint_is_made_once_however_often_the_button_is_pressed(client: Client, office: Agency) -> None:
    form = typed()
    pages = [client.post(SEND, form) for _press in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 302]
    assert (Complaint.objects.count(), ComplaintEvent.objects.count()) == (1, 1)


def test_complaint_form_gone_back_to_makes_another_one(client: Client, office: Agency) -> None:
    form = typed()
    client.post(SEND, form)
    again = client.post(SEND, form | {"text": f"{TEXT} Lagi."})
    assert again.context["form"].has_error("__all__", "form_used")
    assert (
        client.post(SEND, form | {"text": TEXT, "submission_key": again.context["submission_key"]}).status_code == 302
    )
    assert Complaint.objects.count() == 2


def test_complaint_send_takes_no_foreign_key(client: Client, office: Agency) -> None:
    response = client.post(SEND, typed(submission_key=uuid.uuid4().hex))
    assert list(errors(response)) == ["submission_key"]


def test_complaint_send_expired_token_keeps_the_text(office: Agency) -> None:
    response = Client(enforce_csrf_checks=True).post(SEND, typed())
    assert response.status_code == 403
    assert f"{TEXT}</textarea>" in response.content.decode()


def test_complaint_send_trap_gives_the_form_back(client: Client, office: Agency, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"complaint_held": (1, 60)}
    form = typed()
    caught = client.post(SEND, form | {"website": "https://contoh.example"})
    assert (caught.status_code, Complaint.objects.count()) == (422, 0)
    assert f"{TEXT}</textarea>" in caught.content.decode()
    assert client.post(SEND, form).status_code == 302
    assert client.post(SEND, typed(website="x")).status_code == 429


def test_complaint_send_of_a_busy_address_waits_in_line(client: Client, office: Agency, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"complaint": (1, 600), "complaint_held": (1, 600)}
    assert client.post(SEND, typed()).status_code == 302
    held = client.post(SEND, typed())
    assert (held.status_code, held.context["ticket"] is not None) == (429, True)
    assert f"{TEXT}</textarea>" in held.content.decode()
    assert "ticket" not in (client.post(SEND, typed()).context or {})


def test_complaint_send_under_attack_waits_in_line_and_is_not_lost(
    client: Client, office: Agency, settings: Settings
) -> None:
    settings.SLOW_LANE = {"per_minute": 60, "per_address": 6000, "patience": 60, "least_seconds": 0}
    assert watch.order("on")
    held = client.post(SEND, typed())
    assert (held.status_code, Complaint.objects.count()) == (429, 0)
    assert f"{TEXT}</textarea>" in held.content.decode()
    form = typed(submission_key=held.context["submission_key"], ticket=held.context["ticket"].text)
    assert client.post(SEND, form).status_code == 302


def test_complaint_asks_for_the_office_only_when_there_are_several(client: Client, office: Agency) -> None:
    assert "agency" not in client.get(SEND).context["form"].fields
    other = cast.next_agency()
    assert list(errors(client.post(SEND, typed()))) == ["agency"]
    assert sent(client, agency=other.pk).agency == other


def test_complaint_names_a_registration_and_tells_nobody_whether_it_exists(client: Client, batch: Batch) -> None:
    entry = factories.registration(batch)
    known = sent(client, registration_number=entry.shown_code)
    unknown = sent(client, registration_number="K7QM-4XPD")
    assert (known.registration, known.region) == (entry, batch.region)
    assert (unknown.registration, unknown.named_code, unknown.region) == (None, "K7QM4XPD", None)


def test_complaint_receipt_shows_number_and_word_until_they_are_noted(client: Client, office: Agency) -> None:
    complaint = sent(client)
    page = client.get("/pengaduan/diterima/").content.decode()
    word = initial_word(complaint.submission_key)
    assert complaint.shown_code in page
    assert word in page
    assert client.post("/pengaduan/dicatat/")["Location"] == OWN
    assert client.get("/pengaduan/diterima/")["Location"] == STATUS
    own = client.get(OWN)
    assert TEXT in own.content.decode()
    assert word not in own.content.decode()
    assert own["Cache-Control"] == "no-store"


def test_complaint_status_opens_with_number_and_word_alone(client: Client, office: Agency) -> None:
    complaint = sent(Client())
    word = initial_word(complaint.submission_key)
    assert client.get(OWN)["Location"] == STATUS
    wrong = client.post(STATUS, {"number": complaint.shown_code, "word": "salahsalah"})
    unknown = client.post(STATUS, {"number": "K7QM-4XPD", "word": word})
    assert errors(wrong) == errors(unknown)
    assert client.post(STATUS, {"number": complaint.shown_code.lower(), "word": f" {word.upper()} "})["Location"] == OWN


def test_complaint_status_rests_after_wrong_words(client: Client, office: Agency) -> None:
    complaint = sent(Client())
    for _guess in range(5):
        client.post(STATUS, {"number": complaint.code, "word": "salah"})
    right = {"number": complaint.code, "word": initial_word(complaint.submission_key)}
    locked = client.post(STATUS, right)
    assert errors(locked) == errors(client.post(STATUS, {"number": "K7QM-4XPD", "word": "salah"}))
    Complaint.objects.update(word_locked_until=timezone.now())
    assert client.post(STATUS, right).status_code == 302


def test_complaint_own_opens_by_its_own_cookie_alone(client: Client, office: Agency) -> None:
    first, second = sent(Client()), sent(client)
    client.post("/pengaduan/dicatat/")
    client.cookies["portal_complaint"] = client.cookies["portal_complaint"].value.replace(
        f"{second.pk}:", f"{first.pk}:"
    )
    assert client.get(OWN)["Location"] == STATUS


def test_complaint_with_contact_is_told_without_its_words(client: Client, office: Agency) -> None:
    complaint = sent(client, full_name="Siti Contoh", email="siti@contoh.example")
    actions.answer_complaint(complaint=complaint, answer="Ruang sudah kami buka lebih awal.", by=cast.program_officer())
    told = list(Message.objects.order_by("pk"))
    assert [message.kind for message in told] == ["complaint_received", "complaint_answered"]
    for message in told:
        assert "terkunci" not in message.body
        assert "lebih awal" not in message.body
        assert complaint.shown_code in message.body


def test_complaint_about_an_officer_sends_no_message(client: Client, office: Agency) -> None:
    complaint = sent(client, category="money", email="siti@contoh.example")
    actions.answer_complaint(complaint=complaint, answer="Kami memeriksa petugas itu.", by=cast.division_head())
    assert Message.objects.count() == 0


def test_complaint_passed_to_the_heads_takes_its_message_back(client: Client, office: Agency) -> None:
    complaint = sent(client, email="siti@contoh.example")
    passed: dict[str, Any] = {"category": "conduct", "to": None, "concerns": None, "note": ""}
    actions.pass_complaint(complaint=complaint, by=cast.program_officer(), **passed)
    assert list(Message.objects.values_list("state", flat=True)) == ["cancelled"]


def test_complaint_own_reopens_once_with_words(client: Client, office: Agency) -> None:
    complaint = sent(client)
    client.post("/pengaduan/dicatat/")
    officer = cast.program_officer()
    actions.answer_complaint(complaint=complaint, answer="Sudah kami perbaiki kemarin.", by=officer)
    assert "Sudah kami perbaiki kemarin." in client.get(OWN).content.decode()
    assert list(errors(client.post(OWN, {"comment": "Belum"}))) == ["comment"]
    assert client.post(OWN, {"comment": "Sampai hari ini ruangnya masih terkunci."}).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.assigned_to, complaint.answer) == ("in_progress", officer, None)
    actions.answer_complaint(complaint=complaint, answer="Kunci kini dipegang dua petugas.", by=officer)
    again = client.post(OWN, {"comment": "Menurut saya masih tetap belum baik."})
    assert again.context["form"].has_error("__all__", "complaint_reopened_before")


def published(office: Agency, **said: Any) -> Complaint:
    complaint = factories.complaint(office, **said)
    officer = cast.program_officer()
    actions.answer_complaint(complaint=complaint, answer="Sudah kami perbaiki kemarin.", by=officer)
    return actions.publish_complaint(
        complaint=complaint, question="Mengapa tidak ada papan petunjuk?", answer="Papan sudah dipasang.", by=officer
    )


def test_complaint_board_shows_the_cleaned_words_alone(client: Client, office: Agency) -> None:
    published(office, text="Nama saya Siti Contoh dan ruang sulit dicari.", full_name="Siti Contoh")
    page = client.get("/pengaduan/").content.decode()
    assert "Papan sudah dipasang." in page
    assert "Siti" not in page
    assert "sulit dicari" not in page


def test_complaint_board_filters_by_subject_and_words(client: Client, office: Agency) -> None:
    first, second = published(office), published(office, category="portal")
    Complaint.objects.filter(pk=second.pk).update(published_answer="Tombol kini lebih besar.")
    shown = {
        "": [second.pk, first.pk],
        "?about=portal": [second.pk],
        "?q=TOMBOL": [second.pk],
        "?q=%00": [second.pk, first.pk],
        "?about=conduct": [],
        "?about=%27--&after=x&office=1": [second.pk, first.pk],
    }
    for query, keys in shown.items():
        assert [row.pk for row in client.get(f"/pengaduan/{query}").context["page"].rows] == keys, query


def test_complaint_board_counts_this_year(client: Client, office: Agency) -> None:
    done, _waiting = published(office), factories.complaint(office)
    old = published(office)
    Complaint.objects.filter(pk=done.pk).update(received_at=timezone.now().replace(month=1, day=2))
    complaint = Complaint.objects.get(pk=done.pk)
    Complaint.objects.filter(pk=done.pk).update(answered_at=complaint.received_at + timedelta(days=3))
    Complaint.objects.filter(pk=old.pk).update(received_at=datetime(2020, 1, 1, tzinfo=UTC))
    figures = client.get("/pengaduan/").context["figures"]
    assert (figures.received, figures.answered, figures.median_days) == (2, 1, 3)


def test_complaint_board_is_empty_in_words(client: Client, office: Agency) -> None:
    assert "Belum ada jawaban di papan" in client.get("/pengaduan/").content.decode()


def test_complaint_board_takes_as_many_queries_for_three_rows_as_for_one(
    client: Client, office: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published(office)
    client.get("/pengaduan/")
    for _round in range(2):
        with django_assert_num_queries(4):
            client.get("/pengaduan/")
        published(office), published(office)


def test_attack_text_stays_text_wherever_it_is_shown(client: Client, office: Agency) -> None:
    complaint = sent(client, text=ATTACK, full_name="Siti")
    client.post("/pengaduan/dicatat/")
    officer = cast.program_officer()
    actions.answer_complaint(complaint=complaint, answer=ATTACK, by=officer)
    Complaint.objects.update(may_publish=True)
    actions.publish_complaint(complaint=complaint, question=ATTACK, answer=ATTACK, by=officer)
    desk = Client()
    desk.force_login(officer)
    for page in (client.get(OWN), client.get("/pengaduan/"), desk.get(complaint.get_absolute_url())):
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert "{{ 7|add:7 }}" in text


def test_working_day_after_passes_over_weekends() -> None:
    friday = date(2026, 11, 20)
    assert rules.working_day_after(friday, 1) == date(2026, 11, 23)
    assert rules.working_day_after(friday, 5) == date(2026, 11, 27)
    assert rules.working_day_after(date(2026, 11, 21), 1) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Hubungi 0812-3456-7890 saja", ["phone"]),
        ("+62 812 3456 7890 atau 6281234567890", ["phone", "phone"]),
        ("surel: siti.a@contoh.co.id.", ["email"]),
        ("NIK 9971 0152 0799 0001", ["identity"]),
        ("NIK 9971015207990001", ["identity"]),
        ("Pukul 08.00 s.d. 12.00, 12-11-2026, 40 kursi, Rp2.400.000", []),
        ("Telepon kantor (0285) 421234 dan dinas@contoh.example", []),
    ],
)
def test_personal_traces_finds_numbers_and_addresses(text: str, kinds: list[str]) -> None:
    found = rules.personal_traces(text, allowed=("+62285421234", "dinas@contoh.example"))
    assert [kind for kind, _words in found] == kinds


def test_names_in_finds_whole_words_of_names() -> None:
    assert rules.names_in("Kata Bu SITI, ruang penuh", ["Hj. Siti Aminah, S.E."]) == ["Siti"]
    assert rules.names_in("Situs ini penuh", ["Siti Aminah"]) == []


def test_forgetting_erases_name_contact_and_messages(client: Client, office: Agency) -> None:
    said = {"full_name": "Siti Contoh", "email": "siti@contoh.example"}
    ended, recent = sent(client, **said), sent(client, **said)
    officer = cast.program_officer()
    for complaint in (ended, recent):
        actions.answer_complaint(complaint=complaint, answer="Sudah kami perbaiki kemarin.", by=officer)
    Complaint.objects.filter(pk=ended.pk).update(ended_at=timezone.now() - timedelta(days=91))
    assert (actions.forget_complaint_contacts(), actions.forget_complaint_contacts()) == (1, 0)
    ended.refresh_from_db()
    recent.refresh_from_db()
    assert (ended.full_name, ended.email, ended.text) == (None, None, TEXT)
    assert recent.email == "siti@contoh.example"
    assert set(Message.objects.values_list("subject_id", flat=True)) == {str(recent.pk)}
    assert AuditEntry.objects.filter(action="complaint.contact_erased").count() == 1


def test_open_with_word_answers_nothing_for_an_unknown_number(office: Agency) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.open_with_word(code="' OR 1=1", word="\0")
    assert refusal.value.code == "word_wrong"


def test_complaint_noted_without_a_receipt_asks_for_number_and_word(client: Client, office: Agency) -> None:
    assert client.post("/pengaduan/dicatat/")["Location"] == STATUS
    assert client.get("/pengaduan/dicatat/").status_code == 405


def test_complaint_leave_closes_the_page_on_this_device(client: Client, office: Agency) -> None:
    sent(client)
    client.post("/pengaduan/dicatat/")
    assert client.get(OWN).status_code == 200
    assert client.post("/pengaduan/keluar/")["Location"] == "/pengaduan/"
    assert client.get(OWN)["Location"] == STATUS
