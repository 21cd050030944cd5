"""Certificates of winners: after the decree, one for each award that stands, fetched by the winner alone."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AuditEntry
from budgets.actions import load_money_lists
from documents.actions import reissue, set_in_type
from documents.models import Document
from documents.typesetting import Typesetter
from incentives import actions
from incentives.models import Award, Competition, Entry
from programs.models import Batch
from tests import cast
from tests.documents.layouts import embeds_its_fonts, pages_of
from tests.documents.typed import one_typesetter, papers, pdf_of
from tests.incentives import decided, made
from tests.incentives.filed import DAY, issued, kind, office
from tests.incentives.pitching import at_page

pytestmark = pytest.mark.django_db
CODE = "award_certificate"


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as found:
        yield found


@pytest.fixture
def of(batch: Batch, settings: Any, tmp_path: Path) -> Competition:
    settings.MEDIA_ROOT = tmp_path
    load_money_lists(by=None)
    office(batch.program.agency)
    return decided.won(batch, 8)


def refused(competition: Competition) -> str | None:
    with pytest.raises(ValidationError) as refusal:
        issued(competition, CODE)
    return refusal.value.code


def test_award_certificate_waits_for_the_decree(of: Competition) -> None:
    assert refused(of) == "no_decree"
    issued(of, "winners_decree")
    assert [document.label for document in issued(of, CODE)] == [
        entry.full_name for award in of.awards.order_by("tier__position", "slot") if (entry := award.entry.registration)
    ]


def test_award_certificate_of_a_new_result_waits_for_the_corrected_decree(of: Competition) -> None:
    issued(of, "winners_decree")
    leaving = of.awards.order_by("tier__position", "slot")[0]
    actions.remove_entry(
        entry=leaving.entry, state=Entry.State.WITHDRAWN, reason="Pindah kota", by=cast.program_officer()
    )
    assert refused(of) == "decree_outdated"
    decree = Document.objects.in_force().get(kind="winners_decree")
    [subject] = kind("winners_decree").subjects(of)
    reissue(document=decree, subject=subject, reason="Pemenang mundur", by=cast.program_officer())
    named = {document.subject for document in issued(of, CODE)}
    standing = set(Award.objects.standing().filter(competition=of).values_list("pk", flat=True))
    assert named == {f"award:{pk}" for pk in standing}
    assert f"award:{leaving.pk}" not in named


def test_award_certificate_is_one_sheet_that_tells_who_won_what(typesetter: Typesetter, of: Competition) -> None:
    [decree] = issued(of, "winners_decree")
    found = papers(typesetter, kind(CODE), list(kind(CODE).subjects(of)), paper="A4")
    assert [len(paper) for paper in found] == [1] * 6
    first = of.awards.order_by("tier__position", "slot").select_related("entry__registration", "tier")[0]
    registration = first.entry.registration
    assert registration is not None
    sheet = "".join(found[0][0].split())
    for words in (
        "PIAGAM PENGHARGAAN",
        registration.full_name,
        first.entry.business_name,
        first.tier.label.upper(),
        of.name,
        decree.number,
    ):
        assert "".join(words.split()) in sheet, words
    assert "3.000.000" not in sheet


@pytest.mark.parametrize("length", [1, 60, 150])
def test_award_certificate_stays_on_one_landscape_sheet(typesetter: Typesetter, length: int) -> None:
    body = {"name": ("Nama Contoh " * 20)[:length], "business": ("Usaha Contoh " * 20)[:length]}
    snapshot = {"values": kind(CODE).sample["values"] | {"penghargaan": ("Juara Harapan " * 20)[:length]}, **body}
    reader = PdfReader(io.BytesIO(pdf_of(typesetter, kind(CODE), snapshot, paper="A4")))
    box = reader.pages[0].mediabox
    assert (len(reader.pages), round(float(box.width)), round(float(box.height))) == (1, 842, 595)
    assert embeds_its_fonts(reader)


def test_award_certificate_tells_strangers_what_the_winners_page_tells(client: Client, of: Competition) -> None:
    issued(of, "winners_decree")
    document = issued(of, CODE)[0]
    award = Award.objects.select_related("entry", "tier").get(pk=document.subject.partition(":")[2])
    page = client.get(document.public_path).content.decode()
    told = (document.label, award.entry.business_name, award.tier.label, of.name, "Rp3.000.000")
    assert [words in page for words in told] == [True, True, True, True, False]


def test_pitch_own_certificate_is_for_the_winner_alone(client: Client, batch: Batch, of: Competition) -> None:
    issued(of, "winners_decree")
    document = issued(of, CODE)[0]
    award = Award.objects.select_related("entry__registration").get(pk=document.subject.partition(":")[2])
    winner, address = award.entry.registration, f"/saya/lomba/{of.pk}/piagam/"
    assert winner is not None
    assert client.get(address).status_code == 302
    phone = at_page(client, winner)
    assert phone.get(address)["Location"] == f"/saya/lomba/{of.pk}/"
    with Typesetter() as typesetter:
        list(set_in_type(documents=[document], typesetter=typesetter, by=cast.program_officer()))
    assert "Piagam Anda dapat diunduh." in phone.get("/saya/").content.decode()
    page = phone.get(f"/saya/lomba/{of.pk}/").content.decode()
    assert (address in page, f"/saya/lomba/{of.pk}/tarik/" in page) == (True, False)
    answer = phone.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert document.number in pages_of(PdfReader(io.BytesIO(answer.content)))[0]
    assert AuditEntry.objects.about(document).get(action="certificate.fetched").actor_label == "resident"
    loser = of.entries.exclude(pk__in=of.awards.values("entry")).select_related("registration")[0].registration
    assert loser is not None
    assert at_page(Client(), loser).get(address).status_code == 404
    Award.objects.filter(pk=award.pk).update(ended_at=timezone.now(), ended_reason="Mundur")
    assert phone.get(address).status_code == 404


def test_award_certificate_is_not_dated_before_the_decree(of: Competition) -> None:
    issued(of, "winners_decree")
    with pytest.raises(ValidationError):
        issued(of, CODE, day=DAY - timedelta(days=1))


def test_award_certificate_of_a_category_names_it(batch: Batch) -> None:
    office(batch.program.agency)
    of = made.competition(batch, per_category=True, categories=("kriya",), objection_days=0)
    jurors = decided.jury(of)
    decided.scored(of, jurors, 90, 80, batch=batch)
    of.entries.update(category="kriya")
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    of.refresh_from_db()
    issued(of, "winners_decree")
    [first, _second] = kind(CODE).build(list(kind(CODE).subjects(of)))
    assert first["values"]["penghargaan"] == "Juara I, kategori Kriya"
