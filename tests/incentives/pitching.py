"""A resident who may pitch, and what the tests of pitches send."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter

from incentives import actions
from incentives.models import Competition, Entry
from kit.form_keys import new_submission_key
from participants.models import Completion, Registration
from programs.models import Batch
from tests import cast, factories
from tests.incentives import made
from tests.participants.rights import opened

SUMMARY = "Kami membuat roti sehat dari tepung mocaf untuk keluarga di Pekalongan. " * 4
FORM: dict[str, Any] = {
    "title": "Roti sehat dari mocaf",
    "business_name": "Roti Bu Sari",
    "summary": SUMMARY,
    "novelty": "Tanpa gluten dan tahan lima hari.",
    "market": "Warung dan pesanan lewat telepon.",
    "monthly_turnover": "Rp 2.400.000",
    "workers": "3",
    "capital": "5.000.000",
    "since": "2023",
    "family_card": "9971015207990001",
}
TOLD = {
    "summary": SUMMARY.strip(),
    "novelty": FORM["novelty"],
    "market": FORM["market"],
    "monthly_turnover": 2_400_000,
    "workers": 3,
    "capital": 5_000_000,
    "since": 2023,
}
PITCH = actions.Pitch(
    title=FORM["title"], business_name=FORM["business_name"], told=TOLD, family_card=FORM["family_card"]
)


def open_batch() -> Batch:
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")


def attendee(batch: Batch, *, enough: bool = True, **values: Any) -> Registration:
    entry = made.participant(batch, **values)
    Completion.objects.update_or_create(
        registration=entry, defaults={"attended_enough": enough, "computed_at": timezone.now()}
    )
    return Registration.objects.with_parts().get(pk=entry.pk)


def sent(of: Competition, registration: Registration, **values: Any) -> Entry:
    pitch = actions.Pitch(**{**PITCH.__dict__, **values})
    return actions.save_pitch(competition=of, registration=registration, pitch=pitch, is_sent=True, by=None)


def typed(step: str = "send", **values: Any) -> dict[str, Any]:
    return {**FORM, "submission_key": new_submission_key(), "step": step, **values}


def at_page(client: Client, registration: Registration) -> Client:
    return opened(client, registration)


def picture(name: str = "roti.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "orange").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def slides(pages: int = 2) -> SimpleUploadedFile:
    writer, out = PdfWriter(), io.BytesIO()
    for _number in range(pages):
        writer.add_blank_page(width=720, height=405)
    writer.write(out)
    return SimpleUploadedFile("salindia.pdf", out.getvalue(), "application/pdf")
