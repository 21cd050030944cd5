"""Certificates as long work: numbers, rows and files of many people, and the file for the printer."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from documents.actions import issue_many, set_in_type
from documents.kinds import paper_kinds, scope_key
from documents.models import Document
from documents.typesetting import Typesetter
from jobs.models import Job, StoredFile
from kit.booklets import Sides, bound
from participants import actions, queries
from programs.models import Batch, BatchQuerySet

Progress = Callable[[int, int], None]
# Papers that get their numbers in one transaction: short, so that others who issue do not wait.
CHUNK = 60
PROCESSES = 2
# So many certificates lie in one file: a printer takes no more at once, and memory stays small.
BOOKLET = 200


def issue_certificates(job: Job, progress: Progress) -> None:
    """Numbers, rows and files of all who earned one and have none. Run again after an interruption it goes on."""
    user, params = job.created_by, job.params
    batches = list(_certified(job, Permission.ISSUE_DOCUMENTS))
    total = sum(one.earned for one in queries.certificate_figures([batch.pk for batch in batches]).values())
    refused: list[str] = []
    with Typesetter(processes=PROCESSES) as typesetter:
        issued = _issued_certificates(batches, date.fromisoformat(params["date"]), user, refused)
        for done in set_in_type(documents=issued, typesetter=typesetter, by=user):
            progress(min(done, total), total)
    if params.get("tell"):
        for batch in batches:
            actions.tell_certificates(batch=batch, by=user)
    if refused:
        raise ValidationError(_("Not everything could be made.") + " " + " ".join(refused), code="papers_refused")


def _certified(job: Job, permission: Permission) -> BatchQuerySet:
    of, pk = job.params["of"], job.params["pk"]
    found = queries.certificate_batches(job.created_by, of, pk, permission).with_parts()
    if not found.exists():
        raise ValidationError(_("You may no longer make these papers."), code="not_allowed")
    # Of a programme those that are over; the one batch that somebody chose refuses by itself.
    return found.filter(ends_at__lte=timezone.now()) if of == queries.PROGRAM else found


def _issued_certificates(batches: list[Batch], day: date, user: User, refused: list[str]) -> Iterator[Document]:
    """A chunk takes its numbers only when the one before it is nearly set; a batch that refuses stops no other."""
    kind = paper_kinds()["certificate"]
    for batch in batches:
        subjects = iter(kind.subjects(batch))
        try:
            while some := list(islice(subjects, CHUNK)):
                yield from issue_many(kind=kind, scope=scope_key(kind, batch.pk), subjects=some, date=day, by=user)
        except ValidationError as refusal:
            refused.append(f"{batch.name}: {' '.join(refusal.messages)}")


def print_certificates(job: Job, progress: Progress) -> StoredFile:
    """One PDF for each batch in the order that the printer needs; of several batches, or of very many people, a ZIP."""
    batches = list(_certified(job, Permission.VIEW_DOCUMENTS))
    counts = [queries.issued_in(batch).count() for batch in batches]
    total, done = sum(counts), 0
    if total == 0:
        raise ValidationError(_("There are no papers yet. Make them first."), code="no_papers")
    out, name = io.BytesIO(), ""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for batch, count in zip(batches, counts, strict=True):
            for part, start in enumerate(range(0, count, BOOKLET), 1):
                content = bound(_printed(batch, start, job), Sides(job.params["sides"]))
                name = f"sertifikat-{batch.slug}{f'-{part}' if count > BOOKLET else ''}.pdf"
                archive.writestr(name, content)
                done += min(BOOKLET, count - start)
                progress(min(done, total), total)
    whole = len(archive.namelist()) == 1
    return actions.keep_certificates_print(
        agency=batches[0].program.agency,
        name=name if whole else f"sertifikat-{batches[0].program.slug}.zip",
        content=content if whole else out.getvalue(),
        content_type="application/pdf" if whole else "application/zip",
        count=total,
        by=job.created_by,
    )


def _printed(batch: Batch, start: int, job: Job) -> Iterator[tuple[str, bytes]]:
    documents = queries.issued_in(batch).select_related("layout", "agency", "file")
    for document in documents[start : start + BOOKLET]:
        yield f"{document.label} {document.number}", actions.certificate_bytes(document=document, by=job.created_by)
