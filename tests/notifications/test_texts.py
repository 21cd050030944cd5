"""What residents read: every kind of message, in both languages, made by the notices themselves from real rows."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone, translation
from django.utils.translation.template import templatize
from pytest_django import Settings

from accounts.models import Agency
from notifications.models import Message
from participants import notices
from participants.models import (
    Registration,
    RegistrationEvent,
)
from programs.models import Batch, Program, Session, Venue
from tests import factories
from tests.notifications.tellers import TELLERS

ROOT = Path(__file__).resolve().parent.parent.parent
TEXTS = ROOT / "templates" / "notifications"
SITE = "https://pelatihan.contoh.example"


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def agency(db: None) -> Agency:
    return factories.agency(
        name="Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan",
        phone="(0285) 000-000",
        email="dinperinaker@contoh.example",
    )


@pytest.fixture
def program(agency: Agency) -> Program:
    return factories.program(agency, name="Pelatihan Keterampilan Kerja", name_en="Job Skills Training")


@pytest.fixture
def batch(program: Program) -> Batch:
    """Two days in the hall of the kelurahan, mornings and afternoons, as the office of a western city tells them."""
    made = factories.batch(program, name="Angkatan Bendan Kergon", days=0)
    venue = Venue.objects.create(
        agency=program.agency, region=made.region, name="Aula Kelurahan Bendan Kergon", address="Jalan Contoh No. 6"
    )
    for day in (21, 22):
        for begin, end in ((1, 5), (6, 9)):
            hours = (datetime(2037, 12, day, begin, tzinfo=UTC), datetime(2037, 12, day, end, tzinfo=UTC))
            made.sessions.create(during=hours, venue=venue)
    return made


@pytest.fixture
def registration(batch: Batch) -> Registration:
    registered = factories.registration(batch, full_name="Siti Aminah", email="siti@contoh.example")
    registered.reject_reason = "wrong_data"
    return registered


@pytest.fixture
def event(registration: Registration) -> RegistrationEvent:
    return RegistrationEvent.objects.create(registration=registration, at=timezone.now(), kind="moved")


def told(kind: str, registration: Registration, event: RegistrationEvent, language: str = "id") -> Message:
    Message.objects.all().delete()
    registration.language = language
    teller = TELLERS.get(kind, lambda registration, event: notices.tell(registration, kind, event))
    teller(registration, event)
    return Message.objects.get()


# What colleagues read, not residents.
TO_STAFF = {"data_request_due", "incident_due"}


def kinds_in_source() -> set[str]:
    """The kinds that the notices and actions of the apps name, read from their source."""
    place = {"tell": 1, "prepared": 1, "tell_many": 0, "_draft": 1, "tell_complaint": 1, "_card_draft": 1, "_queue": 0}
    found, written = set(), set()
    acting = [path for app in ("participants", "incentives") for path in (ROOT / app / "actions").glob("*.py")]
    for path in [*ROOT.glob("*/notices.py"), *acting]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            argument = node.args[place[name]] if name in place and len(node.args) > place[name] else None
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.add(argument.value)
    return found | (written & text_kinds())


def text_kinds() -> set[str]:
    return {path.stem for path in TEXTS.glob("[!_]*.txt") if not path.stem.startswith("account_")} - TO_STAFF


KINDS = sorted(text_kinds())


def msgids(path: Path) -> Iterator[str]:
    for found in re.finditer(
        r"gettext\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)", templatize(path.read_text())
    ):
        yield ast.literal_eval(found[1])


def test_texts_cover_every_kind() -> None:
    assert text_kinds() == kinds_in_source()


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_texts_every_sentence_is_translated(path: Path) -> None:
    with translation.override("id"):
        assert [msgid for msgid in msgids(path) if translation.gettext(msgid) == msgid] == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_are_whole(kind: str, language: str, registration: Registration, event: RegistrationEvent) -> None:
    message = told(kind, registration, event, language)
    greeting = "Yth. Bapak/Ibu Siti Aminah," if language == "id" else "Dear Siti Aminah,"
    lines = message.body.splitlines()
    assert (message.kind, message.language) == (kind, language)
    assert 10 <= len(message.subject) <= 100
    assert lines[0] == greeting
    assert lines[-1] == registration.batch.program.agency.name
    assert [line for line in lines if "  " in line.lstrip() or "None" in line or "{" in line or "%(" in line] == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_tell_no_secrets(kind: str, language: str, registration: Registration, event: RegistrationEvent) -> None:
    message = told(kind, registration, event, language)
    written = re.sub(r"[ .-]", "", message.subject + message.body)
    hidden = (registration.nik, registration.nik[6:12], registration.phone[3:], registration.address.replace(" ", ""))
    assert [secret for secret in hidden if secret in written] == []
    assert re.findall(r"https?://[^/\s]+", message.body) == [SITE] * message.body.count("http")


@pytest.mark.parametrize("kind", KINDS)
def test_texts_share_no_sentence_between_languages(
    kind: str, registration: Registration, event: RegistrationEvent
) -> None:
    """What is the same in both languages is data: names, addresses, what the office wrote."""
    indonesian = set(told(kind, registration, event, "id").body.splitlines())
    english = set(told(kind, registration, event, "en").body.splitlines())
    data = {"", "  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6", "ABCD-2345"}
    same = {line for line in indonesian & english - data if not line.startswith(SITE)}
    assert same == {registration.batch.program.agency.name}


def test_registration_received_indonesian(registration: Registration, event: RegistrationEvent) -> None:
    message = told("registration_received", registration, event)
    code = registration.shown_code
    assert message.subject == f"Pendaftaran diterima: {code}"
    assert (
        message.body
        == f"""\
