"""What PostgreSQL refuses of papers, their numbers and texts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Agency
from documents.models import Document, Layout, Numbering, NumberSequence, TemplateVersion
from tests import cast
from tests.documents import made
from tests.documents.paperwork import ANNOUNCEMENT, INVITATION

pytestmark = pytest.mark.django_db

TOKEN = "a" * 22


@pytest.fixture
def office() -> Agency:
    return cast.home_agency()


def template(office: Agency, **values: Any) -> TemplateVersion:
    named = {"kind": "test_invitation", "version": 1, "edited_by": cast.administrator()}
    return TemplateVersion.objects.create(agency=office, **(named | values))


def twice(write: Callable[..., Any], office: Agency, **values: Any) -> Any:
    write(office, **values)
    return write(office, **values)


def numbered(office: Agency, **values: Any) -> Document:
    sequence = NumberSequence.objects.get_or_create(agency=office, register="surat", year=2024)[0]
    return made.document(office, **({"sequence": sequence, "position": 1, "number": "001"} | values))


BREAKING: list[tuple[str, Callable[[Agency], Any]]] = [
    ("documents_numbering_kind_once", lambda office: twice(made.numbering, office)),
    ("documents_numbering_counts", lambda office: made.numbering(office, pattern="{seq}/SK")),
    ("documents_numbering_counts", lambda office: made.numbering(office, pattern="{tahun}/SK")),
    ("documents_numbering_register_plain", lambda office: made.numbering(office, register="Surat Keluar")),
    ("documents_numbersequence_once", lambda office: twice(made.sequence, office)),
    ("documents_numbersequence_year", lambda office: made.sequence(office, year=1999)),
    ("documents_numbersequence_forward", lambda office: made.sequence(office, first=0)),
    ("documents_numbersequence_forward", lambda office: made.sequence(office, first=5, last=3)),
    ("documents_templateversion_version_once", lambda office: twice(template, office, is_current=False)),
    (
        "documents_templateversion_one_in_force",
        lambda office: [template(office, version=number) for number in (1, 2)],
    ),
    ("documents_templateversion_named", lambda office: template(office, version=0)),
    ("documents_templateversion_named", lambda office: template(office, kind="")),
    ("documents_templateversion_paper_size_known", lambda office: template(office, paper_size="A5")),
    ("documents_layout_whole", lambda office: Layout.objects.create(sha256="x", source="= Surat")),
    ("documents_layout_whole", lambda office: Layout.objects.create(sha256="b" * 64, source="")),
    ("documents_document_one_in_force", lambda office: twice(made.document, office, subject="region:1")),
    (
        "documents_document_position_once",
        lambda office: [numbered(office), numbered(office, number="002")],
    ),
    (
        "documents_document_number_once",
        lambda office: [numbered(office), numbered(office, position=2)],
    ),
    ("documents_document_token_once", lambda office: twice(made.document, office, token=TOKEN)),
    ("documents_document_token_random", lambda office: made.document(office, token="pendek")),
    ("documents_document_numbered_whole", lambda office: made.document(office, number="001")),
    ("documents_document_numbered_whole", lambda office: numbered(office, number="")),
    ("documents_document_file_hashed", lambda office: made.document(office, sha256="a" * 64)),
    ("documents_document_status_known", lambda office: made.document(office, status="lost")),
    ("documents_document_revoked_why", lambda office: made.document(office, status="revoked", reason="Salah")),
    ("documents_document_revoked_why", lambda office: made.document(office, revoked_at=timezone.now())),
    ("documents_document_signed_has_file", lambda office: made.document(office, status="signed")),
]


@pytest.mark.parametrize(("name", "write"), BREAKING)
def test_postgresql_refuses(name: str, write: Callable[[Agency], Any], office: Agency) -> None:
    assert _broken(name, write, office) == name


def _broken(name: str, write: Callable[[Agency], Any], office: Agency) -> str:
    with pytest.raises(DatabaseError) as broken, transaction.atomic():
        write(office)
    return str(broken.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg2 always names its cause


def test_replaced_and_revoked_papers_leave_the_place_to_another(office: Agency) -> None:
    made.document(office, subject="region:1", status="replaced")
    made.document(
        office,
        subject="region:1",
        status="revoked",
        reason="Salah nama",
        revoked_by=cast.program_officer(),
        revoked_at=timezone.now(),
    )
    assert made.document(office, subject="region:1").is_in_force


CHANGES: list[dict[str, Any]] = [
    {"number": "002"},
    {"date": "2024-07-03"},
    {"position": 2},
    {"token": "b" * 22},
    {"label": "Orang Lain"},
    {"subject": "region:2"},
    {"edition": 2},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(*change))
def test_what_stands_on_a_paper_never_changes(change: dict[str, Any], office: Agency) -> None:
    paper = numbered(office)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Document.objects.filter(pk=paper.pk).update(**change)


def test_papers_are_never_deleted(office: Agency) -> None:
    paper = numbered(office)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Document.objects.filter(pk=paper.pk).delete()


def test_revoked_papers_stay_revoked(office: Agency) -> None:
    paper = made.document(office, status="replaced")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Document.objects.filter(pk=paper.pk).update(status="issued")


@pytest.mark.parametrize("change", [{"last": 4}, {"first": 2}])
def test_numbers_only_go_forward(change: dict[str, int], office: Agency) -> None:
    sequence = made.sequence(office, last=5)
    with pytest.raises(DatabaseError, match="only go forward"), transaction.atomic():
        NumberSequence.objects.filter(pk=sequence.pk).update(**change)


def test_numbering_of_a_kind_comes_before_that_of_the_office(office: Agency) -> None:
    made.numbering(office)
    own = made.numbering(office, kind="test_invitation", register="undangan")
    found = Numbering.objects.for_kind(office, INVITATION)
    other = Numbering.objects.for_kind(office, ANNOUNCEMENT)
    assert (found, other and other.register) == (own, "surat")


def test_what_is_printed_is_encrypted(office: Agency) -> None:
    paper = made.document(office, content='{"texts": {"opening": ["Siti Contoh"]}}')
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM documents_document")
        assert b"Siti" not in bytes(cursor.fetchone()[0])
    assert Document.objects.get(pk=paper.pk).printed == {"texts": {"opening": ["Siti Contoh"]}}


def test_papers_are_visible_in_the_region_of_the_role(office: Agency) -> None:
    paper = made.document(office)
    seen = [
        list(Document.objects.visible_to(user))
        for user in (cast.program_officer(), cast.treasurer(), cast.verifier(), cast.other_agency_officer())
    ]
    assert seen == [[paper], [paper], [], []]
