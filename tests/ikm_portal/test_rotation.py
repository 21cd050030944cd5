import base64
import io
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import set_app, use_code
from accounts.models import AuditEntry
from accounts.rules import app_code
from ikm_portal import rotation
from participants.models import Person, Registration
from tests import cast, factories

NEW = b"2" * 32
SECRET = base64.b32encode(b"12345678901234567890").decode()
NO_APPS = "mfa_authenticator.secret: 0 re-encrypted, 0 left"
COLUMNS = ["participants_person.nik", "participants_registration.nik"]
ENCRYPTED = {
    *COLUMNS,
    "documents_document.content",
    "budgets_payeeaccount.number",
    "budgets_transferline.number",
    "budgets_transferproof.key",
    "incentives_conflict.note",
    "incentives_entry.check_note",
    "incentives_entry.content",
    "incentives_entry.ended_reason",
    "incentives_entryfile.key",
    "incentives_juror.email",
    "incentives_juror.phone",
    "incentives_objection.answer",
    "incentives_objection.contact",
    "incentives_objection.name",
    "incentives_objection.text",
    "incentives_receiptcheck.outcome_note",
    "incentives_receiptcheck.words",
    "incentives_scoresheet.note",
    "incentives_useline.words",
    "incentives_usephoto.key",
    "incentives_usereport.change",
    "incentives_usereport.note",
    "notifications_whatsappgateway.token",
    "notifications_whatsappgateway.app_secret",
    "participants_cardpreparation.sheet",
    "participants_complaint.text",
    "participants_complaint.answer",
    "participants_complaint.full_name",
    "participants_complaint.phone",
    "participants_complaint.email",
    "participants_complaintevent.text",
    "participants_datarequest.answer",
    "participants_datarequest.evidence_key",
    "participants_datarequest.wish",
    "participants_evidencefile.key",
    "participants_incident.happening",
    "participants_incident.effect",
    "participants_incident.handling",
    "participants_incidentevent.note",
    "participants_jobseekercard.number",
    "participants_personmerge.aside",
    "participants_importrow.content",
    "participants_registrationimport.file_key",
    "programs_instructor.nik",
    "programs_instructordocument.key",
    "programs_selectionterms.seed",
}


@pytest.fixture
def registrations(db: None) -> list[Registration]:
    batch = factories.batch(factories.program(factories.agency()))
    return [factories.registration(batch) for _ in range(5)]


def rotate(settings: Settings, *, keep_old: bool = True) -> None:
    old = django_settings.ENCRYPTION_KEYS if keep_old else {}
    settings.ENCRYPTION_KEYS = {**old, 200: NEW}


