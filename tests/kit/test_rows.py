import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from kit.rows import insert_unless_there
from notifications.models import Message
from tests import cast


def message(agency: Agency, message_id: str) -> Message:
    return Message(agency=agency, kind="hello", key="hello:1", language="id", channel="manual", message_id=message_id)


@pytest.mark.django_db
def test_insert_unless_there_is_one_statement_and_leaves_the_transaction_whole() -> None:
    agency = cast.home_agency()
    first, second = message(agency, "<1@x>"), message(agency, "<2@x>")
    with CaptureQueriesContext(connection) as queries:
        answers = insert_unless_there(first), insert_unless_there(second)
    assert answers == (True, False)
    assert [query["sql"].split()[0] for query in queries] == ["INSERT", "INSERT"]
    assert [row.pk for row in Message.objects.all()] == [first.pk]
    assert second.pk is None


@pytest.mark.django_db
def test_insert_unless_there_gives_a_row_that_can_be_saved_again() -> None:
    row = message(cast.home_agency(), "<1@x>")
    with transaction.atomic():
        assert insert_unless_there(row)
    row.subject = "Halo"
    row.save()
    assert [found.subject for found in Message.objects.all()] == ["Halo"]
