"""What anybody reads of a result, and what becomes of an objection."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from incentives import actions
from incentives.models import Competition, Objection
from participants.models import Registration
from programs.models import Batch
from tests import cast
from tests.budgets.money import refused
from tests.incentives import decided
from tests.participants.desk import at_desk, errors

pytestmark = pytest.mark.django_db
SENT = {"text": "Usaha pemenang pertama bukan miliknya sendiri.", "name": "Budi Contoh", "contact": "0812 0000 0000"}


def address(of: Competition, name: str = "winners") -> str:
    return reverse(f"incentives:{name}", args=[of.program.slug, of.slug])


def test_winners_names_business_village_and_tier_alone(batch: Batch) -> None:
    of = decided.won(batch, 7)
    page = Client().get(address(of))
    told = page.content.decode()
    shown = [(row.tier, row.business) for row in page.context["winners"]]
    assert [tier for tier, _business in shown] == ["Juara I"] * 2 + ["Juara II"] * 2 + ["Juara III"] * 2
    last = of.entries.order_by("pk").last()
    assert last is not None
    assert last.business_name not in told
    for secret in ("90,00", "3.000.000", "2.850.000", "81299"):
        assert secret not in told, secret
    assert (page.context["is_final"], of.results.get().sha256 in told) == (True, True)


def test_winners_before_the_lock_and_while_opened_again_names_nobody(batch: Batch) -> None:
    of = decided.won(batch, 2)
    business = of.awards.first()
    assert business is not None
    actions.reopen_result(competition=of, chair=of.jurors.get(is_chair=True), reason="Salah", by=None)
    page = Client().get(address(of))
    assert (page.context["winners"], str(business.entry) in page.content.decode()) == ([], False)
    Competition.objects.filter(pk=of.pk).update(state="draft")
    assert Client().get(address(of)).status_code == 404


def test_winners_withholds_the_name_of_restricted_people(batch: Batch) -> None:
    of = decided.won(batch, 1)
    award = of.awards.get()
    Registration.objects.filter(pk=award.entry.registration_id or 0).update(restricted_at=of.created_at)
    told = Client().get(address(of)).content.decode()
    assert (award.entry.business_name in told, "Nama tidak ditampilkan" in told) == (False, True)


def test_objection_send_is_kept_encrypted_and_only_within_the_period(batch: Batch) -> None:
    of = decided.won(batch, 1, objection_days=3)
    client = Client()
    assert list(errors(client.post(address(of, "objection_send"), {"text": "Kurang"}))) == ["text", "name", "contact"]
    assert client.post(address(of, "objection_send"), SENT).status_code == 302
    kept = Objection.objects.get()
    assert (kept.text, kept.name) == (SENT["text"], SENT["name"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name || contact || text FROM incentives_objection")
        assert "Contoh" not in cursor.fetchone()[0]
    line = AuditEntry.objects.get(action="objection.received")
    assert (line.changes, line.purpose) == ({}, "")
    over = decided.won(Batch.objects.get(pk=batch.pk), 1)
    told = {"competition": over, "said": actions.ObjectionInput(name="A", contact="B", text="C"), "by": None}
    refused("period_over", action=actions.object_to_result, **told)
    assert client.get(address(over, "objection_send")).status_code == 200


def test_objection_send_takes_nothing_from_a_program(batch: Batch) -> None:
    of = decided.won(batch, 1, objection_days=3)
    assert Client().post(address(of, "objection_send"), SENT | {"website": "x"}).status_code == 302
    assert Objection.objects.count() == 0


def test_objection_send_is_throttled(batch: Batch, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "objection": (1, 3600)}
    of = decided.won(batch, 1, objection_days=3)
    answers = [Client().post(address(of, "objection_send"), SENT).status_code for _turn in range(2)]
    assert answers == [302, 429]


def test_objection_answer_is_given_once_and_in_words(batch: Batch) -> None:
    of = decided.won(batch, 1, objection_days=3)
    Client().post(address(of, "objection_send"), SENT)
    objection, desk = Objection.objects.get(), at_desk(cast.program_officer())
    page = reverse("incentives:objection_answer", args=[objection.pk])
    assert SENT["text"] in desk.get(page).content.decode()
    assert list(errors(desk.post(page, {"state": "dismissed"}))) == ["answer"]
    told = {"state": "dismissed", "answer": "Izin usaha atas nama pemenang sudah diperiksa."}
    assert desk.post(page, told).status_code == 302
    objection.refresh_from_db()
    assert (objection.state, objection.answered_by) == ("dismissed", cast.program_officer())
    listed = desk.get(reverse("incentives:objection_list", args=[of.pk])).content.decode()
    assert ("Ditolak" in listed, "Bukan kegagalan" in listed) == (True, False)
    assert desk.post(page, told).status_code == 422
    assert at_desk(cast.treasurer()).get(page).status_code == 403


def test_objection_list_is_the_boards_of_who_runs_the_competition(batch: Batch) -> None:
    of = decided.won(batch, 1, objection_days=3)
    Client().post(address(of, "objection_send"), SENT)
    page = reverse("incentives:objection_list", args=[of.pk])
    assert SENT["name"] in at_desk(cast.program_officer()).get(page).content.decode()
    assert at_desk(cast.other_agency_officer()).get(page).status_code == 404
