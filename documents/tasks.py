"""Doors of the worker: papers that were issued get their files."""

import logging
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from documents import actions
from documents.models import Document
from documents.typesetting import Typesetter

logger = logging.getLogger(__name__)

SWEPT_AT_ONCE = 200
# A layout that cannot be set costs so many attempts of a sweep, and stands in nobody else's way.
MOST_FAULTS = 2
# Younger papers are being set by whoever issued them.
PATIENCE = timedelta(minutes=2)


@shared_task(name="documents.tasks.render")
def render(document_id: int) -> None:
    document = Document.objects.select_related("layout", "agency").filter(pk=document_id).first()
    if document is not None:
        actions.render(document=document, by=None)


@shared_task(name="documents.tasks.sweep")
def sweep() -> int:
    """Sets what a crash or a broker that was away left without a file. How many papers were done."""
    left = Document.objects.unset().filter(issued_at__lt=timezone.now() - PATIENCE)
    left = left.select_related("layout", "agency").order_by("pk")
    done, faulty = 0, set[str]()
    with Typesetter(processes=2) as typesetter:
        while found := list(left.exclude(layout__in=faulty)[:SWEPT_AT_ONCE]):
            papers = defaultdict[str, list[Document]](list)
            for document in found:
                papers[document.layout_id].append(document)
            bad = {layout for layout, some in papers.items() if not _swept(some, typesetter)}
            done += sum(document.file_id is not None for document in found)
            faulty |= bad
            if not bad:
                break
    return done


def _swept(papers: list[Document], typesetter: Typesetter) -> bool:
    """All of one layout, or, when one of them cannot be set, those that can. Whether all could."""
    with suppress(ValidationError):
        for _done in actions.set_in_type(documents=papers, typesetter=typesetter, by=None):
            pass
        return True
    faults = 0
    for document in papers:
        try:
            for _done in actions.set_in_type(documents=[document], typesetter=typesetter, by=None):
                pass
        except ValidationError:
            faults += 1
            # Without the fault itself: it may quote a person.
            logger.error("The paper %s cannot be set in its layout.", document.pk)
            if faults == MOST_FAULTS:
                break
    return False
