"""The end of the training of 2024: the certificates of all who took part enough."""

from accounts.models import User
from documents import actions
from documents.kinds import paper_kinds, scope_key
from documents.models import Document
from documents.rules.papers import Series
from documents.typesetting import Typesetter
from ikm_portal.demo.accounts import BENDAN_KERGON
from ikm_portal.demo.editions import Edition
from ikm_portal.demo.papers import CLASSIFICATION
from programs.models import Batch

PATTERN = "{klasifikasi}/{seq:04d}/{unit}-SERT/{bulan_romawi}/{tahun}"


def certificates_of_2024(edition: Edition, officer: User) -> None:
    """All 27 batches with numbers; the files of Bendan Kergon at once, the others are set by the worker's sweep."""
    series = Series(PATTERN, CLASSIFICATION, "DPK", "")
    agency = edition.program.agency
    actions.save_numbering(agency=agency, kind="certificate", register="sertifikat", series=series, by=officer)
    batches = list(Batch.objects.filter(program=edition.program).with_parts().soonest_first())
    for batch in batches:
        issued = issue(batch, officer)
        if batch.region_id == BENDAN_KERGON:
            _set(issued + receipt(batch, officer), officer)


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
