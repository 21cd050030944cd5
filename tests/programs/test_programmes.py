"""Programmes and topics at the desk."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from programs.actions import move_program, publish_batch, save_reference, set_requirements
from programs.models import Batch, Program, Topic
from programs.rules import Requirement
from tests import cast, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


@pytest.fixture
def desk(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def typed(**values: Any) -> dict[str, Any]:
    standard = {"selection_method": "first_come", "duplicate_rule": "per_year", "offer_hours": "24"}
    standard |= {"attendance_rule": "share", "attendance_share": "80", "partial_presence": "whole"}
    standard |= {"late_minutes": "15", "replacement": "before_start"}
    demands = dict.fromkeys(("identity_card", "domicile_letter", "target_group_letter"), "none")
    return {"name": "Pelatihan kerja 2027", **standard, **demands, **values}


def test_program_create_makes_a_draft_of_the_funds_office(desk: Client, officer: User) -> None:
    fund = factories.fund_source(cast.home_agency())
    answer = desk.post("/kerja/program/baru/", typed(fund_source=fund.pk))
    program = Program.objects.get()
    assert answer["Location"] == f"/kerja/program/{program.pk}/"
    assert (program.agency, program.slug, program.state) == (officer.agency, "pelatihan-kerja-2027", "draft")
    assert AuditEntry.objects.get(action="program.saved").actor == officer


def test_program_create_keeps_what_was_typed_and_says_what_is_missing(desk: Client) -> None:
    answer = desk.post("/kerja/program/baru/", typed(offer_hours="200"))
    assert answer.status_code == 422
    assert answer.context["form"]["name"].value() == "Pelatihan kerja 2027"
    assert sorted(answer.context["form"].errors) == ["__all__", "fund_source"]
    assert Program.objects.count() == 0


def test_program_create_refuses_a_fund_of_another_office(desk: Client) -> None:
    fund = factories.fund_source(cast.next_agency())
    assert desk.post("/kerja/program/baru/", typed(fund_source=fund.pk)).status_code == 422
    assert Program.objects.count() == 0


def test_program_edit_keeps_the_lines_that_pay_and_offers_those_of_its_fund_alone(desk: Client) -> None:
    fund = factories.fund_source(cast.home_agency())
    program = factories.program(cast.home_agency(), fund_source=fund)
    mine, foreign = factories.budget_line(fund), factories.budget_line()
    page = desk.get(f"/kerja/program/{program.pk}/ubah/").content.decode()
    assert mine.description in page
    assert foreign.description not in page
    assert (
        desk.post(f"/kerja/program/{program.pk}/ubah/", typed(fund_source=fund.pk, lines=[mine.pk])).status_code == 302
    )
    assert list(program.budget_lines.all()) == [mine]
    assert mine.sub_activity_code in desk.get(f"/kerja/program/{program.pk}/").content.decode()
    answer = desk.post(f"/kerja/program/{program.pk}/ubah/", typed(fund_source=fund.pk, lines=[foreign.pk]))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["lines"])


def test_program_edit_refuses_another_fund_while_lines_of_the_first_are_ticked(desk: Client) -> None:
    program, other = factories.program(cast.home_agency()), factories.fund_source(cast.home_agency(), code="pad")
    line = factories.budget_line(program.fund_source)
    program.budget_lines.add(line)
    data = typed(fund_source=other.pk, lines=[line.pk])
    answer = desk.post(f"/kerja/program/{program.pk}/ubah/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["lines"])
    assert Program.objects.get().fund_source == program.fund_source
    del data["lines"]
    assert desk.post(f"/kerja/program/{program.pk}/ubah/", data).status_code == 302
    assert list(program.budget_lines.all()) == []


def test_program_create_finds_a_free_address(desk: Client) -> None:
    fund = factories.fund_source(cast.home_agency())
    for _time in range(2):
        desk.post("/kerja/program/baru/", typed(fund_source=fund.pk))
    slugs = Program.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["pelatihan-kerja-2027", "pelatihan-kerja-2027-2"]


def test_program_requirements_replace_the_former_ones(desk: Client) -> None:
    program = factories.program(cast.home_agency())
    data = {"age_minimum": "18", "age_maximum": "60", "domicile": "", "groups": ["pencari_kerja", "pelaku_ikm"]}
    assert desk.post(f"/kerja/program/{program.pk}/syarat/", data).status_code == 302
    found = program.rules.values_list("kind", "minimum", "maximum", "values")
    assert list(found) == [("age", 18, 60, []), ("target_group", None, None, ["pencari_kerja", "pelaku_ikm"])]


def test_program_requirements_say_when_the_bounds_are_crossed(desk: Client) -> None:
    program = factories.program(cast.home_agency())
    before = list(program.rules.values_list("kind", "minimum"))
    answer = desk.post(f"/kerja/program/{program.pk}/syarat/", {"age_minimum": "60", "age_maximum": "18"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["age_maximum"])
    assert list(program.rules.values_list("kind", "minimum")) == before


def test_program_ends_only_without_batches_to_come(officer: User) -> None:
    program = factories.program(cast.home_agency(), state="open")
    batch = factories.batch(program)
    with pytest.raises(ValidationError) as refused:
        move_program(program=program, to="finished", by=officer)
    assert refused.value.code == "program_has_batches"
    Batch.objects.filter(pk=batch.pk).update(state="finished")
    assert move_program(program=program, to="finished", by=officer).state == "finished"


@pytest.mark.parametrize(
    ("state", "to"), [("draft", "finished"), ("finished", "open"), ("cancelled", "open"), ("open", "x")]
)
def test_program_state_goes_only_forward(officer: User, state: str, to: str) -> None:
    program = factories.program(cast.home_agency(), state=state)
    with pytest.raises(ValidationError) as refused:
        move_program(program=program, to=to, by=officer)
    assert refused.value.code == "program_state"


def test_requirements_keep_one_of_each_kind(officer: User) -> None:
    program = factories.program(cast.home_agency())
    for oldest in (50, 60):
        set_requirements(program=program, requirements=[Requirement("age", 17, oldest)], by=officer)
    assert list(program.rules.values_list("kind", "minimum", "maximum")) == [("age", 17, 60)]


def test_program_desk_shows_the_sums_of_living_batches(desk: Client) -> None:
    program = factories.program(cast.home_agency())
    factories.batch(program, quota=40)
    factories.batch(program, quota=30)
    cancelled = factories.batch(program, quota=20)
    Batch.objects.filter(pk=cancelled.pk).update(state="cancelled", cancelled_at=cancelled.registration_opens_at)
    assert desk.get(f"/kerja/program/{program.pk}/").context["sums"] == {"batches": 2, "seats": 70, "taken": 0}


def test_topic_list_adds_a_topic_once(desk: Client, officer: User) -> None:
    assert desk.post("/kerja/topik/", {"name": "Rajut", "name_en": "Knitting"}).status_code == 302
    again = desk.post("/kerja/topik/", {"name": "Rajut", "name_en": ""})
    assert (again.status_code, Topic.objects.filter(agency=officer.agency).count()) == (422, 1)


def test_topic_edit_of_another_office_is_not_found(desk: Client) -> None:
    topic = Topic.objects.create(agency=cast.next_agency(), name="Rajut")
    assert desk.post(f"/kerja/topik/{topic.pk}/", {"name": "Tas"}).status_code == 404


def test_program_board_tells_current_from_ended(desk: Client) -> None:
    current = factories.program(cast.home_agency(), state="open")
    ended = factories.program(cast.home_agency(), state="finished", slug="selesai")
    assert [row.pk for row, _sums in desk.get("/kerja/program/").context["rows"]] == [current.pk]
    assert [row.pk for row, _sums in desk.get("/kerja/program/?state=ended").context["rows"]] == [ended.pk]


def test_program_edit_changes_only_what_was_typed(desk: Client) -> None:
    program = factories.program(cast.home_agency())
    data = typed(name="Nama baru", fund_source=program.fund_source_id)
    assert desk.post(f"/kerja/program/{program.pk}/ubah/", data).status_code == 302
    changed = Program.objects.get(pk=program.pk)
    assert (changed.name, changed.slug, changed.state) == ("Nama baru", program.slug, program.state)


def test_program_move_says_why_it_did_not_go(desk: Client) -> None:
    program = factories.program(cast.home_agency(), state="open")
    factories.batch(program)
    answer = desk.post(f"/kerja/program/{program.pk}/keadaan/", {"state": "finished"}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert said == ["1 angkatan masih direncanakan atau terbit. Selesaikan atau batalkan dahulu."]


def test_program_edit_sets_one_per_household_until_a_batch_is_public(desk: Client, officer: User) -> None:
    program = factories.program(cast.home_agency())
    address, sent = f"/kerja/program/{program.pk}/ubah/", typed(fund_source=program.fund_source_id)
    assert "Satu peserta per kartu keluarga (KK)" in desk.get(f"/kerja/program/{program.pk}/").content.decode()
    batch = factories.batch(program, state="planned")
    assert desk.post(address, sent | {"one_per_household": "on"}).status_code == 302
    assert Program.objects.get().one_per_household
    publish_batch(batch=batch, by=officer)
    page = desk.get(address)
    assert page.context["form"]["one_per_household"].field.disabled
    assert "Angkatan program ini sudah diumumkan" in page.content.decode()
    assert desk.post(address, sent).status_code == 302
    program = Program.objects.get()
    assert program.one_per_household
    program.one_per_household = False
    with pytest.raises(ValidationError) as refused:
        save_reference(row=program, changed=["one_per_household"], by=officer)
    assert list(refused.value.message_dict) == ["one_per_household"]
    Batch.objects.update(state="cancelled", cancelled_at=timezone.now())
    save_reference(row=program, changed=["one_per_household"], by=officer)
    assert not Program.objects.get().one_per_household
