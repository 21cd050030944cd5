"""What a resident types into the public form."""

from typing import Any

from django.test import Client
from django.urls import reverse

from kit.form_keys import new_submission_key
from programs.models import Batch
from tests.factories import BENDAN_KERGON


def typed(number: int = 1, **values: Any) -> dict[str, Any]:
    """A complete form of a fictitious resident; each number is another person."""
    return {
        "full_name": "Siti Contoh",
        "nik": f"99 7101 520799 {number:04d}",
        "birth_date_day": "12",
        "birth_date_month": "7",
        "birth_date_year": "1999",
        "sex": "female",
        "phone": f"0812-0000-{number:04d}",
        "email": f"warga{number}@contoh.example",
        "region": BENDAN_KERGON,
        "address": "Jalan Contoh 1",
        "rt": "3",
        "rw": "5",
        "education_level": "sma",
        "occupation": "Penjahit",
        "notice": "on",
        "submission_key": new_submission_key(),
    } | values


def form_url(batch: Batch) -> str:
    return reverse("participants:register", args=[batch.program.slug, batch.slug])


def send(client: Client, batch: Batch, **values: Any) -> Any:
    return client.post(form_url(batch), typed(**values))
