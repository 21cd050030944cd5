"""P2 as an office that plans it: 27 kelurahan with a hall each, seven topics with an instructor each."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from programs.actions import MeetingPlan, create_rollout
from programs.models import Instructor, Program, Rollout, Topic, Venue
from regions.models import Region
from tests import cast, factories

TOPICS = ("Buket", "Roti dan masakan", "Rajut", "Desain kemasan", "Hantaran", "Tas", "Kerajinan")
TWO_DAYS = (
    MeetingPlan(1, time(8), time(12), lesson_hours=5),
    MeetingPlan(1, time(13), time(16), lesson_hours=4),
    MeetingPlan(2, time(8), time(12), lesson_hours=5),
    MeetingPlan(2, time(13), time(14, 30), "management", lesson_hours=2),
    MeetingPlan(2, time(14, 30), time(16), "job_seeker_card", lesson_hours=2),
)
WINDOW: dict[str, Any] = {
    "name": "Rencana DBHCHT 2024",
    "first_day": date(2024, 7, 1),
    "last_day": date(2024, 8, 27),
    "opens_on": date(2024, 6, 10),
    "evenly": False,
}


def villages() -> list[Region]:
    factories.region_tree()
    return list(Region.objects.under("33.75").villages().order_by("code"))


def equipped(**values: Any) -> Program:
    """A programme of the home office, with topics, instructors and halls."""
    program = factories.program(cast.home_agency(), slug="p2", name="Pelatihan DBHCHT", **values)
    for name in TOPICS:
        topic = Topic.objects.create(agency=program.agency, name=name)
        teacher = Instructor.objects.create(agency=program.agency, full_name=f"Pengajar {name}")
        teacher.competences.create(topic=topic)
    Venue.objects.bulk_create(
        Venue(agency=program.agency, region=region, name=f"Balai {region.name}", capacity=50) for region in villages()
    )
    return program


def planned(program: Program | None = None, regions: Sequence[Region] | None = None, **values: Any) -> Rollout:
    """A draft over all kelurahan; each has a topic, one after the other."""
    program = program or equipped()
    rollout = create_rollout(
        program=program,
        regions=villages() if regions is None else regions,
        pattern=values.pop("pattern", TWO_DAYS),
        values=WINDOW | values,
        by=cast.program_officer(),
    )
    topics = list(program.agency.topics.order_by("pk"))
    for number, row in enumerate(rollout.rows.order_by("region_id")):
        row.topics.set(topics[number % len(topics) :][:1] if topics else [])
    return rollout
