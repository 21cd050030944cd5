"""What the tests of requests about data share."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from notifications.models import Message
from participants import actions
from participants.models import CheckState, DataRequest, Registration, RequestKind, initial_pin
from programs.models import Batch
from tests import cast


def verified(entry: Registration) -> Registration:
    return actions.verify(registration=entry, note="KTP dilihat", by=cast.verifier())


def over(batch: Batch) -> None:
    """The training has ended, and the office has said so."""
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FINISHED)


def asked(entry: Registration, kind: str = RequestKind.CORRECTION, **values: Any) -> DataRequest:
    words = {"note": "Nama saya salah.", "identity": "pin", **values}
    person = Registration.objects.with_parts().get(pk=entry.pk).person
    return actions.ask(
        subject=person or entry, registration=entry, asked=actions.Asked(kind=kind, **words), by=values.pop("by", None)
    )


def opened(client: Client, entry: Registration) -> Client:
    """The own page by number and PIN."""
    answer = client.post(
        "/saya/masuk/", {"code": entry.code, "pin": initial_pin(Registration.objects.get(pk=entry.pk).submission_key)}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/saya/")
    return client


def code_for(nik: str, client: Client) -> str:
    """The code that the message holds."""
    client.post("/saya/kode/", {"nik": nik})
    message = Message.objects.filter(kind="own_page_code").order_by("-pk").first()
    found = re.search(r"^([0-9A-Z]{4}-[0-9A-Z]{4})$", message.body, re.M) if message else None
    return found[1] if found else ""


def aged(request: DataRequest, hours: int) -> None:
    at = timezone.now() - timedelta(hours=hours, minutes=1)
    DataRequest.objects.filter(pk=request.pk).update(received_at=at, due_at=at + timedelta(hours=72))


__all__ = ["CheckState", "aged", "asked", "code_for", "opened", "over", "verified"]
