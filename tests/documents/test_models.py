"""Officials and positions: what PostgreSQL refuses, and who signs on which day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Agency
from documents.models import (
    Letterhead,
    Mandate,
    Official,
    Position,
    Tenure,
    letterhead_of,
    signatories_for,
    signatory_for,
)
from tests import cast, factories
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db

HEAD_NIP, SECRETARY_NIP = "196207051988031002", "197003121995032001"
JULY, AUGUST = dt.date(2024, 7, 1), dt.date(2024, 8, 1)


@pytest.fixture
def office() -> Agency:
    return cast.home_agency()


@pytest.fixture
def head(office: Agency) -> Position:
    """Held definitively from July on."""
    held = factories.position(office, title="Kepala Dinas Perindustrian dan Tenaga Kerja")
    factories.tenure(held, factories.official(office, "Budi Contoh", nip=HEAD_NIP), first=JULY)
    return held


def deputy(office: Agency, title: str = "Sekretaris", kind: str = "secretary", nip: str = SECRETARY_NIP) -> Position:
    made = factories.position(office, title=title, kind=kind)
    factories.tenure(made, factories.official(office, f"Pejabat {title}", nip=nip), first=JULY)
    return made


def again(position: Position, form: str, first: dt.date = AUGUST, last: dt.date | None = None) -> Tenure:
    who = factories.official(position.agency, "Orang Lain", nip="")
    return factories.tenure(position, who, first=first, last=last, form=form)


BREAKING: list[tuple[str, Callable[[Position], Any]]] = [
    ("documents_official_nip_once", lambda head: factories.official(head.agency, "Orang Lain", nip=HEAD_NIP)),
    ("documents_official_nip_has_18_digits", lambda head: Official.objects.update(nip="19620705198803100")),
    ("documents_official_nip_has_18_digits", lambda head: Official.objects.update(nip="19620705198803100x")),
    ("documents_official_grade_known", lambda head: Official.objects.update(grade="V/a")),
    ("documents_position_title_once", lambda head: factories.position(head.agency, title=head.title)),
    ("documents_position_kind_known", lambda head: Position.objects.update(kind="king")),
    ("documents_position_has_title", lambda head: Position.objects.update(title="")),
    ("documents_tenure_form_known", lambda head: Tenure.objects.update(form="an")),
    ("documents_tenure_has_first_day", lambda head: Tenure.objects.update(during=(None, AUGUST))),
    ("documents_tenure_has_first_day", lambda head: Tenure.objects.update(during=(JULY, JULY))),
    ("documents_tenure_one_holder", lambda head: again(head, "definitive")),
    ("documents_tenure_one_holder", lambda head: again(head, "plt")),
    ("documents_tenure_one_stand_in", lambda head: (again(head, "plh"), again(head, "plh"))),
    ("documents_mandate_of_another", lambda head: factories.mandate(head, head, first=JULY)),
    ("documents_mandate_of_another", lambda head: factories.mandate(head, deputy(head.agency), first=JULY, via=head)),
    (
        "documents_mandate_has_first_day",
        lambda head: Mandate.objects.create(position=head, deputy=deputy(head.agency), during=(None, JULY)),
    ),
    (
        "documents_mandate_once",
        lambda head: [
            factories.mandate(head, one, first=day) for one in [deputy(head.agency)] for day in (JULY, AUGUST)
        ],
    ),
    ("documents_letterhead_version_once", lambda head: [factories.letterhead(head.agency) for _time in range(2)]),
    ("documents_letterhead_has_lines", lambda head: factories.letterhead(head.agency, line2="")),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_postgres_refuses(head: Position, constraint: str, write: Callable[[Position], Any]) -> None:
    assert broken_by(lambda: write(head)) == constraint


def test_postgres_refuses_one_account_for_two_officials(office: Agency) -> None:
    user = cast.division_head()
    factories.official(office, "Satu", nip="", user=user)
    assert broken_by(lambda: factories.official(office, "Dua", nip="", user=user)) == "documents_official_user_once"


def told(office: Agency, on: dt.date, position: Position | str = "agency_head", **more: Any) -> list[tuple[str, ...]]:
    return [(*one.lines, one.name) for one in signatories_for(office, position, on, **more)]


def test_signatory_is_the_holder_of_that_day_as_it_is_printed(office: Agency, head: Position) -> None:
    found = signatory_for(office, "agency_head", JULY)
    assert found is not None
    assert found.as_json() == {
        "official": found.official,
        "position": head.pk,
        "kind": "agency_head",
        "form": "definitive",
        "lines": ["Kepala Dinas Perindustrian dan Tenaga Kerja"],
        "name": "Drs. Budi Contoh, M.M.",
        "nip": HEAD_NIP,
        "written_nip": "19620705 198803 1 002",
        "rank": "Pembina Utama Muda",
        "grade": "IV/c",
    }


def test_signatory_is_none_before_the_first_day_and_after_the_last(office: Agency, head: Position) -> None:
    Tenure.objects.update(during=(JULY, AUGUST))  # the upper end is outside
    assert signatory_for(office, head, JULY - dt.timedelta(1)) is None
    assert signatory_for(office, head, AUGUST) is None
    last = signatory_for(office, head, AUGUST - dt.timedelta(1))
    assert last is not None
    assert Tenure.objects.get().last_day == dt.date(2024, 7, 31)


def test_signatory_acting_in_a_vacant_position_is_plt(office: Agency, head: Position) -> None:
    Tenure.objects.update(during=(JULY, AUGUST))
    again(head, "plt")
    assert told(office, AUGUST) == [("Plt. Kepala Dinas Perindustrian dan Tenaga Kerja", "Drs. Orang Lain, M.M.")]


def test_signatory_standing_in_comes_before_the_holder_who_is_away(office: Agency, head: Position) -> None:
    again(head, "plh", last=AUGUST)
    title = "Kepala Dinas Perindustrian dan Tenaga Kerja"
    assert told(office, AUGUST) == [
        (f"Plh. {title}", "Drs. Orang Lain, M.M."),
        (title, "Drs. Budi Contoh, M.M."),
    ]
    assert [one[0] for one in told(office, AUGUST + dt.timedelta(1))] == [title]


def test_signatory_in_the_name_of_the_head_comes_first_for_the_papers_named(office: Agency, head: Position) -> None:
    factories.mandate(head, deputy(office), first=JULY, kinds=["invitation"])
    in_name = ("a.n. Kepala Dinas Perindustrian dan Tenaga Kerja", "Sekretaris", "Drs. Pejabat Sekretaris, M.M.")
    own = ("Kepala Dinas Perindustrian dan Tenaga Kerja", "Drs. Budi Contoh, M.M.")
    assert told(office, JULY, paper="invitation") == [in_name, own]
    assert told(office, JULY, paper="decree") == [own]


def test_signatory_with_a_mandate_for_all_papers_comes_after_the_holder(office: Agency, head: Position) -> None:
    factories.mandate(head, deputy(office), first=JULY)
    assert [one[0] for one in told(office, JULY, paper="decree")] == [
        "Kepala Dinas Perindustrian dan Tenaga Kerja",
        "a.n. Kepala Dinas Perindustrian dan Tenaga Kerja",
    ]


def test_signatory_through_a_deputy_is_written_with_u_b(office: Agency, head: Position) -> None:
    secretary = deputy(office)
    training = deputy(office, "Kepala Bidang Pelatihan", "division_head", "197505052000121003")
    factories.mandate(head, training, first=JULY, via=secretary, kinds=["invitation"])
    assert told(office, JULY, paper="invitation")[0][:4] == (
        "a.n. Kepala Dinas Perindustrian dan Tenaga Kerja",
        "Sekretaris",
        "u.b.",
        "Kepala Bidang Pelatihan",
    )


def test_signatory_with_a_mandate_needs_somebody_in_the_deputys_position(office: Agency, head: Position) -> None:
    secretary = deputy(office)
    factories.mandate(head, secretary, first=JULY, kinds=["invitation"])
    secretary.tenures.update(during=(JULY, AUGUST))
    again(secretary, "plt")
    assert told(office, AUGUST, paper="invitation")[0][1] == "Plt. Sekretaris"
    secretary.tenures.all().delete()
    assert len(told(office, AUGUST, paper="invitation")) == 1


def test_signatories_of_a_kind_are_those_of_this_office_in_use(office: Agency, head: Position) -> None:
    other = cast.next_agency()
    factories.tenure(factories.position(other), factories.official(other, "Tetangga", nip=""), first=JULY)
    assert [one[-1] for one in told(office, JULY)] == ["Drs. Budi Contoh, M.M."]
    assert told(other, JULY, head) == []
    Position.objects.update(closed=True)
    assert told(office, JULY) == []
    assert len(told(office, JULY, head)) == 1


def test_letterhead_of_an_office_without_one_is_what_its_row_says(office: Agency) -> None:
    office.phone, office.email = "(0285) 421234", "dinas@pekalongan.example"
    found = letterhead_of(office)
    assert (found.version, found.line1, found.place) == (0, "PEMERINTAH KOTA PEKALONGAN", "Pekalongan")
    assert found.contact == "Telepon (0285) 421234, Pos-el dinas@pekalongan.example"
    assert found.as_json()["arms"] is None


def test_letterhead_of_an_office_is_its_newest(office: Agency) -> None:
    factories.letterhead(office)
    newest = factories.letterhead(office, version=2, line2="DINAS BARU")
    assert letterhead_of(office) == newest
    assert letterhead_of(office).as_json()["place"] == "Pekalongan"
    assert Letterhead.objects.count() == 2
