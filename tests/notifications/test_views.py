import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.roles import Role
from notifications.models import Channel, Message, State
from tests import cast
from tests.notifications.conftest import Office

BENDAN_KERGON, MEDONO = "33.75.01.1006", "33.75.01.1002"


@pytest.fixture
def officer(office: Office, client: Client) -> Client:
    client.force_login(office.user("petugas", Role.PROGRAM_OFFICER))
    return client


def shown(client: Client, address: str = "/kerja/pesan/") -> list[Message]:
    response = client.get(address)
    assert response.status_code == 200
    rows: list[Message] = response.context["page"].rows
    return rows


def test_message_list_is_narrowed(officer: Client, office: Office, settings: Settings) -> None:
    settings.MESSAGE_KINDS = {"hello": "Salam", "bye": "Pamit"}
    mail = office.message(recipient_name="Siti Aminah")
    failed = office.message(state=State.FAILED, failure="x", kind="bye")
    manual = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890")
    assert shown(officer) == [manual, failed, mail]
    assert shown(officer, "/kerja/pesan/?state=failed") == [failed]
    assert shown(officer, "/kerja/pesan/?channel=manual") == [manual]
    assert shown(officer, "/kerja/pesan/?kind=bye") == [failed]
    assert shown(officer, "/kerja/pesan/?q=aminah") == [mail]
    assert shown(officer, "/kerja/pesan/?state=nonsense") == [manual, failed, mail]


def test_message_list_takes_a_phone_number_as_people_write_it(officer: Client, office: Office) -> None:
    manual = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890")
    assert shown(officer, "/kerja/pesan/?q=0812-3456-7890") == [manual]


def test_message_list_masks_addresses(officer: Client, office: Office) -> None:
    office.message(recipient_address="siti@example.id")
    page = officer.get("/kerja/pesan/").content.decode()
    assert "siti@example.id" not in page
    assert "s****@example.id" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_message_list_query_count(officer: Client, office: Office, rows: int) -> None:
    for _number in range(rows):
        office.message()
    officer.get("/kerja/pesan/")
    with CaptureQueriesContext(connection) as captured:
        officer.get("/kerja/pesan/")
    assert len([query for query in captured if "notifications_message" in query["sql"]]) == 1
    assert len(captured) <= 6


def test_message_list_pages_by_key(officer: Client, office: Office) -> None:
    messages = [office.message() for _number in range(60)]
    first = shown(officer)
    assert len(first) == 50
    assert shown(officer, f"/kerja/pesan/?after={first[-1].pk}") == messages[9::-1]


def test_message_list_is_for_those_who_may_see_messages(office: Office, client: Client) -> None:
    client.force_login(office.user("bendahara", Role.TREASURER))
    assert client.get("/kerja/pesan/").status_code == 403


def test_message_detail_stays_in_the_region(office: Office, client: Client) -> None:
    here, there = office.message(region_id=MEDONO), office.message(region_id=BENDAN_KERGON)
    client.force_login(office.user("medono", Role.PROGRAM_OFFICER, MEDONO))
    assert client.get(f"/kerja/pesan/{here.pk}/").status_code == 200
    assert client.get(f"/kerja/pesan/{there.pk}/").status_code == 404
    assert client.post(f"/kerja/pesan/{there.pk}/kirim-ulang/").status_code == 404
    assert client.post(f"/kerja/pesan/{there.pk}/sudah-dikirim/").status_code == 404


def test_message_detail_stays_in_the_agency(officer: Client, next_office: Office) -> None:
    assert officer.get(f"/kerja/pesan/{next_office.message().pk}/").status_code == 404


def test_message_detail_offers_whatsapp(officer: Client, office: Office) -> None:
    manual = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890", body="Nomor 12 & 13\n")
    page = officer.get(f"/kerja/pesan/{manual.pk}/").content.decode()
    assert 'href="https://wa.me/6281234567890?text=Nomor%2012%20%26%2013"' in page


def test_message_detail_hides_a_secret_that_a_machine_sends(officer: Client, office: Office) -> None:
    secret = office.message(secret=True, subject="Kode 998877", body="Kode Anda 998877\n")
    by_hand = office.message(
        secret=True, body="Kode Anda 112233\n", channel=Channel.MANUAL, recipient_address="+6281234567890"
    )
    assert "998877" not in officer.get(f"/kerja/pesan/{secret.pk}/").content.decode()
    assert "998877" not in officer.get("/kerja/pesan/").content.decode()
    assert "112233" in officer.get(f"/kerja/pesan/{by_hand.pk}/").content.decode()


def test_message_detail_escapes_what_people_typed(officer: Client, office: Office) -> None:
    message = office.message(body="<script>alert(1)</script> https://portal.example/s/1\n", recipient_name="<b>Siti")
    page = officer.get(f"/kerja/pesan/{message.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Siti" not in page
    assert '<a href="https://portal.example/s/1" rel="nofollow">' in page


def test_message_resend_writes_a_new_row(officer: Client, office: Office) -> None:
    failed = office.message(state=State.FAILED, failure="Alamat ditolak.")
    for _press in range(2):
        assert officer.post(f"/kerja/pesan/{failed.pk}/kirim-ulang/").status_code == 302
    assert [message.key for message in Message.objects.exclude(pk=failed.pk)] == [f"{failed.key}~2"]


def test_message_mark_sent_moves_it(officer: Client, office: Office) -> None:
    manual = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890")
    response = officer.post(f"/kerja/pesan/{manual.pk}/sudah-dikirim/", follow=True)
    assert response.status_code == 200
    manual.refresh_from_db()
    assert manual.state == State.SENT


@pytest.mark.parametrize("door", ["kirim-ulang", "sudah-dikirim"])
def test_message_doors_take_no_get(officer: Client, office: Office, door: str) -> None:
    assert officer.get(f"/kerja/pesan/{office.message().pk}/{door}/").status_code == 405


def test_mailbox_exists_in_the_demonstration_only(office: Office, client: Client, settings: Settings) -> None:
    message = office.message()
    for address in ("/kotak-surat/", f"/kotak-surat/{message.pk}/"):
        settings.DEMONSTRATION = False
        assert client.get(address).status_code == 404
        settings.DEMONSTRATION = True
        assert client.get(address).status_code == 200


def test_mailbox_shows_everything_newest_first(
    office: Office, next_office: Office, client: Client, settings: Settings
) -> None:
    settings.DEMONSTRATION = True
    first, second = office.message(), next_office.message(recipient_name="Budi")
    assert shown(client, "/kotak-surat/") == [second, first]
    assert shown(client, "/kotak-surat/?q=budi") == [second]


def test_mailbox_message_shows_one_text_in_the_demonstration_only(
    office: Office, client: Client, settings: Settings
) -> None:
    message = office.message()
    assert client.get(f"/kotak-surat/{message.pk}/").status_code == 404
    settings.DEMONSTRATION = True
    assert message.body.splitlines()[0] in client.get(f"/kotak-surat/{message.pk}/").content.decode()


def test_message_list_finds_by_name_without_naming_anybody_in_the_address(office: Office, client: Client) -> None:
    mail = office.message(recipient_name="Siti Aminah")
    client.force_login(cast.program_officer())
    response = client.post("/kerja/pesan/", {"q": "aminah", "state": "queued"})
    assert "aminah" not in response["Location"]
    assert shown(client, response["Location"]) == [mail]
