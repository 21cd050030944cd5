"""The office's side of topic requests: board, decisions, meetings, words, floods."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from programs.models import MeetingTopic, TopicDecision, TopicMeeting, TopicPhrase, TopicRequest, TopicRound
from programs.queries import decided_topics
from tests import cast, factories
from tests.programs.demand import decision, meeting, open_round, phrase, topic, wanted, wish

pytestmark = pytest.mark.django_db
HERE = factories.BENDAN_KERGON
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def held() -> TopicRound:
    topic("Roti"), topic("Tas")
    return open_round()


def entered(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def officer(client: Client) -> Client:
    return entered(client, cast.program_officer())


def at(name: str, *arguments: Any) -> str:
    return reverse(f"programs:{name}", args=arguments)


def text_of(response: Any) -> str:
    page = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_demand_rounds_leads_to_the_newest(officer: Client, held: TopicRound) -> None:
    open_round(fiscal_year=2020)
    assert officer.get(at("demand_rounds"))["Location"] == at("demand_board", held.pk)


def test_demand_rounds_without_any_says_how_to_begin(officer: Client) -> None:
    response = officer.get(at("demand_rounds"))
    assert at("round_create") in response.content.decode()


def test_demand_board_shows_each_region_with_its_demand(officer: Client, held: TopicRound) -> None:
    for _ in range(4):
        wish(held, topic("Roti"))
    meeting(held, region=factories.MEDONO).ranking.create(rank=1, topic=topic("Tas"), requesters=23)
    decision(held, topic("Tas"), region=factories.MEDONO)
    page = text_of(officer.get(at("demand_board", held.pk)))
    assert ("Roti (4)" in page, "1. Tas (23)" in page) == (True, True)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "medono"}, {"Medono"}),
        ({"q": "bendankergon"}, {"Bendan Kergon"}),
        ({"state": "asked"}, {"Bendan Kergon"}),
        ({"q": "Medono", "state": "no_meeting"}, set()),
        ({"q": "Medono", "state": "open"}, {"Medono"}),
        ({"q": "!!"}, set()),
    ],
)
def test_demand_board_is_narrowed(officer: Client, held: TopicRound, asked: dict[str, str], names: set[str]) -> None:
    wish(held, topic("Roti"))
    meeting(held, region=factories.MEDONO)
    rows = officer.get(at("demand_board", held.pk), asked).context["rows"]
    assert {row.region.name for row in rows} == names


def test_demand_board_of_a_village_officer_is_the_own_village(client: Client, held: TopicRound) -> None:
    wish(held, topic("Roti"), region=factories.MEDONO), wish(held, topic("Roti"))
    response = entered(client, cast.village_officer_here()).get(at("demand_board", held.pk))
    assert [row.region.code for row in response.context["rows"]] == [HERE]
    assert (response.context["asked"], response.context["keeps"]) == (1, False)


def test_demand_board_takes_the_same_queries_however_many_ask(officer: Client, held: TopicRound) -> None:
    counts = []
    officer.get(at("demand_board", held.pk))  # what is read once in a session
    for many in (1, 12):
        for code in list(factories.REGIONS)[6 : 6 + many]:
            if len(code) == 13 and code.startswith("33.75"):
                wish(held, topic("Roti"), topic("Tas"), region=code)
        with CaptureQueriesContext(connection) as asked:
            officer.get(at("demand_board", held.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_demand_place_shows_numbers_and_history(officer: Client, held: TopicRound) -> None:
    wish(held, topic("Roti"), topic("Tas"))
    made = decision(held, topic("Tas"))
    officer.post(at("decision_undo", made.pk))
    decision(held, topic("Rajut"))
    page = text_of(officer.get(at("demand_place", held.pk, HERE)))
    assert [words for words in ("Roti", "Rajut", "Keputusan yang dicabut") if words not in page] == []
    assert officer.get(at("demand_place", held.pk, factories.MIROTO)).status_code == 404


def test_demand_decide_keeps_the_decision(officer: Client, held: TopicRound) -> None:
    url, bread = at("demand_decide", held.pk, HERE), topic("Roti")
    sent = {"topic": bread.pk, "outcome": "chosen", "reason": "Diminta musyawarah."}
    assert officer.post(url, sent)["Location"] == at("demand_place", held.pk, HERE)
    assert decided_topics(held.fiscal_year) == {HERE: [bread]}
    again = officer.post(url, sent)
    assert again.status_code == 422
    assert "Topik ini sudah diputuskan di wilayah itu." in text_of(again)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("topic", {"topic": ""}),
        ("outcome", {"outcome": "perhaps"}),
        ("reason", {"reason": " "}),
        ("reason", {"reason": "Untuk NIK 9971 0152 0799 0001."}),
    ],
)
def test_demand_decide_says_what_is_wrong(
    officer: Client, held: TopicRound, field: str, values: dict[str, str]
) -> None:
    sent = {"topic": topic("Roti").pk, "outcome": "chosen", "reason": "Rp2.400.000 dari dana 2026."} | values
    response = officer.post(at("demand_decide", held.pk, HERE), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert TopicDecision.objects.count() == 0


def test_decision_undo_opens_the_topic_again(officer: Client, held: TopicRound) -> None:
    made = decision(held, topic("Roti"))
    for _ in range(2):  # the second press finds it done
        assert officer.post(at("decision_undo", made.pk))["Location"] == at("demand_place", held.pk, HERE)
    assert decided_topics(held.fiscal_year) == {}
    assert AuditEntry.objects.filter(action="topic.decision_undone").count() == 1


def test_demand_choose_takes_the_most_wanted_everywhere(officer: Client, held: TopicRound) -> None:
    for code in (HERE, factories.MEDONO):
        wish(held, topic("Roti"), region=code), wish(held, topic("Roti"), topic("Tas"), region=code)
    url = at("demand_choose", held.pk)
    assert "Medono" in text_of(officer.get(url))
    officer.post(url, {"per_region": "2", "reason": "Paling banyak diminta."})
    assert decided_topics(held.fiscal_year) == dict.fromkeys([factories.MEDONO, HERE], [topic("Roti"), topic("Tas")])
    assert "Tidak ada lagi yang perlu dipilih" in text_of(officer.get(url))
    late = officer.post(url, {"per_region": "1", "reason": "Lagi."})
    assert late.status_code == 422


def test_round_create_opens_a_round(officer: Client) -> None:
    bread, day = topic("Roti"), factories.agency().today()
    sent = {"fiscal_year": 2031, "opens_on": day.isoformat(), "closes_on": day.isoformat(), "topics": [bread.pk]}
    response = officer.post(at("round_create"), sent)
    made = TopicRound.objects.get()
    assert (response["Location"], made.is_open, list(made.topics.all())) == (
        at("demand_board", made.pk),
        True,
        [bread],
    )
    assert officer.post(at("round_create"), sent).status_code == 422


@pytest.mark.parametrize(
    ("field", "values"),
    [("fiscal_year", {"fiscal_year": "x"}), ("closes_on", {"closes_on": "2020-01-01"}), ("opens_on", {"opens_on": ""})],
)
def test_round_create_says_what_is_wrong(officer: Client, field: str, values: dict[str, str]) -> None:
    sent = {"fiscal_year": "2031", "opens_on": "2030-01-01", "closes_on": "2030-02-01"} | values
    response = officer.post(at("round_create"), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_round_edit_changes_the_dates(officer: Client, held: TopicRound) -> None:
    last = held.closes_on + timedelta(days=5)
    sent = {"fiscal_year": held.fiscal_year, "opens_on": held.opens_on.isoformat(), "closes_on": last.isoformat()}
    assert officer.post(at("round_edit", held.pk), sent).status_code == 302
    held.refresh_from_db()
    assert held.closes_on == last


def outcome(**values: Any) -> dict[str, Any]:
    day = factories.agency().today().isoformat()
    defaults = {"held_on": day, "attendees": "40", "rows": "5", "topic1": topic("Roti").pk, "number1": "25"}
    return defaults | values


def test_meeting_enter_keeps_outcome_and_scan(client: Client, held: TopicRound) -> None:
    url = at("meeting_enter", held.pk, HERE)
    scan = SimpleUploadedFile("../../pindai.exe", PDF, "text/html")
    sent = outcome(topic3=topic("Tas").pk, number3="9", file=scan, chaired_by="Lurah")
    response = entered(client, cast.village_officer_here()).post(url, sent)
    assert response["Location"] == at("demand_place", held.pk, HERE)
    made = TopicMeeting.objects.get()
    assert [(line.rank, line.topic.name, line.requesters) for line in made.ranking.all()] == [
        (1, "Roti", 25),
        (2, "Tas", 9),
    ]
    assert made.file is not None
    assert (made.file.content(), made.file.content_type) == (PDF, "application/pdf")
    assert made.file.name == f"usulan-topik-bendan-kergon-{held.fiscal_year}.pdf"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("held_on", {"held_on": "2026-02-30"}),
        ("attendees", {"attendees": "0"}),
        ("number1", {"number1": ""}),
        ("number1", {"number1": "41"}),
        ("topic1", {"topic1": ""}),
        ("topic1", {"topic1": "", "number1": ""}),
        ("__all__", {"held_on": "2099-01-01"}),
        ("file", {"file": SimpleUploadedFile("pindai.pdf", b"MZ", "application/pdf")}),
    ],
)
def test_meeting_enter_says_beside_the_field_what_is_wrong(
    officer: Client, held: TopicRound, field: str, values: dict[str, Any]
) -> None:
    response = officer.post(at("meeting_enter", held.pk, HERE), outcome(chaired_by="Bapak Lurah") | values)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert 'value="Bapak Lurah"' in response.content.decode()
    assert MeetingTopic.objects.count() == 0


def test_meeting_enter_names_a_topic_once(officer: Client, held: TopicRound) -> None:
    sent = outcome(topic2=topic("Roti").pk, number2="3")
    response = officer.post(at("meeting_enter", held.pk, HERE), sent)
    assert list(response.context["form"].errors) == ["topic2"]


def test_meeting_enter_refuses_a_large_file(officer: Client, held: TopicRound) -> None:
    large = SimpleUploadedFile("pindai.pdf", PDF + b"0" * (5 * 1024 * 1024), "application/pdf")
    response = officer.post(at("meeting_enter", held.pk, HERE), outcome(file=large))
    assert list(response.context["form"].errors) == ["file"]


def test_meeting_enter_gives_more_rows_and_keeps_what_was_typed(officer: Client, held: TopicRound) -> None:
    response = officer.post(at("meeting_enter", held.pk, HERE), outcome(add_row="1", chaired_by="Lurah"))
    form = response.context["form"]
    assert (response.status_code, form.count, form["number1"].value()) == (200, 8, "25")
    assert 'value="Lurah"' in response.content.decode()
    assert TopicMeeting.objects.count() == 0


def test_meeting_enter_takes_no_strange_key(officer: Client, held: TopicRound) -> None:
    assert officer.post(at("meeting_enter", held.pk, HERE), outcome(replaces="9" * 5000)).status_code == 302


@pytest.mark.parametrize("rest", ["", "putuskan/", "musyawarah/"])
def test_demand_place_of_no_region_is_not_found(officer: Client, held: TopicRound, rest: str) -> None:
    assert officer.get(f"/kerja/usulan/{held.pk}/33%00/{rest}").status_code == 404


def test_meeting_enter_corrects_what_stands(officer: Client, held: TopicRound) -> None:
    known = meeting(held, attendees=33)
    known.ranking.create(rank=1, topic=topic("Tas"), requesters=12)
    url = at("meeting_enter", held.pk, HERE)
    first = officer.get(url)
    assert (first.context["form"]["attendees"].value(), first.context["replaces"]) == (33, known.pk)
    assert officer.post(url, outcome(replaces=known.pk)).status_code == 302
    (fresh,) = TopicMeeting.objects.in_force()
    assert [line.topic.name for line in fresh.ranking.all()] == ["Roti"]
    late = officer.post(url, outcome(replaces=known.pk))  # somebody else's page was older
    assert (late.status_code, TopicMeeting.objects.count()) == (422, 2)
    blind = officer.post(url, outcome())  # a page that knew of none
    assert (blind.status_code, TopicMeeting.objects.count()) == (422, 2)


def test_meeting_detail_shows_what_was_settled(officer: Client, held: TopicRound) -> None:
    made = meeting(held)
    made.ranking.create(rank=1, topic=topic("Tas"), requesters=12)
    page = text_of(officer.get(at("meeting_detail", made.pk)))
    assert ("Tas" in page, "12 orang" in page) == (True, True)


def test_meeting_print_has_a_place_for_the_signature(officer: Client, held: TopicRound) -> None:
    made = meeting(held)
    made.ranking.create(rank=1, topic=topic("Tas"), requesters=12)
    page = text_of(officer.get(at("meeting_print", made.pk)))
    said = ("Usulan topik kelurahan", "Lurah Bendan Kergon", "NIP", str(held.fiscal_year))
    assert [words for words in said if words not in page] == []


def test_meeting_file_is_only_ever_saved(officer: Client) -> None:
    rows = wanted(factories.agency())
    response = officer.get(at("meeting_file", rows["meeting"].pk))
    assert response["Content-Disposition"] == 'attachment; filename="usulan.pdf"'
    assert (response.content, response["X-Content-Type-Options"]) == (b"%PDF-", "nosniff")
    assert AuditEntry.objects.filter(action="file.downloaded").count() == 1


def test_meeting_withdraw_keeps_the_reason(officer: Client, held: TopicRound) -> None:
    made = meeting(held)
    url = at("meeting_withdraw", made.pk)
    assert officer.post(url, {"reason": ""}).status_code == 422
    assert officer.post(url, {"reason": "Salah kelurahan."}).status_code == 302
    made.refresh_from_db()
    assert (made.is_in_force, made.withdraw_reason) == (False, "Salah kelurahan.")
    assert officer.post(url, {"reason": "Lagi."}).status_code == 422


def test_phrase_list_shows_what_is_asked_most_first(officer: Client, held: TopicRound) -> None:
    lapis, nikah, done = phrase("kue lapis"), phrase("seserahan"), phrase("tas anyam", topic=topic("Tas"))
    wish(held, lapis), wish(held, nikah), wish(held, nikah)
    found = [
        [one.pk for one in officer.get(at("phrase_list"), {"tab": tab}).context["page"].rows]
        for tab in ("", "grouped", "aside")
    ]
    assert found == [[nikah.pk, lapis.pk], [done.pk], []]


def test_phrase_group_suggests_and_groups(officer: Client, held: TopicRound) -> None:
    bread = topic("Roti dan masakan")
    phrase("kue basah", topic=bread)
    first, near, other = phrase("kue basa"), phrase("kue basah kering"), phrase("zumba")
    url = at("phrase_group", first.pk)
    form = officer.get(url).context["form"]
    assert (form["topic"].value(), form["phrases"].value()) == (str(bread.pk), [str(near.pk)])
    response = officer.post(url, {"topic": bread.pk, "phrases": [near.pk]})
    assert response["Location"] == at("phrase_group", other.pk)
    assert set(bread.phrases.values_list("words", flat=True)) == {"kue basah", "kue basa", "kue basah kering"}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("topic", {}),
        ("new_name", {"topic": "Roti", "new_name": "Ecoprint"}),
        ("__all__", {"new_name": "Roti"}),
        ("topic", {"topic": "9999"}),
    ],
)
def test_phrase_group_says_what_is_wrong(officer: Client, held: TopicRound, field: str, values: dict[str, str]) -> None:
    if values.get("topic") == "Roti":
        values = values | {"topic": str(topic("Roti").pk)}
    response = officer.post(at("phrase_group", phrase("zumba").pk), values)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_phrase_group_of_another_office_is_not_found(officer: Client) -> None:
    assert officer.get(at("phrase_group", phrase("zumba", cast.next_agency()).pk)).status_code == 404


def test_phrase_aside_and_phrase_free_are_each_others_undo(officer: Client) -> None:
    words = phrase("asdf")
    officer.post(at("phrase_aside", words.pk))
    assert list(TopicPhrase.objects.waiting()) == []
    officer.post(at("phrase_free", words.pk))
    assert list(TopicPhrase.objects.waiting()) == [words]


def test_phrase_free_takes_words_out_of_their_topic(officer: Client) -> None:
    words = phrase("tas anyam", topic=topic("Tas"))
    officer.post(at("phrase_free", words.pk))
    assert list(TopicPhrase.objects.waiting()) == [words]
    assert officer.post(at("phrase_free", words.pk)).status_code == 302  # a second press changes nothing


def test_origin_list_shows_networks_that_sent_ten_and_more(officer: Client, held: TopicRound) -> None:
    for _ in range(10):
        wish(held, topic("Roti"), origin="a")
    for _ in range(9):
        wish(held, topic("Roti"), origin="b")
    response = officer.get(at("origin_list", held.pk))
    assert [one.count for one in response.context["origins"]] == [10]
    assert "127.0.0.1" not in text_of(response)


def test_origin_aside_and_origin_count_change_the_tally(officer: Client, held: TopicRound) -> None:
    sent = [wish(held, topic("Roti"), origin="a") for _ in range(10)]
    officer.post(at("origin_aside", held.pk, sent[0].pk), {"reason": "Masuk dalam satu menit."})
    assert TopicRequest.objects.counted().count() == 0
    again = officer.post(at("origin_aside", held.pk, sent[0].pk), {"reason": "Lagi."})
    assert again.status_code == 422
    officer.post(at("origin_count", held.pk, sent[3].pk))
    assert TopicRequest.objects.counted().count() == 10


def test_origin_count_of_another_round_is_not_found(officer: Client, held: TopicRound) -> None:
    other = wish(open_round(fiscal_year=2040), topic("Roti"), origin="a")
    assert officer.post(at("origin_count", held.pk, other.pk)).status_code == 404
