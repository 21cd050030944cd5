"""Programme P2, the skills training of the tobacco excise fund: rules, batches and their two days."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from accounts.models import User
from ikm_portal.demo.days import Pair, at
from ikm_portal.demo.offices import Office
from ikm_portal.demo.wishes import topics_of
from programs.actions import SessionPlan, create_batch, publish_batch
from programs.models import Batch, Program, Session
from regions.models import Region

QUOTA, WAITING = 40, 10
SUMMARY = (
    "Pelatihan keterampilan kerja dua hari di kelurahan Anda, tanpa biaya: praktik sesuai usulan warga "
    "(roti dan masakan, rajut, tas, hantaran, desain kemasan, dan lainnya), dasar mengelola usaha, "
    "serta penjelasan kartu pencari kerja (AK1). Setiap kelurahan menyediakan 40 kursi. "
    "Didanai Dana Bagi Hasil Cukai Hasil Tembakau (DBHCHT)."
)
SUMMARY_EN = (
    "Two days of job skills training in your own kelurahan, free of charge: practice in a craft that residents "
    "asked for (bread and cooking, knitting, bags, gift arrangements, packaging design and others), the basics of "
    "running a business, and the job seeker card (AK1). Each kelurahan has 40 seats. "
    "Paid from the tobacco excise sharing fund (DBHCHT)."
)
# How a window of registration is chosen for the batch of a region.
Window = Callable[[Region], tuple[datetime, datetime]]


def create_program(office: Office, *, slug: str, year: int, legal_basis: str, suffix: str = "") -> Program:
    """Open to everybody of 17 to 64 years whose identity card names the kelurahan, once in a fiscal year."""
    program = Program.objects.create(
        agency=office.agency,
        fund_source=office.fund(year, legal_basis),
        slug=slug,
        name=f"Pelatihan Keterampilan Kerja DBHCHT {year}{suffix}",
        name_en=f"Job Skills Training DBHCHT {year}{suffix}",
        summary=SUMMARY,
        summary_en=SUMMARY_EN,
        state=Program.State.OPEN,
        duplicate_rule=Program.DuplicateRule.PER_YEAR,
        offer_hours=48,
    )
    program.rules.create(kind="age", minimum=17, maximum=64, position=1)
    program.rules.create(kind="domicile", values=["id_card"], position=2)
    prefetch_related_objects([program], "rules")
    return program


def create_batches(
    program: Program,
    office: Office,
    times: Sequence[tuple[Pair, int]],
    window: Window,
    *,
    by: User,
    with_bookings: bool = True,
) -> dict[str, Batch]:
    """One published batch for each kelurahan, by region code, with what its residents chose: a topic, or three."""
    batches = {}
    for number, (village, (days, lane)) in enumerate(zip(office.villages, times, strict=True)):
        opens_at, closes_at = window(village)
        batch = create_batch(
            program=program,
            region=village,
            name=f"Angkatan {village.name}",
            slug=village.name.lower().replace(" ", "-"),
            quota=QUOTA,
            waiting_quota=WAITING,
            opens_at=opens_at,
            closes_at=closes_at,
            topics=topics_of(office, number),
            sessions=sessions(office, village, number, lane, days, with_bookings=with_bookings),
            by=by,
        )
        publish_batch(batch=batch, by=by)
        batch.state = Batch.State.PUBLISHED  # the same row, with its programme and region at hand
        batches[village.code] = batch
    return batches


def sessions(
    office: Office, village: Region, number: int, lane: int, days: Pair, *, with_bookings: bool
) -> list[SessionPlan]:
    """Eighteen lesson hours of 45 minutes: the craft, then running a business, then the job seeker card."""
    zone = office.agency.zone
    place = office.venues[village.code] if with_bookings else None
    teachers = dict(zip(office.topics, office.teachers, strict=False))
    crafts = [(Session.Kind.TRAINING, topic, teachers[topic]) for topic in topics_of(office, number)]
    manage = (Session.Kind.MANAGEMENT, None, office.managers[lane])
    card = (Session.Kind.JOB_SEEKER_CARD, None, office.card_officers[lane])
    plan = [
        (days[0], "08:00", "12:00", 5, crafts[0]),
        (days[0], "13:00", "16:00", 4, crafts[1 % len(crafts)]),
        (days[1], "08:00", "12:00", 5, crafts[-1]),
        (days[1], "13:00", "14:30", 2, manage),
        (days[1], "14:30", "16:00", 2, card),
    ]
    return [
        SessionPlan(
            begin=at(day, begin, zone),
            end=at(day, end, zone),
            kind=kind,
            topic=taught,
            lesson_hours=hours,
            instructor=who if with_bookings else None,
            venue=place,
        )
        for day, begin, end, hours, (kind, taught, who) in plan
    ]
