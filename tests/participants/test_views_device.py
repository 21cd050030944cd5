import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from participants import actions
from participants.models import AttendanceDevice, AttendanceMark, Registration
from participants.rules import MARKS_AT_ONCE
from programs.models import Batch
from tests import cast
from tests.participants.hall import first, running

PAGE = "/kerja/kehadiran/perangkat/"
SEND = "/kerja/kehadiran/kirim/"


def signed_in(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or cast.program_officer())
    return client


def post(client: Client, path: str, said: Any) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said)
    return client.post(path, body, content_type="application/json")


def prepare(client: Client, batch: Batch, **values: Any) -> tuple[uuid.UUID, dict[str, Any]]:
    key = uuid.uuid4()
    asked = {"device": str(key), "name": "Ponsel", "sessions": [first(batch).pk]}
    return key, post(client, f"{PAGE}siapkan/", asked | values).json()


def one_mark(batch: Batch, entry: Registration, **values: Any) -> dict[str, Any]:
    made = {"id": str(uuid.uuid4()), "session": first(batch).pk, "registration": entry.pk, "code": entry.code}
    return made | {"kind": "arrived", "way": "list", "at": int(timezone.now().timestamp() * 1000)} | values


def test_attendance_device_is_a_shell_without_anybody_in_it(db: None) -> None:
    """It stays in the browser for whoever uses that next: two officers get the same bytes."""
    _batch, (entry,) = running()
    pages = [signed_in(who).get(PAGE) for who in (cast.program_officer(), cast.verifier())]
    assert pages[0].content == pages[1].content
    said = pages[0].content.decode()
    named = [entry.full_name, entry.code, cast.program_officer().full_name, "csrfmiddlewaretoken", "sessionid"]
    assert [name for name in named if name in said] == []
    assert "camera=(self)" in pages[0]["Permissions-Policy"]


def words_of(client: Client) -> dict[str, str]:
    said = client.get(PAGE).content.decode()
    found: dict[str, str] = json.loads(
        said.split('id="device-words" type="application/json">')[1].split("</script>")[0]
    )
    return found


def test_attendance_device_says_everything_in_indonesian(db: None) -> None:
    client = signed_in()
    words = words_of(client)
    client.cookies["django_language"] = "en"
    other = words_of(client)
    the_same = {name for name in words if words[name] == other[name]}
    assert the_same <= {"arrived_now", "name_pin"}
    holes = re.compile(r"\{\w+\}")
    assert {n for n in words if set(holes.findall(words[n])) != set(holes.findall(other[n]))} == set()