Yth. Bapak/Ibu Siti Aminah,

Pendaftaran Anda sudah kami terima dan satu kursi disediakan untuk Anda. \
Kami akan mencocokkan data Anda dengan KTP, lalu menyampaikan hasilnya.

Nomor pendaftaran: {code}
Pelatihan: Pelatihan Keterampilan Kerja, Angkatan Bendan Kergon

Waktu dan tempat:
- Senin, 21 Desember 2037, pukul 08.00 s.d. 16.00 WIB
  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6
- Selasa, 22 Desember 2037, pukul 08.00 s.d. 16.00 WIB
  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6

Lihat status, perbaiki data, atau batalkan pendaftaran di sini, dengan nomor pendaftaran dan PIN Anda:
{SITE}/status/

Pelatihan ini tidak dipungut biaya. Petugas tidak pernah meminta uang ataupun PIN Anda.

Ada pertanyaan? Silakan hubungi kami: (0285) 000-000, dinperinaker@contoh.example

Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan
"""
    )


def test_registration_received_waiting(registration: Registration, event: RegistrationEvent) -> None:
    notices.tell(registration, "registration_received", event, position=3)
    message = Message.objects.get(key=f"registration_received:{event.pk}")
    assert message.subject == f"Anda masuk daftar tunggu: {registration.shown_code}"
    assert message.body.splitlines()[2] == (
        "Pendaftaran Anda sudah kami terima. Semua kursi sudah terisi; Anda berada di urutan ke-3 daftar tunggu. "
        "Jika ada kursi untuk Anda, kami mengirim pesan dengan batas waktu untuk menjawab."
    )


def test_seat_offered_indonesian(registration: Registration, event: RegistrationEvent) -> None:
    message = told("seat_offered", registration, event)
    code = registration.shown_code
    assert message.subject == "Ada kursi untuk Anda, mohon jawab sebelum 22 November 2026, 14.00 WIB"
    assert (
        message.body
        == f"""\
Yth. Bapak/Ibu Siti Aminah,

Ada kursi kosong pada pelatihan yang Anda tunggu. \
Kursi ini kami simpan untuk Anda sampai Minggu, 22 November 2026, pukul 14.00 WIB.

Buka tautan berikut dan pilih apakah Anda mengambil kursi ini atau tidak:
{SITE}/status/tawaran/aBc-123/

Tanpa jawaban sampai waktu itu, kursi dialihkan kepada warga berikutnya dan pendaftaran Anda berakhir. \
Tautan ini hanya untuk Anda, mohon jangan diteruskan.

Nomor pendaftaran: {code}
Pelatihan: Pelatihan Keterampilan Kerja, Angkatan Bendan Kergon

Waktu dan tempat:
- Senin, 21 Desember 2037, pukul 08.00 s.d. 16.00 WIB
  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6
- Selasa, 22 Desember 2037, pukul 08.00 s.d. 16.00 WIB
  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6

Pelatihan ini tidak dipungut biaya. Petugas tidak pernah meminta uang ataupun PIN Anda.

Ada pertanyaan? Silakan hubungi kami: (0285) 000-000, dinperinaker@contoh.example

Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan
"""
    )


def test_batch_rescheduled_indonesian(registration: Registration, event: RegistrationEvent) -> None:
    """Central time: the same hours are told by the clock of that office, and each place gets a line."""
    agency = registration.batch.program.agency
    agency.time_zone, agency.phone, agency.email = "Asia/Makassar", "", ""
    afternoon = Session.objects.filter(batch=registration.batch).order_by("during")[3]
    afternoon.venue = None
    afternoon.save(update_fields=["venue"])
    message = told("batch_rescheduled", registration, event)
    code = registration.shown_code
    assert message.subject == f"Jadwal baru pelatihan Anda: {code}"
    assert (
        message.body
        == f"""\
Yth. Bapak/Ibu Siti Aminah,

Jadwal pelatihan Anda berubah. Tempat Anda tetap; yang berlaku sekarang hanya jadwal di bawah ini.

Waktu dan tempat:
- Senin, 21 Desember 2037, pukul 09.00 s.d. 17.00 WITA
  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6
- Selasa, 22 Desember 2037, pukul 09.00 s.d. 13.00 WITA
  Aula Kelurahan Bendan Kergon, Jalan Contoh No. 6
- Selasa, 22 Desember 2037, pukul 14.00 s.d. 17.00 WITA

Nomor pendaftaran: {code}
Pelatihan: Pelatihan Keterampilan Kerja, Angkatan Bendan Kergon

Jika Anda tidak dapat hadir, mohon segera batalkan agar kursi dapat dipakai warga lain:
{SITE}/status/

Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan
"""
    )


def test_identity_used_names_no_number(registration: Registration, event: RegistrationEvent) -> None:
    """The owner of a number learns that it was used, and nothing about the entry that used it."""
    message = told("identity_used", registration, event)
    assert registration.shown_code not in message.subject + message.body
    assert registration.code not in message.subject + message.body
