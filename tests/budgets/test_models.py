from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Agency
from budgets.models import FundSource
from tests import cast
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


def fund(year: int) -> Callable[[Agency], Any]:
    return lambda agency: FundSource.objects.create(agency=agency, code="dbhcht", name="DBHCHT", fiscal_year=year)


def twice(write: Callable[[Agency], Any]) -> Callable[[Agency], Any]:
    return lambda agency: (write(agency), write(agency))


BREAKING: list[tuple[str, Callable[[Agency], Any]]] = [
    ("fund_source_once_a_year", twice(fund(2026))),
    ("fund_source_year_plausible", fund(1999)),
    ("fund_source_year_plausible", fund(2101)),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_refuses(constraint: str, write: Callable[[Agency], Any]) -> None:
    agency = cast.home_agency()
    assert broken_by(lambda: write(agency)) == constraint
