"""A list of accounts of the demonstration: it waits for the second person, and one row is to be mended."""

import pytest

from budgets.models import PayeeAccount
from ikm_portal.demo.payees import accounts_of_participants
from participants.models import RegistrationImport
from programs.models import Batch
from tests import cast, factories
from tests.participants.account_lists import with_banks
from tests.participants.conftest import batch, own_folder
from tests.participants.lists import findings
from tests.participants.selecting import verified

__all__ = ["batch", "own_folder"]
pytestmark = pytest.mark.usefixtures("own_folder")


def test_demo_accounts_of_a_list_wait_for_the_second_person(batch: Batch) -> None:
    with_banks()
    factories.payee_account()
    people = verified(batch, 5)
    accounts_of_participants([factories.batch(batch.program, slug="kosong"), batch], cast.activity_officer())
    upload = RegistrationImport.objects.get()
    assert (upload.state, findings(upload)[3]) == ("imported", ["number:account_number"])
    waiting = PayeeAccount.objects.from_list(upload.source)
    assert {row.state for row in waiting} == {"pending"}
    assert [row.holder_name for row in waiting if row.holder_differs] == ["Wahyu Setiawan"]
    assert waiting.count() == len(people) - 1


def test_demo_without_people_to_pay_has_no_list(batch: Batch) -> None:
    accounts_of_participants([batch], cast.activity_officer())
    assert not RegistrationImport.objects.exists()
