"""The rules of reading from a replica; the real one is met in tests/ikm_portal/test_production.py."""

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from kit import replica
from kit.replica import ReplicaRouter, reading_replica, reads_replica
from participants.models import Registration

ROUTER = ReplicaRouter()


def test_reads_go_to_the_replica_only_where_that_was_asked() -> None:
    assert ROUTER.db_for_read(Registration) == "default"
    with reading_replica():
        assert ROUTER.db_for_read(Registration) == "replica"
        assert ROUTER.db_for_write(Registration) == "default"
    assert ROUTER.db_for_read(Registration) == "default"


@pytest.mark.django_db
def test_reads_inside_a_transaction_stay_with_it() -> None:
    with reading_replica(), transaction.atomic():
        assert ROUTER.db_for_read(Registration) == "default"


def test_nothing_is_migrated_on_the_replica() -> None:
    assert ROUTER.allow_migrate("default", "participants") is True
    assert ROUTER.allow_migrate("replica", "participants") is False


@pytest.mark.django_db
def test_without_a_replica_nothing_is_asked_and_no_cookie_is_set(client: Client) -> None:
    seen = []

    @reads_replica
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(ROUTER.db_for_read(Registration))
        return HttpResponse()

    request = RequestFactory().get("/")
    request.COOKIES[replica.WRITTEN] = "FFFFFFFF/FFFFFFFF"
    view(request)
    assert seen == ["default"]
    client.cookies["sessionid"] = "x"
    assert replica.WRITTEN not in client.post("/bahasa/", {"language": "en"}).cookies


@pytest.mark.parametrize("text", ["0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"])
def test_position_is_taken_from_the_cookie(text: str) -> None:
    assert replica.POSITION.fullmatch(text)


@pytest.mark.parametrize("text", ["", "0", "0/0;", "0/0'", "g/0", "0/0\n", "123456789/0"])
def test_position_that_is_none_is_not_taken(text: str) -> None:
    assert replica.POSITION.fullmatch(text) is None
