"""Papers get their number at issuing, without gap or repetition, and the same bytes for ever."""

import datetime as dt
import hashlib
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, connection, transaction
from django.utils import timezone

from accounts.models import Agency, AuditEntry, User
from documents import actions
from documents.jobs import issue_papers
from documents.kinds import Subject
from documents.models import Document, Layout, NumberSequence, Status
from documents.tasks import sweep
from jobs import storage
from jobs.actions import start
from jobs.models import Job
from tests import cast, factories
from tests.documents import made, paperwork, signed
from tests.documents.paperwork import ANNOUNCEMENT, INCOMPLETE, INVITATION
from tests.participants.crowd import at_once, outcomes

DAY = dt.date(2024, 7, 2)


@pytest.fixture
def officer(db: None) -> User:
    return cast.program_officer()


@pytest.fixture
def office(officer: User) -> Agency:
    """An office that may issue: somebody signs, and numbers have a pattern."""
    agency = cast.home_agency()
    signed.official_of(cast.division_head())
    made.numbering(agency)
    return agency


def subjects(agency: Agency, count: int = 2) -> list[Subject]:
    return [Subject(f"region:{number}", f"Warga {number}", agency, factories.MEDONO) for number in range(count)]


def issue_some(agency: Agency, by: User, count: int = 2) -> list[Document]:
    scope = f"agency:{agency.pk}"
    wanted = subjects(agency, count)
    return actions.issue_many(kind=INVITATION, scope=scope, subjects=wanted, date=DAY, by=by)


def test_issue_many_numbers_in_the_order_given(office: Agency, officer: User) -> None:
    papers = issue_some(office, officer, 3)
    assert [paper.number for paper in papers] == [f"500.15/{n:03d}/DPK/VII/2024" for n in (1, 2, 3)]
    assert [paper.label for paper in papers] == ["Warga 0", "Warga 1", "Warga 2"]
    assert AuditEntry.objects.filter(action="paper.issued", actor=officer).count() == 3


def test_issue_many_again_gives_the_same_papers(office: Agency, officer: User) -> None:
    first = issue_some(office, officer, 2)
    again = issue_some(office, officer, 3)
    assert [paper.pk for paper in again][:2] == [paper.pk for paper in first]
    assert [paper.position for paper in again] == [1, 2, 3]


def test_issue_refuses_a_second_number_for_the_same_thing(office: Agency, officer: User) -> None:
    [subject] = subjects(office, 1)
    give = partial(actions.issue, kind=INVITATION, scope="agency:1", subject=subject, date=DAY, by=officer)
    give()
    with pytest.raises(ValidationError) as refused:
        give()
    assert refused.value.code == "documents_document_one_in_force"
    assert NumberSequence.objects.get().last == 1


def test_issue_without_signatory_or_pattern_says_so(officer: User) -> None:
    agency = cast.home_agency()
    with pytest.raises(ValidationError) as refused:
        issue_some(agency, officer)
    assert refused.value.code == "no_signatory"
    signed.official_of(cast.division_head())
    with pytest.raises(ValidationError) as refused:
        issue_some(agency, officer)
    assert (refused.value.code, Document.objects.count()) == ("no_numbering", 0)


def test_issue_outside_ones_region_is_refused(office: Agency) -> None:
    with pytest.raises(PermissionDenied):
        issue_some(office, cast.village_officer_here())


def test_what_cannot_be_built_takes_no_number(office: Agency, officer: User) -> None:
    [subject] = paperwork.itself(office)
    with pytest.raises(ValidationError) as refused:
        actions.issue(kind=INCOMPLETE, scope=subject.key, subject=subject, date=DAY, by=officer)
    assert (refused.value.code, Document.objects.count()) == ("no_schedule", 0)


def test_a_year_begins_anew_and_a_register_goes_on_where_the_office_stood(office: Agency, officer: User) -> None:
    actions.open_register(agency=office, register="surat", year=2024, first=45, by=cast.administrator())
    [paper] = issue_some(office, officer, 1)
    assert paper.number == "500.15/045/DPK/VII/2024"
    [subject] = paperwork.itself(office)
    later = actions.issue(kind=ANNOUNCEMENT, scope=subject.key, subject=subject, date=dt.date(2025, 1, 2), by=officer)
    assert later.number == "500.15/001/DPK/I/2025"


