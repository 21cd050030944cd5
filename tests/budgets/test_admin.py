import pytest
from django.test import Client

from budgets.models import FundSource
from tests import cast, factories

pytestmark = pytest.mark.django_db


def test_fund_source_is_never_deleted(admin_client: Client) -> None:
    fund = factories.fund_source(cast.home_agency())
    assert admin_client.post(f"/admin/budgets/fundsource/{fund.pk}/delete/", {"post": "yes"}).status_code == 403
    assert FundSource.objects.count() == 1
