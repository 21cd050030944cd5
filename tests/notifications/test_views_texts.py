import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from notifications import texts
from notifications.models import Message, MessageText
from tests.notifications.conftest import Office

KIND = "registration_cancelled"
PAGE = f"/kerja/teks-pesan/pekalongan/{KIND}/"


@pytest.fixture
def editor(office: Office) -> User:
    user = office.user("petugas", Role.PROGRAM_OFFICER)
    user.email = "petugas@example.id"
    user.save()
    return user


@pytest.fixture
def officer(editor: User, client: Client) -> Client:
    client.force_login(editor)
    return client


def typed(**changes: str) -> dict[str, str]:
    fields = {"based_on_id": "0", "based_on_en": "0"}
    for language in ("id", "en"):
        wording = texts.outline(KIND, language)
        fields |= {f"subject_{language}": wording.subject, f"body_{language}": wording.body}
    return fields | changes


@pytest.mark.parametrize("rows", [1, 3])
def test_text_list_query_count(officer: Client, office: Office, editor: User, rows: int) -> None:
    for kind in list(texts.KINDS)[:rows]:
        MessageText.objects.create(
            agency=office.agency, kind=kind, language="id", version=1, subject="a", body="b", edited_by=editor
        )
    officer.get("/kerja/teks-pesan/")
    with CaptureQueriesContext(connection) as captured:
        page = officer.get("/kerja/teks-pesan/")
    assert len(captured) <= 5
    assert page.content.decode().count("Teks sendiri") == rows


def test_text_edit_saves_warns_about_the_other_language_and_can_be_undone(officer: Client) -> None:
    page = officer.post(PAGE, typed(body_id="Batal: {nomor}"), follow=True).content.decode()
    assert "Baru satu bahasa yang berbeda dari teks baku." in page
    assert "Batal: {nomor}</textarea>" in page
    page = officer.post(f"{PAGE}baku/", {"language": "id"}, follow=True).content.decode()
    assert "Baru satu bahasa" not in page
    first = MessageText.objects.get(version=1)
    officer.post(f"/kerja/teks-pesan/versi/{first.pk}/pulihkan/")
    assert MessageText.objects.get(is_current=True).body == "Batal: {nomor}"


def test_text_edit_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(officer: Client) -> None:
    response = officer.post(PAGE, typed(body_en="Hello {name} {{ settings.SECRET_KEY }} <b>"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "{name} bukan isian otomatis untuk pesan ini. Apakah maksud Anda {nama}?" in page
    assert "Hello {name} {{ settings.SECRET_KEY }} &lt;b&gt;</textarea>" in page
    assert MessageText.objects.count() == 0


@pytest.mark.parametrize("gone", ["subject_id", "body_en"])
def test_text_edit_refuses_an_empty_field(officer: Client, gone: str) -> None:
    assert officer.post(PAGE, typed(**{gone: " "})).status_code == 422


def test_text_edit_shows_a_preview_without_saving(officer: Client) -> None:
    response = officer.post(PAGE, typed(body_id="Yth. {nama}, nomor {nomor}", preview="1"))
    assert response.status_code == 200
    assert response.content.decode().count("Yth. Siti Aminah, nomor ABCD-2345") == 2
    assert MessageText.objects.count() == 0


def test_text_edit_sends_a_sample_and_keeps_what_was_typed(officer: Client) -> None:
    page = officer.post(PAGE, typed(body_id="Coba {nomor}", sample="id")).content.decode()
    assert "Contoh dikirim ke petugas@example.id." in page
    assert "Coba {nomor}</textarea>" in page
    assert [message.body for message in Message.objects.all()] == ["Coba ABCD-2345\n"]
    assert MessageText.objects.count() == 0


def test_text_edit_tells_who_saves_too_late(officer: Client) -> None:
    officer.post(PAGE, typed(body_id="Satu {nomor}"))
    response = officer.post(PAGE, typed(body_id="Dua {nomor}"))
    assert response.status_code == 422
    assert "Teks ini baru saja diubah petugas lain." in response.content.decode()
    assert "Dua {nomor}</textarea>" in response.content.decode()


def test_text_history_shows_every_version(officer: Client) -> None:
    officer.post(PAGE, typed(body_id="Satu {nomor}"))
    officer.post(PAGE, typed(body_id="Dua {nomor}", based_on_id="1"))
    page = officer.get(f"{PAGE}riwayat/").content.decode()
    assert page.index("Indonesia, versi 2") < page.index("Indonesia, versi 1")
    assert page.count("Pakai lagi versi ini") == 1


def test_text_reset_without_own_text_changes_nothing(officer: Client) -> None:
    assert officer.post(f"{PAGE}baku/", {"language": "xx"}).status_code == 302
    assert MessageText.objects.count() == 0


def test_text_restore_stays_in_the_office(officer: Client, next_office: Office, editor: User) -> None:
    other = MessageText.objects.create(
        agency=next_office.agency, kind=KIND, language="id", version=1, subject="a", body="b", edited_by=editor
    )
    assert officer.post(f"/kerja/teks-pesan/versi/{other.pk}/pulihkan/").status_code == 404
    assert officer.get(f"/kerja/teks-pesan/semarang/{KIND}/").status_code == 404
    assert officer.get("/kerja/teks-pesan/pekalongan/account_password_reset/").status_code == 404
