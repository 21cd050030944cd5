"""Suspected duplicates: side by side, one answer for each pair."""

import pytest
from django.test import Client
from django.utils.translation import gettext as _

from participants.models import DuplicateReview, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, doubtful, entries, flash, url


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.verifier())


def test_duplicate_list_shows_what_differs(office: Client, batch: Batch) -> None:
    first, second = doubtful(batch)
    (pair,) = office.get(url("duplicate_list", batch)).context["pairs"]
    assert (pair.first, pair.second) == (first, second)
    assert {line.name for line in pair.lines if line.differs} == {"full_name", "phone", "address"}


def test_duplicate_list_puts_the_likest_pair_first(office: Client, batch: Batch) -> None:
    doubtful(batch)
    same = {"full_name": "Sama", "phone": "+628120000777", "birth_date": factories.declaration(1).birth_date}
    entries(batch, 2, **same)
    pairs = office.get(url("duplicate_list", batch)).context["pairs"]
    assert [pair.first.full_name for pair in pairs][0] == "Sama"


def test_duplicate_list_is_read_only_for_who_may_not_decide(batch: Batch) -> None:
    doubtful(batch)
    page = at_desk(cast.division_head()).get(url("duplicate_list", batch)).content.decode()
    assert url("duplicate_deny", batch) not in page


def test_duplicate_deny_is_remembered(office: Client, batch: Batch) -> None:
    first, second = doubtful(batch)
    data = {"first": first.pk, "second": second.pk}
    assert office.post(url("duplicate_deny", batch), data).status_code == 302
    assert DuplicateReview.objects.get().decision == "different"
    assert office.get(url("duplicate_list", batch)).context["pairs"] == []
    assert flash(office.post(url("duplicate_deny", batch), data)) == [_("This pair has been decided already.")]


@pytest.mark.parametrize("second", ["", "x", "0", "9" * 30])
def test_duplicate_deny_of_an_unknown_entry_is_not_found(second: str, office: Client, batch: Batch) -> None:
    first = factories.registration(batch)
    assert office.post(url("duplicate_deny", batch), {"first": first.pk, "second": second}).status_code == 404


def test_duplicate_resolve_asks_first_and_then_rejects_the_other(office: Client, batch: Batch) -> None:
    first, second = doubtful(batch)
    address, data = url("duplicate_resolve", batch), {"keep": first.pk, "drop": second.pk}
    assert office.get(address, data).status_code == 200
    assert Registration.objects.filter(check_state="rejected").count() == 0
    response = office.post(address, data)
    assert url("registration_undo", second) in flash(response)[0]
    second.refresh_from_db()
    assert (second.check_state, second.reject_reason, second.seat) == ("rejected", "duplicate", "released")


def test_duplicate_resolve_of_an_ended_entry_says_so(office: Client, batch: Batch) -> None:
    first, second = doubtful(batch)
    office.post(url("registration_reject", second), {"reason": "wrong_data"})
    response = office.post(url("duplicate_resolve", batch), {"keep": first.pk, "drop": second.pk})
    assert response.status_code == 422
    assert DuplicateReview.objects.count() == 0


def test_duplicate_resolve_never_mixes_batches(office: Client, batch: Batch) -> None:
    first = factories.registration(batch)
    other = factories.registration(factories.batch(batch.program, slug="lain"))
    assert office.post(url("duplicate_resolve", batch), {"keep": first.pk, "drop": other.pk}).status_code == 404
