from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Message, State
from participants import actions
from participants.models import Broadcast
from programs.models import Batch
from tests import cast, factories


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="pelatihan"), quota=5)


@pytest.fixture
def officer(batch: Batch, client: Client) -> Client:
    client.force_login(cast.program_officer())
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "seats": ["held"],
        "checks": ["pending", "needs_fix", "verified"],
        "subject_id": "Bawa celemek",
        "body_id": "Mohon {nama} membawa celemek.",
        "subject_en": "",
        "body_en": "",
        "revision": "1",
    } | changes


def started(batch: Batch) -> Broadcast:
    return actions.start_broadcast(batch=batch, by=cast.program_officer())


def page_of(broadcast: Broadcast, step: str = "") -> str:
    return f"/kerja/pesan-angkatan/{broadcast.pk}/{step}"


def test_broadcast_start_writes_reviews_and_sends(officer: Client, batch: Batch) -> None:
    people = [factories.registration(batch) for _number in range(4)]
    Message.objects.all().delete()
    response = officer.post(f"/kerja/angkatan/{batch.pk}/pesan/tulis/")
    broadcast = Broadcast.objects.get()
    assert response["Location"] == page_of(broadcast, "tulis/")
    response = officer.post(page_of(broadcast, "tulis/"), typed())
    assert response["Location"] == page_of(broadcast, "tinjau/")
    page = officer.get(page_of(broadcast, "tinjau/")).content.decode()
    assert page.count("membawa celemek.") == 3
    assert "Kirim kepada 4 orang" in page
    response = officer.post(page_of(broadcast, "tinjau/"), {"revision": "2", "expected": "4"}, follow=True)
    assert "4 pesan akan dikirim." in response.content.decode()
    assert Message.objects.filter(group=broadcast.group).count() == len(people)
    again = officer.post(page_of(broadcast, "tinjau/"), {"revision": "2", "expected": "4"})
    assert (again.status_code, Message.objects.count()) == (302, 4)


def test_broadcast_start_takes_what_is_ticked_in_the_list(officer: Client, batch: Batch) -> None:
    first, second, third = (factories.registration(batch, full_name=name) for name in ("Ani", "Budi", "Citra"))
    address = f"/kerja/angkatan/{batch.pk}/pesan/tulis/"
    officer.post(address, {"from": "list", "row": [first.pk, third.pk, "x", "9" * 30]})
    officer.post(address, {"from": "list", "all": "1", "check": "pending", "seat": "active"})
    chosen = [broadcast.chosen for broadcast in Broadcast.objects.order_by("pk")]
    assert chosen == [[first.pk, third.pk], [first.pk, second.pk, third.pk]]
    response = officer.post(address, {"from": "list"}, follow=True)
    assert "Pilih" in response.content.decode() or response.redirect_chain
    assert Broadcast.objects.count() == 2