def test_attendance_worker_is_public_and_names_every_part_of_the_page(db: None) -> None:
    answer = Client().get(f"{PAGE}pekerja.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    shell = json.loads(answer.content.decode().split("self.SHELL = ")[1].split(";\n")[0])
    page = signed_in().get(PAGE).content.decode()
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"#]+)"', page))
    assert loaded - set(shell["parts"]) == set()
    assert shell["page"] == PAGE


def test_attendance_worker_changes_with_the_language(db: None) -> None:
    english = Client()
    english.cookies["django_language"] = "en"
    answers = [client.get(f"{PAGE}pekerja.js").content for client in (Client(), english)]
    assert answers[0] != answers[1]


def test_attendance_device_state_offers_the_sessions_of_the_coming_days(db: None) -> None:
    batch, _entries = running(2)
    said = signed_in().get(f"{PAGE}keadaan/").json()
    assert [(one["batch"], one["people"]) for one in said["sessions"]] == [(batch.name, 2)] * 2
    assert (said["device"], said["user"]) == (None, "Petugas Program")
    assert abs(said["now"] / 1000 - timezone.now().timestamp()) < 20
    nothing = signed_in(cast.village_officer_next_door()).get(f"{PAGE}keadaan/").json()
    assert nothing["sessions"] == []


@pytest.mark.parametrize("asked", ["", "x", "0", "2f1d6a1c-4c0e-4e6a-9a53-3f1d2b7c9e10", "\0", "9" * 4000])
def test_attendance_device_state_of_an_unknown_device(db: None, asked: str) -> None:
    assert signed_in().get(f"{PAGE}keadaan/", {"perangkat": asked}).json()["device"] is None


def test_attendance_device_state_opens_the_lists_for_their_officer_alone(db: None) -> None:
    batch, _entries = running()
    key, said = prepare(signed_in(), batch)
    of = {"perangkat": str(key)}
    mine = signed_in().get(f"{PAGE}keadaan/", of).json()["device"]
    colleague = signed_in(cast.verifier()).get(f"{PAGE}keadaan/", of).json()
    assert (mine["state"], mine["secret"]) == ("ready", said["secret"])
    assert (colleague["device"]["mine"], colleague["device"]["secret"]) == (False, "")
    device = AttendanceDevice.objects.get()
    AttendanceDevice.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert signed_in().get(f"{PAGE}keadaan/", of).json()["device"] == {"state": "expired", "mine": True, "secret": ""}
    actions.revoke_device(device=device, by=cast.program_officer())
    assert signed_in().get(f"{PAGE}keadaan/", of).json()["device"]["state"] == "revoked"


def test_attendance_device_prepare_gives_the_lists(db: None) -> None:
    batch, (entry,) = running()
    _key, said = prepare(signed_in(), batch)
    (session,) = said["lists"]
    assert [person["code"] for person in session["people"]] == [entry.code]
    assert said["expires"] > session["closes"] > session["ends"] > session["starts"] > session["opens"]


@pytest.mark.parametrize(
    "values", [{"sessions": []}, {"sessions": "x"}, {"sessions": [True, None, -1, 10**30]}, {"device": "x"}]
)
def test_attendance_device_prepare_refuses_what_makes_no_sense(db: None, values: dict[str, Any]) -> None:
    batch, _entries = running()
    asked = {"device": str(uuid.uuid4()), "name": "\0" * 3, "sessions": [first(batch).pk]}
    answer = post(signed_in(), f"{PAGE}siapkan/", asked | values)
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert AttendanceDevice.objects.count() == 0


def test_attendance_send_answers_each_mark(db: None) -> None:
    batch, (one, two) = running(2)
    client = signed_in()
    key, _said = prepare(client, batch)
    marks = [
        one_mark(batch, one),
        one_mark(batch, two, session=10**12),
        one_mark(batch, one, registration=None, code="PRCB2345"),
    ]
    parcel = {"device": str(key), "sent_at": int(timezone.now().timestamp() * 1000), "marks": marks}
    for time in range(2):
        results = post(client, SEND, parcel).json()["results"]
        assert [(result["id"], result["state"]) for result in results] == [
            (marks[0]["id"], "noted"),
            (marks[1]["id"], "refused"),
            (marks[2]["id"], "kept"),
        ]
        assert [bool(result["message"]) for result in results] == [False, True, time == 0]
    assert AttendanceMark.objects.count() == 1


NONSENSE: list[Any] = [
    *(b"", b"\xff", b"null", b"[]", b"1", b'{"marks": 1}', b"[" * 100_000, b'{"device": "x", "marks": []}'),
    {"marks": [1], "device": str(uuid.uuid4())},
    {"marks": [{}], "device": str(uuid.uuid4())},
    {"marks": [{"id": str(uuid.uuid4())}] * (MARKS_AT_ONCE + 1), "device": str(uuid.uuid4())},
]


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_attendance_send_refuses_nonsense_in_words(db: None, said: Any) -> None:
    answer = post(signed_in(), SEND, said)
    assert (answer.status_code, set(answer.json())) == (400, {"error", "message"})


ODD_PARTS: dict[str, list[Any]] = {
    "at": [None, "x", 1e300, float("inf"), -(10**18), 10**30, True, []],
    "kind": [None, "", "\0", "flown", 7, "x" * 5000],
    "way": [None, "\ud800", {}],
    "registration": [-1, 2**63, 1.5, "1", []],
    "code": [None, "\0\0", "x" * 5000, 3],
    "session": [None, 2**64, "1"],
    "note": ["\0" + "é" * 5000],
    "written": [["x"]],
}
ODD = [{name: value} for name, values in ODD_PARTS.items() for value in values]


@pytest.mark.parametrize("values", ODD, ids=range(len(ODD)))
def test_attendance_send_odd_parts_of_one_mark_do_not_hold_up_the_others(db: None, values: dict[str, Any]) -> None:
    batch, (one, two) = running(2)
    client = signed_in()
    key, _said = prepare(client, batch)
    marks = [one_mark(batch, one, **values), one_mark(batch, two)]
    answer = post(client, SEND, {"device": str(key), "sent_at": None, "marks": marks})
    assert (answer.status_code, answer.json()["results"][1]["state"]) == (200, "noted")


def test_attendance_send_without_token_or_sign_in_changes_nothing(db: None) -> None:
    batch, (entry,) = running()
    key, _said = prepare(signed_in(), batch)
    parcel = {"device": str(key), "sent_at": None, "marks": [one_mark(batch, entry)]}
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.program_officer())
    assert (post(strict, SEND, parcel).status_code, post(Client(), SEND, parcel).status_code) == (403, 302)
    assert AttendanceMark.objects.count() == 0


def test_attendance_device_list_shows_the_office_its_devices_and_an_officer_the_own(db: None) -> None:
    batch, _entries = running()
    prepare(signed_in(), batch)
    prepare(signed_in(cast.verifier()), batch, name="Ponsel verifikator")
    shown = {
        who.username: signed_in(who).get(f"{PAGE}daftar/").content.decode().count('data-label="Disiapkan oleh"')
        for who in (cast.program_officer(), cast.verifier(), cast.other_agency_officer())
    }
    assert shown == {"petugas.program": 2, "verifikator": 1, "petugas.semarang": 0}


def test_attendance_device_revoke_locks_it(db: None) -> None:
    batch, _entries = running()
    prepare(signed_in(cast.verifier()), batch)
    device = AttendanceDevice.objects.get()
    answer = signed_in().post(f"{PAGE}{device.pk}/kunci/", follow=True)
    device.refresh_from_db()
    assert device.revoked_by == cast.program_officer()
    assert "diblokir" in answer.content.decode()
