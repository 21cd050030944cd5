"""Erasing: whatever names the person is searched for in every column of every table and in every stored file."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import AuditEntry
from kit.privacy import privacy_modules
from notifications.models import Message, WhatsAppChoice
from participants import actions, privacy, queries
from participants.models import NO_NAME, Complaint, EvidenceFile, Person, Registration, initial_pin
from programs.models import Batch
from tests import cast, factories
from tests.participants.papers import sent
from tests.support.searching import files_with, places_in_database

WORDS = {
    "name": "Rahayuningtyas Pembatik",
    "nik": "9971015208990457",
    "phone": "+6281299887766",
    "bare phone": "81299887766",
    "email": "rahayuningtyas@contoh.example",
    "address": "Gang Cempaka Ungu 17",
    "birth date": "1999-08-12",
    "business": "Kembang Turi",
}
VALUES: dict[str, Any] = {
    "full_name": WORDS["name"],
    "nik": WORDS["nik"],
    "phone": WORDS["phone"],
    "email": WORDS["email"],
    "address": WORDS["address"],
    "birth_date": date(1999, 8, 12),
    "occupation": "Pembatik tulis",
    "business_name": WORDS["business"],
}


@pytest.fixture
def entry(asked_entry: Registration) -> Registration:
    """With everything around it that the portal writes today."""
    officer = cast.program_officer()
    made = factories.registration(asked_entry.batch, has_domicile_letter=True, **VALUES)
    sent(made)
    actions.issue_claim_code(registration=made, by=officer)
    actions.send_recovery_code(code=made.code)
    actions.request_fix(registration=made, note=f"{WORDS['address']}: nomor rumah?", documents=[], by=officer)
    actions.reveal_nik(registration=made, purpose="Mencocokkan dengan KTP", by=officer)
    factories.complaint(full_name=WORDS["name"], phone=WORDS["phone"], text=f"Saya {WORDS['name']}", number=made.code)
    return Registration.objects.with_parts().get(pk=made.pk)


def erased(person: Person) -> None:
    with transaction.atomic():
        for module in privacy_modules():
            module.erase(person=person, by=cast.dpo())


def test_everything_is_there_before(entry: Registration) -> None:
    assert {label for label, _place in places_in_database(WORDS)} == set(WORDS)


def test_erase_leaves_nothing_that_names_the_person(entry: Registration, own_folder: Path) -> None:
    assert entry.person is not None
    actions.withdraw(registration=entry, reason=f"Pindah dari {WORDS['address']}", by=None)
    erased(entry.person)
    assert places_in_database(WORDS) == set()
    assert files_with(own_folder, WORDS) == set()


def test_erase_keeps_what_counts(entry: Registration) -> None:
    assert entry.person is not None
    before = Registration.objects.values("batch", "sex", "region", "education_level", "seat", "source", "check_state")
    counted, years = sorted(map(repr, before)), [row.birth_date.year for row in Registration.objects.order_by("pk")]
    erased(entry.person)
    after = Registration.objects.values("batch", "sex", "region", "education_level", "seat", "source", "check_state")
    assert sorted(map(repr, after)) == counted
    assert [row.birth_date.year for row in Registration.objects.order_by("pk")] == years
    gone = Registration.objects.get(pk=entry.pk)
    assert (gone.full_name, gone.nik, gone.phone, gone.birth_date.day) == (
        NO_NAME,
        "",
        "",
        gone.birth_date.month // 12 * 30 + 1,
    )


def test_erase_leaves_others_alone(entry: Registration) -> None:
    other = factories.registration(entry.batch, phone=WORDS["phone"], full_name="Adik Serumah")
    told = Message.objects.filter(subject_type="registration", subject_id=str(other.pk)).count()
    assert entry.person is not None
    erased(entry.person)
    other.refresh_from_db()
    assert (other.full_name, other.phone) == ("Adik Serumah", WORDS["phone"])
    assert Message.objects.filter(subject_type="registration", subject_id=str(other.pk)).count() == told


def test_erase_keeps_the_trail(entry: Registration) -> None:
    assert entry.person is not None
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    erased(entry.person)
    assert before <= set(AuditEntry.objects.values_list("pk", flat=True))


def test_erased_entry_cannot_be_opened_again(entry: Registration) -> None:
    assert entry.person is not None
    pin, code = initial_pin(entry.submission_key), entry.code
    assert actions.open_with_pin(code=code, pin=pin) == entry
    erased(entry.person)
    with pytest.raises(ValidationError) as caught:
        actions.open_with_pin(code=code, pin=pin)
    assert caught.value.code == "pin_wrong"


def test_erase_takes_the_word_about_whatsapp_unless_somebody_else_has_the_number(entry: Registration) -> None:
    agency = entry.batch.program.agency
    choice = {"agency": agency, "wants": True, "source": "form", "at": entry.created_at}
    WhatsAppChoice.objects.create(phone=WORDS["phone"], **choice)
    assert entry.person is not None
    erased(entry.person)
    assert WhatsAppChoice.objects.count() == 0


def test_erase_of_a_doubtful_entry_touches_it_alone(entry: Registration) -> None:
    doubtful = factories.registration(entry.batch, **VALUES | {"phone": "+6281255550000", "email": ""})
    assert doubtful.is_doubtful
    with transaction.atomic():
        privacy.erase_entry(registration=doubtful, by=cast.dpo())
    entry.refresh_from_db()
    doubtful.refresh_from_db()
    assert (entry.full_name, doubtful.full_name) == (WORDS["name"], NO_NAME)
    assert places_in_database({"their phone": "81255550000"}) == set()


def test_erase_takes_published_words_with_the_name_off_the_board(entry: Registration) -> None:
    shown = {"published_question": f"{WORDS['name']} bertanya", "published_answer": "Terima kasih."}
    complaint = factories.complaint()
    officer = cast.program_officer()
    taken = actions.take_complaint(complaint=complaint, by=officer)
    actions.answer_complaint(complaint=taken or complaint, answer="Terima kasih.", by=officer)
    Complaint.objects.filter(pk=complaint.pk).update(published_at=entry.created_at, published_by=officer, **shown)
    assert entry.person is not None
    erased(entry.person)
    complaint.refresh_from_db()
    assert (complaint.published_at, complaint.published_question) == (None, "")


def test_erase_drops_photos_with_their_keys(entry: Registration) -> None:
    assert entry.person is not None
    erased(entry.person)
    assert not EvidenceFile.objects.exists()


def test_obstacles_are_a_running_seat_and_an_unsettled_number(entry: Registration) -> None:
    assert entry.person is not None
    assert len(queries.obstacles_to_erasing(entry.person)) == 1
    Batch.objects.filter(pk=entry.batch_id).update(state=Batch.State.FINISHED)
    assert queries.obstacles_to_erasing(entry.person) == []
    Batch.objects.filter(pk=entry.batch_id).update(state=Batch.State.PUBLISHED)
    factories.registration(factories.batch(entry.batch.program), **VALUES | {"phone": "+6281255550000", "email": ""})
    Batch.objects.filter(pk=entry.batch_id).update(state=Batch.State.FINISHED)
    assert len(queries.obstacles_to_erasing(entry.person)) == 1
