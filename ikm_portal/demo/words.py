"""What the office writes itself: one message in its own words, and one letter to the people of a batch."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import Agency, User
from notifications.actions import save_texts
from notifications.models import Message, State
from notifications.rules import Wording
from participants.actions import save_broadcast, send_broadcast, start_broadcast
from participants.models import Broadcast, Registration

KIND = "registration_verified"
OWN = {
    "id": Wording(
        "Selamat, data Anda sudah diverifikasi: {nomor}",
        """Yth. Bapak/Ibu {nama},

{keadaan}

Nomor pendaftaran: {nomor}
Pelatihan: {pelatihan}, {angkatan}

{jadwal}

Mohon hadir 15 menit lebih awal. Bawalah KTP asli, alat tulis, dan celemek. Makan siang disediakan.

{cara_batal}

Pelatihan ini tidak dipungut biaya. Petugas tidak pernah meminta uang ataupun PIN Anda.

{kontak_kantor}

{kantor}""",
    ),
    "en": Wording(
        "Good news, your data has been verified: {nomor}",
        """Dear {nama},

{keadaan}

Registration number: {nomor}
Training: {pelatihan}, {angkatan}

{jadwal}

Please come 15 minutes early. Bring your identity card, something to write with and an apron. Lunch is provided.

{cara_batal}

The training is free of charge. The office never asks for money, and never for your PIN.

{kontak_kantor}

{kantor}""",
    ),
}


def put_into_own_words(agency: Agency, officer: User) -> None:
    save_texts(agency=agency, kind=KIND, wordings=OWN, based_on={}, by=officer)
    agency.refresh_from_db(fields=["texts_version"])


def write_to_a_batch(registrations: Sequence[Registration], officer: User) -> None:
    """Yesterday the officer told everybody of one batch what to bring; those without e-mail still have to be told."""
    broadcast = save_broadcast(
        broadcast=start_broadcast(batch=registrations[0].batch, by=officer),
        revision=1,
        by=officer,
        subject_id="Bahan praktik sudah tersedia",
        body_id="Bahan dan alat praktik disediakan panitia. Bapak/Ibu {nama} cukup membawa celemek dan KTP asli ke "
        "{tempat}. Parkir sepeda motor ada di halaman belakang.",
        subject_en="Materials are provided",
        body_en="Materials and tools are provided. {nama}, please bring only an apron and your identity card to "
        "{tempat}. You can park in the back yard.",
    )
    people = broadcast.audience().count()
    send_broadcast(broadcast=broadcast, revision=broadcast.revision, expected=people, by=officer)
    yesterday = timezone.now() - timedelta(days=1)
    Broadcast.objects.filter(pk=broadcast.pk).update(sent_at=yesterday)
    mine = Message.objects.filter(group=broadcast.group)
    mine.update(created_at=yesterday, not_before=yesterday)
    mine.filter(channel="email").update(state=State.SENT, sent_at=yesterday + timedelta(minutes=2), attempts=1)
