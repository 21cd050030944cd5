"""The public side of topic requests: what is asked, what is told, and what nobody learns."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from kit import watch
from kit.form_keys import new_submission_key
from programs.forms.wishes import WishForm
from programs.models import TopicRequest, TopicRound
from regions.models import Region
from tests import cast, factories
from tests.programs.demand import decision, meeting, open_round, phrase, topic, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> TopicRound:
    topic("Roti"), topic("Tas")
    return open_round()


def sending(held: TopicRound) -> str:
    return reverse("programs:wish_send", args=[held.pk])


def typed(**values: Any) -> dict[str, Any]:
    return {
        "region": factories.BENDAN_KERGON,
        "topic1": topic("Roti").pk,
        "submission_key": new_submission_key(),
    } | values


def send(client: Client, held: TopicRound, **values: Any) -> Any:
    return client.post(sending(held), typed(**values))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_wish_rounds_shows_what_is_open_and_what_was(client: Client, held: TopicRound) -> None:
    today = held.agency.today()
    old = open_round(fiscal_year=2020, opens_on=today - timedelta(days=90), closes_on=today - timedelta(days=60))
    page = text_of(client.get(reverse("programs:wish_rounds")))
    assert (sending(held) in page, sending(old) in page, old.get_absolute_url() in page) == (True, False, True)


def test_wish_rounds_without_any_says_what_else_to_do(client: Client) -> None:
    assert "Usulan sedang tidak dibuka" in text_of(client.get(reverse("programs:wish_rounds")))


def test_wish_rounds_tells_when_the_next_begins(client: Client) -> None:
    today = factories.agency().today()
    open_round(opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9))
    assert "Usulan berikutnya dibuka pada" in text_of(client.get(reverse("programs:wish_rounds")))


def test_wish_send_keeps_wishes_and_shows_them_once(client: Client, held: TopicRound) -> None:
    response = send(client, held, words2="Ecoprint", topic3=topic("Tas").pk)
    assert response["Location"] == reverse("programs:wish_receipt")
    sent = TopicRequest.objects.get()
    assert [str(one) for one in sent.wishes.all()] == ["Roti", "Ecoprint", "Tas"]
    page = text_of(client.get(response["Location"]))
    assert "<li><strong>Ecoprint</strong></li>" in page
    assert (len(sent.origin), "127.0.0.1" in sent.origin) == (64, False)


@pytest.mark.parametrize(
    ("field", "values", "said"),
    [
        ("region", {"region": ""}, "Pilih salah satu."),
        ("region", {"region": factories.MIROTO}, "Pilih salah satu dari daftar."),
        ("topic1", {"topic1": ""}, "Pilih pelatihan, atau tulis sendiri."),
        ("words1", {"words1": "Ecoprint"}, "Pilih dari daftar atau tulis sendiri, jangan keduanya."),
        ("words2", {"words2": "pelatihan ROTI"}, "Ini sudah Anda sebut. Silakan sebut yang lain."),
        ("words2", {"words2": "hubungi 0812 3456"}, "Tulis nama pelatihannya saja, tanpa nomor dan alamat."),
        ("words2", {"words2": "???"}, "Tulis nama pelatihannya saja, tanpa nomor dan alamat."),
    ],
)
def test_wish_send_says_beside_the_field_what_is_wrong(
    client: Client, held: TopicRound, field: str, values: dict[str, str], said: str
) -> None:
    response = send(client, held, **{"words3": "Rias pengantin"} | values if field != "topic1" else values)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [said]}
    assert TopicRequest.objects.count() == 0
    if field != "topic1":
        assert 'value="Rias pengantin"' in text_of(response)


def test_wish_send_of_one_network_has_a_limit(client: Client, held: TopicRound, settings: Settings) -> None:
    settings.TOPIC_REQUESTS_A_DAY = 1
    assert send(client, held).status_code == 302
    response = send(client, held, topic2=topic("Tas").pk)
    assert response.status_code == 422
    assert "Sangat banyak usulan masuk dari jaringan Anda hari ini." in text_of(response)


def test_wish_send_gives_a_trapped_form_back(client: Client, held: TopicRound) -> None:
    response = send(client, held, website="http://contoh.example", words2="Ecoprint")
    assert (response.status_code, TopicRequest.objects.count()) == (422, 0)
    assert 'value="Ecoprint"' in text_of(response)


def test_wish_send_under_attack_asks_to_wait(client: Client, held: TopicRound, settings: Settings) -> None:
    assert watch.order("on")
    response = send(client, held, words2="Ecoprint")
    watch.order("auto")
    assert (response.status_code, TopicRequest.objects.count()) == (429, 0)
    assert int(response["Retry-After"]) > 0
    assert 'value="Ecoprint"' in text_of(response)


def test_wish_send_with_an_expired_token_keeps_what_was_typed(held: TopicRound) -> None:
    client = Client(enforce_csrf_checks=True)
    response = send(client, held, words2="Ecoprint")
    assert (response.status_code, TopicRequest.objects.count()) == (403, 0)
    assert 'value="Ecoprint"' in text_of(response)


def test_wish_send_is_closed_with_the_round(client: Client) -> None:
    today = factories.agency().today()
    old = open_round(opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    assert client.get(sending(old))["Location"] == old.get_absolute_url()
    assert send(client, old)["Location"] == old.get_absolute_url()
    assert TopicRequest.objects.count() == 0


def test_wish_send_offers_the_topics_of_the_round(held: TopicRound) -> None:
    held.topics.add(topic("Tas"))
    assert list(WishForm(topic_round=held).topics.values()) == [topic("Tas")]


def test_wish_send_of_a_province_asks_for_the_name(client: Client) -> None:
    province = factories.agency("jateng", name="Dinas Provinsi", region="33")
    Region.objects.bulk_create(
        factories.region(f"33.75.04.2{number:03d}", f"Contoh {number}") for number in range(100, 490)
    )
    held, bread = open_round(province), topic("Roti", province)
    wanted = {"topic1": bread.pk, "submission_key": new_submission_key()}
    response = client.post(sending(held), wanted | {"region_name": "Contoh 1"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["region_name"]
    assert client.post(sending(held), wanted | {"region_name": "Bendan-Kergon"}).status_code == 302
    assert TopicRequest.objects.get().region_id == factories.BENDAN_KERGON


def test_wish_withdraw_takes_back_what_this_browser_sent(client: Client, held: TopicRound) -> None:
    send(client, held)
    assert Client().post(reverse("programs:wish_withdraw"))["Location"] == reverse("programs:wish_rounds")
    assert TopicRequest.objects.count() == 1
    assert client.post(reverse("programs:wish_withdraw"))["Location"] == held.get_absolute_url()
    assert TopicRequest.objects.count() == 0
    assert client.get(reverse("programs:wish_receipt"))["Location"] == reverse("programs:wish_rounds")


def test_wish_receipt_is_shown_to_the_sender_alone(client: Client, held: TopicRound) -> None:
    send(client, held)
    assert Client().get(reverse("programs:wish_receipt"))["Location"] == reverse("programs:wish_rounds")
    client.cookies["portal_wishes"] = "0" * 32
    assert client.get(reverse("programs:wish_receipt"))["Location"] == reverse("programs:wish_rounds")


def page_of(client: Client, held: TopicRound, code: str = "") -> str:
    name, more = ("programs:wish_place", [code]) if code else ("programs:wish_tally", [])
    page = text_of(client.get(reverse(name, args=[held.pk, *more])))
    return page.partition("<main")[2].partition("</main>")[0]


def test_wish_tally_names_a_topic_from_five_residents_on(client: Client, held: TopicRound) -> None:
    bread, bags = topic("Roti"), topic("Tas")
    for _ in range(4):
        wish(held, bags)
    for _ in range(7):
        wish(held, bread)
    for page in (page_of(client, held), page_of(client, held, factories.BENDAN_KERGON)):
        assert ("5–9 warga" in page, "10–14 warga" in page) == (True, True)
        assert ("Roti" in page, "Tas" in page, "Topik lain masing-masing diminati kurang dari 5" in page) == (
            *(True, False),
            True,
        )
    wish(held, bags)
    assert "Tas" in page_of(client, held)


def test_wish_tally_tells_nothing_of_today(client: Client, held: TopicRound) -> None:
    before = page_of(client, held)
    for _ in range(5):
        wish(held, topic("Roti"), submitted_at=timezone.now())
    assert page_of(client, held) == before


def test_wish_tally_never_shows_own_words(client: Client, held: TopicRound) -> None:
    for _ in range(20):
        wish(held, phrase("milik bu Siti") if _ == 0 else topic("Roti"))
    assert "Siti" not in page_of(client, held) + page_of(client, held, factories.BENDAN_KERGON)


def test_wish_place_tells_the_meeting_and_the_decision(client: Client, held: TopicRound) -> None:
    bread, bags = topic("Roti"), topic("Tas")
    meeting(held, attendees=43).ranking.create(rank=1, topic=bread, requesters=31)
    decision(held, bread, asked=12)
    decision(held, bags, outcome="declined", position=None, reason="Belum ada instruktur.")
    decision(held, topic("Rajut"), place=2, undone_at=timezone.now(), undone_by=cast.program_officer())
    page = page_of(client, held, factories.BENDAN_KERGON)
    said = ["40–44 warga", "30–34 warga", "10–14 warga", "Belum ada instruktur.", "Paling banyak diminta."]
    assert [words for words in said if words not in page] == []
    assert ("43 " in page, "31 warga" in page, "Rajut" in page) == (False, False, False)
    assert "Roti" in page_of(client, held)


@pytest.mark.parametrize("code", [factories.MIROTO, "33.75.99.1001", "abc", "33.74"])
def test_wish_place_elsewhere_is_not_found(client: Client, held: TopicRound, code: str) -> None:
    assert client.get(reverse("programs:wish_place", args=[held.pk, code])).status_code == 404


def test_wish_tally_takes_the_same_queries_however_many_ask(client: Client, held: TopicRound) -> None:
    addresses = [held.get_absolute_url(), reverse("programs:wish_place", args=[held.pk, factories.BENDAN_KERGON])]
    counts = []
    for many in (1, 30):
        for number in range(many):
            wish(held, topic("Roti"), region=factories.MEDONO if number % 2 else factories.BENDAN_KERGON)
        for url in addresses:
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
