"""Officials, positions and letterheads as the office keeps them."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.models import Agency, AuditEntry, User
from documents import actions
from documents.models import Letterhead, Mandate, Official, Position, Tenure, letterhead_of, signatory_for
from tests import cast, factories

pytestmark = pytest.mark.django_db

JULY, AUGUST = dt.date(2024, 7, 1), dt.date(2024, 8, 1)


@pytest.fixture
def office() -> Agency:
    return cast.home_agency()


@pytest.fixture
def officer(client: Client, office: Agency) -> User:
    person = cast.program_officer()
    client.force_login(person)
    return person


@pytest.fixture
def head(office: Agency) -> Position:
    return factories.position(office)


def url(name: str, *keys: int) -> str:
    return reverse(f"documents:{name}", args=keys)


def official_data(**values: Any) -> dict[str, Any]:
    return {
        "full_name": "Siti Contoh",
        "nip": "19700301 199503 2 001",
        "grade": "IV/b",
        "rank": "",
        "user": "",
    } | values


def refusal(act: Any) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value


def test_official_create_keeps_the_digits_and_the_rank_of_the_grade(client: Client, officer: User) -> None:
    answer = client.post(url("official_create"), official_data(title_prefix="Dra.", title_suffix=", M.M."))
    assert answer.status_code == 302
    made = Official.objects.get()
    assert (made.written_name, made.nip) == ("Dra. Siti Contoh, M.M.", "197003011995032001")
    assert made.written_rank == "Pembina Tingkat I (IV/b)"
    assert AuditEntry.objects.filter(action="official.saved", actor=officer).exists()


def test_official_create_tells_what_is_wrong_beside_the_field_and_keeps_what_was_typed(
    client: Client, officer: User, office: Agency
) -> None:
    answer = client.post(url("official_create"), official_data(nip="19700301"))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"nip": ["NIP terdiri atas 18 angka. Anda mengisi 8."]}
    assert 'value="19700301"' in answer.content.decode()
    factories.official(office, nip="197003011995032001")
    answer = client.post(url("official_create"), official_data())
    assert list(answer.context["form"].errors) == ["nip"]
    assert Official.objects.count() == 1


def test_official_edit_of_a_neighbours_office_finds_nothing(client: Client, officer: User) -> None:
    other = factories.official(cast.next_agency())
    assert client.get(url("official_edit", other.pk)).status_code == 404
    assert client.post(url("official_edit", other.pk), official_data()).status_code == 404


def test_official_edit_links_an_account_that_may_sign(client: Client, officer: User, office: Agency) -> None:
    row, signer, nobody = factories.official(office), cast.division_head(), cast.nobody()
    assert client.post(url("official_edit", row.pk), official_data(user=nobody.pk)).status_code == 422
    assert client.post(url("official_edit", row.pk), official_data(user=signer.pk)).status_code == 302
    assert Official.objects.get().user == signer


def test_official_cannot_be_linked_or_given_a_position_by_the_person(office: Agency, head: Position) -> None:
    me = cast.division_head()
    row = factories.official(office)
    row.user = me
    assert refusal(lambda: actions.save_official(row=row, changed=["user"], by=me)).error_dict["user"][0].code == (
        "own_account"
    )
    row.save()
    give: dict[str, Any] = {"position": head, "official": row, "held_as": "plt", "first": JULY}
    assert refusal(lambda: actions.give_position(by=me, **give)).code == "own_position"
    assert actions.give_position(by=cast.program_officer(), **give).short_form == "Plt."


def test_official_list_shows_names_and_numbers_of_the_own_office(client: Client, officer: User, office: Agency) -> None:
    factories.official(office)
    factories.official(cast.next_agency(), "Tetangga")
    page = client.get(url("official_list")).content.decode()
    assert ("Drs. Budi Contoh, M.M." in page, "19620705 198803 1 002" in page) == (True, True)
    assert "Tetangga" not in page


def test_position_edit_refuses_a_second_of_the_same_title_as_creating_does(
    client: Client, officer: User, office: Agency, head: Position
) -> None:
    data = {"title": "  Kepala   Dinas ", "kind": "agency_head"}
    answer = client.post(url("position_create"), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["title"])
    answer = client.post(url("position_create"), data | {"title": "Kepala Bidang Pelatihan", "kind": "division_head"})
    made = Position.objects.get(kind="division_head")
    assert answer["Location"] == url("position_detail", made.pk)
    answer = client.post(url("position_edit", made.pk), data)
    assert answer.status_code == 422
    client.post(url("position_edit", made.pk), {"title": "Kabid Pelatihan", "kind": "division_head", "closed": "on"})
    assert (Position.objects.get(pk=made.pk).title, Position.objects.in_use().count()) == ("Kabid Pelatihan", 1)


def test_position_create_leads_on_to_who_holds_it(client: Client, officer: User, office: Agency) -> None:
    answer = client.post(url("position_create"), {"title": "Bendahara", "kind": "treasurer"}, follow=True)
    assert "Hari ini belum ada penandatangan" in answer.content.decode()


def test_position_list_says_who_signs_today_under_a_fixed_number_of_queries(
    client: Client, officer: User, office: Agency, head: Position
) -> None:
    factories.tenure(head, factories.official(office))
    client.get(url("position_list"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        page = client.get(url("position_list")).content.decode()
    assert "Drs. Budi Contoh, M.M." in page
    for title in ("Sekretaris", "Bendahara"):
        factories.position(office, title, "other")
    with CaptureQueriesContext(connection) as three:
        page = client.get(url("position_list")).content.decode()
    assert len(one) == len(three)
    assert page.count("Belum ada") == 2


def test_position_detail_shows_how_papers_of_today_end(
    client: Client, officer: User, office: Agency, head: Position
) -> None:
    assert "Hari ini belum ada penandatangan" in client.get(url("position_detail", head.pk)).content.decode()
    factories.tenure(head, factories.official(office))
    factories.tenure(head, factories.official(office, "Siti", nip=""), form="plh")
    factories.mandate(head, factories.position(office, "Sekretaris", "secretary"))
    page = client.get(url("position_detail", head.pk)).content.decode()
    assert page.index("Plh. Kepala Dinas,") < page.index("NIP. 19620705 198803 1 002")
    assert "Sekretaris" in page


def test_tenure_create_refuses_a_second_holder_of_the_same_days(
    client: Client, officer: User, office: Agency, head: Position
) -> None:
    who, next_one = factories.official(office), factories.official(office, "Siti", nip="")
    data = {"official": who.pk, "held_as": "definitive", "first": "2024-07-01", "last": "", "decree": "821.2/1"}
    assert client.post(url("tenure_create", head.pk), data).status_code == 302
    answer = client.post(url("tenure_create", head.pk), data | {"official": next_one.pk, "first": "2024-09-01"})
    assert answer.status_code == 422
    assert "Akhiri dahulu" in answer.content.decode()
    answer = client.post(url("tenure_create", head.pk), data | {"last": "2024-06-30"})
    assert list(answer.context["form"].errors) == ["last"]
    client.post(url("tenure_end", Tenure.objects.get().pk), {"last": "2024-08-31"})
    answer = client.post(url("tenure_create", head.pk), data | {"official": next_one.pk, "first": "2024-09-01"})
    assert answer.status_code == 302
    found = [signatory_for(office, head, day) for day in (dt.date(2024, 8, 31), dt.date(2024, 9, 1))]
    assert [one.name if one else None for one in found] == ["Drs. Budi Contoh, M.M.", "Drs. Siti, M.M."]


def test_tenure_create_takes_no_official_of_another_office(client: Client, officer: User, head: Position) -> None:
    other = factories.official(cast.next_agency())
    data = {"official": other.pk, "held_as": "plt", "first": "2024-07-01"}
    assert client.post(url("tenure_create", head.pk), data).status_code == 422
    with pytest.raises(ValueError, match="another"):
        actions.give_position(position=head, official=other, held_as="plt", first=JULY, by=officer)


def test_tenure_end_before_its_first_day_is_refused(
    client: Client, officer: User, office: Agency, head: Position
) -> None:
    tenure = factories.tenure(head, factories.official(office), first=JULY)
    answer = client.post(url("tenure_end", tenure.pk), {"last": "2024-06-30"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["last"])
    refused = refusal(lambda: actions.end_tenure(tenure=tenure, last=dt.date(2024, 6, 30), by=officer))
    assert refused.error_dict["last"][0].code == "days_in_order"


def test_tenure_remove_leaves_a_line_in_the_trail(
    client: Client, officer: User, office: Agency, head: Position
) -> None:
    tenure = factories.tenure(head, factories.official(office), first=JULY)
    assert client.get(url("tenure_remove", tenure.pk)).status_code == 405
    assert client.post(url("tenure_remove", tenure.pk))["Location"] == url("position_detail", head.pk)
    entry = AuditEntry.objects.get(action="position.taken_out")
    assert (Tenure.objects.count(), entry.changes["first"]) == (0, "2024-07-01")


def test_mandate_create_end_and_remove(client: Client, officer: User, office: Agency, head: Position) -> None:
    deputy = factories.position(office, "Sekretaris", "secretary")
    factories.tenure(deputy, factories.official(office))
    data = {"deputy": deputy.pk, "via": "", "kinds": ["test_invitation"], "first": "2024-07-01", "last": ""}
    assert client.post(url("mandate_create", head.pk), data | {"via": deputy.pk}).status_code == 422
    assert client.post(url("mandate_create", head.pk), data | {"kinds": ["unknown"]}).status_code == 422
    assert client.post(url("mandate_create", head.pk), data | {"deputy": head.pk}).status_code == 422
    assert client.post(url("mandate_create", head.pk), data).status_code == 302
    assert "Test invitation" in client.get(url("position_detail", head.pk)).content.decode()
    found = signatory_for(office, head, AUGUST, paper="test_invitation")
    assert found is not None
    assert found.lines == ("a.n. Kepala Dinas", "Sekretaris")
    assert "sudah ada" in client.post(url("mandate_create", head.pk), data).content.decode()


def test_mandate_end_sets_its_last_day(client: Client, officer: User, office: Agency, head: Position) -> None:
    mandate = factories.mandate(head, factories.position(office, "Sekretaris", "secretary"), first=JULY)
    client.post(url("mandate_end", mandate.pk), {"last": "2024-07-31"})
    assert Mandate.objects.get().last_day == dt.date(2024, 7, 31)


def test_mandate_remove_takes_it_out(client: Client, officer: User, office: Agency, head: Position) -> None:
    mandate = factories.mandate(head, factories.position(office, "Sekretaris", "secretary"), first=JULY)
    client.post(url("mandate_remove", mandate.pk))
    assert (Mandate.objects.count(), AuditEntry.objects.filter(action="mandate.taken_out").count()) == (0, 1)


def test_actions_about_signers_refuse_who_does_not_keep_them(office: Agency, head: Position) -> None:
    neighbour = cast.other_agency_officer()
    for act in (
        lambda: actions.save_position(row=head, changed=[], by=neighbour),
        lambda: actions.save_official(row=factories.official(office), changed=[], by=neighbour),
        lambda: actions.save_letterhead(agency=office, values={}, by=neighbour),
    ):
        with pytest.raises(PermissionDenied):
            act()


LINES = {
    "line1": "PEMERINTAH KOTA PEKALONGAN",
    "line2": "DINAS PERINDUSTRIAN DAN TENAGA KERJA",
    "address": "Jalan Contoh 1",
    "contact": "",
    "place": "Pekalongan",
    "unit_code": "DPK",
}


def picture(size: tuple[int, int] = (300, 400), kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGBA", size, (10, 60, 20, 90)).convert("RGBA" if kind == "PNG" else "RGB").save(out, kind)
    return SimpleUploadedFile("../lambang.svg", out.getvalue(), "image/svg+xml")


def test_letterhead_edit_makes_a_version_each_time_and_keeps_the_arms(
    client: Client, officer: User, office: Agency
) -> None:
    assert client.post(url("letterhead_edit"), LINES | {"arms": picture()}).status_code == 302
    first = letterhead_of(office)
    assert first.arms is not None
    with Image.open(io.BytesIO(first.arms.content())) as drawn:
        assert (drawn.format, drawn.mode, drawn.size) == ("PNG", "RGBA", (300, 400))
    client.post(url("letterhead_edit"), LINES | {"unit_code": "DPK2"})
    second = letterhead_of(office)
    assert (second.version, second.unit_code, second.arms) == (2, "DPK2", first.arms)
    client.post(url("letterhead_edit"), LINES | {"without_arms": "on"})
    assert (letterhead_of(office).arms, Letterhead.objects.count()) == (None, 3)


def test_letterhead_edit_refuses_what_is_no_picture_and_keeps_what_was_typed(
    client: Client, officer: User, office: Agency
) -> None:
    for given in (SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"), picture((50, 50))):
        answer = client.post(url("letterhead_edit"), LINES | {"address": "Jalan Baru", "arms": given})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["arms"])
        assert "Jalan Baru" in answer.content.decode()
    assert Letterhead.objects.count() == 0
    assert client.post(url("letterhead_edit"), LINES | {"line2": " "}).status_code == 422


def test_letterhead_arms_is_a_picture_and_nothing_else(client: Client, officer: User, office: Agency) -> None:
    client.post(url("letterhead_edit"), LINES | {"arms": picture(kind="JPEG")})
    answer = client.get(url("letterhead_arms", letterhead_of(office).pk))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
