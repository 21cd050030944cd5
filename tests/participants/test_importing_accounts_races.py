"""Lists of accounts that come in, are confirmed and are taken back at the same moment."""

from functools import partial
from typing import Any

import pytest

from budgets import actions as money
from budgets.models import Bank, PayeeAccount
from participants import actions
from tests import cast
from tests.participants.account_lists import accounts_of, brought_in, checked, line, starting
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import small_batch
from tests.participants.selecting import verified

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]


def test_two_lists_of_the_same_payees_come_in_once() -> None:
    batch = small_batch(quota=10)
    people = verified(batch, 3)
    lists = [
        starting(checked(batch, [line(one, f"{kind}0000000{n}") for n, one in enumerate(people)])) for kind in "78"
    ]
    jobs = [
        partial(actions.bring_in, upload=one, notice_version="", alive=lambda: None, by=one.created_by) for one in lists
    ]
    assert sorted(outcomes(at_once(jobs))) == ["done", "list_changed"]
    assert sorted(len(accounts_of(one)) for one in lists) == [0, 3]
    assert set(PayeeAccount.objects.values_list("state", flat=True)) == {"pending"}


@pytest.mark.parametrize("_attempt", range(3))
def test_a_list_is_confirmed_or_taken_back_never_both(_attempt: int) -> None:
    batch = small_batch(quota=10)
    people = verified(batch, 3)
    upload = brought_in(checked(batch, [line(one, f"90000000{n}") for n, one in enumerate(people)]))
    source, office = f"import-{upload.pk}", upload.agency
    seen = set(PayeeAccount.objects.from_list(source).values_list("pk", flat=True))
    confirming = partial(money.confirm_listed, agency=office, source=source, seen=seen, by=cast.treasurer())
    undone, confirmed = outcomes(
        at_once([partial(actions.undo_import, upload=upload, by=upload.created_by), confirming])
    )
    states = sorted(accounts_of(upload).values())
    if confirmed == "done":
        assert (set(undone.split("+")), states) == ({"built_on"}, ["in_force"] * 3)
    else:
        assert (undone, confirmed, states) == ("done", "list_changed", [])


@pytest.mark.parametrize("_attempt", range(3))
def test_a_list_and_an_account_by_hand_leave_one_that_waits(_attempt: int) -> None:
    batch = small_batch(quota=10)
    person = verified(batch)[0]
    upload = starting(checked(batch, [line(person, "900000001")]))
    details = money.AccountDetails(Bank.objects.get(code="008"), "800000001", person.full_name)
    whose: dict[str, Any] = {"owner": f"person:{person.person_id}", "payee_name": person.full_name}
    by_hand = partial(money.enter_account, agency=upload.agency, details=details, by=cast.treasurer(), **whose)
    bringing = partial(actions.bring_in, upload=upload, notice_version="", alive=lambda: None, by=upload.created_by)
    came, entered = outcomes(at_once([bringing, by_hand]))
    assert (came in {"done", "list_changed"}, entered) == (True, "done")
    states = PayeeAccount.objects.values_list("state", flat=True)
    assert sorted(states) == (["pending", "refused"] if came == "done" else ["in_force"])
