"""Long work on papers: making what is missing, and putting many papers into one file to print."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from documents.actions import issue_many, reprint, set_in_type
from documents.kinds import PaperKind, kinds_of_scope, paper_kinds
from documents.models import Document
from documents.typesetting import Typesetter
from incentives.models import Competition
from jobs.models import Job, StoredFile
from kit.booklets import bound
from programs.models import Batch, Program
from reports import actions
from reports.queries import kinds_of_boards, scope_of

Progress = Callable[[int, int], None]
CHUNK = 100
"""Papers that get their numbers in one transaction: short, so that others who issue do not wait."""
PROCESSES = 2


def make_papers(job: Job, progress: Progress) -> StoredFile | None:
    """Issues and sets what is missing. What exists stays; run again after an interruption it goes on."""
    user, params = job.created_by, job.params
    wanted = list(_wanted(user, params))
    made: list[Document] = []
    refused: list[str] = []
    for step, (kind, scope, key) in enumerate(wanted):
        try:
            made += _issue(kind, scope, key, date.fromisoformat(params["date"]), user)
        except ValidationError as refusal:
            refused.append(f"{kind.title}: {' '.join(refusal.messages)}")
        progress(step, len(wanted) * 2)
    with Typesetter(processes=PROCESSES) as typesetter:
        for done in set_in_type(documents=made, typesetter=typesetter, by=user):
            progress(len(made) + done, len(made) * 2)
    if refused:
        raise ValidationError(_("Not everything could be made.") + " " + " ".join(refused), code="papers_refused")
    return None


def _wanted(user: User, params: dict[str, Any]) -> Iterator[tuple[PaperKind, Any, str]]:
    """Kind, what it is about, and its key; only what the person may still see when the work runs."""
    kinds = [paper_kinds()[code] for code in params["kinds"] if code in paper_kinds()]
    if "competition" in params:
        for competition in _competitions(user, params, Permission.ISSUE_DOCUMENTS):
            yield from ((kind, competition, competition.reference) for kind in kinds)
        return
    for batch in _batches(user, params, Permission.ISSUE_DOCUMENTS):
        for kind in kinds:
            scope = kind.find(user, batch.program_id if kind.scope == "program" else batch.pk)
            if scope is not None:
                yield kind, scope, scope_of(kind, batch)


def _batches(user: User, params: dict[str, Any], permission: Permission) -> "QuerySet[Batch]":
    found = Batch.objects.visible_to(user, permission).with_parts()
    if "batch" in params:
        return found.filter(pk=params["batch"])
    return found.filter(program=params["program"]).exclude(state=Batch.State.CANCELLED).soonest_first()


def _competitions(user: User, params: dict[str, Any], permission: Permission) -> "QuerySet[Competition]":
    found = Competition.objects.visible_to(user, permission).public().with_parts()
    return found.select_related("program__agency__region", "program__fund_source").filter(pk=params["competition"])


def _issue(kind: PaperKind, scope: Any, key: str, day: date, user: User) -> list[Document]:
    subjects, made = list(kind.subjects(scope)), []
    for start in range(0, len(subjects), CHUNK):
        made += issue_many(kind=kind, scope=key, subjects=subjects[start : start + CHUNK], date=day, by=user)
    return made


def print_papers(job: Job, progress: Progress) -> StoredFile:
    """One PDF of a batch, in the order of the file; of a programme a ZIP with one PDF for each batch."""
    user, params = job.created_by, job.params
    if "competition" in params:
        return _print_competition(job, progress)
    batches = list(_batches(user, params, Permission.VIEW_DOCUMENTS))
    if not batches:
        raise ValidationError(_("You may no longer print these papers."), code="not_allowed")
    kinds = [kind for kind in kinds_of_boards() if not params.get("kinds") or kind.code in params["kinds"]]
    total = sum(_papers(user, kinds, batch).count() for batch in batches)
    if total == 0:
        raise ValidationError(_("There are no papers yet. Make them first."), code="no_papers")
    printed = Printed(user, kinds, progress, total)
    if "batch" in params:
        content, name, kind = printed.bundle(batches[0]), f"naskah-{batches[0].slug}.pdf", "application/pdf"
    else:
        program: Program = batches[0].program
        content, name, kind = printed.archive(batches), f"naskah-{program.slug}.zip", "application/zip"
    return actions.keep_print(
        agency=batches[0].program.agency, name=name, content=content, content_type=kind, count=printed.done, by=user
    )


def _print_competition(job: Job, progress: Progress) -> StoredFile:
    user = job.created_by
    competition = _competitions(user, job.params, Permission.VIEW_DOCUMENTS).first()
    if competition is None:
        raise ValidationError(_("You may no longer print these papers."), code="not_allowed")
    documents = _in_order(user, kinds_of_scope("competition"), {competition.reference})
    total = documents.count()
    if total == 0:
        raise ValidationError(_("There are no papers yet. Make them first."), code="no_papers")
    printed = Printed(user, [], progress, total)
    content, name = bound(printed.papers(documents)), f"naskah-{competition.slug}.pdf"
    return actions.keep_print(
        agency=competition.program.agency,
        name=name,
        content=content,
        content_type="application/pdf",
        count=printed.done,
        by=user,
    )


class Printed:
    def __init__(self, user: User, kinds: list[PaperKind], progress: Progress, total: int) -> None:
        self.user, self.kinds, self.progress, self.total, self.done = user, kinds, progress, total, 0

    def bundle(self, batch: Batch) -> bytes:
        """The papers of one batch behind one another, each with a bookmark."""
        return bound(self.papers(_papers(self.user, self.kinds, batch)))

    def papers(self, documents: "QuerySet[Document]") -> Iterator[tuple[str, bytes]]:
        for document in documents:
            yield f"{document.name} {document.number or document.label}", reprint(document=document, by=self.user)
            self.done += 1
            self.progress(self.done, self.total)

    def archive(self, batches: list[Batch]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for number, batch in enumerate(batches, 1):
                if _papers(self.user, self.kinds, batch).exists():
                    archive.writestr(f"{number:02d}-{batch.slug}.pdf", self.bundle(batch))
        return out.getvalue()


def _papers(user: User, kinds: list[PaperKind], batch: Batch) -> "QuerySet[Document]":
    """In the order of the kinds; those of the whole programme stand in the file of each batch."""
    return _in_order(user, kinds, {scope_of(kind, batch) for kind in kinds})


def _in_order(user: User, kinds: list[PaperKind], scopes: set[str]) -> "QuerySet[Document]":
    order = {kind.code: place for place, kind in enumerate(kinds)}
    found = Document.objects.visible_to(user).in_force().filter(scope__in=scopes, kind__in=order)
    places = [When(kind=code, then=place) for code, place in order.items()]
    return found.select_related("file", "layout", "agency").order_by(Case(*places, default=len(order)), "label", "pk")
