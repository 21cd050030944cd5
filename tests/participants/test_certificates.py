"""Certificates from the office's pages to the people: issued as work, told once, printed, fetched by their owner."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AuditEntry, RoleAssignment
from documents import actions as documents
from documents.kinds import paper_kinds
from documents.models import Document
from jobs import runner
from jobs.models import Job
from jobs.storage import open_private
from kit.booklets import Sides, bound
from notifications.models import Message
from participants import actions, queries
from participants.models import Registration
from programs.models import Batch
from tests import cast
from tests.documents.layouts import pages_of
from tests.participants.crowd import at_once
from tests.participants.graduates import DAY, issued, missed, office, taught
from tests.support.pdf import blank

HERE = "/kerja/sertifikat/"


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(db: None) -> Client:
    client = Client()
    client.force_login(cast.program_officer())
    return client


@pytest.fixture
def batch(db: None) -> Batch:
    office()
    return taught(3)


def done(**wanted: Any) -> Job:
    job = Job.objects.filter(**wanted).latest("pk")
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def issue(desk: Client, batch: Batch, **typed: Any) -> Job:
    answer = desk.post(f"{HERE}angkatan/{batch.pk}/terbitkan/", {"date": DAY.isoformat(), **typed})
    assert answer.status_code == 302
    return done(kind="certificates_issue")


def renamed(batch: Batch, old: str, new: str) -> Registration:
    entry: Registration = batch.registrations.get(full_name=old)
    assert entry.person is not None
    type(entry.person).objects.filter(pk=entry.person.pk).update(full_name=new)
    return entry


def test_certificate_issue_makes_numbers_and_files_of_all_who_earned_one(desk: Client, batch: Batch) -> None:
    missed(batch.registrations.get(full_name="Ahmad Contoh"))
    assert issue(desk, batch).state == "done"
    found = list(Document.objects.filter(kind="certificate").order_by("position"))
    numbers = ["500.15/001/DPK/VII/2024", "500.15/002/DPK/VII/2024"]
    assert [(one.label, one.number) for one in found] == list(zip(["Dewi Contoh", "Rina Contoh"], numbers, strict=True))
    assert [one.file is not None for one in found] == [True, True]
    assert Message.objects.filter(kind="certificate_ready").count() == 0


def test_certificate_issue_again_only_adds_who_is_new(desk: Client, batch: Batch) -> None:
    late = batch.registrations.get(full_name="Rina Contoh")
    missed(late)
    issue(desk, batch)
    before = list(Document.objects.values_list("pk", "sha256").order_by("pk"))
    for session in batch.sessions.all():
        late.attendances.get_or_create(
            session=session, defaults={"status": "present", "arrived_at": session.during.lower, "minutes": 240}
        )
    actions.recompute_completions(batch=batch)
    issue(desk, batch)
    assert list(Document.objects.values_list("pk", "sha256").order_by("pk"))[:2] == before
    assert Document.objects.get(label="Rina Contoh").position == 3


def test_certificate_issue_refuses_a_day_before_the_end_in_the_work(desk: Client, batch: Batch) -> None:
    job = issue(desk, batch, date="2024-07-01")
    assert (job.state, Document.objects.count()) == ("failed", 0)
    assert "2 Juli 2024" in job.message


@pytest.mark.parametrize("day", ["", "besok", "0999-01-01", "2024-02-30"])
def test_certificate_issue_says_what_is_wrong_with_the_day(desk: Client, batch: Batch, day: str) -> None:
    answer = desk.post(f"{HERE}angkatan/{batch.pk}/terbitkan/", {"date": day})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["date"]
    assert Job.objects.count() == 0


def test_certificate_issue_tells_everybody_when_that_is_wished(desk: Client, batch: Batch) -> None:
    issue(desk, batch, tell="on")
    told = list(Message.objects.filter(kind="certificate_ready"))
    assert len(told) == 3
    assert {re.sub(r".*(/sertifikat/).*", r"\1", line) for one in told for line in one.body.splitlines()} >= {
        "/sertifikat/"
    }


def test_certificate_issue_of_a_programme_leaves_out_what_is_not_over(desk: Client, batch: Batch) -> None:
    other = taught(2, begin=date(2024, 6, 24), program_values={"slug": "lain"}, slug="lain")
    Batch.objects.filter(pk=other.pk).update(program=batch.program)
    running = taught(1, begin=timezone.localdate() + timedelta(days=3), program_values={"slug": "lagi"}, slug="lagi")
    Batch.objects.filter(pk=running.pk).update(program=batch.program)
    page = desk.get(HERE, {"program": batch.program_id})
    assert page.context["whole"]["figures"] == queries.CertificateFigures(5, 0)
    desk.post(f"{HERE}program/{batch.program_id}/terbitkan/", {"date": DAY.isoformat()})
    job = done(kind="certificates_issue")
    assert (job.state, Document.objects.filter(kind="certificate").count()) == ("done", 5)


def test_certificate_work_of_somebody_who_may_no_longer_is_refused(desk: Client, batch: Batch) -> None:
    desk.post(f"{HERE}angkatan/{batch.pk}/terbitkan/", {"date": DAY.isoformat()})
    RoleAssignment.objects.filter(user=cast.program_officer()).delete()
    assert (done(kind="certificates_issue").state, Document.objects.count()) == ("failed", 0)


def test_certificate_batch_tells_who_gets_one_and_who_not_and_why(desk: Client, batch: Batch) -> None:
    missed(batch.registrations.get(full_name="Ahmad Contoh"))
    context = desk.get(f"{HERE}{batch.pk}/").context
    rows = {row.name: row for row in context["rows"]}
    assert [len(rows), rows["Dewi Contoh"].reasons] == [3, []]
    assert rows["Ahmad Contoh"].reasons == ["Mengikuti 44,44% dari jam pelajaran; yang diminta 80%."]
    assert context["counts"] == {"all": 3, "due": 2, "issued": 0, "without": 1, "odd": 0}
    issued(batch)
    shown = [len(desk.get(f"{HERE}{batch.pk}/", {"hasil": tab}).context["rows"]) for tab in queries.TABS]
    assert shown == [3, 0, 2, 1, 0]


def test_certificate_batch_shows_names_that_were_corrected_afterwards(desk: Client, batch: Batch) -> None:
    issued(batch)
    renamed(batch, "Dewi Contoh", "Dewi Contoh Lestari")
    missed(batch.registrations.get(full_name="Ahmad Contoh"))
    odd = desk.get(f"{HERE}{batch.pk}/", {"hasil": "odd"}).context["rows"]
    assert sorted((row.name, row.is_renamed, row.is_groundless) for row in odd) == [
        ("Ahmad Contoh", False, True),
        ("Dewi Contoh Lestari", True, False),
    ]


def test_certificate_tell_tells_nobody_twice_but_a_corrected_edition_anew(desk: Client, batch: Batch) -> None:
    first, *_others = issued(batch)
    for _time in range(2):
        desk.post(f"{HERE}{batch.pk}/kabari/")
    assert Message.objects.filter(kind="certificate_ready").count() == 3
    assert queries.untold(batch) == 0
    subject = next(one for one in paper_kinds()["certificate"].subjects(batch) if one.key == first.subject)
    documents.reissue(document=first, subject=subject, reason="Nama keliru", by=cast.program_officer())
    desk.post(f"{HERE}{batch.pk}/kabari/")
    assert Message.objects.filter(kind="certificate_ready").count() == 4
    assert AuditEntry.objects.filter(action="certificates.told").count() == 2


def test_certificates_are_not_told_by_who_may_not_write(batch: Batch) -> None:
    issued(batch)
    with pytest.raises(PermissionDenied):
        actions.tell_certificates(batch=batch, by=cast.treasurer())


@pytest.mark.django_db(transaction=True)
def test_certificates_are_told_once_when_two_officers_press_at_once(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    office()
    batch = taught(3)
    issued(batch)
    officer = cast.program_officer()
    at_once([lambda: actions.tell_certificates(batch=batch, by=officer)] * 4)
    assert Message.objects.filter(kind="certificate_ready").count() == 3


def links(batch: Batch) -> list[str]:
    return [queries.certificate_path(document) for document in queries.issued_in(batch)]


def test_certificate_file_is_given_to_its_owner_alone(batch: Batch) -> None:
    [first, second, _third] = issued(batch)
    [mine, *_others] = links(batch)
    page = Client().get(mine)
    assert (page.status_code, page["Cache-Control"]) == (200, "max-age=0, no-cache, no-store, must-revalidate, private")
    assert Client().get(f"{mine}berkas/")["Location"] == mine  # not set in type yet
    documents.render(document=first, by=None)
    answer = Client().get(f"{mine}berkas/")
    front, _back = pages_of(PdfReader(io.BytesIO(answer.content)))
    assert "Ahmad Contoh" in front
    assert answer["Content-Disposition"].startswith("attachment")
    trail = AuditEntry.objects.get(action="certificate.fetched")
    assert (trail.actor, trail.object_id, trail.actor_label) == (None, str(first.pk), "resident")
    stranger = mine.replace(first.token, second.token)
    for address in (stranger, f"/sertifikat/{first.token}/{'0' * 24}/", f"/sertifikat/{'A' * 22}/{'0' * 24}/"):
        assert [Client().get(address + rest).status_code for rest in ("", "berkas/")] == [404, 404]


def test_certificate_own_leads_to_the_newest_edition_and_says_when_it_was_revoked(batch: Batch) -> None:
    document = next(one for one in issued(batch) if one.label == "Dewi Contoh")
    mine = queries.certificate_path(document)
    renamed(batch, "Dewi Contoh", "Dewi Contoh Lestari")
    subject = next(one for one in paper_kinds()["certificate"].subjects(batch) if one.key == document.subject)
    edition = documents.reissue(document=document, subject=subject, reason="Nama", by=cast.program_officer())
    assert queries.certificate_path(edition) == mine
    assert "Dewi Contoh Lestari" in Client().get(mine).content.decode()
    documents.revoke(document=edition, reason="Salah orang", by=cast.program_officer())
    page = Client().get(mine).content.decode()
    assert "Salah orang" not in page
    assert f"{mine}berkas/" not in page
    assert Client().get(f"{mine}berkas/").status_code == 404


def test_status_shows_the_certificates_of_the_entry_alone(batch: Batch) -> None:
    issued(batch)
    entry = batch.registrations.get(full_name="Dewi Contoh")
    [own] = queries.own_certificates(entry)
    assert own.document.label == "Dewi Contoh"
    assert queries.own_certificates(batch.registrations.get(full_name="Rina Contoh"))[0].document.label == "Rina Contoh"


def printed(desk: Client, batch: Batch, sides: str) -> list[str]:
    desk.post(f"{HERE}angkatan/{batch.pk}/cetak/", {"sides": sides})
    job = done(kind="certificates_print")
    assert job.result is not None, job.message
    with open_private(job.result.path) as handle:
        return pages_of(PdfReader(io.BytesIO(handle.read())))


def test_certificate_print_lays_fronts_and_backs_as_the_printer_needs_them(desk: Client, batch: Batch) -> None:
    issued(batch)

    def sides(order: str) -> list[str]:
        pages = printed(desk, batch, order)
        named = [re.findall(r"(Ahmad|Dewi|Rina) Contoh", page)[0][0] for page in pages]
        return ["FB"["Jumlah 18" in page] + name for page, name in zip(pages, named, strict=True)]

    assert sides("two_sided") == ["FA", "BA", "FD", "BD", "FR", "BR"]
    assert sides("fronts_then_backs") == ["FA", "FD", "FR", "BA", "BD", "BR"]
    assert sides("fronts_then_backs_reversed") == ["FA", "FD", "FR", "BR", "BD", "BA"]
    assert AuditEntry.objects.filter(action="certificates.printed", changes__count=3).count() == 3


def test_certificate_print_of_a_programme_is_a_file_for_each_batch(desk: Client, batch: Batch) -> None:
    issued(batch)
    desk.post(f"{HERE}program/{batch.program_id}/cetak/", {"sides": "two_sided"})
    job = done(kind="certificates_print")
    assert job.result is not None
    assert (job.result.content_type, job.result.name) == ("application/pdf", f"sertifikat-{batch.slug}.pdf")


def test_booklet_begins_each_paper_on_a_new_sheet() -> None:
    papers = [("Satu", blank(1)), ("Dua", blank(3)), ("Tiga", blank(2))]
    counts = {sides: len(PdfReader(io.BytesIO(bound(papers, sides))).pages) for sides in Sides}
    assert counts == {"as_they_are": 6, "two_sided": 8, "fronts_then_backs": 8, "fronts_then_backs_reversed": 8}
    outline: Any = PdfReader(io.BytesIO(bound(papers, Sides.TWO_SIDED))).outline
    assert [item["/Title"] for item in outline] == ["Satu", "Dua", "Tiga"]


@pytest.mark.parametrize("of", ["kota", "0"])
def test_certificate_pages_of_an_unknown_kind_are_not_found(desk: Client, batch: Batch, of: str) -> None:
    assert desk.get(f"{HERE}{of}/{batch.pk}/terbitkan/").status_code == 404


def test_certificate_list_of_an_office_without_trainings_says_what_to_do(desk: Client) -> None:
    page = desk.get(HERE, {"program": "99999999999999999999"})
    assert (page.status_code, page.context["rows"]) == (200, [])
