"""What residents wrote: four answers on the board, and complaints in every other state of work."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Agency, User
from participants import actions
from participants.models import Complaint, ComplaintEvent
from participants.rules import working_day_after


@dataclass(frozen=True)
class Told:
    """`came` and `answered` count days back from now; `board` is the question as the board shows it."""

    category: str
    text: str
    came: int
    answer: str = ""
    answered: int = 0
    board: str = ""
    more: dict[str, str] = field(default_factory=dict)


ON_BOARD = (
    Told(
        "registration",
        "Saya didaftarkan sebagai cadangan nomor 3. Bagaimana saya tahu kalau ada kursi kosong? Apa harus ke kantor?",
        40,
        "Tidak perlu ke kantor. Begitu ada kursi kosong, kami mengirim pesan dengan batas waktu jawaban. Urutan Anda "
        "selalu terlihat di halaman Cek status dengan nomor pendaftaran dan PIN.",
        38,
        "Saya ada di daftar tunggu. Bagaimana saya tahu kalau ada kursi kosong?",
    ),
    Told(
        "training",
        "Di aula kelurahan kemarin kursinya kurang, lima ibu duduk di lantai sampai siang. Mohon diperhatikan.",
        31,
        "Terima kasih. Kami menambah 15 kursi lipat di aula itu, dan kursi dihitung sehari sebelum pelatihan.",
        29,
        "Kursi di tempat pelatihan kurang, beberapa peserta duduk di lantai. Apakah bisa ditambah?",
    ),
    Told(
        "suggestion",
        "Usul: pelatihan digital marketing juga diadakan sore hari, karena banyak ibu yang paginya berjualan di pasar.",
        24,
        "Usul yang baik. Mulai angkatan berikutnya satu dari empat angkatan dibuka pukul 13.00 s.d. 17.00.",
        19,
        "Bisakah pelatihan diadakan sore hari bagi yang berjualan di pagi hari?",
    ),
    Told(
        "portal",
        "Di HP saya tulisan di formulir kecil sekali, saya sudah tua. Apa ada cara supaya lebih besar?",
        16,
        "Ukuran huruf kini mengikuti pengaturan HP Anda: buka Pengaturan, Tampilan, Ukuran huruf. Jika masih sulit, "
        "petugas kelurahan dapat membantu mengisi formulir.",
        15,
        "Tulisan di formulir terlalu kecil di HP. Apakah bisa diperbesar?",
    ),
)
AT_WORK = (
    Told("registration", "Tombol kirim sudah saya tekan, tetapi nomor pendaftaran saya tidak keluar. Sinyal lemah.", 2),
    Told(
        "personal_data",
        "Mengapa saya ditanya pendidikan terakhir? Untuk apa data itu dan siapa yang melihatnya?",
        11,
        more={"full_name": "Sulastri Contoh", "email": "sulastri@contoh.example"},
    ),
    Told("conduct", "Petugas di loket menyuruh saya pulang karena saya datang pukul 11.30, padahal belum tutup.", 3),
)


def write_complaints(*, agency: Agency, officer: User, head: User) -> None:
    for told in ON_BOARD:
        complaint = _send(agency, told)
        actions.answer_complaint(complaint=complaint, answer=told.answer, by=officer)
        actions.publish_complaint(complaint=complaint, question=told.board, answer=told.answer, by=officer)
        _move_back(complaint, told)
    _new, late, about = [_send(agency, told) for told in AT_WORK]
    actions.take_complaint(complaint=late, by=officer)
    actions.note_complaint(complaint=late, text="Sudah ditanyakan ke petugas data pribadi.", by=officer)
    actions.take_complaint(complaint=about, by=head)
    actions.close_complaint(
        complaint=_send(agency, REPEATED), reason="repeated", note="Jawabannya ada di papan jawaban.", by=officer
    )
    for complaint, told in zip((_new, late, about), AT_WORK, strict=True):
        _move_back(complaint, told)


REPEATED = Told("suggestion", "Tolong diadakan pelatihan sore hari untuk pedagang pasar seperti saya.", 0)


def _send(agency: Agency, told: Told) -> Complaint:
    said = actions.Said(category=told.category, text=told.text, may_publish=bool(told.board), **told.more)
    return actions.send_complaint(agency=agency, said=said, submission_key=uuid.uuid4())


def _move_back(complaint: Complaint, told: Told) -> None:
    """As if it had been so long ago."""
    came, ended = _ago(told.came), _ago(told.answered)
    rows = Complaint.objects.filter(pk=complaint.pk)
    rows.update(received_at=came, due_on=working_day_after(timezone.localdate(came), settings.COMPLAINT_DAYS))
    rows.filter(ended_at__isnull=False).update(answered_at=ended, ended_at=ended, published_at=ended)
    events = ComplaintEvent.objects.filter(complaint=complaint)
    events.filter(kind="received").update(at=came)
    events.filter(kind__in=["answered", "published"]).update(at=ended)
    events.filter(kind__in=["taken", "note"]).update(at=came + timedelta(hours=5))


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days, hours=3)
