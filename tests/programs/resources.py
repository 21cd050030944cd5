"""Who reaches the pages of instructors, partners, venues, rates and the staffing of sessions, and their rows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jobs.actions import keep_file
from programs import actions
from programs.models import Batch, HonorariumRate, Instructor, Partner, Topic, Venue
from tests import cast

# The letters of tests/ikm_portal/test_access.py, in the order of its cast.
KEEPS, KEEPS_ROW = "LFFFIFFFIFFF", "LFFFIFFFNFFF"
SEES_BATCH = "LFINIIIINIFF"

RESOURCES: dict[str, tuple[str, str]] = {
    "programs:teaching_answer": ("get", "NNNNNNNNNNNN"),
    "programs:batch_staffing": ("get", SEES_BATCH),
    "programs:teaching_invite": ("post", KEEPS_ROW),
    "programs:teaching_withdraw": ("post", KEEPS_ROW),
    "programs:session_staff": ("get", KEEPS_ROW),
    "programs:batch_honorarium": ("get", "LFFFIFIINIFF"),
    "programs:instructor_list": ("get", KEEPS),
    "programs:instructor_create": ("get", KEEPS),
    "programs:instructor_detail": ("get", KEEPS_ROW),
    "programs:instructor_edit": ("get", KEEPS_ROW),
    "programs:instructor_move": ("post", KEEPS_ROW),
    "programs:instructor_competence": ("get", KEEPS_ROW),
    "programs:competence_remove": ("post", KEEPS_ROW),
    "programs:instructor_absence": ("get", KEEPS_ROW),
    "programs:absence_remove": ("post", KEEPS_ROW),
    "programs:instructor_paper": ("get", KEEPS_ROW),
    "programs:paper_open": ("post", "LFFFNFFFNFFF"),  # the file of this world's paper is no sealed one
    "programs:paper_remove": ("post", KEEPS_ROW),
    "programs:venue_list": ("get", KEEPS),
    "programs:venue_create": ("get", KEEPS),
    "programs:venue_detail": ("get", KEEPS_ROW),
    "programs:venue_edit": ("get", KEEPS_ROW),
    "programs:closure_remove": ("post", KEEPS_ROW),
    "programs:partner_list": ("get", KEEPS),
    "programs:partner_create": ("get", KEEPS),
    "programs:partner_detail": ("get", KEEPS_ROW),
    "programs:partner_edit": ("get", KEEPS_ROW),
    "programs:agreement_create": ("get", KEEPS_ROW),
    "programs:agreement_edit": ("get", KEEPS_ROW),
    "programs:agreement_file": ("get", KEEPS_ROW),
    "programs:rate_list": ("get", KEEPS),
    "programs:rate_create": ("get", KEEPS),
    "programs:rate_edit": ("get", KEEPS_ROW),
    "programs:rate_replace": ("get", KEEPS_ROW),
    "participants:session_add": ("get", KEEPS_ROW),
    "participants:session_edit": ("get", KEEPS_ROW),
    "participants:session_cancel": ("get", KEEPS_ROW),
}
RESOURCE_ROWS = {
    "instructor_": "teacher",
    "venue_": "hall",
    "partner_": "helper",
    "rate_": "rate",
    "session_": "session",
}
RESOURCE_ROWS |= {"session_add": "batch", "teaching_withdraw": "question", "agreement_create": "helper"}
Arguments = Callable[[dict[str, Any]], list[Any]]
RESOURCE_ARGUMENTS: dict[str, Arguments] = {
    "programs:competence_remove": lambda world: [world["teacher"].pk, world["teacher"].competences.get().pk],
    "programs:absence_remove": lambda world: [world["teacher"].pk, world["teacher"].absences.get().pk],
    "programs:paper_open": lambda world: [world["teacher"].pk, world["teacher"].documents.get().pk],
    "programs:paper_remove": lambda world: [world["teacher"].pk, world["teacher"].documents.get().pk],
    "programs:closure_remove": lambda world: [world["hall"].pk, world["hall"].closures.get().pk],
    "programs:agreement_edit": lambda world: [world["helper"].pk, world["helper"].agreements.get().pk],
    "programs:agreement_file": lambda world: [world["helper"].pk, world["helper"].agreements.get().pk],
}


def resources(batch: Batch) -> dict[str, Any]:
    """One of each, and a session of the batch with everything on it."""
    agency, by, today = batch.program.agency, cast.program_officer(), timezone.localdate()
    topic = Topic.objects.create(agency=agency, name="Hantaran")
    days = (today, today + timedelta(days=2))
    teacher = Instructor.objects.create(agency=agency, full_name="Ratna", email="ratna@contoh.example")
    teacher.competences.create(topic=topic)
    teacher.absences.create(days=days)
    stored = [
        keep_file(agency=agency, name="a", content=b"%PDF-", content_type="application/pdf", by=by) for _ in range(2)
    ]
    teacher.documents.create(kind="cv", stored=stored[0], key="k", uploaded_at=timezone.now(), uploaded_by=by)
    hall = Venue.objects.create(agency=agency, region=batch.region, name="Aula")
    hall.closures.create(days=days)
    helper = Partner.objects.create(agency=agency, kind="academia", name="Universitas Contoh")
    helper.agreements.create(number="1", subject="Materi", signed_on=today, valid_from=today, file=stored[1])
    rate = HonorariumRate.objects.create(
        agency=agency,
        valid=(date(2020, 1, 1), None),
        minutes_per_unit=45,
        legal_basis="Perwal",
        max_amount=2,
        local_amount=1,
    )
    session = batch.sessions.earliest("during")
    batch.sessions.filter(pk=session.pk).update(instructor=teacher, venue=hall, partner=helper, topic=topic)
    question = actions.invite_instructor(batch=batch, instructor=teacher, days=3, by=by)
    found = {"teacher": teacher, "hall": hall, "helper": helper, "rate": rate}
    return found | {"session": session, "question": question}
