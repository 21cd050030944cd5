"""An officer at the desk: a signed-in client, and what the pages said."""

from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from participants.models import Registration
from programs.models import Batch
from tests import factories


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, row: Batch | Registration | None = None) -> str:
    return reverse(f"participants:{name}", args=[row.pk] if row is not None else [])


def flash(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response: Any) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def entries(batch: Batch, count: int, **values: Any) -> list[Registration]:
    return [factories.registration(batch, **values) for _number in range(count)]


def doubtful(batch: Batch, number: int = 900) -> tuple[Registration, Registration]:
    """A first entry, and a second one with the same number but other contact data."""
    first = factories.registration(batch, declaration=factories.declaration(number))
    other = factories.declaration(number, phone="+6281399990000", full_name="Orang Lain", address="Jalan Lain 9")
    return first, factories.registration(batch, declaration=other)
