"""Requests about data: asked, answered, carried out; consents, restriction, erasing by two, and the clock."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, User
from jobs.models import StoredFile
from notifications.models import Message, State, WhatsAppChoice
from participants import actions
from participants.models import NO_NAME, Consent, DataRequest, Person, Registration, RequestKind, RequestState
from programs.models import Batch
from tests import cast, factories
from tests.participants.rights import aged, asked, over, verified
from tests.support import photos
from tests.support.searching import files_with, places_in_database

VALUES: dict[str, Any] = {
    "full_name": "Rahayuningtyas Pembatik",
    "nik": "9971015208990457",
    "phone": "+6281299887766",
    "email": "rahayuningtyas@contoh.example",
    "address": "Gang Cempaka Ungu 17",
    "birth_date": date(1999, 8, 12),
}
WORDS = {"name": "Rahayuningtyas", "nik": VALUES["nik"], "phone": "81299887766", "email": VALUES["email"]}


@pytest.fixture
def entry(batch: Batch, own_folder: object) -> Registration:
    return verified(factories.registration(batch, **VALUES))


def card_of(entry: Registration) -> Person:
    return Person.objects.get(registrations=entry)


def refusal(act: Any, **values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        act(**values)
    found = caught.value
    errors = [one for field in found.error_dict.values() for one in field] if hasattr(found, "error_dict") else []
    return str((errors or found.error_list)[0].code)


# -- asking --


def test_ask_starts_the_clock_and_tells_the_person(entry: Registration) -> None:
    made = asked(entry)
    assert made.due_at - made.received_at == timedelta(hours=72)
    assert (made.person, made.state, made.note) == (entry.person, RequestState.RECEIVED, "Nama saya salah.")
    told = Message.objects.get(kind="data_request_received")
    assert made.shown_code in told.body
    assert VALUES["full_name"] in told.recipient_name
    assert not {"Nama saya salah", VALUES["nik"]} & set(told.body.split("\n"))


def test_ask_twice_is_refused_while_the_first_is_open(entry: Registration) -> None:
    asked(entry)
    assert refusal(lambda: asked(entry)) == "data_request_open_once_per_person"
    actions.take_back_request(request=DataRequest.objects.get(), by=None)
    asked(entry)


def test_ask_to_correct_a_name_needs_evidence(entry: Registration) -> None:
    words: dict[str, Any] = {"fields": {"full_name": "Rahayu"}}
    assert refusal(lambda: asked(entry, **words)) == "evidence_needed"
    made = asked(entry, **words, evidence=photos.located())
    assert made.evidence is not None
    assert made.evidence.content() != photos.located()
    asked(factories.registration(entry.batch), fields={"address": "Jalan Baru 2"})


def test_ask_to_correct_nothing_is_refused(entry: Registration) -> None:
    assert refusal(lambda: asked(entry, note="")) == "correction_empty"
    assert refusal(lambda: asked(entry, RequestKind.OBJECTION, note="")) == "objection_empty"


def test_ask_to_erase_is_refused_while_a_seat_is_held(entry: Registration) -> None:
    assert refusal(lambda: asked(entry, RequestKind.ERASURE)) == "erasing_forbidden"
    over(entry.batch)
    asked(entry, RequestKind.ERASURE)


def test_evidence_goes_when_the_request_ends(entry: Registration) -> None:
    made = asked(entry, fields={"full_name": "Rahayu"}, evidence=photos.located())
    content, kind = actions.look_at_request_evidence(request=made, by=cast.program_officer())
    assert (kind, content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert AuditEntry.objects.filter(action="data_request.evidence_seen").count() == 1
    actions.take_back_request(request=made, by=None)
    assert StoredFile.objects.count() == 0


# -- answering --


def test_answer_ends_and_tells_without_the_words(entry: Registration) -> None:
    officer, made = cast.program_officer(), asked(entry, RequestKind.OBJECTION, note="Saya keberatan.")
    actions.take_request(request=made, by=officer)
    actions.answer_request(request=made, answer="Sudah kami periksa ulang.", by=officer)
    made.refresh_from_db()
    assert (made.state, made.answer, made.answered_by) == (RequestState.DONE, "Sudah kami periksa ulang.", officer)
    told = Message.objects.get(kind="data_request_answered")
    assert "Sudah kami periksa" not in told.body
    assert refusal(actions.answer_request, request=made, answer="Lagi", by=officer) == "request_ended"


def test_refuse_needs_reason_and_words(entry: Registration) -> None:
    officer, made = cast.program_officer(), asked(entry)
    act = actions.refuse_request
    assert refusal(act, request=made, reason="x", answer="Tidak.", by=officer) == "reason_needed"
    assert refusal(act, request=made, reason="law", answer=" ", by=officer) == "answer_needed"
    actions.refuse_request(request=made, reason="not_true", answer="KTP menunjukkan lain.", by=officer)
    made.refresh_from_db()
    assert (made.state, made.refusal_reason) == (RequestState.REFUSED, "not_true")


def test_correct_changes_the_person_everywhere_and_the_contact_where_it_is_used(entry: Registration) -> None:
    program = factories.program(entry.batch.program.agency, duplicate_rule="never")
    type(program).objects.filter(pk=entry.batch.program_id).update(duplicate_rule="never")
    ended = factories.registration(factories.batch(program), **VALUES)
    actions.withdraw(registration=ended, reason="", by=None)
    wished = {"full_name": "Rahayu Ningtyas", "phone": "+6281311112222"}
    made = asked(entry, fields=wished, evidence=photos.located())
    actions.correct_as_asked(request=made, fields=wished, answer="", by=cast.program_officer())
    entry.refresh_from_db()
    ended.refresh_from_db()
    card = card_of(entry)
    assert (card.full_name, card.name_key, card.phone) == ("Rahayu Ningtyas", "RAHAYU NINGTYAS", "+6281311112222")
    assert (entry.full_name, entry.phone) == ("Rahayu Ningtyas", "+6281311112222")
    assert (ended.full_name, ended.phone) == ("Rahayu Ningtyas", VALUES["phone"])
    told = Message.objects.filter(kind="data_request_answered").values_list("recipient_email", "recipient_phone")
    assert any(VALUES["phone"] in row for row in told)


def test_correct_refuses_what_is_not_correctable(entry: Registration) -> None:
    made, officer = asked(entry), cast.program_officer()
    act = actions.correct_as_asked
    assert refusal(act, request=made, fields={"seat": "held"}, answer="", by=officer) == "correction_empty"
    assert refusal(act, request=made, fields={}, answer="", by=officer) == "correction_empty"


# -- consents --


def test_withdraw_consent_takes_effect_at_once(entry: Registration) -> None:
    agency, person = entry.batch.program.agency, entry.person
    assert person is not None
    actions.give_consent(subject=person, registration=entry, purpose="whatsapp", by=None)
    assert WhatsAppChoice.objects.allows(agency.pk, entry.phone)
    made = actions.withdraw_consent(subject=person, registration=entry, purpose="whatsapp", identity="pin", by=None)
    assert not WhatsAppChoice.objects.allows(agency.pk, entry.phone)
    assert (made.state, made.answered_at) == (RequestState.DONE, made.received_at)
    consent = Consent.objects.get(registration=entry, purpose="whatsapp")
    assert (consent.given, consent.in_force) == (True, False)
    again = {"subject": person, "registration": entry, "purpose": "whatsapp", "identity": "pin", "by": None}
    assert refusal(actions.withdraw_consent, **again) == "consent_not_given"
    assert refusal(actions.withdraw_consent, **again | {"purpose": "notice"}) == "not_a_consent"


def test_give_consent_does_not_overrule_a_number_that_said_stop(entry: Registration) -> None:
    said = {"wants": False, "source": "reply", "at": timezone.now()}
    WhatsAppChoice.objects.create(agency=entry.batch.program.agency, phone=entry.phone, **said)
    words = {"subject": entry.person, "registration": entry, "purpose": "whatsapp", "by": None}
    assert refusal(actions.give_consent, **words) == "number_said_stop"
    assert not Consent.objects.filter(registration=entry, purpose="whatsapp").exists()


# -- restriction --


def test_restrict_hides_from_lists_and_stops_messages(entry: Registration) -> None:
    over(entry.batch)
    made = asked(entry, RequestKind.RESTRICTION)
    actions.restrict_as_asked(request=made, answer="", by=cast.program_officer())
    seen = Registration.objects.filter(pk=entry.pk)
    assert not seen.visible_to(cast.program_officer()).exists()
    assert seen.visible_to(cast.dpo()).exists()
    assert not Person.objects.visible_to(cast.program_officer()).filter(pk=card_of(entry).pk).exists()
    queued = Message.objects.for_subject("registration", entry.pk).filter(state=State.QUEUED)
    assert not queued.exists()
    assert Message.objects.filter(kind="data_request_answered").count() == 1


def test_restrict_leaves_a_running_training_alone_until_its_end(entry: Registration) -> None:
    made = asked(entry, RequestKind.RESTRICTION)
    actions.restrict_as_asked(request=made, answer="", by=cast.program_officer())
    entry.refresh_from_db()
    assert entry.restricted_at is None
    over(entry.batch)
    actions.sweep_requests()
    entry = Registration.objects.get(pk=entry.pk)
    assert entry.restricted_at is not None
    assert entry.person is not None
    actions.lift_restriction(subject=entry.person, reason="Atas permintaan", by=cast.dpo())
    actions.sweep_requests()
    entry.refresh_from_db()
    assert entry.restricted_at is None


# -- erasing --


def erasure(entry: Registration) -> DataRequest:
    over(entry.batch)
    return asked(entry, RequestKind.ERASURE, note="Saya pindah kota.")


def test_erasure_is_proposed_and_confirmed_by_two(entry: Registration) -> None:
    made, officer, dpo = erasure(entry), cast.program_officer(), cast.dpo()
    assert refusal(actions.confirm_erasure, request=made, by=dpo) == "not_proposed"
    actions.propose_erasure(request=made, by=dpo)
    assert refusal(actions.confirm_erasure, request=made, by=dpo) == "data_request_erasure_by_two"
    with pytest.raises(PermissionDenied):
        actions.confirm_erasure(request=made, by=officer)
    actions.drop_erasure_proposal(request=made, by=officer)
    actions.propose_erasure(request=made, by=officer)
    done = actions.confirm_erasure(request=made, by=dpo)
    assert (done.state, done.answered_by, done.subject.full_name, done.wish) == (RequestState.DONE, dpo, NO_NAME, "")


def test_erasure_leaves_nothing_after_the_last_letter(entry: Registration, own_folder: Any) -> None:
    made = erasure(entry)
    actions.propose_erasure(request=made, by=cast.program_officer())
    actions.confirm_erasure(request=made, by=cast.dpo())
    letter = Message.objects.get(kind="data_erased")
    assert letter.recipient_name == VALUES["full_name"]
    Message.objects.filter(pk=letter.pk).update(state=State.SENT, sent_at=timezone.now())
    actions.sweep_requests()
    assert places_in_database(WORDS) == set()
    assert files_with(own_folder, WORDS) == set()


def test_erasure_is_refused_again_when_a_seat_was_taken_meanwhile(entry: Registration) -> None:
    made = erasure(entry)
    actions.propose_erasure(request=made, by=cast.program_officer())
    Batch.objects.filter(pk=entry.batch_id).update(state=Batch.State.PUBLISHED)
    assert refusal(actions.confirm_erasure, request=made, by=cast.dpo()) == "erasing_forbidden"


def test_erasure_ends_what_else_was_asked(entry: Registration) -> None:
    other, made = asked(entry), erasure(entry)
    actions.propose_erasure(request=made, by=cast.program_officer())
    actions.confirm_erasure(request=made, by=cast.dpo())
    other.refresh_from_db()
    assert (other.state, other.wish) == (RequestState.TAKEN_BACK, "")


# -- the clock --


def reachable() -> None:
    for officer in (cast.program_officer(), cast.dpo()):
        User.objects.filter(pk=officer.pk).update(email=f"{officer.username}@contoh.example")


@pytest.mark.parametrize(("hours", "count"), [(23, 0), (24, 2), (50, 2), (67, 2), (73, 2)])
def test_sweep_reminds_each_officer_once_of_each_stage(entry: Registration, hours: int, count: int) -> None:
    reachable()
    made = asked(entry)
    aged(made, hours)
    actions.sweep_requests()
    first = Message.objects.filter(kind="data_request_due").count()
    actions.sweep_requests()
    told = Message.objects.filter(kind="data_request_due")
    assert (first, told.count()) == (count, count)
    assert all(VALUES["full_name"] not in message.body for message in told)


def test_sweep_reminds_again_at_the_next_stage(entry: Registration) -> None:
    reachable()
    made = asked(entry)
    for hours in (24, 48, 66, 72):
        aged(made, hours)
        actions.sweep_requests()
    keys = Message.objects.filter(kind="data_request_due").values_list("key", flat=True)
    assert {key.split(":")[2] for key in keys} == {"24", "48", "66", "72"}


def test_sweep_parts_entries_that_came_while_their_card_went(entry: Registration) -> None:
    made = erasure(entry)
    actions.propose_erasure(request=made, by=cast.program_officer())
    late = factories.registration(factories.batch(entry.batch.program))
    actions.confirm_erasure(request=made, by=cast.dpo())
    Registration.objects.filter(pk=late.pk).update(person=entry.person, duplicate_key="")
    actions.sweep_requests()
    late.refresh_from_db()
    assert late.person is None


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_answer_at_once_answer_once(batch: Batch, own_folder: object) -> None:
    made = asked(factories.registration(batch), RequestKind.OBJECTION)
    officers, results = [cast.program_officer(), cast.dpo()], list[str]()
    together = threading.Barrier(2)

    def answer(number: int) -> None:
        try:
            together.wait()
            actions.answer_request(request=made, answer="Selesai.", by=officers[number])
            results.append("done")
        except ValidationError as error:
            results.append(str(error.code))
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "request_ended"]
    assert AuditEntry.objects.filter(action="data_request.done").count() == 1
