"""The end of the training of 2024: who was there, and the certificates of all who took part enough."""

from datetime import timedelta
from random import Random

from accounts.models import User
from documents import actions
from documents.kinds import paper_kinds, scope_key
from documents.models import Document
from documents.rules.papers import Series
from documents.typesetting import Typesetter
from ikm_portal.demo.accounts import BENDAN_KERGON
from ikm_portal.demo.editions import Edition
from ikm_portal.demo.papers import CLASSIFICATION
from participants.actions import recompute_completions
from participants.models import Attendance, Registration
from programs.models import Batch, Session

PATTERN = "{klasifikasi}/{seq:04d}/{unit}-SERT/{bulan_romawi}/{tahun}"
# One in so many stayed away from a session, one in so many from the whole training.
MISSED_ONE, NEVER_CAME = 40, 60


def certificates_of_2024(edition: Edition, officer: User) -> None:
    """All 27 batches with numbers; the files of Bendan Kergon at once, the others are set by the worker's sweep."""
    series = Series(PATTERN, CLASSIFICATION, "DPK", "")
    agency = edition.program.agency
    actions.save_numbering(agency=agency, kind="certificate", register="sertifikat", series=series, by=officer)
    chance = Random("2024 attendance")
    batches = list(Batch.objects.filter(program=edition.program).with_parts().soonest_first())
    for batch in batches:
        attended(batch, chance)
        issued = issue(batch, officer)
        if batch.region_id == BENDAN_KERGON:
            _set(issued + receipt(batch, officer), officer)


def attended(batch: Batch, chance: Random) -> None:
    """Nothing where somebody has noted it."""
    if Attendance.objects.filter(session__batch=batch).exists():
        return
    sessions = list(batch.sessions.planned().in_order())
    rows: list[Attendance] = []
    for entry in batch.registrations.only("pk").order_by("pk"):
        missed = sessions if chance.randrange(NEVER_CAME) == 0 else []
        if not missed and chance.randrange(MISSED_ONE) == 0:
            missed = [chance.choice(sessions)]
        rows += [_seen(session, entry, session in missed, chance) for session in sessions]
    Attendance.objects.bulk_create(rows)
    recompute_completions(batch=batch)


def _seen(session: Session, entry: Registration, missed: bool, chance: Random) -> Attendance:
    if missed:
        return Attendance(session=session, registration=entry, status=Attendance.Status.ABSENT)
    begin, end = session.during.lower, session.during.upper
    came = begin - timedelta(minutes=chance.randrange(2, 20))
    minutes = int((end - begin).total_seconds() // 60)
    status = Attendance.Status.PRESENT
    return Attendance(session=session, registration=entry, status=status, arrived_at=came, minutes=minutes)


def issue(batch: Batch, officer: User) -> list[Document]:
    """They bear the last day of the training."""
    kind = paper_kinds()["certificate"]
    day = batch.ends_at.astimezone(batch.program.agency.zone).date() if batch.ends_at else batch.program.agency.today()
    subjects = list(kind.subjects(batch))
    return actions.issue_many(kind=kind, scope=scope_key(kind, batch.pk), subjects=subjects, date=day, by=officer)


def receipt(batch: Batch, officer: User) -> list[Document]:
    kind = paper_kinds()["certificate_receipt"]
    day = batch.program.agency.today()
    subjects = list(kind.subjects(batch))
    return actions.issue_many(kind=kind, scope=scope_key(kind, batch.pk), subjects=subjects, date=day, by=officer)


def _set(documents: list[Document], officer: User) -> None:
    with Typesetter() as typesetter:
        for _done in actions.set_in_type(documents=documents, typesetter=typesetter, by=officer):
            pass
