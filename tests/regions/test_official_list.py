"""The whole list: loaded once for this module, by two loaders at once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import pytest_django
from django.core.management import call_command
from django.db import connection, transaction

from regions import actions, queries, rules
from regions.models import Region, RegionAlias, RegionEdition
from tests.factories import BENDAN_KERGON, REGIONS


@dataclass
class Loading:
    """What each of the loaders came back with."""

    editions: list[RegionEdition | None] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)


@pytest.fixture(scope="module")
def official_list(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[Loading]:
    """The whole list, committed once for a module by two loaders that start together, and taken away afterwards."""
    loading, gate = Loading(), threading.Barrier(2)

    def load() -> None:
        try:
            gate.wait(timeout=10)
            loading.editions.append(actions.load_regions())
        except Exception as error:
            loading.errors.append(error)
        finally:
            connection.close()

    with django_db_blocker.unblock():
        run_together(load, load)
        yield loading
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # 91,599 looks for rows that point here
        for model in (RegionAlias, RegionEdition, Region):
            model.objects.all()._raw_delete(connection.alias)


def run_together(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


@pytest.mark.django_db
def test_load_regions_brings_the_whole_list(official_list: Loading) -> None:
    assert Counter(Region.objects.values_list("level", flat=True)) == {1: 38, 2: 514, 3: 7_285, 4: 83_762}
    assert Counter(Region.objects.villages().values_list("kind", flat=True)) == {
        "urban_village": 8_496,
        "village": 75_252,
        "customary_village": 14,
    }
    assert not Region.objects.exclude(valid_to=None).exists()


@pytest.mark.django_db
def test_load_regions_has_the_27_kelurahan_of_kota_pekalongan(official_list: Loading) -> None:
    """Against domain.md 2.2, which the factories repeat."""
    expected = {code: name for code, name in REGIONS.items() if code.startswith("33.75")}
    assert dict(Region.objects.under("33.75").values_list("code", "name")) == expected
    assert Region.objects.under("33.75").villages().count() == 27
    assert Region.objects.under("33.74").villages().count() == 177
    assert Region.objects.under("74.71").villages().count() == 65


@pytest.mark.django_db
def test_load_regions_stores_the_key_that_search_makes(official_list: Loading) -> None:
    rows = Region.objects.values_list("code", "name", "search_key")
    assert [code for code, name, key in rows if key != rules.search_key(code, name)] == []


@pytest.mark.race
@pytest.mark.django_db
def test_load_regions_twice_at_once_loads_once(official_list: Loading) -> None:
    assert official_list.errors == []
    editions = [edition for edition in official_list.editions if edition is not None]
    assert len(official_list.editions) == 2
    assert [(edition.added, edition.changed, edition.ended) for edition in editions] == [(91_599, 0, 0)]
    assert RegionEdition.objects.count() == 1


@pytest.mark.django_db
def test_load_regions_again_does_nothing(official_list: Loading) -> None:
    assert actions.load_regions() is None
    assert RegionEdition.objects.count() == 1


@pytest.mark.django_db
def test_aliases_name_existing_regions_and_say_why(official_list: Loading) -> None:
    """Two names of one line each are allowed to fall together only when the file is wrong, so none may get lost."""
    lines = queries.ALIASES.read_text(encoding="utf-8").splitlines()
    assert RegionAlias.objects.count() == len(lines) - 1
    assert not RegionAlias.objects.filter(note="").exists()
    assert RegionAlias.objects.filter(merged=True).values("region").distinct().count() == 15


@pytest.mark.django_db
@pytest.mark.parametrize("within", ["", "33", "33.75"])
@pytest.mark.parametrize("text", ["Bendan Kergon", "Bendan kregon", "Kalibaros", "Pasir Kraton Kramat"])
def test_search_reads_by_index(text: str, within: str, official_list: Loading) -> None:
    search = Region.objects.search(text, within=within)
    plan = search.explain()
    assert "Seq Scan on regions_region " not in plan
    assert search[0].code in {BENDAN_KERGON, "33.75.02.1012", "33.75.01.1008"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("Bendan", ["Bendan Kergon"]), ("Kergon", ["Bendan Kergon"]), ("Dekoro", ["Setono"]),
        ("Landungsari", ["Noyontaansari"]), ("Kraton Kidul", ["Pasirkratonkramat"]), ("Pabean", ["Padukuhan Kraton"]),
        ("Kuripan Lor", ["Kuripan Kertoharjo", "Kuripan Yosorejo"]),
    ],
)  # fmt: skip
def test_search_finds_merged_kelurahan(old: str, now: list[str], official_list: Loading) -> None:
    found = Region.objects.villages().search(old, within="33.75")
    assert [region.name for region in found][: len(now)] == now
    match = Region.objects.villages().match(old, within="33.75").region
    assert (match.name if match else None) == (now[0] if len(now) == 1 else None)


@pytest.mark.django_db
def test_load_regions_command_says_that_nothing_is_to_do(
    official_list: Loading, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_regions")
    assert capsys.readouterr().out == f"Regions are up to date ({queries.installed_version()}).\n"
