"""From a list to entries: what is good comes in with the seats that the form would give, what is not is named."""

import pytest

from participants.models import Person, Registration
from programs.models import Batch
from tests.participants.lists import brought_in, checked, findings, person

pytestmark = pytest.mark.usefixtures("own_folder")


def test_import_brings_in_every_good_row(batch: Batch) -> None:
    upload = checked(batch, [person(number) for number in range(1, 46)])
    assert (upload.state, upload.counts["good"], findings(upload)) == ("checked", 45, {})
    done = brought_in(upload)
    assert (done.state, done.counts["imported"]) == ("imported", 45)
    entries = Registration.objects.filter(batch=batch).order_by("queue_number")
    assert [entry.seat for entry in entries] == ["held"] * 40 + ["waiting"] * 5
    assert [entry.full_name for entry in entries][:3] == ["Warga B", "Warga C", "Warga D"]
    batch.refresh_from_db()
    assert (batch.seats_held, batch.waiting_count, batch.last_queue_number) == (40, 5, 45)
    assert Person.objects.count() == 45
