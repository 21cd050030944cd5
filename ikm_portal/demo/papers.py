"""The papers of one batch of 2024, as its accountability file holds them; another has a part of them."""

from datetime import date

from accounts.models import User
from documents import actions
from documents.kinds import paper_kinds
from documents.models import Document
from documents.rules.papers import STANDARD_PATTERN, Series
from documents.typesetting import Typesetter
from ikm_portal.demo.accounts import BENDAN_KERGON, MEDONO
from ikm_portal.demo.editions import Edition
from programs.actions import Member, name_committee
from programs.models import Batch, Program

COMMITTEE = (
    Member("Drs. Bambang Wicaksono, M.M.", "Penanggung jawab", "Kepala Dinas", "196803141993031999"),
    Member("Teguh Prasetyo, S.T., M.T.", "Ketua", "Kepala Bidang Pelatihan", "197811102005011999"),
    Member("Agus Hermawan, S.Sos.", "Sekretaris", "Pejabat Pelaksana Teknis Kegiatan", "198306072009031999"),
    Member("Nur Khasanah, A.Md.", "Bendahara", "Bendahara Pengeluaran Pembantu", "198902252014022999"),
    Member("Ratna Kusumawati", "Anggota", "Staf Bidang Pelatihan"),
)
SELECTION = (
    Member("Budi Santosa", "Ketua", "Verifikator"),
    Member("Ratna Kusumawati", "Sekretaris", "Staf Bidang Pelatihan"),
    Member("Endang Purwanti", "Anggota", "Kelurahan Bendan Kergon"),
)
# In the order in which an office makes them.
BEFORE = (("committee_decree", date(2024, 5, 27)), ("announcement", date(2024, 6, 3)))
OF_BATCH = (
    ("selection_minutes", date(2024, 6, 25)),
    ("participant_decree", date(2024, 6, 26)),
    ("participant_decree_copy", date(2024, 6, 26)),
    ("instructor_decree", date(2024, 6, 26)),
    ("schedule", date(2024, 6, 26)),
    ("invitation", date(2024, 6, 27)),
    ("attendance_sheet", date(2024, 7, 1)),
    ("staff_attendance", date(2024, 7, 1)),
    ("goods_receipt", date(2024, 7, 1)),
)
CLASSIFICATION = "500.15"


def papers_of_2024(edition: Edition, officer: User) -> None:
    """Bendan Kergon is complete, Medono has what comes before the training."""
    program = edition.program
    series = Series(STANDARD_PATTERN, CLASSIFICATION, "DPK", "")
    actions.save_numbering(agency=program.agency, kind="", register="umum", series=series, by=officer)
    name_committee(program=program, team="committee", members=COMMITTEE, by=officer)
    name_committee(program=program, team="selection", members=SELECTION, by=officer)
    made = [document for code, day in BEFORE for document in _issue(code, program, day, officer)]
    for region, count in ((BENDAN_KERGON, len(OF_BATCH)), (MEDONO, 5)):
        batch = Batch.objects.with_parts().get(pk=edition.batches[region].pk)
        made += [document for code, day in OF_BATCH[:count] for document in _issue(code, batch, day, officer)]
    with Typesetter() as typesetter:
        for _done in actions.set_in_type(documents=made, typesetter=typesetter, by=officer):
            pass


def _issue(code: str, thing: Program | Batch, day: date, officer: User) -> list[Document]:
    kind = paper_kinds()[code]
    return actions.issue_many(
        kind=kind, scope=f"{kind.scope}:{thing.pk}", subjects=list(kind.subjects(thing)), date=day, by=officer
    )
