import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from documents.kinds import paper_kinds
from programs.actions import Member, name_committee
from programs.models import CommitteeMember, Program
from tests import cast, factories

pytestmark = pytest.mark.django_db
CHAIR = Member("Agus Contoh, S.E.", "Ketua", "Kepala Bidang Pelatihan", "198001012005011001")
CLERK = Member("Ratna Contoh", "Sekretaris")


def named(program: Program, team: str = "committee") -> list[tuple[int, str, str]]:
    return [(one.place, one.name, one.duty) for one in program.members.filter(team=team)]


def test_name_committee_replaces_one_team_and_leaves_the_other() -> None:
    program, officer = factories.program(cast.home_agency()), cast.program_officer()
    name_committee(program=program, team="selection", members=[CLERK], by=officer)
    name_committee(program=program, team="committee", members=[CHAIR, CLERK], by=officer)
    name_committee(program=program, team="committee", members=[CLERK, CHAIR], by=officer)
    assert named(program) == [(1, "Ratna Contoh", "Sekretaris"), (2, "Agus Contoh, S.E.", "Ketua")]
    assert named(program, "selection") == [(1, "Ratna Contoh", "Sekretaris")]
    last = AuditEntry.objects.filter(action="program.committee_named").latest("pk")
    assert last.changes == {"team": "committee", "count": 2}


def test_name_committee_takes_at_most_forty() -> None:
    program = factories.program(cast.home_agency())
    with pytest.raises(ValidationError) as refused:
        name_committee(program=program, team="committee", members=[CLERK] * 41, by=cast.program_officer())
    assert refused.value.code == "committee_size"
    assert named(program) == []


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"place": 1}, "committee_place_once"),
        ({"team": "jury"}, "committee_team_known"),
        ({"nip": "12"}, "committee_nip_has_18_digits"),
        ({"place": 41}, "committee_member_named"),
        ({"name": ""}, "committee_member_named"),
    ],
)
def test_committee_member_is_refused_by_the_database(changed: dict[str, object], constraint: str) -> None:
    program = factories.program(cast.home_agency())
    values = {"program": program, "team": "committee", "name": "A", "duty": "Ketua"}
    CommitteeMember.objects.create(**values, place=1)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CommitteeMember.objects.create(**(values | {"place": 2} | changed))


def rows(*members: dict[str, str]) -> dict[str, str]:
    sent = {"rows": str(len(members))}
    for number, member in enumerate(members):
        for field in ("name", "duty", "office", "nip"):
            sent[f"m{number}-{field}"] = member.get(field, "")
    return sent


def test_program_committee_saves_rows_and_skips_empty_ones(client: Client) -> None:
    program = factories.program(cast.home_agency())
    client.force_login(cast.program_officer())
    address = reverse("programs:program_committee", args=[program.pk, "committee"])
    assert client.get(address).status_code == 200
    chair = {"name": " Agus  Contoh ", "duty": "Ketua", "nip": "19800101 200501 1 001"}
    sent = rows(chair, {}, {"name": "B", "duty": "S"})
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert named(program) == [(1, "Agus Contoh", "Ketua"), (2, "B", "S")]
    assert program.members.get(place=1).nip == "198001012005011001"


def test_program_committee_keeps_what_was_typed_beside_the_error(client: Client) -> None:
    program = factories.program(cast.home_agency())
    client.force_login(cast.program_officer())
    address = reverse("programs:program_committee", args=[program.pk, "committee"])
    client.cookies["django_language"] = "en"
    answer = client.post(address, rows({"name": "Agus Contoh", "nip": "1980"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in ("Agus Contoh", 'value="1980"', "A NIP has 18 digits. You entered 4.", "Enter the duty in the team."):
        assert words in text
    assert named(program) == []


def test_committee_decree_needs_its_members() -> None:
    program = factories.program(cast.home_agency(), name="Pelatihan Roti")
    kind = paper_kinds()["committee_decree"]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        kind.build(list(kind.subjects(program)))
    assert refused.value.messages == ["Name the committee of Pelatihan Roti first."]
    name_committee(program=program, team="committee", members=[CHAIR], by=cast.program_officer())
    [built] = kind.build(list(kind.subjects(program)))
    [group] = built["annexes"][0]["groups"]
    assert group["table"]["rows"] == [
        ["1", "Agus Contoh, S.E.", "19800101 200501 1 001", "Kepala Bidang Pelatihan", "Ketua"]
    ]
