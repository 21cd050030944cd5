import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.participants.lines import small_batch
from tests.participants.test_actions_registering import register
@pytest.mark.django_db
def test_q():
    b=small_batch(); d=factories.declaration()
    with CaptureQueriesContext(connection) as c: register(b,d)
    for q in c.captured_queries: print(q['sql'][:150])
