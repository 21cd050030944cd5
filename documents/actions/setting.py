"""Issued papers are set in type: again and again the same bytes, which are kept with their hash."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from documents.models import Document
from documents.queries import order_for
from documents.typesetting import LayoutFault, Order, Typesetter
from jobs.actions import FileToKeep, keep_files, put_back_file

PDF = "application/pdf"
CHUNK = 60
Set = tuple[Document, bytes]


@transaction.atomic
def render(*, document: Document, by: User | None) -> Document:
    """The file of one paper; nothing happens when it is there."""
    if document.file_id is None:
        with Typesetter() as typesetter:
            for _done in set_in_type(documents=[document], typesetter=typesetter, by=by):
                pass
        document.refresh_from_db()
    return document


def set_in_type(*, documents: Iterable[Document], typesetter: Typesetter, by: User | None) -> Iterator[int]:
    """Sets those that have no file, by all processes at once; tells how many of the papers are done.

    Papers may come from a generator that issues them: only a few chunks are in memory at a time. A crash leaves
    papers without a file, which the same call finds.
    """
    orders: list[Document] = []
    done = 0

    def waiting() -> Iterator[Order]:
        nonlocal done
        for document in documents:
            if document.file_id is None:
                orders.append(document)
                yield order_for(document)
            else:
                done += 1

    finished = _spoken(typesetter.pdfs(waiting()))
    while pages := list(islice(finished, CHUNK)):
        chunk, orders[: len(pages)] = orders[: len(pages)], []
        _keep(list(zip(chunk, pages, strict=True)), by)
        done += len(pages)
        yield done
    yield done


def reprint(*, document: Document, by: User | None) -> bytes:
    """The bytes of the paper. A file that the disk lost or changed is made again, when that gives the same bytes."""
    rendered = render(document=document, by=by)
    with suppress(Http404, AttributeError):
        content = rendered.file.content()  # type: ignore[union-attr]  # what has no file is set below
        if hashlib.sha256(content).hexdigest() == rendered.sha256:
            return content
    return _made_again(rendered, by)


@transaction.atomic
def note_opened(*, document: Document, by: User) -> None:
    record(action="paper.opened", by=by, target=document, agency=document.agency, changes={"kind": document.kind})


@transaction.atomic
def note_copied(*, document: Document, by: User) -> None:
    record(action="paper.copied", by=by, target=document, agency=document.agency, changes={"kind": document.kind})


@transaction.atomic
def _made_again(document: Document, by: User | None) -> bytes:
    with Typesetter() as typesetter:
        content = next(_spoken(iter([typesetter.pdf(order_for(document))])))
    if document.file is None or hashlib.sha256(content).hexdigest() != document.sha256:
        raise ValidationError(
            _(
                "The file of this paper is lost, and it can no longer be made again byte for byte. Put it back from a"
                " backup, or issue a new edition."
            ),
            code="bytes_differ",
        )
    put_back_file(stored=document.file, content=content, by=by)
    record(action="paper.made_again", by=by, target=document, agency=document.agency, actor_label=_label(by))
    return content


@transaction.atomic
def _keep(done: Sequence[Set], by: User | None) -> None:
    """Of two who set the same paper the first is kept."""
    wanted = [document.pk for document, _pdf in done]
    rows = Document.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    unset = set(rows.filter(pk__in=wanted, file__isnull=True).values_list("pk", flat=True))
    mine = [(document, pdf) for document, pdf in done if document.pk in unset]
    if not mine:
        return
    # Of several offices when a sweep sets what was left: each keeps its own.
    for agency in {document.agency_id: document.agency for document, _pdf in mine}.values():
        own = [(document, pdf) for document, pdf in mine if document.agency_id == agency.pk]
        files = [FileToKeep(document.file_name, pdf, PDF) for document, pdf in own]
        stored = keep_files(agency=agency, files=files, by=None)
        for (document, _pdf), file in zip(own, stored, strict=True):
            document.file, document.sha256 = file, file.sha256
    Document.objects.note_files([document for document, _pdf in mine])


def _spoken(finished: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from finished
    except LayoutFault as fault:
        raise ValidationError(
            _("The layout could not be set: %(fault)s (line %(line)d)."),
            code="layout_fault",
            params={"fault": fault.message, "line": fault.line},
        ) from fault


def _label(by: User | None) -> str:
    return "" if by else "system"
