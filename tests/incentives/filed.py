"""Papers of competitions that are decided: an office that can issue them, and what it issued."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Agency
from documents.actions import issue_many
from documents.kinds import PaperKind, paper_kinds
from documents.models import Document
from incentives.models import Competition
from tests import cast, factories
from tests.documents import made

DAY = timezone.localdate()
SIGNERS = (
    ("agency_head", "Kepala Dinas"),
    ("budget_authority", "KPA"),
    ("treasurer", "Bendahara"),
    ("activity_officer", "PPTK"),
)


def office(agency: Agency) -> None:
    """Who signs, and numbers for every kind."""
    for number, (kind, title) in enumerate(SIGNERS):
        official = factories.official(agency, nip=f"19620705198803100{number}")
        factories.tenure(factories.position(agency, title, kind), official)
    made.numbering(agency, kind="")


def kind(code: str) -> PaperKind:
    return paper_kinds()[code]


def issued(of: Competition, code: str, *, day: date = DAY, **values: Any) -> list[Document]:
    """Everything of this kind, not set in type yet."""
    subjects = list(kind(code).subjects(of))
    by = cast.program_officer()
    return issue_many(kind=kind(code), scope=of.reference, subjects=subjects, date=day, by=by, **values)
