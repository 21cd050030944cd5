"""The resident's own page: who gets in, by which way, and how much of the person is shown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from participants import actions
from participants.models import AccessCode, Registration
from programs.models import Batch
from tests import factories
from tests.participants.rights import code_for, opened, verified

NIK = "9971015208990457"


@pytest.fixture
def entry(batch: Batch) -> Registration:
    type(batch.program).objects.filter(pk=batch.program_id).update(duplicate_rule="never")
    return factories.registration(batch, nik=NIK, email="rahayu@contoh.example")


@pytest.fixture
def second(entry: Registration) -> Registration:
    """Another entry of the same person, made with the same telephone: linked, and not looked at by anybody."""
    other = factories.batch(
        factories.program(entry.batch.program.agency, name="Pelatihan Jahit", duplicate_rule="never")
    )
    made = factories.registration(other, nik=NIK, phone=entry.phone)
    assert made.person_id == entry.person_id
    return made


def test_own_page_asks_who_comes(client: Client, db: None) -> None:
    for path in ("/saya/", "/saya/hak/", "/saya/data/", "/saya/hak/minta/erasure/", "/saya/hak/permintaan/ABCD2345/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/saya/masuk/")


def test_own_page_by_pin_of_an_unchecked_entry_shows_that_entry_alone(
    client: Client, entry: Registration, second: Registration
) -> None:
    page = opened(client, second).get("/saya/").content.decode()
    assert (second.shown_code in page, entry.shown_code in page) == (True, False)


def test_own_page_by_pin_of_a_verified_entry_shows_all(
    client: Client, entry: Registration, second: Registration
) -> None:
    verified(entry)
    page = opened(client, entry).get("/saya/").content.decode()
    assert (second.shown_code in page, entry.shown_code in page) == (True, True)


def test_own_page_of_a_training_that_is_over_offers_no_ticket(client: Client, entry: Registration) -> None:
    page = opened(client, entry)
    before = page.get("/saya/").content.decode()
    assert ("Anda mendapat kursi" in before, 'value="ticket"' in before) == (True, True)
    Batch.objects.filter(pk=entry.batch_id).update(ends_at=timezone.now() - timedelta(hours=1))
    after = page.get("/saya/").content.decode()
    assert ("Pelatihan telah selesai" in after, 'value="ticket"' in after) == (True, False)
    assert "/status/saya/batal/" not in page.get("/status/saya/").content.decode()


def test_own_page_never_shows_whoever_used_the_number_with_another_telephone(
    client: Client, entry: Registration
) -> None:
    doubtful = factories.registration(factories.batch(entry.batch.program), nik=NIK, phone="+6281255550000")
    page = opened(client, verified(entry)).get("/saya/").content.decode()
    assert doubtful.shown_code not in page
    theirs = opened(Client(), doubtful).get("/saya/").content.decode()
    assert entry.shown_code not in theirs


def test_own_page_by_code_to_the_contact_on_file(client: Client, entry: Registration, second: Registration) -> None:
    code = code_for(NIK, client)
    answer = client.post("/saya/kode/isi/", {"one_time_code": code.lower()})
    assert (answer.status_code, answer["Location"]) == (302, "/saya/")
    page = client.get("/saya/").content.decode()
    assert (second.shown_code in page, entry.shown_code in page) == (True, True)


def test_own_page_code_goes_to_the_card_and_not_to_the_entry(client: Client, entry: Registration) -> None:
    """Who knows number and e-mail of another can make an entry with a telephone of their own."""
    made = factories.registration(
        factories.batch(entry.batch.program), nik=NIK, phone="+6281255550000", email="rahayu@contoh.example"
    )
    assert made.person_id == entry.person_id
    code_for(NIK, client)
    message = Message.objects.get(kind="own_page_code")
    assert message.recipient_phone in {"", entry.phone}
    assert message.recipient_email in {"", entry.email}


def test_own_code_says_the_same_for_an_unknown_number(client: Client, entry: Registration) -> None:
    known, stranger = Client(), Client()
    first = known.post("/saya/kode/", {"nik": NIK})
    second = stranger.post("/saya/kode/", {"nik": "9971015208990999"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Message.objects.filter(kind="own_page_code").count() == 1
    wrong = {"one_time_code": "AAAA-BBBB"}
    pages = [one.post("/saya/kode/isi/", wrong) for one in (known, stranger)]
    assert [page.status_code for page in pages] == [422, 422]


def test_own_code_enter_works_once_and_in_its_browser_only(client: Client, entry: Registration) -> None:
    code = code_for(NIK, client)
    assert Client().post("/saya/kode/isi/", {"one_time_code": code})["Location"] == "/saya/kode/"
    assert client.post("/saya/kode/isi/", {"one_time_code": code}).status_code == 302
    again = Client()
    again.post("/saya/kode/", {"nik": NIK})
    assert again.post("/saya/kode/isi/", {"one_time_code": code}).status_code == 422


def test_own_page_code_ends_after_five_wrong_attempts(client: Client, entry: Registration) -> None:
    code = code_for(NIK, client)
    for _attempt in range(5):
        assert client.post("/saya/kode/isi/", {"one_time_code": "AAAA-BBBB"}).status_code == 422
    assert client.post("/saya/kode/isi/", {"one_time_code": code}).status_code == 422


def test_own_page_code_is_sent_every_two_minutes_and_five_times_a_day(client: Client, entry: Registration) -> None:
    for _attempt in range(3):
        actions.send_own_page_code(nik=NIK)
    assert AccessCode.objects.filter(kind="own_page").count() == 1


def test_own_page_code_makes_no_new_pin(client: Client, entry: Registration) -> None:
    code = code_for(NIK, client)
    answer = client.post("/status/pin-baru/", {"code": entry.code, "one_time_code": code})
    assert answer.status_code == 422


def test_own_open_goes_to_an_entry_of_the_same_person_only(
    client: Client, entry: Registration, second: Registration
) -> None:
    stranger = factories.registration(entry.batch)
    opened(client, verified(entry))
    client.post("/saya/buka/", {"entry": stranger.pk})
    assert entry.shown_code in client.get("/status/saya/").content.decode()
    client.post("/saya/buka/", {"entry": second.pk})
    assert second.shown_code in client.get("/status/saya/").content.decode()
    assert entry.shown_code in client.get("/saya/").content.decode()


def test_own_page_closes_with_a_new_pin_and_by_leaving(client: Client, entry: Registration) -> None:
    opened(client, entry).post("/status/keluar/")
    assert client.get("/saya/").status_code == 302


def test_own_sign_in_refuses_a_wrong_pin(client: Client, entry: Registration) -> None:
    answer = client.post("/saya/masuk/", {"code": entry.code, "pin": "000000"})
    assert (answer.status_code, entry.code in answer.content.decode()) == (422, True)
