"""Doors of the worker: papers that were issued get their files."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from documents import actions
from documents.models import Document
from documents.typesetting import Typesetter

SWEPT_AT_ONCE = 200
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
    found = list(left.select_related("layout", "agency").order_by("pk")[:SWEPT_AT_ONCE])
    if not found:
        return 0
    with Typesetter(processes=2) as typesetter:
        return max(actions.set_in_type(documents=found, typesetter=typesetter, by=None))
