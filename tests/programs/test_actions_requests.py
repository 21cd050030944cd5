"""Wishes of residents, grouping, meetings and decisions, as actions; two people at once; a flood."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEntry
from kit.scans import Scan
from programs import actions, queries
from programs.models import MeetingTopic, Topic, TopicDecision, TopicMeeting, TopicPhrase, TopicRequest, TopicRound
from programs.tasks import forget_origins
from regions.models import Region
from tests import cast, factories
from tests.programs.demand import decision, meeting, open_round, phrase, topic, wish

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(ValidationError) as refusal:
        act()
    return str(refusal.value.code)


def here(code: str = factories.BENDAN_KERGON) -> Region:
    return Region.objects.get(code=code)


def ask(held: TopicRound, *wanted: Topic | str, key: uuid.UUID | None = None, **more: Any) -> TopicRequest:
    values: dict[str, Any] = {"region": here(), "submission_key": key or uuid.uuid4()} | more
    return actions.ask_for_topics(topic_round=held, wanted=wanted, **values)


def named(request: TopicRequest) -> list[str]:
    return [str(one) for one in request.wishes.select_related("topic", "phrase")]


def test_wishes_are_kept_in_order() -> None:
    held, bread = open_round(), topic("Roti dan masakan")
    sent = ask(held, bread, "Kursus membuat kue lapis", "Rajut")
    assert named(sent) == ["Roti dan masakan", "Kursus membuat kue lapis", "Rajut"]
    assert AuditEntry.objects.filter(action="topic_request.received").count() == 1


def test_own_words_that_name_a_topic_mean_it() -> None:
    held, bread = open_round(), topic("Roti dan masakan")
    sent = ask(held, "pelatihan roti dan masakan!", bread, "KUE LAPIS", "kue  lapis")
    assert [(one.topic, one.phrase and one.phrase.words) for one in sent.wishes.all()] == [
        (bread, None),
        (None, "KUE LAPIS"),
    ]


@pytest.mark.parametrize(
    ("code", "wanted", "more"),
    [
        ("topic_wishes_missing", (), {}),
        ("topic_wishes_missing", ("batik", "rajut", "tas", "kue"), {}),
        ("topic_phrase_without_numbers", ("hubungi 0812 3456 7890",), {}),
        ("topic_phrase_without_numbers", ("!!!",), {}),
        ("topic_phrase_without_numbers", ("siti@contoh.example",), {}),
        ("topic_region_foreign", ("batik",), {"region": factories.MIROTO}),
    ],
)
def test_wishes_that_cannot_be_are_refused(code: str, wanted: tuple[str, ...], more: dict[str, str]) -> None:
    held = open_round()
    given: dict[str, Any] = {name: here(value) for name, value in more.items()}
    assert refused(lambda: ask(held, *wanted, **given)) == code
    assert TopicRequest.objects.count() == 0


def test_topic_of_another_office_is_refused() -> None:
    held, foreign = open_round(), topic("Batik", cast.next_agency())
    assert refused(lambda: ask(held, foreign)) == "topic_foreign"


@pytest.mark.parametrize("days", [{"opens_on": 1, "closes_on": 9}, {"opens_on": -9, "closes_on": -1}])
def test_wishes_outside_the_round_are_refused(days: dict[str, int]) -> None:
    today = factories.agency().today()
    dates: dict[str, Any] = {name: today + timedelta(days=number) for name, number in days.items()}
    held = open_round(**dates)
    assert refused(lambda: ask(held, "batik")) == "topic_round_closed"


def test_form_sent_twice_makes_one_request() -> None:
    held, key = open_round(), uuid.uuid4()
    assert ask(held, "batik", key=key) == ask(held, "batik", key=key)
    assert refused(lambda: ask(held, "rajut", key=key)) == "form_used"
    assert refused(lambda: ask(held, "batik", key=key, region=here(factories.MEDONO))) == "form_used"
    assert TopicRequest.objects.count() == 1


def test_one_network_sends_so_many_a_day(settings: Settings) -> None:
    settings.TOPIC_REQUESTS_A_DAY = 2
    held, key = open_round(), uuid.uuid4()
    yesterday = timezone.now() - timedelta(hours=25)
    wish(held, phrase("batik"), origin="a", submitted_at=yesterday)
    ask(held, "batik", origin="a")
    ask(held, "batik", origin="a", key=key)
    assert refused(lambda: ask(held, "batik", origin="a")) == "topic_origin_full"
    ask(held, "batik", origin="a", key=key)  # the same form again is no further one
    ask(held, "batik", origin="b")
    settings.TOPIC_REQUESTS_A_DAY = 0
    ask(held, "batik", origin="a")


@pytest.mark.django_db(transaction=True)
def test_twenty_write_the_same_words_at_once() -> None:
    held, place = open_round(), here()

    def send(_number: int) -> None:
        try:
            ask(held, "Kue lapis", region=place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(send, range(20)))
    (words,) = TopicPhrase.objects.most_asked_first()
    assert (words.asked, TopicRequest.objects.count()) == (20, 20)


def test_withdrawn_request_leaves_nothing() -> None:
    held = open_round()
    actions.withdraw_request(sent=ask(held, "batik"))
    assert TopicRequest.objects.count() == 0
    late = wish(open_round(fiscal_year=2050, closes_on=held.opens_on), phrase("tas"))
    assert refused(lambda: actions.withdraw_request(sent=late)) == "topic_round_closed"


def test_flood_is_set_aside_and_counted_again() -> None:
    held, bread, by = open_round(), topic("Roti"), cast.program_officer()
    flood = [wish(held, bread, origin="x") for _ in range(12)]
    wish(held, bread, origin="y")
    assert [(one.count, one.set_aside, one.regions) for one in queries.large_origins(held)] == [(12, 0, 1)]
    assert actions.set_aside_origin(sent=flood[0], reason="Dikirim dalam dua menit.", by=by) == 12
    assert queries.demand_by_region(held)[factories.BENDAN_KERGON][0].asked == 1
    assert refused(lambda: actions.set_aside_origin(sent=flood[1], reason="Lagi.", by=by)) == "nothing_changed"
    assert actions.count_origin_again(sent=flood[5], by=by) == 12
    assert queries.demand_by_region(held)[factories.BENDAN_KERGON][0].asked == 13
    assert refused(lambda: actions.count_origin_again(sent=flood[5], by=by)) == "nothing_changed"


def test_origins_are_forgotten_a_month_after_the_round() -> None:
    today = factories.agency().today()
    old = open_round(fiscal_year=2020, opens_on=today - timedelta(days=90), closes_on=today - timedelta(days=31))
    wish(old, phrase("batik"), origin="x")
    wish(open_round(), phrase("tas"), origin="x")
    assert actions.forget_origins() == 1
    assert sorted(TopicRequest.objects.values_list("origin", flat=True)) == ["", "x"]
    gone = TopicRequest.objects.get(origin="")
    by = cast.program_officer()
    code = refused(lambda: actions.set_aside_origin(sent=gone, reason="Banjir.", by=by))
    assert code == "topic_origin_forgotten"


def test_words_are_grouped_once_and_count_from_then_on() -> None:
    held, bread, by = open_round(), topic("Roti dan masakan"), cast.program_officer()
    ask(held, "kue lapis"), ask(held, "roti manis", bread), ask(held, bread)
    words = list(TopicPhrase.objects.order_by("pk"))
    actions.group_phrases(agency=held.agency, phrases=[one.pk for one in words], topic=bread, by=by)
    (demand,) = queries.demand_by_region(held)[factories.BENDAN_KERGON]
    assert (demand.topic, demand.asked, demand.asked_first) == (bread, 3, 3)
    ask(held, "Kue Lapis")
    assert queries.demand_of_all(held)[0].asked == 4
    again = refused(lambda: actions.group_phrases(agency=held.agency, phrases=[words[0].pk], topic=bread, by=by))
    assert again == "phrase_grouped"
    actions.ungroup_phrase(phrase=words[0], by=by)
    assert queries.demand_of_all(held)[0].asked == 2


def test_words_become_a_new_topic() -> None:
    held, by = open_round(), cast.program_officer()
    first, second = phrase("ecoprint"), phrase("eko print")
    made = actions.group_phrases(agency=held.agency, phrases=[first.pk, second.pk], new_name="Ecoprint", by=by)
    assert set(made.phrases.all()) == {first, second}
    third = phrase("batik daun")
    group: dict[str, Any] = {"agency": held.agency, "phrases": [third.pk], "by": by}
    assert refused(lambda: actions.group_phrases(new_name="Ecoprint", **group)) == "topic_name_once"
    assert refused(lambda: actions.group_phrases(**group)) == "topic_missing"
    assert refused(lambda: actions.group_phrases(**group | {"phrases": []})) == "phrases_missing"
    foreign = topic("Batik", cast.next_agency())
    assert refused(lambda: actions.group_phrases(topic=foreign, **group)) == "topic_foreign"


def test_words_that_are_no_training_wait_no_more() -> None:
    by, nonsense = cast.program_officer(), phrase("asdf")
    actions.set_phrase_aside(phrase=nonsense, by=by)
    assert list(TopicPhrase.objects.waiting()) == []
    actions.ungroup_phrase(phrase=nonsense, by=by)
    assert list(TopicPhrase.objects.waiting()) == [nonsense]
    assert refused(lambda: actions.ungroup_phrase(phrase=nonsense, by=by)) == "nothing_changed"


def test_suggestions_come_by_name_and_by_former_words() -> None:
    bread = topic("Roti dan masakan")
    bags, packaging = topic("Tas"), topic("Desain kemasan")
    phrase("kue basah", topic=bread)
    suggested = {
        words: [one.topic for one in queries.suggested_topics(phrase(words))]
        for words in ("kue basa", "kemasan produk", "tas rajut", "zumba")
    }
    assert suggested == {"kue basa": [bread], "kemasan produk": [packaging], "tas rajut": [bags], "zumba": []}


def test_alike_words_stand_together() -> None:
    first, second, _third = phrase("bucket bunga"), phrase("buket bunga"), phrase("rajut")
    assert queries.alike_phrases(first) == [second]


def outcome(*ranking: tuple[Topic, int], **values: Any) -> actions.Outcome:
    defaults: dict[str, Any] = {"held_on": factories.agency().today(), "attendees": 40, "ranking": ranking}
    return actions.Outcome(**(defaults | values))


def test_meeting_is_kept_and_leads_the_demand() -> None:
    held, bread, bags = open_round(), topic("Roti"), topic("Tas")
    wish(held, bread), wish(held, bread), wish(held, bags)
    by = cast.village_officer_here()
    scan = Scan(b"%PDF-1.7 %%EOF", "application/pdf", "pdf")
    made = actions.enter_meeting(
        topic_round=held, region=here(), outcome=outcome((bags, 25), (bread, 15), scan=scan), by=by
    )
    assert [(one.topic, one.meeting_requesters) for one in queries.demand_by_region(held)[factories.BENDAN_KERGON]] == [
        (bags, 25),
        (bread, 15),
    ]
    assert made.file is not None
    assert made.file.content() == scan.content


def test_meeting_corrected_keeps_the_former_outcome_and_its_scan() -> None:
    held, bread, by = open_round(), topic("Roti"), cast.village_officer_here()
    enter: dict[str, Any] = {"topic_round": held, "region": here(), "by": by}
    scan = Scan(b"%PDF-1.7 %%EOF", "application/pdf", "pdf")
    first = actions.enter_meeting(outcome=outcome((bread, 25), scan=scan), **enter)
    assert refused(lambda: actions.enter_meeting(outcome=outcome((bread, 26)), **enter)) == "topic_meeting_one_in_force"
    second = actions.enter_meeting(outcome=outcome((bread, 26)), replaces=first, **enter)
    assert list(TopicMeeting.objects.in_force()) == [second]
    assert second.file == first.file
    again = refused(lambda: actions.enter_meeting(outcome=outcome((bread, 27)), replaces=first, **enter))
    assert again == "meeting_withdrawn"
    actions.withdraw_meeting(meeting=second, reason="Salah kelurahan.", by=by)
    assert queries.demand_by_region(held) == {}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("meeting_in_future", {"held_on": timedelta(days=1)}),
        ("meeting_too_old", {"held_on": timedelta(days=-1200)}),
        ("meeting_without_topic", {"ranking": []}),
        ("meeting_more_than_present", {"attendees": 4}),
        ("topic_meeting_attendees_plausible", {"attendees": 100_001}),
    ],
)
def test_meeting_that_cannot_have_been_is_refused(code: str, change: dict[str, Any]) -> None:
    held, bread, by = open_round(), topic("Roti"), cast.village_officer_here()
    if "held_on" in change:
        change = {"held_on": held.agency.today() + change["held_on"]}
    told = outcome((bread, 5), **change)
    enter: dict[str, Any] = {"topic_round": held, "region": here(), "outcome": told, "by": by}
    assert refused(lambda: actions.enter_meeting(**enter)) == code
    assert MeetingTopic.objects.count() == 0


def test_decision_keeps_what_was_known() -> None:
    held, bread, bags, by = open_round(), topic("Roti"), topic("Tas"), cast.program_officer()
    wish(held, bread, bags), wish(held, bread)
    meeting(held).ranking.create(rank=1, topic=bags, requesters=9)
    decide: dict[str, Any] = {"topic_round": held, "region": here(), "reason": "Diminta warga.", "by": by}
    first = actions.decide_topic(topic=bread, outcome="chosen", **decide)
    second = actions.decide_topic(topic=bags, outcome="chosen", **decide)
    assert (first.position, first.asked, first.asked_first, first.meeting_rank) == (1, 2, 2, None)
    assert (second.position, second.asked, second.asked_first, second.meeting_rank) == (2, 1, 0, 1)
    wish(held, bread)
    first.refresh_from_db()
    assert first.asked == 2
    assert refused(lambda: actions.decide_topic(topic=bread, outcome="declined", **decide)) == "topic_decision_once"


def test_decision_is_taken_back_once() -> None:
    held, by = open_round(), cast.program_officer()
    made = decision(held, topic("Roti"))
    actions.undo_decision(decision=made, by=by)
    assert queries.decided_topics(held.fiscal_year) == {}
    assert refused(lambda: actions.undo_decision(decision=made, by=by)) == "decision_undone"
    decided: dict[str, Any] = {"topic_round": held, "region": here(), "topic": made.topic, "reason": "Lagi.", "by": by}
    assert actions.decide_topic(outcome="declined", **decided).position is None


def test_most_wanted_is_chosen_where_nothing_is() -> None:
    held, bread, bags, by = open_round(), topic("Roti"), topic("Tas"), cast.program_officer()
    for _ in range(3):
        wish(held, bread, bags, region=factories.MEDONO)
    wish(held, bags), wish(held, bread)
    decision(held, bread)  # here it is decided already
    choose: dict[str, Any] = {"topic_round": held, "regions": [factories.MEDONO, factories.BENDAN_KERGON], "by": by}
    assert actions.choose_most_wanted(per_region=1, reason="Terbanyak.", **choose) == 1
    assert queries.decided_topics(held.fiscal_year) == {factories.MEDONO: [bread], factories.BENDAN_KERGON: [bread]}
    assert refused(lambda: actions.choose_most_wanted(per_region=1, reason="Lagi.", **choose)) == "nothing_changed"


def test_foreign_topics_and_regions_are_not_decided() -> None:
    held, by = open_round(), cast.program_officer()
    foreign = topic("Batik", cast.next_agency())
    decide: dict[str, Any] = {"topic_round": held, "outcome": "chosen", "reason": "Ya.", "by": by}
    assert refused(lambda: actions.decide_topic(topic=foreign, region=here(), **decide)) == "topic_foreign"
    there = here(factories.MIROTO)
    assert refused(lambda: actions.decide_topic(topic=topic("Roti"), region=there, **decide)) == "topic_region_foreign"


@pytest.mark.django_db(transaction=True)
def test_ten_officers_decide_at_once_and_each_topic_has_a_place() -> None:
    held, by = open_round(), cast.program_officer()
    topics = [topic(f"Topik {letter}") for letter in "ABCDE"]
    place = here()

    def decide(number: int) -> str:
        try:
            actions.decide_topic(
                topic_round=held, region=place, topic=topics[number % 5], outcome="chosen", reason="Ya.", by=by
            )
        except ValidationError as refusal:
            return str(refusal.code)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(decide, range(10)))
    assert sorted(answers) == ["done"] * 5 + ["topic_decision_once"] * 5
    places = TopicDecision.objects.chosen().order_by("position").values_list("position", flat=True)
    assert list(places) == [1, 2, 3, 4, 5]
    connection.close()


def test_round_is_opened_and_its_dates_change() -> None:
    agency, by, bread = factories.agency(), cast.program_officer(), topic("Roti")
    today = agency.today()
    made = TopicRound(agency=agency, fiscal_year=today.year, opens_on=today, closes_on=today)
    actions.save_round(topic_round=made, topics=[bread], by=by)
    made.closes_on = today + timedelta(days=9)
    actions.save_round(topic_round=made, topics=[], by=by)
    kept = TopicRound.objects.get()
    assert (kept.closes_on, list(kept.topics.all())) == (today + timedelta(days=9), [])
    made.closes_on = today - timedelta(days=1)
    code = refused(lambda: actions.save_round(topic_round=made, topics=[], by=by))
    assert code == "topic_round_ends_after_it_begins"
    foreign = topic("Batik", cast.next_agency())
    assert refused(lambda: actions.save_round(topic_round=kept, topics=[foreign], by=by)) == "topic_foreign"


def test_clock_forgets_origins() -> None:
    today = factories.agency().today()
    old = open_round(fiscal_year=2020, opens_on=today - timedelta(days=90), closes_on=today - timedelta(days=31))
    wish(old, phrase("batik"), origin="x")
    assert forget_origins() == 1
