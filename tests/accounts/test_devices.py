import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions, tasks
from accounts.models import AuditEntry, Device, User
from tests import cast
from tests.factories import PASSWORD

SignIn = Callable[..., Any]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


def signed_in_client(agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/masuk/", {"login": "petugas.program", "password": PASSWORD})
    assert client.get("/akun/").status_code == 200
    return client


def device_of(client: Client) -> Device:
    return Device.objects.get(key=uuid.UUID(client.session["device"]))


def test_device_list_shows_where_one_is_signed_in(officer: User) -> None:
    here, there = signed_in_client(), signed_in_client("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Safari/537.36")
    cast.verifier()
    other = Client()
    other.post("/masuk/", {"login": "verifikator", "password": PASSWORD})
    page = here.get("/akun/perangkat/")
    assert sorted(device.browser for device in page.context["devices"]) == ["Chrome, Android", "Firefox, Windows"]
    assert page.context["own_key"] == device_of(here).key
    assert device_of(there).user == officer


def test_device_list_leaves_out_what_ended(officer: User) -> None:
    here = signed_in_client()
    left, idle, gone = signed_in_client(), signed_in_client(), signed_in_client()
    left.post("/keluar/")
    Device.objects.filter(key=device_of(idle).key).update(last_seen_at=timezone.now() - dt.timedelta(hours=1))
    Session.objects.filter(session_key=device_of(gone).session_key).delete()
    assert [device.key for device in here.get("/akun/perangkat/").context["devices"]] == [device_of(here).key]


def test_device_end_signs_out_that_browser_alone(officer: User) -> None:
    here, there, third = signed_in_client(), signed_in_client(), signed_in_client()
    assert here.post(f"/akun/perangkat/{device_of(there).pk}/keluar/")["Location"] == "/akun/perangkat/"
    answers = [client.get("/akun/").status_code for client in (here, there, third)]
    assert answers == [200, 302, 200]
    assert AuditEntry.objects.filter(action="device.ended").count() == 1


def test_device_end_of_the_own_one_is_the_sign_out(officer: User) -> None:
    here = signed_in_client()
    assert here.post(f"/akun/perangkat/{device_of(here).pk}/keluar/")["Location"] == "/keluar/"
    assert here.get("/akun/").status_code == 200


def test_device_end_of_somebody_else_is_not_found(officer: User) -> None:
    here = signed_in_client()
    stranger = Client()
    stranger.force_login(cast.verifier())
    assert stranger.post(f"/akun/perangkat/{device_of(here).pk}/keluar/").status_code == 404
    assert here.get("/akun/").status_code == 200


def test_device_end_all_keeps_this_one(officer: User) -> None:
    here, there, unlisted = signed_in_client(), signed_in_client(), signed_in_client()
    Device.objects.filter(key=device_of(unlisted).key).delete()
    assert here.post("/akun/perangkat/keluar/")["Location"] == "/akun/perangkat/"
    assert [client.get("/akun/").status_code for client in (here, there, unlisted)] == [200, 302, 302]
    entry = AuditEntry.objects.get(action="devices.ended")
    assert entry.changes == {"count": 1}
    assert Device.objects.get().key == device_of(here).key
    assert Device.objects.get().session_key == here.session.session_key


def test_end_all_devices_by_the_administrator(officer: User) -> None:
    here, there = signed_in_client(), signed_in_client()
    assert actions.end_all_devices(by=cast.administrator(), user=officer) == 2
    assert [client.get("/akun/").status_code for client in (here, there)] == [302, 302]
    for actor in (cast.verifier(), cast.other_agency_officer()):
        with pytest.raises(PermissionDenied):
            actions.end_all_devices(by=actor, user=officer)


def test_devices_end_with_a_new_password(officer: User) -> None:
    here, there = signed_in_client(), signed_in_client()
    new = "tulis-canting-malam-88"
    here.post("/sandi/ubah/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [client.get("/akun/").status_code for client in (here, there)] == [200, 302]
    assert Device.objects.get().key == device_of(here).key


def test_devices_end_with_the_account(officer: User) -> None:
    here = signed_in_client()
    actions.deactivate_user(by=cast.administrator(), user=officer)
    assert here.get("/akun/").status_code == 302
    assert not Device.objects.exists()


def test_device_is_seen_again_after_a_minute(officer: User) -> None:
    here = signed_in_client()
    before = timezone.now() - dt.timedelta(minutes=5)
    Device.objects.update(last_seen_at=before)
    here.get("/akun/")
    assert Device.objects.get().last_seen_at == before
    session = here.session
    session["seen_at"] -= 61
    session.save()
    here.get("/akun/")
    assert timezone.now() - Device.objects.get().last_seen_at < dt.timedelta(seconds=10)


def test_device_is_never_listed_twice(officer: User) -> None:
    made = Device.objects.create(user=officer, key=uuid.uuid4(), session_key="a", started_at=timezone.now())
    with pytest.raises(IntegrityError, match="accounts_device_key_unique"), transaction.atomic():
        Device.objects.create(user=officer, key=made.key, session_key="b", started_at=timezone.now())
    assert Device.objects.filter(key=made.key).count() == 1


def test_clean_up_forgets_devices_whose_session_is_gone(officer: User) -> None:
    here, gone = signed_in_client(), signed_in_client()
    gone.post("/keluar/")
    tasks.clean_up()
    assert [device.key for device in Device.objects.all()] == [device_of(here).key]
