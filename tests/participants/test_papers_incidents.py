"""The letters of article 46 as official papers: who gets one, what it says, who may see and issue it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from documents import actions as documents
from documents.kinds import ISSUING, SEEING, paper_kinds
from documents.models import Document
from documents.typesetting import Typesetter
from participants import actions, queries
from participants.models import Incident, Registration
from tests import cast
from tests.documents.typed import one_typesetter, papers
from tests.participants.graduates import office
from tests.participants.test_incidents import listed

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as one:
        yield one


def issued(incident: Incident, code: str, by: User | None = None) -> list[Document]:
    kind = paper_kinds()[code]
    found = Incident.objects.select_related("agency__region").get(pk=incident.pk)
    return documents.issue_many(
        kind=kind,
        scope=f"incident:{incident.pk}",
        subjects=list(kind.subjects(found)),
        date=incident.agency.today(),
        by=by or cast.dpo(),
    )


def test_permissions_of_kinds_are_those_that_the_views_let_in() -> None:
    kinds = paper_kinds().values()
    assert {kind.sees for kind in kinds} <= set(SEEING)
    assert {kind.issues for kind in kinds} <= set(ISSUING)


def test_letter_goes_to_each_whom_no_message_reached(typesetter: Typesetter) -> None:
    incident, people = listed(3)
    incident.people.filter(registration=people[0]).update(told_at=timezone.now(), way="message")
    Registration.objects.filter(pk=people[1].pk).update(full_name="Dewi Contoh", address="Jalan Contoh 7")
    kind = paper_kinds()["incident_letter"]
    subjects = list(kind.subjects(incident))
    assert {subject.key for subject in subjects} == {f"incident:{incident.pk}:entry:{one.pk}" for one in people[1:]}
    pages = [" ".join(paper) for paper in papers(typesetter, kind, subjects)]
    [hers] = [page for page in pages if "Dewi Contoh" in page]
    for words in (
        "Yth. Dewi Contoh Jalan Contoh 7",
        "Pasal 46 Undang-Undang Nomor 27 Tahun 2022",
        "Data terungkap : nama, telepon dan email",
        "Uraian kejadian : Sebuah daftar terkirim ke alamat yang salah.",
        "Penanganan : Penerima diminta menghapusnya.",
    ):
        assert words in hers
    assert not any(one.nik in hers for one in people)


def test_report_tells_how_many_and_names_nobody(typesetter: Typesetter) -> None:
    incident, people = listed(2)
    kind = paper_kinds()["incident_report"]
    [pages] = papers(typesetter, kind, list(kind.subjects(incident)))
    text = " ".join(pages)
    assert "Orang terdampak : 2 (dua) orang" in text
    assert not any(one.full_name in text for one in people)


def test_letter_without_what_is_done_is_refused() -> None:
    office()
    incident, _people = listed(1)
    actions.change_incident(incident=incident, handling=None, by=cast.dpo())
    with pytest.raises(ValidationError) as refusal:
        issued(incident, "incident_report")
    assert refusal.value.code == "handling_missing"
    assert not Document.objects.exists()


def test_issuing_needs_the_keeping_of_incidents() -> None:
    office()
    incident, _people = listed(1)
    with pytest.raises(PermissionDenied):
        issued(incident, "incident_letter", cast.program_officer())
    [letter] = issued(incident, "incident_letter")
    assert letter.number
    assert issued(incident, "incident_letter") == [letter]


def test_incident_papers_are_seen_by_whoever_sees_incidents_alone() -> None:
    office()
    incident, _people = listed(1)
    [letter] = issued(incident, "incident_letter")
    seeing = [cast.dpo(), cast.auditor()]
    for user in (*seeing, cast.program_officer(), cast.treasurer(), cast.division_head()):
        assert (letter in Document.objects.visible_to(user)) == (user in seeing)
    assert letter in Document.objects.visible_to(cast.dpo(), Permission.ISSUE_DOCUMENTS)
    assert letter not in Document.objects.visible_to(cast.program_officer(), Permission.ISSUE_DOCUMENTS)


def test_incident_paper_is_issued_opened_and_verified_without_a_name(client: Client) -> None:
    office()
    incident, [person] = listed(1)
    client.force_login(cast.dpo())
    address = reverse("documents:document_issue", args=["incident_letter", incident.pk])
    assert person.full_name in client.get(address).content.decode()
    assert client.post(address, {"date": incident.agency.today().isoformat()}).status_code == 302
    letter = Document.objects.get(kind="incident_letter")
    assert client.get(reverse("documents:document_file", args=[letter.pk])).content.startswith(b"%PDF")
    public = Client().get(letter.public_path).content.decode()
    assert (letter.number in public, person.full_name in public, incident.title in public) == (True, False, False)
    client.force_login(cast.program_officer())
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert client.get(address).status_code == 404


def test_incident_detail_tells_what_was_issued(client: Client) -> None:
    office()
    incident, _people = listed(2)
    client.force_login(cast.dpo())
    issued(incident, "incident_letter")
    [report] = issued(incident, "incident_report")
    page = client.get(incident.get_absolute_url()).content.decode()
    assert report.number in page
    assert queries.papers_of_incident(incident) == queries.IncidentPapers(report, 2)
    form = client.get(reverse("participants:incident_authority", args=[incident.pk])).context["form"]
    assert form["reference"].value() == report.number


def test_letter_stands_among_the_persons_own_papers() -> None:
    office()
    incident, [person] = listed(1)
    [letter] = issued(incident, "incident_letter")
    assert person.person is not None
    assert list(queries.papers_of(person.person)) == [letter]


def test_letter_bears_no_date_before_the_discovery() -> None:
    office()
    incident, _people = listed(1)
    kind = paper_kinds()["incident_letter"]
    too_early = incident.discovered_at.astimezone(incident.agency.zone).date() - timedelta(days=1)
    with pytest.raises(ValidationError, match="tanggal"):
        documents.issue_many(
            kind=kind, scope="incident:1", subjects=list(kind.subjects(incident)), date=too_early, by=cast.dpo()
        )
