from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from regions import actions, queries
from regions.models import Region, RegionAlias, RegionEdition
from tests import factories
from tests.factories import BENDAN_KERGON, REGIONS


@pytest.fixture
def small_list(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A list of 36 areas in place of the installed one, to change at will; the version follows what it says."""
    areas = dict(REGIONS)

    def official_list(parent: str | None = None) -> Iterator[tuple[str, str]]:
        yield from areas.items()

    monkeypatch.setattr(queries, "official_list", official_list)
    monkeypatch.setattr(queries, "installed_version", lambda: str(hash(tuple(areas.items()))))
    return areas


@pytest.mark.django_db
def test_load_regions_meets_regions_that_are_there(small_list: dict[str, str]) -> None:
    factories.region_tree()
    edition = actions.load_regions()
    assert edition is not None
    assert (edition.added, edition.changed, edition.ended) == (0, 0, 0)


@pytest.mark.django_db
def test_load_regions_corrects_a_changed_name_and_keeps_the_old_one(small_list: dict[str, str]) -> None:
    actions.load_regions()
    small_list[BENDAN_KERGON] = "Kergon Baru"
    edition = actions.load_regions()
    assert edition is not None
    assert (edition.added, edition.changed, edition.ended) == (0, 1, 0)
    region = Region.objects.get(code=BENDAN_KERGON)
    assert (region.name, region.search_key) == ("Kergon Baru", "kergonbaru")
    assert Region.objects.match("Bendan Kergon", within="33.75").region == region


@pytest.mark.django_db
def test_load_regions_ends_what_vanished_and_revives_what_returns(small_list: dict[str, str]) -> None:
    actions.load_regions()
    name = small_list.pop(BENDAN_KERGON)
    edition = actions.load_regions()
    assert edition is not None
    assert (edition.added, edition.changed, edition.ended) == (0, 0, 1)
    assert Region.objects.get(code=BENDAN_KERGON).valid_to == timezone.localdate()
    assert Region.objects.current().count() == len(small_list) == 35

    small_list[BENDAN_KERGON] = name
    edition = actions.load_regions()
    assert edition is not None
    assert (edition.added, edition.changed, edition.ended) == (0, 1, 0)
    assert Region.objects.get(code=BENDAN_KERGON).valid_to is None


@pytest.mark.django_db
def test_load_regions_adds_what_is_new(small_list: dict[str, str]) -> None:
    actions.load_regions()
    small_list["33.75.01.1013"] = "Kergon Anyar"
    edition = actions.load_regions()
    assert edition is not None
    assert (edition.added, edition.changed, edition.ended) == (1, 0, 0)
    assert Region.objects.get(code="33.75.01.1013").full_name == "Kelurahan Kergon Anyar"


@pytest.mark.django_db
def test_load_regions_leaves_nothing_behind_when_it_fails(small_list: dict[str, str]) -> None:
    small_list["33.75.01.1013"] = "---"
    with pytest.raises(IntegrityError, match="search_key"):
        actions.load_regions()
    assert Region.objects.count() == RegionEdition.objects.count() == 0


@pytest.mark.django_db
def test_load_regions_keeps_what_the_office_wrote(small_list: dict[str, str]) -> None:
    actions.load_regions()
    kept = RegionAlias.objects.get(region=BENDAN_KERGON, name="Kergon")
    RegionAlias.objects.filter(pk=kept.pk).update(note="Menurut lurah.")
    small_list["33.75.01.1013"] = "Kergon Anyar"
    actions.load_regions()
    assert RegionAlias.objects.get(pk=kept.pk).note == "Menurut lurah."


@pytest.mark.django_db
def test_save_alias_makes_the_key() -> None:
    tree = factories.region_tree()
    alias = actions.save_alias(alias=RegionAlias(region=tree[BENDAN_KERGON], name="Kel. Bendan-Baru"))
    assert alias.search_key == "bendanbaru"
    assert Region.objects.match("bendan baru").region == tree[BENDAN_KERGON]


@pytest.mark.django_db
def test_save_alias_refuses_a_second_of_the_same() -> None:
    tree = factories.region_tree()
    actions.save_alias(alias=RegionAlias(region=tree[BENDAN_KERGON], name="Kergon"))
    with pytest.raises(ValidationError):
        actions.save_alias(alias=RegionAlias(region=tree[BENDAN_KERGON], name="KERGON"))
