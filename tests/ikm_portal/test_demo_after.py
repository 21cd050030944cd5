"""After the awards of the demonstration: each state that an office meets is there once."""

import pytest

from ikm_portal.demo import after
from incentives.models import ReceiptCheck, UseLine, UseReport
from incentives.queries.after import AfterBoard
from tests import cast, factories
from tests.incentives import paid

pytestmark = pytest.mark.django_db


def test_winners_of_the_demonstration_are_asked_and_five_of_six_reported() -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    of = paid.won_and_paid(batch, 6, follow=False)
    after.followed(of, officer=cast.program_officer())
    told = list(ReceiptCheck.objects.order_by("pk").values_list("answer", "way"))
    assert told == [("all", "phone"), ("other", "page"), ("", "")]
    states = list(UseReport.objects.order_by("award").values_list("state", flat=True))
    assert states == ["sent", "accepted", "accepted", "accepted", "accepted", "draft"]
    assert UseReport.objects.get(visited_on__isnull=False).lines.count() == 2
    assert not UseLine.objects.filter(spent_on__gt=of.program.agency.today()).exists()
    board = AfterBoard(of)
    assert (board.asked, board.confirmed, board.unanswered, board.to_settle, board.accepted) == (3, 1, 1, 1, 4)
