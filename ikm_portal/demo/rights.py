"""What residents ask about their data: one is overdue, and one erasing waits for the second officer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from participants import actions, queries
from participants.models import DataRequest, Registration, RequestKind

# Kind, hours ago, words, values that are right; the oldest first, as they come in.
ASKED: tuple[tuple[str, int, str, dict[str, str]], ...] = (
    (RequestKind.OBJECTION, 75, "Saya keberatan data usaha saya dikirim ke bank.", {}),
    (RequestKind.ACCESS, 52, "Saya ingin tahu semua pendaftaran atas nama saya.", {}),
    (RequestKind.RESTRICTION, 30, "Mohon data saya tidak dipakai dulu selama pengaduan saya diperiksa.", {}),
    (RequestKind.CORRECTION, 5, "Saya pindah rumah bulan lalu.", {"address": "Jalan Kenanga Contoh 21", "rt": "004"}),
)


def ask_about_data(
    *, opened: Sequence[Registration], finished: Sequence[Registration], officer: User, now: datetime
) -> None:
    """Of people who take part now; erasing is asked by somebody whose training of 2024 is over."""
    people = [entry for entry in opened if entry.person_id is not None][: len(ASKED) + 1]
    for entry, (kind, hours, note, fields) in zip(people, ASKED, strict=False):
        _ask(entry, kind, now - timedelta(hours=hours), note, fields)
    taken = DataRequest.objects.filter(kind=RequestKind.ACCESS).order_by("-pk").first()
    if taken is not None:
        actions.take_request(request=taken, by=officer)
    if len(people) > len(ASKED):
        _answered(people[-1], officer, now)
    _erasing(finished, officer, now)


def _ask(entry: Registration, kind: str, at: datetime, note: str, fields: dict[str, str] | None = None) -> DataRequest:
    fresh = Registration.objects.with_parts().get(pk=entry.pk)
    subject = fresh.person or fresh
    asked = actions.Asked(kind=kind, identity="pin", note=note, fields=fields or {})
    made = actions.ask(subject=subject, registration=fresh, asked=asked, by=None)
    DataRequest.objects.filter(pk=made.pk).update(received_at=at, due_at=at + timedelta(hours=72))
    return DataRequest.objects.with_parts().get(pk=made.pk)


def _answered(entry: Registration, officer: User, now: datetime) -> None:
    made = _ask(entry, RequestKind.OBJECTION, now - timedelta(hours=4), "Mengapa saya masuk daftar tunggu?")
    answer = "Urutan mengikuti waktu pendaftaran. Petugas sudah memeriksa ulang: nomor urut Anda benar."
    actions.answer_request(request=made, answer=answer, by=officer)


def _erasing(finished: Sequence[Registration], officer: User, now: datetime) -> None:
    for entry in finished[:200]:
        if entry.person is not None and not queries.obstacles_to_erasing(entry.person):
            made = _ask(entry, RequestKind.ERASURE, now - timedelta(hours=3), "Saya sudah pindah ke luar kota.")
            actions.propose_erasure(request=made, by=officer)
            return
