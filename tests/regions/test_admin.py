import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from regions.admin import Suggestions
from regions.models import Region, RegionAlias, RegionEdition
from tests import factories
from tests.factories import BENDAN_KERGON


@pytest.fixture
def request_of_administrator(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/?q=pekalongan")
    request.user = get_user_model()(username="admin", is_staff=True, is_superuser=True, is_active=True)
    return request


@pytest.mark.parametrize("model", [Region, RegionEdition])
def test_admin_of_official_rows_is_read_only(model: type, request_of_administrator: HttpRequest) -> None:
    site = admin.site._registry[model]
    assert site.get_model_perms(request_of_administrator) == {
        "add": False, "change": False, "delete": False, "view": True,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "first"),
    [("bendan kregon", BENDAN_KERGON), ("33.75", "33.75"), ("3375011006", BENDAN_KERGON), ("", "33")],
)
def test_region_admin_finds_by_name_and_code(term: str, first: str, request_of_administrator: HttpRequest) -> None:
    factories.region_tree()
    site = admin.site._registry[Region]
    found, twice = site.get_search_results(request_of_administrator, Region.objects.order_by("code"), term)
    assert (found[0].code, twice) == (first, False)


@pytest.mark.django_db
def test_region_admin_list_is_a_count_and_a_page(
    request_of_administrator: HttpRequest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.region_tree()
    site = admin.site._registry[Region]
    with django_assert_num_queries(2):  # count, rows with their parents
        changes = site.get_changelist_instance(request_of_administrator)
        assert [str(region.parent) for region in changes.result_list][:2] == ["Provinsi Jawa Tengah", "Kota Pekalongan"]


@pytest.mark.django_db
def test_region_alias_admin_saves_with_the_key(request_of_administrator: HttpRequest) -> None:
    tree = factories.region_tree()
    site = admin.site._registry[RegionAlias]
    form = site.get_form(request_of_administrator)({"region": BENDAN_KERGON, "name": "Bendan-Baru"})
    assert form.is_valid()
    site.save_model(request_of_administrator, form.save(commit=False), form, change=False)
    assert Region.objects.match("bendanbaru").region == tree[BENDAN_KERGON]


@pytest.mark.django_db
def test_suggested_regions_tell_where_they_lie(
    request_of_administrator: HttpRequest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.region_tree()
    suggestions = Suggestions(admin_site=admin.site)
    suggestions.setup(request_of_administrator)
    suggestions.term, suggestions.model_admin = "bendan kergon", admin.site._registry[Region]
    suggestions.source_field = RegionAlias._meta.get_field("region")
    with django_assert_num_queries(1):
        shown = [suggestions.serialize_result(region, "code")["text"] for region in suggestions.get_queryset()]
    assert shown[0] == "Kelurahan Bendan Kergon, Kecamatan Pekalongan Barat, Kota Pekalongan, Provinsi Jawa Tengah"
