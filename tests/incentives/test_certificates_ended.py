"""An award that ends takes its certificate along, whoever ends it and whatever happens at the same moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from budgets.actions import load_money_lists
from documents.actions import issue_many, reissue
from documents.models import Document, Status
from incentives import actions
from incentives.models import Award, Competition, Entry, Juror
from programs.models import Batch
from tests import cast, factories
from tests.incentives import decided
from tests.incentives.filed import DAY, issued, kind, office

pytestmark = pytest.mark.django_db
CODE = "award_certificate"
GONE = "Naskah ini sudah dicabut"


@pytest.fixture
def of(batch: Batch, settings: Any, tmp_path: Path) -> Competition:
    settings.MEDIA_ROOT = tmp_path
    return with_certificates(batch)


def with_decree(batch: Batch) -> Competition:
    load_money_lists(by=None)
    office(batch.program.agency)
    found = decided.won(batch, 8)
    issued(found, "winners_decree")
    return found


def with_certificates(batch: Batch) -> Competition:
    found = with_decree(batch)
    issued(found, CODE)
    return found


def best(of: Competition) -> Award:
    return of.awards.standing().order_by("tier__position", "slot")[0]


def leave(award: Award, reason: str = "Pindah kota") -> None:
    actions.remove_entry(entry=award.entry, state=Entry.State.DISQUALIFIED, reason=reason, by=cast.program_officer())


def corrected_decree(of: Competition) -> None:
    decree = Document.objects.in_force().get(kind="winners_decree")
    [subject] = kind("winners_decree").subjects(of)
    reissue(document=decree, subject=subject, reason="Pemenang berubah", by=cast.program_officer())


def in_force() -> set[str]:
    return set(Document.objects.in_force().filter(kind=CODE).values_list("subject", flat=True))


def standing(of: Competition) -> set[str]:
    return {f"award:{key}" for key in of.awards.standing().values_list("pk", flat=True)}


def test_certificate_of_somebody_who_leaves_is_revoked_with_the_reason(client: Client, of: Competition) -> None:
    leaving = best(of)
    paper = Document.objects.get(kind=CODE, subject=f"award:{leaving.pk}")
    assert GONE not in client.get(paper.public_path).content.decode()
    leave(leaving)
    paper.refresh_from_db()
    assert (paper.status, paper.reason, paper.revoked_by) == (Status.REVOKED, "Pindah kota", cast.program_officer())
    page = client.get(paper.public_path).content.decode()
    assert (GONE in page, "Pindah kota" in page) == (True, False)
    line = AuditEntry.objects.about(paper).get(action="paper.revoked")
    assert (line.actor, line.changes["number"]) == (cast.program_officer(), paper.number)
    kept, ended = in_force(), Award.objects.filter(competition=of, ended_at__isnull=False)
    assert kept < standing(of)
    assert not kept & {f"award:{key}" for key in ended.values_list("pk", flat=True)}


def test_certificates_of_a_new_result_are_made_by_the_usual_way_and_once(of: Competition) -> None:
    first = {paper.subject: paper.number for paper in Document.objects.filter(kind=CODE)}
    leave(best(of))
    corrected_decree(of)
    issued(of, CODE)
    assert in_force() == standing(of)
    now = {paper.subject: paper.number for paper in Document.objects.in_force().filter(kind=CODE)}
    stayed = now.keys() & first.keys()
    assert {subject: now[subject] for subject in stayed} == {subject: first[subject] for subject in stayed}
    assert not {now[subject] for subject in now.keys() - stayed} & set(first.values())
    count, lines = Document.objects.filter(kind=CODE).count(), AuditEntry.objects.filter(action="paper.revoked").count()
    issued(of, CODE)
    with pytest.raises(ValidationError):
        leave(Award.objects.filter(competition=of, ended_at__isnull=False).order_by("pk")[0])
    assert Document.objects.filter(kind=CODE).count() == count
    assert AuditEntry.objects.filter(action="paper.revoked").count() == lines == len(first) - len(stayed)


def test_certificates_are_revoked_by_the_chair_who_has_no_account(client: Client, of: Competition) -> None:
    chair = Juror.objects.get(competition=of, is_chair=True)
    actions.reopen_result(competition=of, chair=chair, reason="Lembar juri keliru", by=None)
    papers = list(Document.objects.filter(kind=CODE))
    assert len(papers) == 6
    assert {(paper.status, paper.revoked_by, paper.reason) for paper in papers} == {
        (Status.REVOKED, None, "Lembar juri keliru")
    }
    told = AuditEntry.objects.filter(action="paper.revoked").values_list("actor_label", flat=True)
    assert set(told) == {f"{chair.name} (chair of the jury)"}
    client.force_login(cast.program_officer())
    page = client.get(papers[0].get_absolute_url()).content.decode()
    assert ("Lembar juri keliru" in page, "None" in page) == (True, False)


def test_certificates_stand_when_the_ending_is_refused(of: Competition) -> None:
    before = in_force()
    actions.propose_awards(competition=of, by=cast.activity_officer())
    with pytest.raises(ValidationError) as refusal:
        leave(best(of))
    assert refusal.value.code == "award_in_payment"
    assert in_force() == before == standing(of)


def test_certificate_is_not_made_from_what_was_read_before_the_award_ended(batch: Batch) -> None:
    of = with_decree(batch)
    subjects = list(kind(CODE).subjects(of))
    leave(best(of))
    with pytest.raises(ValidationError) as refusal:
        issue_many(kind=kind(CODE), scope=of.reference, subjects=subjects, date=DAY, by=cast.program_officer())
    assert refusal.value.code == "award_ended"
    assert in_force() == set()


def test_certificates_that_were_left_behind_are_revoked_by_the_migration(of: Competition) -> None:
    left = best(of)
    Award.objects.filter(pk=left.pk).update(ended_at=timezone.now(), ended_reason="Pindah kota")
    number = "0011_certificates_of_ended_awards_are_revoked"
    for _turn in range(2):
        with connection.cursor() as cursor:
            cursor.execute(import_module(f"incentives.migrations.{number}").REVOKE)
    paper = Document.objects.get(kind=CODE, subject=f"award:{left.pk}")
    assert (paper.status, paper.reason) == (Status.REVOKED, "Pindah kota")
    line = AuditEntry.objects.about(paper).get(action="paper.revoked")
    assert (line.actor_label, line.changes["number"]) == ("system", paper.number)
    assert in_force() == standing(of)


@contextmanager
def meanwhile(work: Callable[[], Any]) -> Iterator[list[Any]]:
    """Another one begins inside this block, and is still waiting when it ends."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(work())
        except Exception as error:
            answers.append(error)
        connections.close_all()

    other = Thread(target=run)
    with transaction.atomic():
        yield answers
        other.start()
        other.join(1)
        assert other.is_alive()
    other.join(60)
    assert not other.is_alive()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_certificate_being_issued_while_its_award_ends_is_never_in_force() -> None:
    of = with_decree(factories.batch(factories.program(cast.home_agency())))
    leaving, officer = best(of), cast.program_officer()
    subjects = list(kind(CODE).subjects(of))

    def issue() -> list[Document]:
        return issue_many(kind=kind(CODE), scope=of.reference, subjects=subjects, date=DAY, by=officer)

    with meanwhile(issue) as answers:
        leave(leaving)
    assert [getattr(answer, "code", answer) for answer in answers] == ["award_ended"]
    assert in_force() == set()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_award_that_ends_while_its_certificate_is_issued_takes_it_along() -> None:
    of = with_decree(factories.batch(factories.program(cast.home_agency())))
    leaving = best(of)
    cast.program_officer()
    with meanwhile(lambda: leave(leaving)) as answers:
        issued(of, CODE)
    assert answers == [None]
    assert Document.objects.get(kind=CODE, subject=f"award:{leaving.pk}").status == Status.REVOKED
    assert in_force() < standing(of)
