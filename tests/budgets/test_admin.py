import pytest
from django.test import Client

from budgets import actions
from budgets.models import Bank, FundSource, TaxRule
from tests import cast, factories

pytestmark = pytest.mark.django_db


def test_fund_source_is_never_deleted(admin_client: Client) -> None:
    fund = factories.fund_source(cast.home_agency())
    assert admin_client.post(f"/admin/budgets/fundsource/{fund.pk}/delete/", {"post": "yes"}).status_code == 403
    assert FundSource.objects.count() == 1


def test_banks_and_tax_rules_are_looked_at_only(admin_client: Client) -> None:
    actions.load_money_lists(by=None)
    bank, rule = Bank.objects.earliest("pk"), TaxRule.objects.earliest("pk")
    for name, row in (("bank", bank), ("taxrule", rule)):
        assert admin_client.get(f"/admin/budgets/{name}/").status_code == 200
        assert admin_client.get(f"/admin/budgets/{name}/{row.pk}/change/").status_code == 200
        assert admin_client.post(f"/admin/budgets/{name}/{row.pk}/change/", {"name": "x"}).status_code == 403
        assert admin_client.get(f"/admin/budgets/{name}/add/").status_code == 403