def key_ids(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT get_byte(nik, 0) FROM {table}")  # noqa: S608 - a constant of this file
        return {row[0] for row in cursor.fetchall()}


def said(batch_size: int = 500) -> str:
    out = io.StringIO()
    call_command("rotate_keys", batch_size=batch_size, stdout=out)
    return out.getvalue()


def test_encrypted_fields_are_all_found() -> None:
    assert {field.context for field in rotation.encrypted_fields()} == ENCRYPTED


def others(sentence: str) -> list[str]:
    """The lines of the columns in which these tests write nothing."""
    return [f"{field.context}: {sentence}" for field in rotation.encrypted_fields() if field.context not in COLUMNS]


@pytest.mark.parametrize("batch_size", [1, 2, 500])
def test_rotate_keys_puts_everything_under_the_newest_key(
    registrations: list[Registration], settings: Settings, batch_size: int
) -> None:
    numbers = {row.pk: row.nik for row in registrations}
    rotate(settings)
    expected = [f"{column}: 5 re-encrypted, 0 left" for column in COLUMNS]
    assert sorted(said(batch_size).splitlines()) == sorted([*expected, *others("0 re-encrypted, 0 left"), NO_APPS])
    assert (key_ids("participants_person"), key_ids("participants_registration")) == ({200}, {200})
    settings.ENCRYPTION_KEYS = {200: NEW}
    assert dict(Registration.objects.values_list("pk", "nik")) == numbers


def test_rotate_keys_a_second_time_changes_nothing(registrations: list[Registration], settings: Settings) -> None:
    rotate(settings)
    said()
    nothing = "0 re-encrypted, 0 left"
    told = [*[f"{column}: {nothing}" for column in COLUMNS], *others(nothing), NO_APPS]
    assert sorted(said().splitlines()) == sorted(told)


def test_rotate_keys_goes_on_where_it_was_stopped(registrations: list[Registration], settings: Settings) -> None:
    rotate(settings)
    Registration.objects.filter(pk=registrations[0].pk).update(nik=registrations[0].nik)
    assert f"{COLUMNS[1]}: 4 re-encrypted, 0 left" in said().splitlines()


def test_rotate_keys_leaves_and_counts_what_it_cannot_read(
    registrations: list[Registration], settings: Settings
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE participants_person SET nik = set_byte(nik, 20, get_byte(nik, 20) # 1) WHERE id = %s",
            [registrations[2].person_id],
        )
        cursor.execute("UPDATE participants_registration SET nik = '' WHERE id = %s", [registrations[0].pk])
    rotate(settings)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("rotate_keys", batch_size=2, stdout=out)
    broken = [f"{column}: 4 re-encrypted, 1 left" for column in COLUMNS]
    assert sorted(out.getvalue().splitlines()) == sorted([*broken, *others("0 re-encrypted, 0 left"), NO_APPS])
    assert len(Person.objects.exclude(pk=registrations[2].person_id or 0)) == 4


def test_rotate_keys_without_the_old_key_changes_nothing(registrations: list[Registration], settings: Settings) -> None:
    rotate(settings, keep_old=False)
    with pytest.raises(CommandError):
        said()
    assert key_ids("participants_person") == {1}


def test_rotate_keys_is_written_into_the_trail_without_numbers(
    registrations: list[Registration], settings: Settings
) -> None:
    rotate(settings)
    said()
    entry = AuditEntry.objects.get(action="keys.rotated")
    told = [
        *[f"{column}: 5, 0 left" for column in COLUMNS],
        *others("0, 0 left"),
        "mfa_authenticator.secret: 0, 0 left",
    ]
    assert (entry.actor_label, sorted(entry.changes["columns"])) == ("system", sorted(told))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_rotate_keys_never_waits_for_a_row_in_use_and_comes_back_to_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = factories.batch(factories.program(factories.agency()))
    held = factories.registration(batch)
    factories.registration(batch)
    rotate(settings)
    is_held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Registration.objects.select_for_update(no_key=True).get(pk=held.pk)
            is_held.set()
            let_go.wait(10)
        connections.close_all()

    holder = threading.Thread(target=hold)

    def wait_for_the_holder(_seconds: float) -> None:
        let_go.set()
        holder.join()

    monkeypatch.setattr(rotation.time, "sleep", wait_for_the_holder)
    holder.start()
    is_held.wait(10)
    assert f"{COLUMNS[1]}: 2 re-encrypted, 0 left" in said().splitlines()


def test_rotate_keys_covers_the_secrets_of_apps(db: None, settings: Settings) -> None:
    officer, verifier = cast.program_officer(), cast.verifier()
    for user in (officer, verifier):
        set_app(by=user, secret=SECRET)
    broken = Authenticator.objects.get(user=verifier, type="totp")
    broken.data["secret"] = base64.b64encode(b"\xc8" + b"x" * 40).decode()
    broken.save()
    settings.ENCRYPTION_KEYS = {**django_settings.ENCRYPTION_KEYS, 201: NEW}
    with pytest.raises(CommandError):
        call_command("rotate_keys", stdout=io.StringIO())
    broken.delete()
    assert said().splitlines()[-1] == NO_APPS
    settings.ENCRYPTION_KEYS = {201: NEW}
    code = app_code(SECRET, int(timezone.now().timestamp()) // 30)
    assert use_code(user=officer, code=code) is not None
