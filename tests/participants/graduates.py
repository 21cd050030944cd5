"""A training of July 2024 that is over, with who was there, and an office that may issue its certificates."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Agency, User
from documents import actions as documents
from documents.kinds import paper_kinds
from documents.models import Document
from participants.actions import recompute_completions
from participants.models import Attendance, CheckState, Registration
from programs.models import Batch, Instructor, Topic, Venue
from tests import cast, factories
from tests.documents import made, signed

WIB = ZoneInfo("Asia/Jakarta")
DAY = date(2024, 7, 3)
NAMES = ["Dewi Contoh", "Ahmad Contoh", "Rina Contoh", "Joko Contoh", "Umi Contoh"]


def office() -> Agency:
    """Somebody signs, and numbers have a pattern."""
    agency = cast.home_agency()
    signed.official_of(cast.division_head())
    made.numbering(agency)
    return agency


def taught(
    people: int = 3, *, begin: date = date(2024, 7, 1), program_values: dict[str, Any] | None = None, **values: Any
) -> Batch:
    """Two days of bread in Bendan Kergon; everybody holds a seat, is verified and was there both days."""
    agency = cast.home_agency()
    named = {"name": "Pelatihan Keterampilan Kerja DBHCHT 2024"} | (program_values or {})
    program = factories.program(agency, **named)
    defaults: dict[str, Any] = {"name": "Angkatan Bendan Kergon", "days": 0, "quota": max(people, 1)}
    batch = factories.batch(program, **(defaults | values))
    topic = Topic.objects.get_or_create(agency=agency, name="Roti dan masakan", name_en="Bread")[0]
    place: dict[str, Any] = {"agency": agency, "region_id": factories.BENDAN_KERGON, "name": "Aula Kelurahan"}
    venue = Venue.objects.get_or_create(**place, address="Jalan Contoh No. 10")[0]
    teacher = Instructor.objects.get_or_create(
        agency=agency, title_prefix="Hj.", full_name="Siti Contoh", title_suffix="S.Pd."
    )[0]
    batch.topics.add(topic)
    for number in range(people):
        factories.registration(batch, full_name=NAMES[number] if number < len(NAMES) else f"Warga {number:03d}")
    for offset, kind, hours in ((0, "training", 8), (1, "training", 6), (1, "management", 4)):
        hour = 8 if kind == "training" else 14
        start = datetime(begin.year, begin.month, begin.day, hour, 0, tzinfo=WIB) + timedelta(days=offset)
        given = {"kind": kind, "topic": topic if kind == "training" else None, "venue": venue, "instructor": teacher}
        batch.sessions.create(during=(start, start + timedelta(hours=4)), lesson_hours=hours, **given)
    verify(batch)
    attended(batch)
    return Batch.objects.with_parts().get(pk=batch.pk)


def verify(batch: Batch) -> None:
    who = cast.verifier()
    batch.registrations.update(check_state=CheckState.VERIFIED, checked_by=who, checked_at=timezone.now())


def attended(batch: Batch) -> None:
    """Everybody in every session, past the marks."""
    for session in batch.sessions.all():
        start, minutes = session.during.lower, 240
        Attendance.objects.bulk_create(
            Attendance(session=session, registration=entry, status="present", arrived_at=start, minutes=minutes)
            for entry in batch.registrations.all()
        )
    recompute_completions(batch=batch)


def missed(entry: Registration, sessions: int = 2) -> None:
    """The same person stayed away from the last sessions."""
    last = entry.batch.sessions.order_by("-during")[:sessions]
    Attendance.objects.filter(registration=entry, session__in=list(last)).delete()
    recompute_completions(batch=entry.batch)


def issued(batch: Batch, by: User | None = None, day: date = DAY) -> list[Document]:
    kind = paper_kinds()["certificate"]
    return documents.issue_many(
        kind=kind,
        scope=f"batch:{batch.pk}",
        subjects=list(kind.subjects(batch)),
        date=day,
        by=by or cast.program_officer(),
    )
