"""The office has put one message into its own words: who is verified also reads what to bring."""

from accounts.models import Agency, User
from notifications.actions import save_texts
from notifications.rules import Wording

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
