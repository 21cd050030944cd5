import pytest

from regions.forms import RegionAliasForm
from regions.models import RegionAlias
from tests import factories
from tests.factories import BENDAN_KERGON, MEDONO


@pytest.mark.django_db
def test_region_alias_form_takes_a_new_name() -> None:
    factories.region_tree()
    assert RegionAliasForm({"region": BENDAN_KERGON, "name": "Bendan-Baru"}).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["KERGON", "kel. kergon", "--", ""])
def test_region_alias_form_refuses_a_repeated_or_empty_name(name: str) -> None:
    factories.region_tree()
    RegionAlias.objects.create(region_id=BENDAN_KERGON, name="Kergon", search_key="kergon")
    form = RegionAliasForm({"region": BENDAN_KERGON, "name": name})
    assert list(form.errors) == ["name"]
    assert len(form.errors["name"]) == 1


@pytest.mark.django_db
def test_region_alias_form_takes_the_name_of_another_region_and_its_own() -> None:
    factories.region_tree()
    kergon = RegionAlias.objects.create(region_id=BENDAN_KERGON, name="Kergon", search_key="kergon")
    assert RegionAliasForm({"region": MEDONO, "name": "Kergon"}).is_valid()
    assert RegionAliasForm({"region": BENDAN_KERGON, "name": "KERGON"}, instance=kergon).is_valid()
