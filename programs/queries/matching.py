"""Who could teach a session: the facts of all instructors by one query, ranked by a rule."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Case, Exists, F, FloatField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from programs.models import (
    Instructor,
    InstructorAbsence,
    InstructorCompetence,
    InstructorQuerySet,
    InstructorRecord,
    Session,
)
from programs.rules import LOAD_DAYS, Candidate, Match, distance_between, rank

# An office of a province may know thousands; nobody reads further, and a search by name finds the rest.
MOST_CANDIDATES = 500


def candidates_for(session: Session, name: str = "") -> list[Match]:
    """The instructors of the office for this session, the best first, each with reasons and obstacles."""
    place = session.venue.region_id if session.venue else session.batch.region_id
    zone = session.batch.program.agency.zone
    day = session.during.lower.astimezone(zone).date()
    people = _with_facts(Instructor.objects.filter(agency=session.batch.program.agency_id).named(name), session)
    found = []
    for one in people[:MOST_CANDIDATES]:
        facts = vars(one)
        found.append(
            Candidate(
                key=one.pk,
                name=str(one),
                needs_level=session.topic_id is not None,
                level=facts["level"],
                distance=distance_between(one.region_id, place),
                hours_near=facts["hours_near"],
                gain=None if facts["gain"] is None else Decimal(str(round(facts["gain"], 3))),
                obstacles=_obstacles(one, session, day.weekday()),
            )
        )
    return rank(found)


def _with_facts(people: InstructorQuerySet, session: Session) -> InstructorQuerySet:
    begin, end = session.during.lower, session.during.upper
    others = Session.objects.planned().filter(instructor=OuterRef("pk")).exclude(pk=session.pk)
    near = others.filter(during__overlap=(begin - timedelta(days=LOAD_DAYS), end + timedelta(days=LOAD_DAYS)))
    hours = near.order_by().values("instructor").annotate(total=Sum("lesson_hours")).values("total")
    zone = session.batch.program.agency.zone
    days = (begin.astimezone(zone).date(), end.astimezone(zone).date() + timedelta(days=1))
    level = InstructorCompetence.objects.filter(instructor=OuterRef("pk"), topic=session.topic_id)
    known = level.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=days[0]))
    records = InstructorRecord.objects.filter(instructor=OuterRef("pk"), gain__isnull=False).order_by()
    weighted = Cast(Sum(F("gain") * F("gain_count")), FloatField()) / Cast(Sum("gain_count"), FloatField())
    counted = records.filter(gain_count__gt=0).values("instructor")
    served = Instructor.regions.through.objects.filter(instructor=OuterRef("pk"))
    people = people.annotate(
        level=Subquery(known.values("level")[:1]),
        had_level=Exists(level),
        hours_near=Coalesce(Subquery(hours), 0),
        gain=Subquery(counted.annotate(mean=weighted).values("mean")),
        is_booked=Exists(others.filter(during__overlap=session.during)),
        is_absent=Exists(InstructorAbsence.objects.filter(instructor=OuterRef("pk"), days__overlap=days)),
        chooses_regions=Exists(served),
        serves_here=Exists(served.filter(region_id__in=_regions_around(session))),
    )
    return people.order_by(Case(When(level__isnull=True, then=Value(1)), default=Value(0)), "full_name", "pk")


def _regions_around(session: Session) -> list[str]:
    code = session.venue.region_id if session.venue else session.batch.region_id
    return [code[:length] for length in (2, 5, 8, 13) if len(code) >= length]


def _obstacles(one: Instructor, session: Session, weekday: int) -> tuple[str, ...]:
    facts = vars(one)
    found = {
        "inactive": one.state == Instructor.State.INACTIVE,
        "booked": facts["is_booked"],
        "absent": facts["is_absent"],
        "weekday": weekday not in one.weekdays,
        "expired": session.topic_id is not None and facts["level"] is None and facts["had_level"],
        "no_competence": session.topic_id is not None and not facts["had_level"],
        "elsewhere": facts["chooses_regions"] and not facts["serves_here"],
    }
    return tuple(code for code, is_so in found.items() if is_so)
