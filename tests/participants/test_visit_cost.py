"""What a visit asks of the database, pinned: a rush multiplies each statement by thousands."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.models import Registration
from programs.models import Batch
from tests.participants.public_form import form_url, send

pytestmark = pytest.mark.django_db
WORK = re.compile(r"(SAVEPOINT|RELEASE|BEGIN|COMMIT)")


def statements(work: Any) -> list[str]:
    """The first word of each statement; a test's own transaction adds savepoints, which do not count."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return [query["sql"].split()[0] for query in queries if not WORK.match(query["sql"])]


@pytest.fixture
def warm(batch: Batch) -> Batch:
    """Somebody was here before: what belongs to the batch has been read."""
    visitor = Client()
    visitor.get(form_url(batch))
    send(visitor, batch, number=900)
    visitor.get(reverse("participants:receipt"))
    return batch


def test_form_costs_one_statement(warm: Batch) -> None:
    assert statements(lambda: Client().get(form_url(warm))) == ["SELECT"]


def test_registering_writes_all_at_once_after_the_seat(warm: Batch) -> None:
    found = statements(lambda: send(Client(), warm, number=901))
    assert found == ["SELECT", "INSERT", "SELECT", "SELECT", "UPDATE", "INSERT"]


def test_receipt_costs_two_statements(warm: Batch) -> None:
    visitor = Client()
    send(visitor, warm, number=902)
    assert statements(lambda: visitor.get(reverse("participants:receipt"))) == ["SELECT", "SELECT"]


def test_told_full_costs_two_statements_and_no_lock(warm: Batch) -> None:
    Batch.objects.filter(pk=warm.pk).update(quota=1, waiting_quota=0)
    Client().get(form_url(warm))
    assert statements(lambda: send(Client(), warm, number=903)) == ["SELECT", "SELECT"]
    assert statements(lambda: Client().get(form_url(warm))) == ["SELECT"]


def test_last_seat_pressed_twice_shows_the_receipt_and_not_that_it_is_full(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1, waiting_quota=0)
    key = re.findall(r'name="submission_key" value="([^"]+)"', Client().get(form_url(batch)).content.decode())[0]
    answers = [send(Client(), batch, submission_key=key).status_code for _press in range(2)]
    assert answers == [302, 302]
    assert Registration.objects.count() == 1


def test_pages_drawn_once_hold_nothing_of_the_visitor_before(warm: Batch) -> None:
    """Two receipts and two blank forms differ in the words that are each visitor's own, and in nothing else."""
    pages = []
    for number in (904, 905):
        visitor = Client()
        blank = visitor.get(form_url(warm)).content.decode()
        send(visitor, warm, number=number)
        receipt = visitor.get(reverse("participants:receipt")).content.decode()
        entry = Registration.objects.latest("pk")
        assert entry.shown_code in receipt
        assert entry.full_name not in receipt + blank
        pages.append((blank, receipt, set(re.findall(r'value="([^"/]{40,})"', blank)), entry.shown_code))
    (blank, receipt, tokens, code), (other_blank, other_receipt, other_tokens, other_code) = pages
    assert not tokens & other_tokens
    assert code not in other_receipt
    assert len(tokens) == 2  # of the request, of the form
    assert scrubbed(blank) == scrubbed(other_blank)
    assert scrubbed(receipt) == scrubbed(other_receipt)


def scrubbed(page: str) -> str:
    page = re.sub(r'value="[^"/]{40,}"', "", page)
    return re.sub(r'code">[^<]+<', "", page)


def test_form_follows_language_and_session(client: Client, warm: Batch) -> None:
    indonesian = Client().get(form_url(warm)).content.decode()
    english = Client(headers={"cookie": "django_language=en"}).get(form_url(warm)).content.decode()
    assert ('lang="id"' in indonesian, 'lang="en"' in english) == (True, True)
    assert "mark" not in set(re.findall(r'value="(mark)', indonesian))
