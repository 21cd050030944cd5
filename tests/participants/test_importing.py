"""From a list to entries: what is good comes in with the seats that the form would give, what is not is named."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from participants.actions import bring_in, let_row_in, start_bringing_in, undo_import, verify, wipe_imports
from participants.models import Consent, ImportRow, Person, Registration, RegistrationEvent, RegistrationImport
from participants.sheets import found_layout
from programs.models import Batch
from tests import cast, factories
from tests.participants.lists import brought_in, checked, findings, person, uploaded, workbook, worked
from tests.participants.selecting import selecting_batch

pytestmark = pytest.mark.usefixtures("own_folder")


def again(upload: RegistrationImport) -> RegistrationImport:
    return RegistrationImport.objects.with_parts().get(pk=upload.pk)


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


def values(entry: Registration) -> dict[str, Any]:
    """What does not differ from one entry to the next by its nature."""
    own = {"id", "code", "submission_key", "pin_hash", "created_at", "queue_number", "person_id", "source"}
    names = [field.attname for field in Registration._meta.concrete_fields]
    return {name: getattr(entry, name) for name in names if name not in own | {"registered_by_id"}}


def test_import_writes_what_the_form_would_have_written(batch: Batch) -> None:
    officer = cast.program_officer()
    by_form = factories.registration(
        batch,
        nik="9971015207990001",
        full_name="Siti Aminah",
        phone="+6281234567890",
        rt="003",
        education_level="sma",
        business_name="Batik Mawar",
        sex="male",
        by=officer,
        source="assisted",
    )
    as_form = values(by_form)
    events = list(by_form.events.values("kind", "by_office", "data"))
    other = factories.batch(batch.program, slug="kedua")
    row = person(1, nik="9971015207990001", full_name="Siti Aminah", phone="081234567890", rt="3", rw="", sex="L")
    row |= {"birth_date": "12/07/1999", "address": "Jalan Contoh 1", "occupation": "", "business_name": " Batik  Mawar"}
    batch.program.duplicate_rule = "never"
    batch.program.save()
    brought_in(checked(other, [row]))
    entry = Registration.objects.get(batch=other)
    expected = as_form | {"batch_id": other.pk, "duplicate_key": "", "eligibility": entry.eligibility}
    assert values(entry) == expected
    assert [line["kind"] for line in entry.eligibility] == ["age", "domicile"]
    assert (entry.source, entry.registered_by, entry.person) == ("import", officer, by_form.person)
    assert list(entry.events.values("kind", "by_office", "data")) == events
    consent = Consent.objects.get(registration=entry)
    assert (consent.purpose, consent.given, consent.channel, consent.witnessed_by) == ("notice", True, "paper", officer)
    line = AuditEntry.objects.get(action="registration.imported")
    assert (line.object_id, line.subject_id, line.actor) == (str(entry.pk), str(entry.person_id), officer)
    assert Message.objects.filter(subject_id=str(entry.pk)).count() == 0


@pytest.mark.parametrize("heading", ["NAMA USAHA", "Nama IKM", "Merek", "brand", "Nama UMKM (jika ada)", "Merk Dagang"])
def test_lists_call_the_name_of_a_business_by_many_names(heading: str) -> None:
    layout = found_layout([(1, ["Nama", "NIK", "Usaha", heading])])
    assert layout.columns == {"full_name": 0, "nik": 1, "business_kind": 2, "business_name": 3}


def test_import_writes_messages_only_when_asked(batch: Batch) -> None:
    brought_in(checked(batch, [person(1), person(2)]), tell=True)
    assert Message.objects.filter(kind="registration_received").count() == 2


def test_import_beyond_the_places_says_so_row_by_row(db: None) -> None:
    batch = factories.batch(factories.program(cast.home_agency()), quota=2, waiting_quota=1)
    upload = checked(batch, [person(number) for number in range(1, 6)])
    assert findings(upload) == {5: [":no_place"], 6: [":no_place"]}
    assert brought_in(upload).counts["imported"] == 3


def test_import_into_a_batch_that_selects_takes_everybody_without_a_seat(db: None) -> None:
    batch = selecting_batch()
    region = batch.region.name
    brought_in(checked(batch, [person(number, region=region) for number in range(1, 4)]))
    entries = Registration.objects.filter(batch=batch, source="import")
    assert {entry.seat for entry in entries} == {"applied"}
    assert {entry.events.get().kind for entry in entries} == {"entered"}


def test_import_of_a_programme_finds_the_batch_of_each_village(batch: Batch) -> None:
    medono = factories.batch(batch.program, factories.MEDONO)
    rows = [person(1), person(2, region="Medono"), person(3, region="Tirto")]
    upload = checked(batch, rows, whole=True)
    assert findings(upload) == {4: ["region:batch_none_here"]}
    brought_in(upload)
    assert [Registration.objects.filter(batch=one).count() for one in (batch, medono)] == [1, 1]


def test_import_twice_registers_nobody_twice(batch: Batch) -> None:
    rows = [person(number) for number in range(1, 4)]
    first, second = checked(batch, rows), checked(batch, rows)
    brought_in(first)
    late = worked(start_bringing_in(upload=second, expected=second.counts, tell=False, by=second.created_by))
    assert (late.state, Registration.objects.count()) == ("checking", 3)
    looked_at = worked(late)
    assert findings(looked_at) == {number: ["nik:already_in_batch"] for number in (2, 3, 4)}


def test_import_run_again_after_a_crash_changes_nothing(batch: Batch) -> None:
    done = brought_in(checked(batch, [person(1)]))
    bring_in(upload=done, notice_version="1", alive=lambda: None, by=done.created_by)
    assert Registration.objects.count() == 1


def test_import_stopped_before_its_end_brings_in_nobody(batch: Batch) -> None:
    upload = checked(batch, [person(1)])
    waiting = start_bringing_in(upload=upload, expected=upload.counts, tell=True, by=upload.created_by)

    def stop() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        bring_in(upload=waiting, notice_version="1", alive=stop, by=upload.created_by)
    assert (Registration.objects.count(), Person.objects.count(), Message.objects.count()) == (0, 0, 0)
    batch.refresh_from_db()
    assert (batch.seats_held, batch.last_queue_number) == (0, 0)


def test_a_number_on_file_under_another_name_is_decided_by_somebody(batch: Batch) -> None:
    other = factories.batch(factories.program(cast.home_agency(), duplicate_rule="never"))
    factories.registration(other, nik=person(1)["nik"], full_name="Orang Lain")
    upload = checked(batch, [person(1), person(2)])
    assert findings(upload) == {2: ["nik:nik_of_other"]}
    assert brought_in(upload).counts["imported"] == 1


def test_the_same_name_and_birth_date_with_another_number_is_a_doubt(batch: Batch) -> None:
    twin = person(2, full_name=person(1)["full_name"], birth_date=person(1)["birth_date"])
    assert findings(checked(batch, [person(1), twin])) == {3: ["full_name:alike_in_file"]}


def test_import_is_taken_back_as_if_it_had_never_come(batch: Batch) -> None:
    before = factories.registration(batch)
    done = brought_in(checked(batch, [person(number) for number in range(1, 4)]), tell=True)
    assert Message.objects.exclude(kind="registration_received").count() == 0
    Message.objects.update(state="queued")
    undo_import(upload=done, by=done.created_by)
    assert list(Registration.objects.all()) == [before]
    assert list(Person.objects.all()) == [before.person]
    assert RegistrationEvent.objects.exclude(registration=before).count() == 0
    assert set(Message.objects.exclude(subject_id=str(before.pk)).values_list("state", flat=True)) == {"cancelled"}
    batch.refresh_from_db()
    assert (batch.seats_held, batch.waiting_count) == (1, 0)
    assert AuditEntry.objects.filter(action="registration.import_undone").count() == 3
    assert brought_in(checked(batch, [person(1)])).state == "imported"


def test_import_with_a_row_that_was_let_in_is_taken_back(batch: Batch) -> None:
    twin = person(2, full_name=person(1)["full_name"], birth_date=person(1)["birth_date"])
    upload = checked(batch, [person(1), twin])
    let_row_in(row=upload.rows.get(state="doubtful"), batches=[batch], by=upload.created_by)
    done = brought_in(again(upload))
    assert done.counts["imported"] == 2
    undo_import(upload=done, by=done.created_by)
    assert (again(done).state, Registration.objects.count()) == ("undone", 0)


def test_import_is_not_taken_back_once_an_entry_was_verified(batch: Batch) -> None:
    done = brought_in(checked(batch, [person(1), person(2)]))
    verify(registration=Registration.objects.earliest("pk"), note="KTP", by=cast.verifier())
    with pytest.raises(ValidationError) as refused:
        undo_import(upload=done, by=done.created_by)
    assert {error.code for error in refused.value.error_list} == {"built_on"}
    assert (again(done).state, Registration.objects.count()) == ("imported", 2)


def test_what_people_wrote_is_wiped_after_some_days(batch: Batch) -> None:
    done, open_one = brought_in(checked(batch, [person(1)])), checked(batch, [person(2)])
    assert wipe_imports() == 0
    RegistrationImport.objects.update(changed_at=timezone.now() - timedelta(days=15))
    assert wipe_imports() == 2
    assert [again(one).state for one in (done, open_one)] == ["imported", "discarded"]
    assert [(row.content, row.registration is None) for row in ImportRow.objects.all()] == [(None, False)]
    assert again(open_one).stored is None


def test_import_of_an_unreadable_end_keeps_nothing(batch: Batch) -> None:
    waiting = uploaded(batch, workbook([person(1)]))
    assert waiting.stored is not None
    waiting.stored.delete()
    failed = worked(waiting)
    assert failed.job is not None
    assert (failed.state, failed.rows.count(), failed.job.state) == ("uploaded", 0, "failed")
