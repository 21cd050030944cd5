"""What was tried against the running portal and got through once."""

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ikm_portal.celery import app
from kit.fields import DayField
from participants import actions
from participants.models import Registration, initial_pin
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, doubtful, flash, url
from tests.participants.public_form import form_url, send, typed
from tests.support.worker import CeleryWorker

FAR_AWAY = "99999999999999999999"


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="dbhcht"), slug="bendan-kergon")


@pytest.fixture
def officer(batch: Batch) -> User:
    return cast.program_officer()


def printed(command: str, **environment: str) -> str:
    """What a line of Python prints under settings of its own."""
    line = f"import django; django.setup(); {command}"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "ikm_portal.settings"} | environment
    done = subprocess.run([sys.executable, "-c", line], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def shown_key(response: Any) -> str:
    found = re.search(r'name="submission_key" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


def test_register_with_the_key_of_a_sent_form_keeps_two_people_apart(client: Client, batch: Batch) -> None:
    """One phone in the family: back to the form, another name in it. Nobody is lost, nobody reads the other's PIN."""
    first = typed(1)
    client.post(form_url(batch), first)
    second = typed(2, submission_key=first["submission_key"])
    other = Client()
    refused = other.post(form_url(batch), second)
    assert (refused.status_code, list(other.cookies)) == (422, ["csrftoken"])
    assert shown_key(refused) != first["submission_key"]
    accepted = other.post(form_url(batch), second | {"submission_key": shown_key(refused)})
    assert accepted.status_code == 302
    assert sorted(Registration.objects.values_list("phone", flat=True)) == ["+6281200000001", "+6281200000002"]


def test_register_with_the_key_of_a_form_of_another_batch_is_another_form(client: Client, batch: Batch) -> None:
    other = factories.batch(batch.program, factories.MEDONO, slug="medono")
    sent = typed(1)
    client.post(form_url(batch), sent)
    assert client.post(form_url(other), sent | {"region": factories.MEDONO}).status_code == 422


def test_register_refused_leaves_what_was_typed_on_no_disk(client: Client, batch: Batch) -> None:
    assert client.get(form_url(batch)).headers.get("Cache-Control") is None
    assert send(client, batch, full_name="").headers["Cache-Control"] == "no-store"


def test_register_refuses_a_name_that_nobody_can_see(client: Client, batch: Batch) -> None:
    response = send(client, batch, full_name="\u3164\u3164")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["full_name"])


def test_register_prefilled_with_an_impossible_year_is_the_blank_form(client: Client, batch: Batch) -> None:
    sent = {"prefill": "1", "birth_date_year": FAR_AWAY, "birth_date_month": "1", "birth_date_day": "1"}
    assert client.post(form_url(batch), sent).status_code == 200


def test_resolve_duplicate_tells_a_stranger_no_number(batch: Batch, officer: User) -> None:
    first, second = doubtful(batch)
    actions.resolve_duplicate(keep=first, drop=second, by=officer)
    second.refresh_from_db()
    assert (second.reject_reason, second.check_note) == ("duplicate", "")


def test_status_of_a_rejected_stranger_gives_no_reason(client: Client, batch: Batch, officer: User) -> None:
    """That a number is registered already is told to the contact on file alone, not to who tried the number."""
    first, second = doubtful(batch)
    note = f"Sama dengan {first.shown_code}"
    actions.reject(registration=second, reason="duplicate", note=note, by=officer)
    pin = initial_pin(second.submission_key)
    client.post(reverse("participants:status"), {"code": second.code, "pin": pin})
    page = client.get(reverse("participants:status_detail")).content.decode()
    shown = [text in page for text in (second.shown_code, first.shown_code, "Pendaftaran ganda")]
    assert shown == [True, False, False]


def test_registration_find_says_that_a_number_is_on_no_card(batch: Batch, officer: User) -> None:
    client = at_desk(officer)
    response = client.post(url("registration_find", batch), {"q": "0" * 16})
    assert response.headers["Location"] == url("registration_list", batch)
    assert flash(response) == ["Ini bukan NIK. Salin NIK dari KTP Anda."]


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01&until=0001-01-01", "action=%00"])
def test_audit_list_takes_any_day(batch: Batch, query: str) -> None:
    assert at_desk(cast.auditor()).get(f"{reverse('accounts:audit_list')}?{query}").status_code == 200


def test_admin_suggestions_take_a_nul(batch: Batch) -> None:
    client = at_desk(cast.administrator())
    asked = {"app_label": "accounts", "model_name": "roleassignment", "field_name": "user", "term": "\0tanpa"}
    assert client.get(reverse("admin:autocomplete"), asked).status_code == 200


def test_mailbox_takes_a_nul(client: Client, batch: Batch, settings: Any) -> None:
    settings.DEMONSTRATION = True
    assert client.get(f"{reverse('notifications:mailbox')}?q=%00").status_code == 200


@pytest.mark.parametrize("name", ["workspace", "notifications:message_list", "participants:batch_list"])
def test_pages_of_the_office_stay_on_no_disk(batch: Batch, officer: User, name: str) -> None:
    assert "no-store" in at_desk(officer).get(reverse(name)).headers["Cache-Control"].split(", ")


def test_pages_for_everybody_may_be_kept(client: Client, batch: Batch) -> None:
    assert "Cache-Control" not in client.get(batch.get_absolute_url()).headers


def test_post_in_a_strange_encoding_is_a_bad_request(client: Client, batch: Batch) -> None:
    strange = "application/x-www-form-urlencoded; charset=utf-7"
    careful = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = careful.post(form_url(batch), "a=b", content_type=strange)
    assert (response.status_code, "400.html" in [template.name for template in response.templates]) == (400, True)


def test_mails_of_the_demonstration_lie_in_the_data_folder(tmp_path: Path) -> None:
    """Without the fourth slash they lay in the folder from which the program was started."""
    command = "from django.conf import settings; print(settings.EMAIL_FILE_PATH)"
    assert printed(command, PORTAL_ENV="demo", PORTAL_DATA=str(tmp_path)) == f"{tmp_path}/mail"


def test_files_sent_to_a_page_never_fill_the_disk() -> None:
    """The only handler keeps files in memory, of those views alone that say how much they take."""
    assert settings.FILE_UPLOAD_HANDLERS == ["kit.uploads.MemoryHandler"]


SLIPS = ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"]


@pytest.mark.parametrize("day", SLIPS)
def test_days_beyond_any_plan_are_refused(day: str) -> None:
    """A batch of the year 1 could be saved, and no list that showed it opened again."""
    assert DayField().clean("2026-12-01") == date(2026, 12, 1)
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(day)
    assert refusal.value.messages == ["Tanggal ini tidak ada. Periksa kembali."]


def test_reschedule_refuses_to_move_what_is_to_come_into_the_past(batch: Batch, officer: User) -> None:
    session, now = batch.sessions.order_by("pk")[0], timezone.now()
    begin, end = now - timedelta(days=2), now - timedelta(days=2, hours=-3)
    with pytest.raises(ValidationError) as refusal:
        actions.reschedule_batch(batch=batch, sessions={session.pk: (begin, end, None)}, by=officer)
    assert refusal.value.code == "session_in_past"


TERMINATE_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_worker_goes_on_after_a_restart_of_the_database(celery_worker: CeleryWorker) -> None:
    def done(task_id: str) -> bool:
        return any(task_id in line and "succeeded" in line for line in celery_worker.lines)

    first = app.send_task("jobs.tasks.sweep")
    celery_worker.wait_for(lambda: done(first.id))
    with connection.cursor() as cursor:
        cursor.execute(TERMINATE_OTHERS)
        assert cursor.fetchone()[0] > 0
    second = app.send_task("jobs.tasks.sweep")
    celery_worker.wait_for(lambda: done(second.id))
