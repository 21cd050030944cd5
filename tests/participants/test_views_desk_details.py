"""One entry at the office: what is known of it, and the decisions about it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions, queries
from participants.actions import renew_pin
from participants.models import AccessCode, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.access_certificates import certified
from tests.participants.desk import at_desk, doubtful, entries, errors, flash, url


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.program_officer())


@pytest.fixture
def entry(batch: Batch) -> Registration:
    return factories.registration(batch, phone="+6281234567890")


def state(entry: Registration) -> tuple[str, str]:
    entry.refresh_from_db()
    return entry.check_state, entry.seat


def test_registration_detail_shows_data_answers_log_and_messages(office: Client, entry: Registration) -> None:
    context = office.get(url("registration_detail", entry)).context
    assert [event.kind for event in context["events"]] == ["registered"]
    assert [message.kind for message in context["told"]] == ["registration_received"]
    assert [read.consent.purpose for read in context["consents"]] == ["notice", "broadcast"]
    assert context["comparison"] is None


def test_registration_detail_shows_the_words_that_were_read(office: Client, entry: Registration) -> None:
    by, words = cast.dpo(), {"words_id": "Bersedia dikabari {kantor}.", "words_en": "Agreed.", "note": ""}
    agency = cast.home_agency()
    text = actions.save_consent_text(agency=agency, purpose="broadcast", revision=0, by=by, **words)
    edition = actions.publish_consent_text(text=text, revision=1, begins_at=None, by=by)
    page = office.get(url("registration_detail", entry)).content.decode()
    assert "Bersedia dikabari" not in page
    entry.consents.filter(purpose="broadcast").update(text_version=edition.version)
    entry.consents.filter(purpose="notice").update(text_version=queries.PORTAL_EDITION)
    page = office.get(url("registration_detail", entry)).content.decode()
    assert f"Bersedia dikabari {agency.name}." in page
    assert f"?edisi={queries.PORTAL_EDITION}" in page
    assert reverse("participants:consent_text_list") not in page
    looking = at_desk(cast.dpo()).get(url("registration_detail", entry)).content.decode()
    assert reverse("participants:consent_text_list") in looking


def test_registration_detail_shows_messages_only_to_those_who_may_read_them(entry: Registration) -> None:
    assert list(at_desk(cast.verifier()).get(url("registration_detail", entry)).context["told"]) == []


def test_registration_detail_offers_only_what_is_allowed(entry: Registration) -> None:
    may = at_desk(cast.division_head()).get(url("registration_detail", entry)).context["may"]
    assert set(may.values()) == {False}
    village = at_desk(cast.village_officer_here()).get(url("registration_detail", entry)).context["may"]
    assert {name for name, allowed in village.items() if allowed} == {"cards", "correct", "claim", "withdraw"}


def test_registration_detail_puts_a_doubtful_entry_beside_the_person_on_file(office: Client, batch: Batch) -> None:
    first, second = doubtful(batch)
    context = office.get(url("registration_detail", second)).context
    assert context["comparison"]["person"] == first.person
    assert {line.name for line in context["comparison"]["lines"] if line.differs} == {"full_name", "phone", "address"}


def test_registration_detail_of_a_doubtful_entry_hides_the_person_from_the_village(batch: Batch) -> None:
    _first, second = doubtful(batch)
    assert at_desk(cast.village_officer_here()).get(url("registration_detail", second)).context["comparison"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_registration_detail_costs_the_same_beside_one_and_three_others(
    count: int, office: Client, batch: Batch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, *_others = entries(batch, count + 1)
    with django_assert_num_queries(14):
        office.get(url("registration_detail", first))


def test_registration_detail_shows_attendance_and_certificate_once_the_training_began(office: Client) -> None:
    found = certified()
    entry, document = found["certified"].registrations.get(), found["certificate"]
    page = office.get(url("registration_detail", entry)).content.decode()
    assert ("Cukup hadir" in page, document.get_absolute_url() in page) == (True, True)
    verifier = at_desk(cast.verifier()).get(url("registration_detail", entry)).content.decode()
    assert ("Cukup hadir" in verifier, document.get_absolute_url() in verifier) == (True, False)


def test_registration_detail_of_a_training_to_come_says_nothing_of_attendance(office: Client, batch: Batch) -> None:
    assert "attendance" not in office.get(url("registration_detail", factories.registration(batch))).context


def test_registration_verify_says_how_to_undo_it(office: Client, entry: Registration) -> None:
    response = office.post(url("registration_verify", entry), {"note": ""})
    assert response["Location"] == entry.get_absolute_url()
    assert url("registration_undo", entry) in flash(response)[0]
    assert state(entry) == ("verified", "held")


def test_registration_verify_with_warnings_needs_a_note(office: Client, batch: Batch) -> None:
    entry = factories.registration(batch, sex="male")
    response = office.post(url("registration_verify", entry), {"note": " "})
    assert (response.status_code, list(errors(response))) == (422, ["note"])
    assert office.post(url("registration_verify", entry), {"note": "KTP dilihat"}).status_code == 302
    entry.refresh_from_db()
    assert entry.check_note == "KTP dilihat"


def test_registration_verify_of_a_doubtful_entry_is_refused_and_keeps_the_note(office: Client, batch: Batch) -> None:
    _first, second = doubtful(batch)
    response = office.post(url("registration_verify", second), {"note": "Sudah ditelepon"})
    assert response.status_code == 422
    assert "Sudah ditelepon" in response.content.decode()
    assert state(second)[0] == "pending"


def test_registration_verify_escapes_a_hostile_name_in_the_flash(office: Client, batch: Batch) -> None:
    entry = factories.registration(batch, full_name="<b>Nama</b>")
    assert "&lt;b&gt;" in flash(office.post(url("registration_verify", entry), {"note": ""}))[0]


def test_registration_request_fix_tells_the_resident_what(office: Client, entry: Registration) -> None:
    assert list(errors(office.post(url("registration_request_fix", entry), {"note": ""}))) == ["note"]
    office.post(url("registration_request_fix", entry), {"note": "Tulis ulang alamat"})
    assert state(entry) == ("needs_fix", "held")
    assert "Tulis ulang alamat" in Message.objects.get(kind="registration_fix_requested").body


def test_registration_reject_gives_the_seat_to_the_next(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    first, second = entries(batch, 2)
    office.post(url("registration_reject", first), {"reason": "wrong_data", "note": ""})
    assert (state(first), state(second)) == (("rejected", "released"), ("pending", "offered"))


@pytest.mark.parametrize(
    ("data", "wrong"),
    [({}, ["reason"]), ({"reason": "other"}, ["note"]), ({"reason": "x", "note": "y" * 400}, ["reason", "note"])],
)
def test_registration_reject_with_bad_input_says_where(
    data: dict[str, str], wrong: list[str], office: Client, entry: Registration
) -> None:
    response = office.post(url("registration_reject", entry), data)
    assert (response.status_code, list(errors(response))) == (422, wrong)
    assert state(entry) == ("pending", "held")


def test_registration_undo_asks_first_and_restores_the_seat(office: Client, entry: Registration) -> None:
    office.post(url("registration_reject", entry), {"reason": "wrong_data"})
    assert office.get(url("registration_undo", entry)).status_code == 200
    assert state(entry) == ("rejected", "released")
    office.post(url("registration_undo", entry))
    assert state(entry) == ("pending", "held")


def test_registration_undo_without_a_decision_says_so(office: Client, entry: Registration) -> None:
    response = office.post(url("registration_undo", entry))
    assert errors(response) == {"__all__": [_("There is no decision to undo.")]}


def test_registration_link_refuses_a_second_entry_of_one_person(office: Client, batch: Batch) -> None:
    _first, second = doubtful(batch)
    assert list(errors(office.post(url("registration_link", second), {"note": ""}))) == ["note"]
    response = office.post(url("registration_link", second), {"note": "KTP dilihat"})
    assert (response.status_code, list(errors(response))) == (422, ["__all__"])


def test_registration_link_settles_whose_entry_it_is(office: Client, batch: Batch) -> None:
    first, second = doubtful(batch)
    office.post(url("registration_withdraw", first), {"reason": "Ganti nomor"})
    assert office.post(url("registration_link", second), {"note": "KTP dilihat"}).status_code == 302
    second.refresh_from_db()
    assert second.person_id == first.person_id


def test_registration_reveal_writes_down_who_looked_and_why(office: Client, entry: Registration) -> None:
    assert entry.nik not in office.get(url("registration_reveal", entry)).content.decode()
    assert list(errors(office.post(url("registration_reveal", entry), {"purpose": ""}))) == ["purpose"]
    assert AuditEntry.objects.filter(action="registration.nik_revealed").count() == 0
    response = office.post(url("registration_reveal", entry), {"purpose": "Cocokkan KTP"})
    assert entry.nik in response.content.decode()
    trail = AuditEntry.objects.get(action="registration.nik_revealed")
    assert (trail.purpose, trail.actor, trail.object_id) == (
        "Cocokkan KTP",
        cast.program_officer(),
        str(entry.pk),
    )


def test_registration_claim_prints_a_code_that_opens_the_entry_once(office: Client, entry: Registration) -> None:
    response = office.post(url("registration_claim", entry))
    codes = re.findall(r'ticket-code">([A-Z0-9-]+)<', response.content.decode())
    assert codes[0] == entry.shown_code
    opened, _pin = renew_pin(code=codes[0], one_time_code=codes[1])
    assert opened == entry
    assert AccessCode.objects.get().issued_by == cast.program_officer()


def test_registration_claim_is_never_issued_by_a_link(office: Client, entry: Registration) -> None:
    assert office.get(url("registration_claim", entry)).status_code == 405
    assert AccessCode.objects.count() == 0
