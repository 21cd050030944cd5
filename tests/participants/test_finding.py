"""The search for people who are on file twice: what it finds, what it leaves, and that decisions stay."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, RoleAssignment
from accounts.permissions import forget
from accounts.roles import Role
from participants import actions
from participants.models import Person, PersonPair, PersonTrace, Registration
from participants.models.declared import HOLDS_NOTHING
from participants.queries import doubles, maybe_same
from participants.rules import LIKELY, WEIGHTS, likeness, telling_business
from programs.models import Batch
from regions.models import Region
from tests import cast, factories
from tests.participants.desk import at_desk
from tests.participants.lines import small_batch
from tests.participants.merging import second_officer

pytestmark = pytest.mark.django_db
BORN = date(1990, 5, 7)


def person(full_name: str = "Siti Aminah", **values: Any) -> Person:
    factories.region_tree()
    declared = factories.declaration(**{"full_name": full_name, "birth_date": BORN, **values})
    return Person.objects.create(agency=cast.home_agency(), **declared.columns())


def search() -> int:
    return actions.find_doubles(agency=cast.home_agency(), by=None)


def pairs() -> list[tuple[int, int]]:
    return list(PersonPair.objects.order_by("pk").values_list("first", "second"))


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({}, {}, ["name", "birth_date", "region"]),
        ({}, {"full_name": "St. Aminah"}, ["sound", "birth_date", "region"]),
        ({"full_name": "Soekardjo"}, {"full_name": "Sukarjo"}, ["sound", "birth_date", "region"]),
        ({}, {"full_name": "Siti Amina Hasan"}, ["similar", "birth_date", "region"]),
        ({}, {"birth_date": date(1991, 5, 7)}, ["name", "birth_near", "region"]),
        ({}, {"birth_date": date(1990, 7, 5)}, ["name", "birth_near", "region"]),
        (
            {"phone": "+628120000001"},
            {"phone": "+628120000001", "birth_date": date(1970, 1, 2)},
            ["name", "phone", "region"],
        ),
        (
            {"email": "Siti@example.id"},
            {"email": "siti@example.id", "phone": "+628120000001", "birth_date": date(1990, 5, 8)},
            ["name", "birth_near", "email", "region"],
        ),
    ],
)
def test_find_doubles_finds(one: dict[str, Any], other: dict[str, Any], reasons: list[str]) -> None:
    first, second = person(**one), person(**other)
    assert search() == 1
    pair = PersonPair.objects.get()
    assert (pair.first_id, pair.second_id, pair.reasons, pair.score) == (
        first.pk,
        second.pk,
        reasons,
        likeness(reasons),
    )


@pytest.mark.parametrize(
    "other",
    [
        {"full_name": "Rahmat Hidayat"},
        {"birth_date": date(1975, 2, 3)},
        {"full_name": "Rahmat Hidayat", "phone": "+628120000001"},
        {"full_name": "Siti Rohmah", "birth_date": date(1991, 5, 7)},
    ],
)
def test_find_doubles_leaves(other: dict[str, Any]) -> None:
    person(phone="+628120000001")
    person(**other)
    assert search() == 0


def test_find_doubles_never_crosses_offices() -> None:
    one = person()
    away = factories.agency("semarang", name="Dinas Perindustrian Kota Semarang", region="33.74")
    Person.objects.create(agency=away, **factories.declaration(full_name="Siti Aminah", birth_date=BORN).columns())
    assert search() == 0
    assert PersonTrace.objects.get().person == one


def test_find_doubles_compares_what_is_new_with_all() -> None:
    first = person()
    assert (search(), PersonTrace.objects.filter(is_new=True).count()) == (0, 0)
    second = person()
    assert search() == 1
    assert pairs() == [(first.pk, second.pk)]
    entry = AuditEntry.objects.filter(action="persons.searched").latest("pk")
    assert entry.changes == {"cards": 1, "pairs": 1}


def test_find_doubles_leaves_who_restricted_their_data() -> None:
    first, _second = person(), person()
    Person.objects.filter(pk=first.pk).update(restricted_at=timezone.now())
    assert search() == 0


def test_find_doubles_leaves_cards_of_which_nothing_is_left() -> None:
    emptied: dict[str, Any] = {"anonymised_at": timezone.now(), "birth_date": date(1990, 7, 1)}
    emptied |= {child[0]: child[1] for child in HOLDS_NOTHING.children if isinstance(child, tuple)}
    Person.objects.filter(pk__in=[person().pk, person().pk]).update(**emptied)
    assert search() == 0


def test_a_pair_with_somebody_restricted_is_only_for_who_keeps_the_privacy() -> None:
    first, second = person(), person()
    search()
    Person.objects.filter(pk=second.pk).update(restricted_at=timezone.now())
    at = reverse("participants:pair_detail", args=[first.pk, second.pk])
    officer, keeper = cast.program_officer(), second_officer()
    assert not PersonPair.objects.visible_to(officer).exists()
    assert at_desk(officer).get(at).status_code == 404
    RoleAssignment.objects.create(
        user=keeper, role=Role.DATA_PROTECTION_OFFICER, agency=cast.home_agency(), region=cast.home_agency().region
    )
    forget(keeper)
    assert PersonPair.objects.visible_to(keeper).exists()
    assert at_desk(keeper).get(at).status_code == 200


def test_find_doubles_forgets_what_was_corrected_and_keeps_decisions() -> None:
    first, second, third = person(), person(), person()
    search()
    assert len(pairs()) == 3
    actions.decide_pair(first=first, second=second, decision="different", note="kembar", by=cast.verifier())
    Person.objects.filter(pk=third.pk).update(full_name="Rahmat Hidayat", name_key="RAHMAT HIDAYAT")
    assert search() == 0
    assert pairs() == [(first.pk, second.pk)]
    Person.objects.filter(pk=second.pk).update(occupation="Penjahit", email="a@example.id")
    assert search() == 0
    assert PersonPair.objects.get().decision == "different"


def test_find_doubles_leaves_a_pair_that_somebody_opened_by_hand() -> None:
    first, second = person(), person("Rahmat Hidayat")
    by = cast.verifier()
    actions.decide_pair(first=first, second=second, decision="later", note="", by=by)
    search()
    assert PersonPair.objects.get().decision == "later"


def test_find_doubles_skips_a_block_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred people at one telephone are an office, not one person; their names still are compared."""
    monkeypatch.setattr(doubles, "FIND", doubles.FIND.replace(f"> {doubles.LARGEST_BLOCK}", "> 2"))
    born = [date(1960 + year, 1 + year, 2 + year) for year in range(3)]
    for day in born:
        person(phone="+628120000001", birth_date=day)
    assert search() == 0


