"""The worker dies while it checks a list, and again while it brings the list in: all come in, and once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from jobs.models import Job
from jobs.tasks import sweep
from participants.actions import start_bringing_in
from participants.models import Consent, ImportRow, Person, Registration, RegistrationImport
from tests.participants.lines import counters, small_batch
from tests.participants.lists import person, text_file, uploaded
from tests.support.worker import CeleryWorker, running_worker

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE, PATIENCE = 3_000, 120


def is_bringing_in() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = (hashtext('participants.import')::bigint"
            " & 4294967295)::oid"
        )
        return cursor.fetchone() is not None


def reached(state: str) -> bool:
    return RegistrationImport.objects.filter(state=state).exists()


def clock_goes_on() -> None:
    """Who gave no sign of life is taken for dead, and another worker gets the job."""
    hour = timedelta(hours=1)
    Job.objects.filter(state="running").update(heartbeat_at=F("heartbeat_at") - hour, created_at=F("created_at") - hour)
    sweep()


def test_a_worker_that_dies_half_way_leaves_no_half_list(celery_worker: CeleryWorker) -> None:
    batch = small_batch(quota=PEOPLE - 10, waiting_quota=10)
    people = [person(number, region=batch.region.name) for number in range(PEOPLE)]
    uploaded(batch, text_file(people))
    celery_worker.wait_for(ImportRow.objects.exists, PATIENCE)
    celery_worker.kill()
    assert (reached("checking"), Registration.objects.count()) == (True, 0)
    assert 0 < ImportRow.objects.count() < PEOPLE
    with running_worker() as second:
        clock_goes_on()
        second.wait_for(lambda: reached("checked"), PATIENCE)
        assert ImportRow.objects.filter(state="good").count() == ImportRow.objects.count() == PEOPLE

        upload = RegistrationImport.objects.with_parts().get()
        start_bringing_in(upload=upload, expected=upload.counts, tell=False, by=upload.created_by)
        second.wait_for(is_bringing_in, PATIENCE)
        second.kill()
    with running_worker() as third:
        third.wait_for(lambda: not is_bringing_in(), PATIENCE)
        assert (reached("importing"), Registration.objects.count(), Person.objects.count()) == (True, 0, 0)
        clock_goes_on()
        third.wait_for(lambda: reached("imported"), PATIENCE)
    assert [model.objects.count() for model in (Registration, Person, Consent)] == [PEOPLE] * 3
    assert counters(batch) == (PEOPLE - 10, 0, 10)