def test_broadcast_edit_says_what_is_wrong_and_keeps_the_draft(officer: Client, batch: Batch) -> None:
    broadcast = started(batch)
    response = officer.post(page_of(broadcast, "tulis/"), typed(body_id="Halo {nam} <b>", subject_en="Hello"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "{nam} bukan isian otomatis untuk pesan ini. Apakah maksud Anda {nama}?" in page
    assert "Lengkapi versi bahasa Inggris, atau kosongkan keduanya." in page
    assert "Halo {nam} &lt;b&gt;</textarea>" in page
    assert 'name="revision" value="2"' in page
    broadcast.refresh_from_db()
    assert (broadcast.body_id, broadcast.subject_en) == ("Halo {nam} <b>", "Hello")
    assert officer.get(page_of(broadcast, "tinjau/"))["Location"] == page_of(broadcast, "tulis/")


@pytest.mark.parametrize("gone", ["subject_id", "body_id", "seats", "checks"])
def test_broadcast_edit_asks_for_what_is_missing(officer: Client, batch: Batch, gone: str) -> None:
    response = officer.post(page_of(started(batch), "tulis/"), typed(**{gone: ""}))
    assert response.status_code == 422


def test_broadcast_edit_keeps_a_draft_for_later(officer: Client, batch: Batch) -> None:
    broadcast = started(batch)
    response = officer.post(page_of(broadcast, "tulis/"), typed(body_id="", later="1"))
    assert response["Location"] == f"/kerja/angkatan/{batch.pk}/pesan/"
    broadcast.refresh_from_db()
    assert broadcast.subject_id == "Bawa celemek"


def test_broadcast_edit_tells_that_a_colleague_was_faster(officer: Client, batch: Batch) -> None:
    broadcast = started(batch)
    officer.post(page_of(broadcast, "tulis/"), typed(body_id="Satu"))
    response = officer.post(page_of(broadcast, "tulis/"), typed(body_id="Dua"))
    assert response.status_code == 422
    assert "Pesan ini baru saja diubah petugas lain." in response.content.decode()
    broadcast.refresh_from_db()
    assert broadcast.body_id == "Satu"


def test_broadcast_review_names_who_cannot_be_reached_by_machine(officer: Client, batch: Batch) -> None:
    factories.registration(batch, email="")
    broadcast = started(batch)
    officer.post(page_of(broadcast, "tulis/"), typed())
    assert "dikirim sendiri oleh petugas" in officer.get(page_of(broadcast, "tinjau/")).content.decode()


@pytest.mark.parametrize("field", [{"expected": "2"}, {"revision": "1"}, {"expected": "x"}])
def test_broadcast_review_refuses_what_is_not_as_it_was_seen(
    officer: Client, batch: Batch, field: dict[str, str]
) -> None:
    factories.registration(batch)
    broadcast = started(batch)
    officer.post(page_of(broadcast, "tulis/"), typed())
    response = officer.post(page_of(broadcast, "tinjau/"), {"revision": "2", "expected": "1"} | field)
    assert response.status_code == 422
    assert not Message.objects.filter(kind="broadcast").exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_broadcast_review_query_count(officer: Client, batch: Batch, rows: int) -> None:
    for _number in range(rows):
        factories.registration(batch)
    broadcast = started(batch)
    officer.post(page_of(broadcast, "tulis/"), typed())
    officer.get(page_of(broadcast, "tinjau/"))
    with CaptureQueriesContext(connection) as captured:
        officer.get(page_of(broadcast, "tinjau/"))
    assert len(captured) == 6


@pytest.mark.parametrize("rows", [1, 3])
def test_broadcast_list_query_count(officer: Client, batch: Batch, rows: int) -> None:
    for _number in range(rows):
        started(batch)
    address = f"/kerja/angkatan/{batch.pk}/pesan/"
    officer.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert officer.get(address).content.decode().count("Pesan tanpa judul") == rows
    assert len(captured) <= 7


def sent(officer: Client, batch: Batch) -> Broadcast:
    factories.registration(batch)
    broadcast = started(batch)
    officer.post(page_of(broadcast, "tulis/"), typed())
    officer.post(page_of(broadcast, "tinjau/"), {"revision": "2", "expected": "1"})
    return broadcast


def test_broadcast_detail_counts_and_leads_to_the_messages(officer: Client, batch: Batch) -> None:
    broadcast = sent(officer, batch)
    assert [(row.state, row.count) for row in officer.get(page_of(broadcast)).context["rows"]] == [("queued", 1)]
    listed = officer.get(f"/kerja/pesan/?group={broadcast.group}").context["page"].rows
    assert [message.kind for message in listed] == ["broadcast"]


def test_broadcast_take_back_cancels(officer: Client, batch: Batch) -> None:
    broadcast = sent(officer, batch)
    page = officer.post(page_of(broadcast, "tarik/"), follow=True).content.decode()
    assert "1 pesan ditarik." in page
    assert Message.objects.get(kind="broadcast").state == State.CANCELLED
    again = officer.post(page_of(broadcast, "tarik/"), follow=True).content.decode()
    assert "Pesan ini belum dikirim atau sudah ditarik." in again


def test_broadcast_discard_is_for_drafts(officer: Client, batch: Batch) -> None:
    broadcast, draft = sent(officer, batch), started(batch)
    assert "Buang konsep ini" in officer.get(page_of(draft, "buang/")).content.decode()
    officer.post(page_of(draft, "buang/"))
    officer.post(page_of(broadcast, "buang/"))
    assert list(Broadcast.objects.all()) == [broadcast]


def test_broadcast_list_is_for_who_may_send(batch: Batch, client: Client) -> None:
    client.force_login(cast.verifier())
    assert client.get(f"/kerja/angkatan/{batch.pk}/pesan/").status_code == 403