def test_find_doubles_counts_the_same_kind_of_business() -> None:
    batch = small_batch()
    for phone in ("+628120000001", "+628120000002"):
        declared = factories.declaration(
            full_name="Siti Aminah", birth_date=BORN, phone=phone, business_kind="Keripik tempe"
        )
        factories.registration(batch, declaration=declared)
    search()
    assert "business" in PersonPair.objects.get().reasons


@pytest.fixture
def batch() -> Batch:
    """Open to everybody."""
    made = small_batch(quota=5)
    made.program.rules.all().delete()
    return made


def owner(batch: Batch, firm: str, **values: Any) -> Registration:
    """Each is another card; who was born when tells nothing of two of them."""
    number = Person.objects.count()
    born = date(1960 + 3 * number, 1 + 2 * number, 2 + 7 * number)
    said = {"full_name": "Siti Aminah", "birth_date": born, "phone": f"+62812000001{number:02d}", **values}
    return factories.registration(batch, declaration=factories.declaration(**said, business_name=firm))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cempaka Ungu", "cempaka ungu"),
        ("UD. Cempaka Ungu", "Warung Cempaka Oengoe"),
        ("Toko Kue Soember Roedjito", "Sumber Rujito"),
    ],
)
def test_find_doubles_finds_by_the_name_of_a_business_in_one_village(batch: Batch, one: str, other: str) -> None:
    first, second = owner(batch, one), owner(batch, other)
    assert search() == 1
    pair = PersonPair.objects.get()
    assert (pair.first_id, pair.second_id) == (first.person_id, second.person_id)
    assert (pair.reasons, pair.score) == (["name", "region", "business_name"], LIKELY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ("Toko Berkah Jaya", "Warung Berkah Jaya"),
        ("Keripik Tempe", "Keripik Tempe"),
        ("Dapur Bu Siti", "Dapur Bu Siti"),
        ("Batik Mawar", "Batik Melati"),
    ],
)
def test_find_doubles_leaves_a_business_that_is_called_like_many(batch: Batch, one: str, other: str) -> None:
    owner(batch, one)
    owner(batch, other)
    assert search() == 0


def test_find_doubles_leaves_the_same_business_name_elsewhere_or_of_somebody_else(batch: Batch) -> None:
    owner(batch, "Cempaka Ungu")
    owner(batch, "Cempaka Ungu", region=Region.objects.get(pk=factories.MEDONO))
    owner(batch, "Cempaka Ungu", full_name="Rahmat Hidayat")
    assert search() == 0


