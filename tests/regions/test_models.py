from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from regions import rules
from regions.models import Region, RegionAlias, RegionQuerySet
from tests import factories
from tests.factories import BENDAN_KERGON, MEDONO


def alias(code: str, name: str, *, merged: bool = False) -> RegionAlias:
    return RegionAlias.objects.create(region_id=code, name=name, search_key=rules.normalise_name(name), merged=merged)


def codes(regions: RegionQuerySet) -> list[str]:
    return [region.code for region in regions]


# what the database refuses


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("region_code_matches_level", {"code": "33.75.01.9001"}),
        ("region_code_matches_level", {"level": 3, "kind": "district", "parent_id": "33.75"}),
        ("region_kind_matches_level", {"kind": "district"}),
        ("region_parent_is_code_prefix", {"parent_id": "33.75.02"}),
        ("region_parent_is_code_prefix", {"parent_id": "33.75"}),
        ("region_parent_is_code_prefix", {"parent_id": None}),
        ("region_search_key_normalised", {"search_key": "Baru Sekali"}),
        ("region_search_key_normalised", {"search_key": ""}),
        ("region_name_present", {"name": ""}),
        ("region_validity_in_order", {"valid_from": date(2025, 1, 2), "valid_to": date(2025, 1, 1)}),
    ],
)
def test_region_that_contradicts_itself_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    factories.region_tree()
    region = factories.region("33.75.01.1099", "Baru")
    for field, value in changes.items():
        setattr(region, field, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Region.objects.bulk_create([region])
    with pytest.raises(ValidationError):
        region.full_clean()


@pytest.mark.django_db
def test_region_says_what_is_wrong_in_a_sentence() -> None:
    factories.region_tree()
    region = factories.region("33.75.01.1099", "Baru")
    region.parent_id = "33.75.02"
    with pytest.raises(ValidationError) as refusal:
        region.validate_constraints()
    (constraint,) = [c for c in Region._meta.constraints if c.name == "region_parent_is_code_prefix"]
    assert refusal.value.messages == [str(constraint.violation_error_message)]


@pytest.mark.django_db
def test_region_of_an_unknown_parent_is_refused() -> None:
    Region.objects.bulk_create([factories.region("33.75.09", "Entah")])
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        connection.check_constraints()
    Region.objects.all().delete()


@pytest.mark.django_db
def test_region_code_is_unique() -> None:
    factories.region_tree()
    with pytest.raises(IntegrityError, match="regions_region_pkey"), transaction.atomic():
        Region.objects.bulk_create([factories.region("33.75", "Kota Lain")])


@pytest.mark.django_db
def test_region_alias_is_unique_for_its_region() -> None:
    factories.region_tree()
    alias(BENDAN_KERGON, "Kergon")
    alias(MEDONO, "Kergon")
    with pytest.raises(IntegrityError, match="region_alias_unique"), transaction.atomic():
        alias(BENDAN_KERGON, "KERGON")


@pytest.mark.django_db
def test_region_alias_without_letters_is_refused() -> None:
    factories.region_tree()
    with pytest.raises(IntegrityError, match="region_alias_search_key_normalised"), transaction.atomic():
        alias(BENDAN_KERGON, "--")


# names


@pytest.mark.parametrize(
    ("code", "name", "full_name"),
    [
        ("33", "Jawa Tengah", "Provinsi Jawa Tengah"),
        ("33.75", "Kota Pekalongan", "Kota Pekalongan"),
        ("33.75.01", "Pekalongan Barat", "Kecamatan Pekalongan Barat"),
        ("33.75.01.1006", "Bendan Kergon", "Kelurahan Bendan Kergon"),
        ("33.26.01.2001", "Kandangserang", "Desa Kandangserang"),
        ("13.01.01.2001", "Inderapura", "Nagari Inderapura"),
        ("91.03.01", "Sentani", "Distrik Sentani"),
        ("91.03.01.3001", "Yoka", "Desa Adat Yoka"),
    ],
)
def test_region_full_name_has_the_local_word(code: str, name: str, full_name: str) -> None:
    assert factories.region(code, name).full_name == full_name


@pytest.mark.django_db
def test_region_path_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    factories.region_tree()
    with django_assert_num_queries(1):
        region = Region.objects.with_parents().get(code=BENDAN_KERGON)
        assert region.path == (
            "Kelurahan Bendan Kergon, Kecamatan Pekalongan Barat, Kota Pekalongan, Provinsi Jawa Tengah"
        )


# subtrees


@pytest.mark.django_db
def test_under_is_the_region_and_everything_inside() -> None:
    factories.region_tree()
    assert codes(Region.objects.under("33.74")) == ["33.74", "33.74.01", "33.74.01.1001"]
    assert Region.objects.under("33.75").villages().count() == 27
    assert Region.objects.under("33.75").districts().count() == 4
    assert codes(Region.objects.under("33").cities()) == ["33.74", "33.75"]
    assert codes(Region.objects.under(BENDAN_KERGON)) == [BENDAN_KERGON]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "3", "33.7", "33.75.", "%", "33.75.01.100"])
