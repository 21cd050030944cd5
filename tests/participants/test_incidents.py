"""A failure of data protection, from the report to the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import record
from accounts.models import User
from notifications.models import Message
from participants import actions, queries
from participants.models import Incident, Registration
from participants.queries import Criteria
from tests import cast, factories
from tests.participants.lines import small_batch

pytestmark = pytest.mark.django_db


def report(**values: Any) -> Incident:
    facts: dict[str, Any] = {
        "title": "Daftar terkirim ke alamat lain",
        "kind": "disclosure",
        "data_items": ["name", "contact"],
        "discovered_at": timezone.now() - timedelta(hours=2),
        "happening": "Sebuah daftar terkirim ke alamat yang salah.",
        "effect": "Penerima dapat menghubungi Anda.",
        "handling": "Penerima diminta menghapusnya.",
    }
    return actions.report_incident(agency=cast.home_agency(), by=cast.dpo(), **facts | values)


def listed(count: int = 2) -> tuple[Incident, list[Registration]]:
    batch = small_batch(quota=20)
    people = [factories.registration(batch) for _number in range(count)]
    incident = report()
    actions.list_people(incident=incident, criteria=Criteria(batches=[batch.pk]), by=cast.dpo())
    return Incident.objects.get(pk=incident.pk), people


def refused(act: Any, **values: Any) -> str:
    with pytest.raises(ValidationError) as error:
        act(by=cast.dpo(), **values)
    return str(getattr(error.value, "code", "") or next(iter(error.value.error_dict.values()))[0].code)


def url(name: str, incident: Incident) -> str:
    return reverse(f"participants:{name}", args=[incident.pk])


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.dpo())
    return client


def test_each_person_stands_on_the_list_once() -> None:
    first, second = small_batch(quota=5), small_batch(quota=5)
    old = factories.registration(first)
    again = factories.declaration(0, nik=old.nik, phone=old.phone)
    new = factories.registration(second, declaration=again)
    incident = report()
    assert actions.list_people(incident=incident, criteria=Criteria(), by=cast.dpo()) == 1
    assert incident.people.get().registration_id == new.pk


def test_list_by_whose_looks() -> None:
    batch, spy = small_batch(quota=5), cast.verifier()
    seen, _unseen = factories.registration(batch), factories.registration(batch)
    record(action="registration.nik_revealed", by=spy, target=seen, subject=seen.person, agency=cast.home_agency())
    incident = report()
    by_looks = queries.people_concerned(incident, Criteria(officer=spy.pk))
    assert list(by_looks.values_list("pk", flat=True)) == [seen.pk]
    later = Criteria(officer=spy.pk, looked_from=timezone.now() + timedelta(hours=1))
    assert queries.people_concerned(incident, later).count() == 0


def test_list_stays_as_it_was_when_somebody_registers_later() -> None:
    incident, _people = listed(2)
    factories.registration(small_batch())
    assert (incident.people_count, incident.people.count()) == (2, 2)


def test_people_of_another_office_are_never_listed() -> None:
    incident = report()
    Incident.objects.filter(pk=incident.pk).update(agency=cast.next_agency())
    factories.registration(small_batch())
    assert refused(actions.list_people, incident=incident, criteria=Criteria()) == "nobody"


def test_everybody_is_told_once() -> None:
    incident, people = listed(2)
    assert actions.tell_people(incident=incident, expected=2, by=cast.dpo()) == 2
    assert refused(actions.tell_people, incident=incident, expected=2) == "nobody"
    told = Message.objects.filter(kind="incident_notice")
    assert {message.subject_id for message in told} == {str(entry.pk) for entry in people}
    assert "Penerima diminta menghapusnya." in told[0].body
    assert refused(actions.list_people, incident=incident, criteria=Criteria()) == "told"


def test_closing_waits_for_the_letters() -> None:
    incident, _people = listed(1)
    closing: dict[str, Any] = {"incident": incident, "outcome": "closed", "note": ""}
    assert refused(actions.close_incident, **closing) == "incident_closed_when_all_were_told"
    actions.tell_people(incident=incident, expected=1, by=cast.dpo())
    actions.note_authority(incident=incident, told_at=timezone.now(), reference="500/1", by=cast.dpo())
    actions.close_incident(by=cast.dpo(), **closing)
    assert Incident.objects.get().state == "closed"
    assert refused(actions.note_authority, incident=incident, told_at=timezone.now(), reference="2") == "closed"


def test_dismissing_asks_for_a_reason() -> None:
    assert refused(actions.close_incident, incident=report(), outcome="dismissed", note="") == "note_needed"


@pytest.mark.parametrize(("hours", "overdue"), [(71, False), (73, True)])
def test_clock_runs_from_the_discovery(hours: int, overdue: bool) -> None:
    incident = report(discovered_at=timezone.now() - timedelta(hours=hours))
    assert incident.is_overdue_at(timezone.now()) == overdue
    assert Incident.objects.overdue(timezone.now()).exists() == overdue


def test_incident_report_keeps_what_was_typed(officer: Client) -> None:
    sent = {"title": "Ponsel hilang", "kind": "loss", "happening": "Hilang di pasar.", "data_items": ["name"]}
    address = reverse("participants:incident_report")
    response = officer.post(address, sent)
    assert (response.status_code, "Ponsel hilang" in response.content.decode()) == (422, True)
    when = {"discovered_at_day": "2026-01-05", "discovered_at_hour": "08:00"}
    assert officer.post(address, sent | when | {"discovered_at_day": "2099-01-01"}).status_code == 422
    assert officer.post(address, sent | when).status_code == 302


def test_incident_list_shows_the_overdue_one(officer: Client) -> None:
    report(discovered_at=timezone.now() - timedelta(days=4))
    assert "Lewat batas waktu" in officer.get(reverse("participants:incident_list")).content.decode()


def test_incident_detail_of_another_office_is_not_found(officer: Client) -> None:
    incident = report()
    Incident.objects.update(agency=cast.next_agency())
    assert officer.get(url("incident_detail", incident)).status_code == 404


def test_incident_edit_is_written_into_the_timeline(officer: Client) -> None:
    incident = report()
    page = officer.get(url("incident_edit", incident))
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert officer.post(url("incident_edit", incident), sent | {"effect": "Mungkin ada penipuan."}).status_code == 302
    assert Incident.objects.get().effect == "Mungkin ada penipuan."


def test_incident_people_counts_before_it_freezes(officer: Client) -> None:
    factories.registration(small_batch())
    incident, address = report(), url("incident_people", report())
    assert officer.post(address, {"count": "1"}).status_code == 422
    assert "1 orang" in officer.post(address, {"count": "1", "everybody": "on"}).content.decode()
    assert incident.people.count() == 0
    assert officer.post(address, {"everybody": "on"}).status_code == 302


def test_incident_sheet_stands_in_the_trail(officer: Client) -> None:
    incident, _people = listed(1)
    assert officer.post(url("incident_sheet", incident)).content[:2] == b"PK"


def test_incident_tell_shows_the_message_first(officer: Client) -> None:
    incident, _people = listed(1)
    assert "Penerima diminta menghapusnya." in officer.get(url("incident_tell", incident)).content.decode()
    assert Message.objects.filter(kind="incident_notice").count() == 0
    assert officer.post(url("incident_tell", incident), {"expected": "1", "sure": "on"}).status_code == 302
    assert Message.objects.filter(kind="incident_notice").count() == 1


def test_incident_authority_refuses_a_time_before_the_discovery(officer: Client) -> None:
    incident = report()
    sent = {"told_at_day": "2020-01-01", "told_at_hour": "08:00", "reference": "500/1"}
    response = officer.post(url("incident_authority", incident), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["told_at_day"])


def test_incident_letter_names_the_law(officer: Client) -> None:
    incident, people = listed(1)
    assert "Undang-Undang Nomor 27 Tahun 2022" in officer.get(url("incident_letter", incident)).content.decode()
    letters = officer.get(url("incident_letter", incident), {"untuk": "warga"}).content.decode()
    assert people[0].full_name in letters


def test_incident_note_is_kept(officer: Client) -> None:
    incident = report()
    assert officer.post(url("incident_note", incident), {"text": "Telepon ke penerima."}).status_code == 302
    assert incident.events.order_by("-pk")[0].note == "Telepon ke penerima."


def test_incident_close_says_what_is_missing(officer: Client) -> None:
    assert officer.post(url("incident_close", report()), {"outcome": "closed"}).status_code == 422


def test_incident_reopen_starts_again(officer: Client) -> None:
    incident = report()
    actions.close_incident(incident=incident, outcome="dismissed", note="Salah paham.", by=cast.dpo())
    officer.post(url("incident_reopen", incident))
    assert Incident.objects.get().state == "open"


def hours_ago(incident: Incident, hours: int) -> None:
    Incident.objects.filter(pk=incident.pk).update(discovered_at=timezone.now() - timedelta(hours=hours))


def reminders() -> list[str]:
    User.objects.filter(pk=cast.dpo().pk).update(email="petugas.data@contoh.example")
    actions.sweep_incidents()
    actions.sweep_incidents()
    return sorted(Message.objects.filter(kind="incident_due").values_list("key", flat=True))


def test_sweep_reminds_whoever_keeps_incidents_once_of_each_stage() -> None:
    incident, officer = report(), cast.dpo()
    hours_ago(incident, 23)
    assert reminders() == []
    User.objects.filter(pk=cast.program_officer().pk).update(email="lain@contoh.example")
    for hours in (24, 49, 66, 75):
        hours_ago(incident, hours)
        told = reminders()
    assert told == [f"incident_due:{incident.pk}:{stage}:{officer.pk}" for stage in (24, 48, 66, 72)]
    assert not any(incident.title in message.body for message in Message.objects.filter(kind="incident_due"))


def test_sweep_is_silent_when_all_were_told_or_it_was_none() -> None:
    incident, _people = listed(1)
    hours_ago(incident, 30)
    actions.tell_people(incident=incident, expected=1, by=cast.dpo())
    actions.note_authority(incident=incident, told_at=timezone.now(), reference="500/1", by=cast.dpo())
    none = report(discovered_at=timezone.now() - timedelta(hours=40))
    actions.close_incident(incident=none, outcome="dismissed", note="Salah paham.", by=cast.dpo())
    assert reminders() == []