def test_find_doubles_counts_a_business_name_of_another_spelling_where_cards_meet_otherwise(batch: Batch) -> None:
    """Name and telephone are not enough across villages; a firm's name that is nearly the same decides."""
    away = {"phone": "+628120000099", "region": Region.objects.get(pk=factories.MEDONO)}
    owner(batch, "Batik Cempaka Ungu", phone="+628120000099", business_kind="13")
    near = owner(batch, "Cempaka Unggul", **away, business_kind="13")
    assert search() == 1
    assert PersonPair.objects.get().reasons == ["name", "phone", "business_name"]
    Registration.objects.filter(pk=near.pk).update(business_name="Anggrek")
    assert search() == 1
    assert PersonPair.objects.get().reasons == ["name", "phone", "business"]
    Registration.objects.filter(pk=near.pk).update(business_name="Anggrek Bulan", business_kind="")
    assert search() == 0
    assert not PersonPair.objects.exists()


def test_find_doubles_of_who_has_two_firms_in_common_is_one_pair(batch: Batch) -> None:
    other = small_batch(quota=5)
    other.program.rules.all().delete()
    for _card in range(2):
        first = owner(batch, "Cempaka Ungu")
        again = {"nik": first.nik, "birth_date": first.birth_date, "phone": first.phone}
        assert owner(other, "Anggrek Bulan", **again).person_id == first.person_id
    assert search() == 1
    assert {tuple(trace.business_keys) for trace in PersonTrace.objects.all()} == {("ANGGREK BULAN", "CEMPAKA UNGU")}


def test_find_doubles_skips_a_business_name_that_half_a_village_bears(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubles, "FIND", doubles.FIND.replace(f"> {doubles.LARGEST_BLOCK}", "> 2"))
    for _card in range(3):
        owner(batch, "Cempaka Ungu")
    assert search() == 0


def test_the_page_of_pairs_tells_that_the_business_is_called_alike(batch: Batch) -> None:
    owner(batch, "Cempaka Ungu")
    owner(batch, "Cempaka Ungu")
    search()
    pair = PersonPair.objects.get()
    desk = at_desk(cast.program_officer())
    assert "Nama usaha mirip" in desk.get(reverse("participants:pair_list")).content.decode()
    page = desk.get(reverse("participants:pair_detail", args=[pair.first_id, pair.second_id])).content.decode()
    assert page.count("Cempaka Ungu") == 2
    assert "Nama usaha mirip" in page


def test_a_trace_that_the_search_did_not_finish_is_compared_the_next_time() -> None:
    person()
    person()
    doubles.trace_changed(cast.home_agency().pk, 0)
    assert search() == 1


def test_the_kind_of_business_alone_says_less_than_its_name() -> None:
    assert WEIGHTS["business"] < WEIGHTS["business_name"]
    assert likeness(["name", "business_name"]) < LIKELY
    assert likeness(["name", "region", "business"]) < LIKELY <= likeness(["name", "region", "business_name"])


def test_likely_needs_more_than_one_thing() -> None:
    assert likeness(["birth_date", "phone", "region"]) < LIKELY
    assert likeness(["name", "region"]) < LIKELY
    assert likeness(["sound", "birth_date"]) >= LIKELY
    # A family at one telephone runs one business, and its names resemble each other.
    assert likeness(["similar", "phone", "region", "business_name"]) < LIKELY
    assert likeness(["birth_date", "region", "business_name"]) < LIKELY


@pytest.mark.parametrize(
    ("name", "owner", "told"),
    [
        ("UD. Cempaka Ungu", "Siti Aminah", "CEMPAKA UNGU"),
        ("Kue Basah Cempaka", "Siti Aminah", "CEMPAKA"),
        ("Warung Bu Siti", "Siti Aminah", ""),
        ("Soekardjo Djaya", "Sukarjo", ""),
        ("Warung Bu Siti", "Rahmat Hidayat", "SITI"),
        ("Toko", "Siti Aminah", ""),
        ("Sumber Rejeki", "Siti Aminah", ""),
        ("", "", ""),
    ],
)
def test_telling_business_leaves_out_what_many_firms_bear(name: str, owner: str, told: str) -> None:
    assert telling_business(name, owner) == told


def test_maybe_same_hears_the_name_at_the_counter() -> None:
    known = person("Moch. Soekardjo")
    person("Moch. Soekardjo", birth_date=date(1980, 1, 1))
    assert maybe_same(cast.home_agency().pk, "Muhammad Sukarjo", BORN) == [known]
    assert maybe_same(cast.home_agency().pk, "Sukarjo", BORN) == []
