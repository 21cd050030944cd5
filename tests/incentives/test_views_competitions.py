"""Competitions in the browser of the office, and their public page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets.models import Reservation
from incentives import actions
from incentives.models import Competition
from incentives.queries.methods import SENTENCES
from tests import cast, factories
from tests.incentives.declared import PRICE, changed, declared, drafted, in_force, line_of, paying, redeclared

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.program_officer())
    return client


def at(name: str, competition: Competition) -> str:
    return reverse(f"incentives:{name}", args=[competition.pk])


def public(competition: Competition) -> str:
    return reverse("incentives:competition_public", args=[competition.program.slug, competition.slug])


def typed(page: Any) -> dict[str, Any]:
    """What a browser would send back of the page of a method."""
    sheet = page.context["form"]
    rows = [row for kind in sheet.parts.values() for row in kind]
    sent = {field.html_name: field.value() for form in (sheet.head, *rows) for field in form}
    kept = {name: value for name, value in sent.items() if value is not None and value is not False}
    return {name: str(value) for name, value in kept.items()} | {
        f"{kind}-rows": str(len(rows)) for kind, rows in sheet.parts.items()
    }


def test_competition_list_empty_says_what_to_do(officer: Client) -> None:
    page = officer.get(reverse("incentives:competition_list"))
    assert reverse("incentives:competition_create") in page.content.decode()


def test_competition_list_takes_as_many_queries_for_three_as_for_one(officer: Client) -> None:
    program, counts = factories.program(cast.home_agency()), []
    url = reverse("incentives:competition_list")
    officer.get(url)
    for more in (1, 2):
        for _number in range(more):
            declared(line_of(program), program=program)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert officer.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def start(program: Any) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "program": str(program.pk),
        "name": "Lomba Rintisan Digital",
        "opens_day": today.isoformat(),
        "opens_hour": "08:00",
        "closes_day": (today + timedelta(days=7)).isoformat(),
        "closes_hour": "16:00",
        "held_on": (today + timedelta(days=10)).isoformat(),
        "begins_at": "08:00",
    }


def test_competition_create_goes_on_to_the_example_method(officer: Client) -> None:
    program = factories.program(cast.home_agency())
    answer = officer.post(reverse("incentives:competition_create"), start(program))
    competition = Competition.objects.get()
    assert answer.headers["Location"] == at("competition_edit", competition)
    page = officer.get(answer.headers["Location"]).content.decode()
    assert "Inovasi dan kreativitas produk" in page
    assert 'data-must="100">100</output>' in page
    assert "Rp14.400.000" in page
    assert timezone.localtime(competition.opens_at, program.agency.zone).hour == 8


def test_competition_create_closing_first_is_refused_beside_the_field(officer: Client) -> None:
    told = start(factories.program(cast.home_agency()))
    answer = officer.post(
        reverse("incentives:competition_create"), told | {"closes_day": told["opens_day"], "closes_hour": "07:00"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].has_error("closes_day", "closes_before_opening")


def test_competition_edit_saves_what_the_page_shows(officer: Client) -> None:
    competition = drafted()
    url = at("competition_edit", competition)
    before = [list(rows.values()) for rows in (competition.editions.get().criteria, competition.editions.get().tiers)]
    answer = officer.post(url, typed(officer.get(url)))
    assert answer.headers["Location"] == at("competition_declare", competition)
    edition = competition.editions.get()
    after = [list(rows.values()) for rows in (edition.criteria, edition.tiers)]
    assert [[{**row, "id": 0} for row in rows] for rows in after] == [
        [{**row, "id": 0} for row in rows] for rows in before
    ]
    assert edition.tie_breaks == ["criteria", "more_jurors", "chair"]
    old = Competition.objects.get(pk=competition.pk)
    assert (old.line, old.held_on, old.begins_at) == (competition.line, competition.held_on, competition.begins_at)


def test_competition_edit_adds_a_row_and_keeps_what_was_typed(officer: Client) -> None:
    competition = drafted()
    url = at("competition_edit", competition)
    sent = typed(officer.get(url)) | {
        "add_row": "criterion",
        "criterion0-weight": "tidak jelas",
        "tier0-amount": "5.000",
    }
    page = officer.post(url, sent)
    assert page.status_code == 200
    sheet = page.context["form"]
    assert len(sheet.parts["criterion"]) == 6
    assert (sheet.parts["criterion"][0]["weight"].value(), sheet.parts["tier"][0]["amount"].value()) == (
        "tidak jelas",
        "5.000",
    )
    assert not sheet.errors
    assert competition.editions.get().criteria.count() == 5


def test_competition_edit_new_criterion_gets_a_code_and_old_ones_keep_theirs(officer: Client) -> None:
    competition = drafted()
    url = at("competition_edit", competition)
    sent = typed(officer.get(url)) | {
        "criterion-rows": "7",
        "criterion0-name": "Model usaha",
        "criterion4-name": "",
        "criterion4-weight": "",
        "criterion4-description": "",
        "criterion4-anchors": "",
        "criterion5-name": "Dampak sosial",
        "criterion5-weight": "10",
        "criterion5-lowest": "1",
        "criterion5-highest": "5",
        "criterion5-anchors": "5: luas\n1 : sempit",
        "criterion6-name": "Dampak sosial!",
        "criterion6-weight": "5",
        "criterion6-lowest": "0",
        "criterion6-highest": "100",
    }
    officer.post(url, sent)
    criteria = list(competition.editions.get().criteria.all())
    assert [one.code for one in criteria] == [
        "model",
        "inovasi",
        "pasar",
        "keuangan",
        "dampak-sosial",
        "dampak-sosial-2",
    ]
    assert criteria[4].anchors == [["5", "luas"], ["1", "sempit"]]


BESIDE = [
    ("criterion0-weight", "0", "weight"),
    ("criterion0-highest", "0", "highest"),
    ("criterion0-anchors", "bagus sekali", "anchors"),
    ("tier0-slots", "0", "slots"),
    ("tier0-amount", "0", "amount"),
    ("tier0-amount", "2,400", "amount"),
    ("tier0-label", "", "label"),
]


@pytest.mark.parametrize(("name", "value", "field"), BESIDE)
def test_competition_edit_faults_of_a_row_stand_beside_its_field(
    officer: Client, name: str, value: str, field: str
) -> None:
    competition = drafted()
    url = at("competition_edit", competition)
    page = officer.post(url, typed(officer.get(url)) | {name: value})
    assert page.status_code == 422
    row = page.context["form"].parts[name.split("0")[0]][0]
    assert list(row.errors) == [field]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimum", "101"),
        ("jurors_per_entry", "0"),
        ("objection_days", "61"),
        ("pitch_minutes", "0"),
        ("tie2", "criteria"),
        ("held_on", "2020-01-01"),
    ],
)
def test_competition_edit_faults_stand_beside_their_field(officer: Client, name: str, value: str) -> None:
    competition = drafted()
    url = at("competition_edit", competition)
    page = officer.post(url, typed(officer.get(url)) | {name: value})
    assert (page.status_code, list(page.context["head"].errors)) == (422, [name])


def test_competition_edit_weights_that_are_not_100_are_kept_and_told(officer: Client) -> None:
    competition = drafted()
    url = at("competition_edit", competition)
    answer = officer.post(url, typed(officer.get(url)) | {"criterion0-weight": "24,5"}, follow=True)
    assert answer.redirect_chain == [(url, 302)]
    page = answer.content.decode()
    assert answer.context["faults"] == {"criteria": [str(SENTENCES["weights"][1])]}
    assert 'data-must="100">99,5</output>' in page
    declare = officer.get(at("competition_declare", competition)).content.decode()
    assert '<form method="post">' not in declare
    assert declare.count(url) == 2


def test_competition_declare_shows_everything_and_keeps_the_money(officer: Client) -> None:
    competition = drafted()
    url = at("competition_declare", competition)
    page = officer.get(url).content.decode()
    for shown in ("Presentasi", "Juara III", "Rp14.400.000", "Rp20.000.000", paying(competition).account_code):
        assert shown in page
    answer = officer.post(url)
    assert answer.headers["Location"] == at("competition_detail", competition)
    assert Reservation.objects.get().amount == PRICE
    assert officer.post(url).status_code == 302
    assert Reservation.objects.count() == 1


def test_competition_declare_with_too_little_money_says_so(officer: Client) -> None:
    program = factories.program(cast.home_agency())
    competition = drafted(line_of(program, ceiling=1_000_000), program=program)
    page = officer.post(at("competition_declare", competition))
    assert f"“{paying(competition).title}”" in str(next(iter(page.context["messages"])))
    assert Reservation.objects.count() == 0


def test_competition_change_declare_makes_the_edition_on_the_second_page(officer: Client) -> None:
    competition = declared()
    url, confirm = at("competition_change", competition), at("competition_change_declare", competition)
    sent = typed(officer.get(url))
    assert officer.post(url, sent).status_code == 422
    answer = officer.post(url, sent | {"reason": "Permintaan juri", "minimum": "60", "tier0-slots": "1"})
    assert answer.headers["Location"] == confirm
    page = officer.get(confirm).content.decode()
    assert "Permintaan juri" in page
    assert "-Rp3.000.000" in page
    assert in_force(competition) == 1
    officer.post(confirm)
    assert in_force(competition) == 2
    assert Reservation.objects.get(released_at=None).amount == PRICE - 3_000_000


def test_competition_change_discard_leaves_what_was_declared(officer: Client) -> None:
    competition = declared()
    changed(competition)
    officer.post(at("competition_change_discard", competition))
    assert competition.editions.count() == 1


def test_competition_detail_tells_editions_with_who_when_why_and_what(officer: Client) -> None:
    competition = redeclared(declared(), reason="Juri meminta ambang", minimum=60)
    page = officer.get(at("competition_detail", competition))
    newest, first = page.context["history"]
    assert [(one.before, one.after) for one in newest.differences] == [("tidak ada", "60")]
    assert (first.differences, newest.edition.reason) == ([], "Juri meminta ambang")
    assert cast.program_officer().full_name in page.content.decode()


def test_competition_edit_says_on_top_that_rows_are_wrong_beside_other_faults(officer: Client) -> None:
    url = at("competition_edit", drafted())
    page = officer.post(url, typed(officer.get(url)) | {"criterion0-weight": "x", "minimum": "101"})
    head = page.context["head"]
    assert (list(head.errors), len(head.non_field_errors())) == (["minimum", "__all__"], 1)


def test_competition_cancel_asks_why(officer: Client) -> None:
    competition = declared()
    url = at("competition_cancel", competition)
    assert officer.post(url, {"reason": " "}).status_code == 422
    officer.post(url, {"reason": "Dana dialihkan"})
    page = officer.get(public(competition)).content.decode()
    assert "Dana dialihkan" in page


def test_competition_public_shows_the_method_and_no_officer(client: Client) -> None:
    competition = redeclared(declared(), reason="Juri meminta ambang", minimum=60)
    page = client.get(public(competition)).content.decode()
    for shown in ("Model dan deskripsi usaha", "Juara II", "Rp2.400.000", "Juri meminta ambang"):
        assert shown in page
    assert cast.program_officer().full_name not in page
    assert paying(competition).account_code not in page


def test_competition_public_hides_drafts_and_what_is_only_proposed(client: Client) -> None:
    assert client.get(public(drafted())).status_code == 404
    competition = declared()
    changed(competition, reason="Rahasia dulu")
    assert "Rahasia dulu" not in client.get(public(competition)).content.decode()


def test_colleagues_who_may_only_look_find_no_button(client: Client) -> None:
    competition = drafted()
    client.force_login(cast.division_head())
    page = client.get(at("competition_detail", competition)).content.decode()
    assert at("competition_edit", competition) not in page
    assert client.post(at("competition_declare", competition)).status_code == 403
    assert actions.declare_competition(competition=competition, by=cast.program_officer()).state == "declared"


def test_competition_public_is_linked_from_its_programme_once_declared(client: Client) -> None:
    program = factories.program(cast.home_agency())
    competition = drafted(program=program)
    assert public(competition) not in client.get(program.get_absolute_url()).content.decode()
    actions.declare_competition(competition=competition, by=cast.program_officer())
    assert public(competition) in client.get(program.get_absolute_url()).content.decode()


def test_competition_declare_says_beforehand_how_much_is_missing(officer: Client) -> None:
    program = factories.program(cast.home_agency())
    competition = drafted(line_of(program, ceiling=PRICE - 400_000), program=program)
    assert officer.get(at("competition_declare", competition)).context["missing"] == 400_000
    there = declared(line_of(program, ceiling=PRICE), program=program)
    changed(there, tiers=[("Juara", 1, PRICE + 1)])
    assert officer.get(at("competition_change_declare", there)).context["missing"] == 1


def test_competition_detail_takes_as_many_queries_for_five_editions_as_for_two(officer: Client) -> None:
    competition, counts = redeclared(declared(), minimum=50), []
    for more in (0, 3):
        for number in range(more):
            competition = redeclared(competition, minimum=60 + number)
        officer.get(at("competition_detail", competition))
        with CaptureQueriesContext(connection) as captured:
            page = officer.get(at("competition_detail", competition))
        counts.append(len(captured))
    assert len(page.context["history"]) == 5
    assert counts[0] == counts[1]
