"""Pages of what follows a result, from the transfer list to the report on the money: for everybody, at both widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programs.models import Batch
from tests import cast, factories
from tests.budgets.listed import award, listed
from tests.incentives import paid
from tests.participants.desk import at_desk
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow


def journeys(batch: Batch) -> Iterator[tuple[Client, dict[str, list[Any]]]]:
    """Who looks, and at what."""
    of = paid.won_and_paid(batch, 2)
    first = paid.first_award(of)
    report, check = paid.sent_report(first), paid.asked(of)
    line = factories.budget_line(ceiling=20_000_000)
    transfers = listed(None, award(line, reference="competition:8"))
    award(line, reference="competition:9")
    yield (
        at_desk(cast.treasurer()),
        {
            **{f"budgets:{name}": [] for name in ("transfer_list", "transfer_create", "proof_list")},
            **{f"budgets:{name}": [] for name in ("withholding_list", "withholding_sheet")},
            **{f"budgets:transfer_{name}": [transfers.pk] for name in ("detail", "outcome", "cancel")},
        },
    )
    yield (
        at_desk(cast.program_officer()),
        {
            **{f"incentives:{name}": [of.pk] for name in ("follow_up", "file_close", "award_list", "award_copies")},
            **{f"incentives:report_{name}": [report.pk] for name in ("detail", "visit")},
            "incentives:award_receipt": [first.pk],
            "incentives:receipt_settle": [check.pk],
            "reports:completeness_competitions": [],
            "reports:completeness_competition": [of.pk],
        },
    )
    own = ("receipt_own", "report_own")
    yield paid.at_page(check.award), {f"incentives:{name}": [of.pk] for name in own}


def test_pages_after_the_result_are_accessible_and_fit(live: LiveSite, batch: Batch) -> None:
    found = {}
    for client, pages in journeys(batch):
        for width in (PHONE, DESK):
            page = live.page(width)
            page.context.add_cookies(
                [{"name": name, "value": cookie.value, "url": live.url} for name, cookie in client.cookies.items()]
            )
            for name, keys in pages.items():
                answer = page.goto(reverse(name, args=keys))
                assert answer is not None
                found[name, width] = (answer.status, live.violations(page), live.overflow(page))
    assert found == {key: (200, [], 0) for key in found}