def test_under_half_a_code_is_nothing(code: str) -> None:
    factories.region_tree()
    assert codes(Region.objects.under(code)) == []


# search


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["Bendan Kergon", "Bendankergon", "bendan-kergon", "kel. BENDAN KERGON", "Bendan kregon", "bendan kergn"]
)
def test_search_finds_the_village_however_it_is_spelled(text: str) -> None:
    factories.region_tree()
    assert codes(Region.objects.search(text, within="33.75")) == [BENDAN_KERGON]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "first"),
    [("Kalibaros", "Kali Baros"), ("Pasir Kraton Kramat", "Pasirkratonkramat"), ("soko duwet", "Sokoduwet"),
     ("Noyontaan sari", "Noyontaansari"), ("wetan", "Panjang Wetan"), ("kota pekalongan", "Kota Pekalongan")],
)  # fmt: skip
def test_search_puts_the_meant_region_first(text: str, first: str) -> None:
    factories.region_tree()
    assert Region.objects.search(text, within="33.75")[0].name == first


@pytest.mark.django_db
def test_search_orders_same_name_other_name_beginning_part_likeness() -> None:
    Region.objects.bulk_create(
        factories.region(code, name)
        for code, name in [
            ("33", "Jawa Tengah"), ("33.75", "Kota Pekalongan"), ("33.75.01", "Barat"),
            ("33.75.01.1001", "Kraten"), ("33.75.01.1002", "Lor Kraton"), ("33.75.01.1003", "Kraton Lor"),
            ("33.75.01.1004", "Medono"), ("33.75.01.1005", "Kraton"), ("33.75.01.1006", "Tirto"),
        ]
    )  # fmt: skip
    alias("33.75.01.1004", "Kraton")
    found = [region.name for region in Region.objects.search("kraton")]
    assert found == ["Kraton", "Medono", "Kraton Lor", "Lor Kraton", "Kraten"]


@pytest.mark.django_db
def test_search_stays_inside_what_was_filtered() -> None:
    factories.region_tree()
    alias(BENDAN_KERGON, "Miroto")
    assert codes(Region.objects.search("miroto", within="33.75")) == [BENDAN_KERGON]
    assert codes(Region.objects.villages().search("pekalongan", within="33.75")) == []
    assert [r.level for r in Region.objects.search("pekalongan", within="33.75")] == [2, 3, 3, 3, 3]
    assert codes(Region.objects.search("miroto", within="33.7")) == []


@pytest.mark.django_db
def test_search_leaves_out_regions_that_ended() -> None:
    factories.region_tree()
    alias(BENDAN_KERGON, "Kergon")
    Region.objects.filter(code=BENDAN_KERGON).update(valid_to=date(2025, 1, 1))
    assert codes(Region.objects.search("bendan kergon")) == []
    assert codes(Region.objects.search("kergon")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "   ", "--", "🙂", "%", "_", "zzzzzz", "x" * 10_000, "'; drop table"])
def test_search_of_nothing_finds_nothing(text: str) -> None:
    factories.region_tree()
    assert codes(Region.objects.search(text)) == []


@pytest.mark.django_db
def test_search_is_limited_and_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    factories.region_tree()
    with django_assert_num_queries(1):
        assert len(Region.objects.search("p", limit=3)) == 3
    assert len(Region.objects.search("p", limit=None)) == 12


# match, for a cell of a spreadsheet


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["33.75.01.1006", "3375011006", " 33.75.01.1006 ", "Bendankergon", "Kel. Bendan Kergon", "Kergon"]
)
def test_match_is_certain_by_code_name_or_other_name(text: str) -> None:
    factories.region_tree()
    alias(BENDAN_KERGON, "Kergon", merged=True)
    match = Region.objects.match(text, within="33.75")
    assert match.region is not None
    assert (match.region.code, match.suggestions) == (BENDAN_KERGON, ())


@pytest.mark.django_db
def test_match_of_a_misspelled_name_only_suggests() -> None:
    tree = factories.region_tree()
    match = Region.objects.match("Bendan Kregon", within="33.75")
    assert (match.region, match.suggestions) == (None, (tree[BENDAN_KERGON],))


@pytest.mark.django_db
def test_match_of_a_name_that_two_bear_suggests_both() -> None:
    tree = factories.region_tree()
    alias(BENDAN_KERGON, "Kuripan Lor")
    alias(MEDONO, "Kuripan Lor")
    match = Region.objects.match("Kuripan Lor", within="33.75")
    assert match.region is None
    assert set(match.suggestions[:2]) == {tree[BENDAN_KERGON], tree[MEDONO]}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["33.74.01.1001", "33.75.01.1099", "", "zzzzzz"])
def test_match_outside_or_unknown_is_nothing(text: str) -> None:
    factories.region_tree()
    match = Region.objects.match(text, within="33.75")
    assert (match.region, match.suggestions) == (None, ())
