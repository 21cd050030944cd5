"""Long work on papers, as the kinds of jobs that settings name: doors like tasks, run by a worker."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents import actions
from documents.kinds import PaperKind, Subject, paper_kind, scope_key
from documents.models import Document
from documents.typesetting import Typesetter
from jobs.models import Job

CHUNK = 60
PROCESSES = 2


def issue_papers(job: Job, progress: Callable[[int, int], None]) -> None:
    """All papers of one kind about one thing, with their files. Run again after a crash it goes on where it stopped."""
    kind, thing = asked_for(job)
    subjects = list(kind.subjects(thing))
    if not subjects:
        raise ValidationError(_("There is nobody and nothing yet for whom this paper is made."), code="no_subjects")
    progress(0, len(subjects))
    day = dt.date.fromisoformat(job.params["date"])
    issued = _issued(kind, scope_key(kind, job.params["pk"]), subjects, day, job)
    with Typesetter(processes=PROCESSES) as typesetter:
        for done in actions.set_in_type(documents=issued, typesetter=typesetter, by=job.created_by):
            progress(done, len(subjects))


def asked_for(job: Job) -> tuple[PaperKind, Any]:
    """The kind and the thing, as far as whoever asked may still see it."""
    kind = paper_kind(job.params["kind"])
    thing = kind.find(job.created_by, job.params["pk"]) if kind else None
    if kind is None or thing is None:
        raise ValidationError(_("You may no longer make these papers."), code="not_allowed")
    return kind, thing


def _issued(kind: PaperKind, scope: str, subjects: list[Subject], day: dt.date, job: Job) -> Iterator[Document]:
    """A chunk takes its numbers only when the one before it is nearly set."""
    for start in range(0, len(subjects), CHUNK):
        chunk = subjects[start : start + CHUNK]
        yield from actions.issue_many(kind=kind, scope=scope, subjects=chunk, date=day, by=job.created_by)