def test_render_twice_gives_one_file_and_reprint_the_same_bytes(office: Agency, officer: User) -> None:
    [paper] = issue_some(office, officer, 1)
    rendered = actions.render(document=paper, by=officer)
    assert actions.render(document=rendered, by=officer).file_id == rendered.file_id
    assert rendered.file is not None
    content = rendered.file.content()
    assert rendered.sha256 == hashlib.sha256(content).hexdigest()
    assert actions.reprint(document=rendered, by=officer) == content


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_reprint_makes_a_lost_file_again(office: Agency, officer: User, damage: str) -> None:
    [paper] = issue_some(office, officer, 1)
    rendered = actions.render(document=paper, by=officer)
    assert rendered.file is not None
    before, path = rendered.file.content(), Path(storage.absolute(rendered.file.path))
    path.unlink() if damage == "lost" else path.write_bytes(b"%PDF-1.7 another")
    assert actions.reprint(document=rendered, by=officer) == before
    assert path.read_bytes() == before
    assert AuditEntry.objects.filter(action="paper.made_again").count() == 1


def test_reissue_keeps_number_day_and_address(office: Agency, officer: User) -> None:
    [paper] = issue_some(office, officer, 1)
    [subject] = subjects(office, 1)
    edition = actions.reissue(document=paper, subject=subject, reason="Nama salah tulis", by=officer)
    assert (edition.number, edition.date, edition.token, edition.edition) == (paper.number, DAY, paper.token, 2)
    paper.refresh_from_db()
    assert paper.status == Status.REPLACED
    assert NumberSequence.objects.get().last == 1


def test_revoked_keeps_its_number_and_frees_the_subject(office: Agency, officer: User) -> None:
    [paper] = issue_some(office, officer, 1)
    actions.revoke(document=paper, reason="Kegiatan ditunda", by=officer)
    paper.refresh_from_db()
    assert (paper.status, paper.reason, paper.position) == (Status.REVOKED, "Kegiatan ditunda", 1)
    [again] = issue_some(office, officer, 1)
    assert again.position == 2
    with pytest.raises(ValidationError):
        actions.revoke(document=paper, reason="Sekali lagi", by=officer)


def test_what_is_printed_follows_the_moment_of_issuing(office: Agency, officer: User) -> None:
    [paper] = issue_some(office, officer, 1)
    printed = paper.printed
    Agency.objects.filter(pk=office.pk).update(name="Dinas Berganti Nama")
    paper.refresh_from_db()
    assert paper.printed == printed
    assert printed["number"] == paper.number
    assert printed["verify_url"].endswith(f"/v/{paper.token}/")


def test_sweep_passes_by_a_layout_that_cannot_be_set(office: Agency, officer: User) -> None:
    """What one office broke keeps no paper of another office unset, and each file belongs to its own office."""
    [model] = issue_some(office, officer, 1)
    broken = Layout.objects.create(sha256="b" * 64, source="#panic()", engine="typst")
    whole: dict[str, Any] = {"content": model.content, "issued_at": timezone.now() - dt.timedelta(hours=1)}
    bad = [made.document(office, layout=broken, **whole) for _number in range(4)]
    good = [made.document(office, layout=model.layout, **whole) for _number in range(2)]
    other = made.document(factories.agency("lain"), layout=model.layout, **whole)
    assert sweep() == 3
    assert set(Document.objects.filter(file__isnull=True)) == {model, *bad}
    for paper in (*good, other):
        paper.refresh_from_db()
        assert paper.file is not None
        assert paper.file.agency_id == paper.agency_id


def test_issue_papers_of_a_job_goes_on_after_an_interruption(office: Agency, officer: User) -> None:
    job = _job(office, officer)
    told: list[tuple[int, int]] = []

    class Killed(BaseException):
        pass

    def until_the_second_sign(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 2:
            raise Killed

    with pytest.raises(Killed):
        issue_papers(job, until_the_second_sign)
    issue_papers(job, lambda done, total: told.append((done, total)))
    count = len(list(INVITATION.subjects(office)))
    assert told[-1] == (count, count)
    positions = list(Document.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, count + 1))
    assert Document.objects.unset().count() == 0


def _job(agency: Agency, by: User) -> Job:
    params = {"kind": INVITATION.code, "pk": agency.pk, "date": DAY.isoformat()}
    return start(kind="papers_issue", params=params, agency=agency, by=by)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_and_a_crash_leave_no_gap_and_no_repetition() -> None:
    officer = cast.program_officer()
    agency = cast.home_agency()
    signed.official_of(cast.division_head())
    made.numbering(agency)
    scope = f"agency:{agency.pk}"

    def give(number: int) -> Any:
        subject = Subject(f"region:{number}", f"Warga {number}", agency, factories.MEDONO)
        issue = partial(actions.issue_many, kind=INVITATION, scope=scope, subjects=[subject], date=DAY, by=officer)
        if number % 5:
            return issue()
        # The process dies after the numbers were taken and before the commit.
        with suppress(InterfaceError), transaction.atomic():
            issue()
            connection.connection.close()
        connection.close()
        return None

    outcomes(at_once([partial(give, number) for number in range(60)], threads=20))
    positions = list(Document.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert len(positions) == 48
    assert NumberSequence.objects.get().last == 48
