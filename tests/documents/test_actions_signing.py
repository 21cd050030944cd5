"""Scans and signatures are kept: by whom, of what, once; and two at once do not lose one of them."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import Agency, AuditEntry, User
from accounts.roles import Role
from documents import actions
from documents.models import Document, Method, Signature, Status, paper_file
from documents.signing import certificates, looking
from documents.signing.signers import CertificateFile
from tests import cast, factories
from tests.documents import signed
from tests.support import esign
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Agency:
    return cast.home_agency()


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


@pytest.fixture
def head(office: Agency) -> User:
    """The head of the office, who signs on the screen."""
    person = factories.user("kepala.dinas", role=Role.AGENCY_HEAD)
    signed.official_of(person)
    return person


@pytest.fixture
def paper(office: Agency, officer: User, head: User) -> Document:
    return signed.waiting(office, officer)


def with_certificate(name: str = "Kepala Dinas") -> CertificateFile:
    return CertificateFile(esign.certificate_file(name), esign.FILE_PASSWORD)


def refusal(act: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        act()
    told = refused.value
    return str(told.code if hasattr(told, "code") else next(iter(told.error_dict.values()))[0].code)


def test_signing_with_a_certificate_keeps_the_file_its_hash_and_who(paper: Document, head: User) -> None:
    [made] = actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)
    paper.refresh_from_db()
    assert (paper.status, made.method, made.place, made.signed_by) == (Status.SIGNED, Method.CERTIFICATE, 0, head)
    assert (made.certificate["name"], made.certificate["issuer"]) == ("Kepala Dinas", "Otoritas Uji")
    assert paper.file is not None
    content = made.file.content()
    assert content.startswith(paper.file.content())
    assert made.file.sha256 == made.sha256
    assert paper_file(paper) == made.file
    [seen] = looking.look(content, [esign.authority().pem])["signatures"]
    assert (seen["intact"], seen["whole"], seen["trusted"]) == (True, True, True)


def test_signing_leaves_no_password_in_rows_or_trail(paper: Document, head: User) -> None:
    actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)
    entry = AuditEntry.objects.get(action="paper.signed")
    assert esign.FILE_PASSWORD not in f"{entry.changes} {Signature.objects.values()}"
    assert esign.FILE_PASSWORD not in repr(with_certificate())


def test_signing_many_is_all_or_nothing(office: Agency, officer: User, head: User) -> None:
    papers = [signed.waiting(office, officer, number=number) for number in (1, 2, 3)]
    Document.objects.filter(pk=papers[1].pk).update(
        status=Status.REVOKED, reason="salah", revoked_at=papers[1].issued_at, revoked_by=officer
    )
    papers[1].refresh_from_db()
    assert refusal(lambda: actions.sign_papers(documents=papers, signer=with_certificate(), by=head)) == (
        "not_to_be_signed"
    )
    assert Signature.objects.count() == 0
    del papers[1]
    actions.sign_papers(documents=papers, signer=with_certificate(), by=head)
    assert Document.objects.filter(status=Status.SIGNED).count() == 2
    many = papers * 13
    assert refusal(lambda: actions.sign_papers(documents=many, signer=with_certificate(), by=head)) == "too_many"


def test_signing_by_somebody_whose_name_does_not_stand_there_is_refused(
    office: Agency, officer: User, paper: Document
) -> None:
    """A deputy with the right to sign, an officer without, and the head of another office."""
    other = factories.user("kabid", role=Role.DIVISION_HEAD)
    signed.official_of(other, "Kepala Bidang", "division_head")
    assert refusal(lambda: actions.sign_papers(documents=[paper], signer=with_certificate(), by=other)) == "not_yours"
    for person in (officer, cast.other_agency_officer()):
        with pytest.raises(PermissionDenied):
            actions.sign_papers(documents=[paper], signer=with_certificate(), by=person)


def test_signing_by_two_makes_the_paper_signed_with_the_second(office: Agency, officer: User, head: User) -> None:
    activity = factories.user("pptk", role=Role.ACTIVITY_OFFICER)
    signed.official_of(activity, "PPTK", "activity_officer")
    paper = signed.waiting(office, officer, ["activity_officer", "agency_head"])
    actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)
    paper.refresh_from_db()
    assert paper.status == Status.ISSUED
    assert refusal(lambda: actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)) == "not_yours"
    actions.sign_papers(documents=[paper], signer=with_certificate("PPTK"), by=activity)
    paper.refresh_from_db()
    assert (paper.status, {one.place for one in paper.signatures.all()}) == (Status.SIGNED, {0, 1})
    file = paper_file(paper)
    assert file is not None
    found = looking.look(file.content(), [esign.authority().pem])["signatures"]
    assert [(one["name"], one["intact"], one["whole"]) for one in found] == [
        ("Kepala Dinas", True, True),
        ("PPTK", True, True),
    ]


def test_signing_of_a_paper_that_changed_meanwhile_keeps_nothing(paper: Document, head: User, officer: User) -> None:
    """A scan comes in while the service works."""

    class Slow(CertificateFile):
        def sign(self, papers: Any, **how: Any) -> Any:
            actions.keep_scan(document=paper, content=signed.pdf("Pindaian"), by=officer)
            return super().sign(papers, **how)

    slow = Slow(esign.certificate_file(), esign.FILE_PASSWORD)
    assert refusal(lambda: actions.sign_papers(documents=[paper], signer=slow, by=head)) == "not_to_be_signed"
    assert [one.method for one in Signature.objects.all()] == [Method.WET]


def test_scan_makes_the_paper_signed_and_is_kept_as_it_came(paper: Document, officer: User, head: User) -> None:
    content = signed.pdf("Pindaian")
    made = actions.keep_scan(document=paper, content=content, by=officer)
    paper.refresh_from_db()
    assert (paper.status, made.place, made.file.content()) == (Status.SIGNED, None, content)
    assert refusal(lambda: actions.keep_scan(document=paper, content=content, by=officer)) == "not_to_be_signed"
    assert refusal(lambda: actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)) == "not_yours"


def test_scan_of_something_else_is_refused(paper: Document, officer: User) -> None:
    for content in (b"<html>", b"%PDF-1.4 nothing\n%%EOF", b""):
        with pytest.raises(ValidationError):
            actions.keep_scan(document=paper, content=content, by=officer)
    assert Signature.objects.count() == 0


def test_scan_that_was_the_wrong_sheet_is_withdrawn_and_another_one_kept(paper: Document, officer: User) -> None:
    made = actions.keep_scan(document=paper, content=signed.pdf("Salah"), by=officer)
    assert refusal(lambda: actions.withdraw_scan(signature=made, reason=" ", by=officer)) == "reason_missing"
    actions.withdraw_scan(signature=made, reason="Lembar lain", by=officer)
    paper.refresh_from_db()
    assert (paper.status, paper_file(paper)) == (Status.ISSUED, paper.file)
    assert refusal(lambda: actions.withdraw_scan(signature=made, reason="Lagi", by=officer)) == "not_to_be_withdrawn"
    actions.keep_scan(document=paper, content=signed.pdf("Benar"), by=officer)
    assert (Signature.objects.count(), Signature.objects.standing().count()) == (2, 1)


def test_signature_in_the_pdf_is_not_withdrawn(paper: Document, head: User, officer: User) -> None:
    [made] = actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)
    assert refusal(lambda: actions.withdraw_scan(signature=made, reason="x", by=officer)) == "not_to_be_withdrawn"


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("documents_signature_method_whole", {"method": "stamp"}),
        ("documents_signature_method_whole", {"place": None}),
        ("documents_signature_method_whole", {"certificate": {}}),
        ("documents_signature_method_whole", {"method": "wet"}),
        ("documents_signature_hashed", {"sha256": "x" * 64}),
        ("documents_signature_withdrawn_why", {"reason": "salah"}),
    ],
)
def test_postgres_refuses_half_signatures(paper: Document, head: User, constraint: str, values: dict[str, Any]) -> None:
    [made] = actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)
    assert broken_by(lambda: Signature.objects.filter(pk=made.pk).update(**values)) == constraint


def test_postgres_refuses_a_second_signature_at_the_same_place(paper: Document, head: User, officer: User) -> None:
    [made] = actions.sign_papers(documents=[paper], signer=with_certificate(), by=head)
    made.pk = None
    assert broken_by(lambda: made.save(force_insert=True)) == "documents_signature_place_once"
    other = signed.waiting(paper.agency, officer, number=2)
    scan = actions.keep_scan(document=other, content=signed.pdf("Satu"), by=officer)
    scan.pk = None
    assert broken_by(lambda: scan.save(force_insert=True)) == "documents_signature_place_once"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_of_eight_who_sign_one_paper_keeps_one_signature() -> None:
    office, officer = cast.home_agency(), cast.program_officer()
    head = factories.user("kepala.dinas", role=Role.AGENCY_HEAD)
    signed.official_of(head)
    paper = signed.waiting(office, officer)
    ready, codes = threading.Barrier(8), []

    def run(number: int) -> None:
        try:
            document = Document.objects.select_related("agency", "file").get(pk=paper.pk)
            ready.wait(20)
            if number % 2:
                actions.keep_scan(document=document, content=signed.pdf("Pindaian"), by=officer)
            else:
                actions.sign_papers(documents=[document], signer=InProcess(), by=head)
        except ValidationError as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    esign.certificate_file()
    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(codes) == 7
    assert Signature.objects.standing().count() == 1
    assert Document.objects.get().status == Status.SIGNED


class InProcess:
    """Signs without a process of its own, so that eight threads meet."""

    method = "certificate"

    def sign(self, papers: Any, *, now: Any, reason: str, place: str) -> Any:
        return certificates.sign_all(esign.certificate_file(), esign.FILE_PASSWORD, papers, now=now)
