from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from participants.models import Consent, DataRequest, Person, Registration, written_wish
from participants.privacy import anonymise
from programs.models import Batch
from tests import cast, factories
from tests.support.constraints import broken_by


@pytest.fixture
def entry(batch: Batch) -> Registration:
    return factories.registration(batch)


@pytest.fixture
def officer(db: None) -> User:
    return cast.program_officer()


def asked(entry: Registration, **values: Any) -> DataRequest:
    now = values.pop("received_at", timezone.now())
    defaults: dict[str, Any] = {
        "agency": entry.batch.program.agency,
        "kind": "correction",
        "code": f"RQ{DataRequest.objects.count():06d}",
        "person": entry.person,
        "registration": entry,
        "identity": "pin",
        "received_at": now,
        "due_at": now + timedelta(hours=72),
        "wish": written_wish("Nama saya salah."),
    }
    return DataRequest.objects.create(**defaults | values)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"kind": "x"}, "data_request_kind_known"),
        ({"state": "x"}, "data_request_state_known"),
        ({"identity": "x"}, "data_request_identity_known"),
        ({"identity": "card"}, "data_request_proof_names_officer"),
        ({"person": None, "registration": None}, "data_request_is_about_somebody"),
        ({"due_at": timezone.now() + timedelta(hours=80)}, "data_request_due_in_72_hours"),
        ({"kind": "consent_withdrawal"}, "data_request_withdrawal_names_purpose"),
        ({"purpose": "whatsapp"}, "data_request_withdrawal_names_purpose"),
        ({"state": "in_progress"}, "data_request_in_progress_names_who"),
        ({"state": "done"}, "data_request_ended_has_time"),
        ({"answered_at": timezone.now()}, "data_request_ended_has_time"),
        ({"state": "refused", "answered_at": timezone.now()}, "data_request_refused_has_reason"),
        ({"refusal_reason": "law"}, "data_request_refused_has_reason"),
        ({"proposed_at": timezone.now()}, "data_request_proposal_whole"),
        ({"kind": "erasure", "state": "done", "answered_at": timezone.now()}, "data_request_erasure_by_two"),
        ({"evidence_key": "kunci"}, "data_request_evidence_has_key"),
    ],
)
def test_data_request_refuses(entry: Registration, wrong: dict[str, Any], constraint: str) -> None:
    assert broken_by(lambda: asked(entry, **wrong)) == constraint


def test_data_request_erasure_is_not_confirmed_by_who_proposed_it(entry: Registration, officer: User) -> None:
    now = timezone.now()
    ended = {"state": "done", "answered_at": now, "answered_by": officer}
    values = {"kind": "erasure", "proposed_at": now, "proposed_by": officer, **ended}
    assert broken_by(lambda: asked(entry, **values)) == "data_request_erasure_by_two"


def test_data_request_is_open_once(entry: Registration) -> None:
    asked(entry)
    assert broken_by(lambda: asked(entry)) == "data_request_open_once_per_person"
    asked(entry, person=None)
    assert broken_by(lambda: asked(entry, person=None)) == "data_request_open_once_per_entry"
    DataRequest.objects.update(state="taken_back", answered_at=timezone.now())
    asked(entry)


def test_anonymous_rows_hold_nothing(entry: Registration) -> None:
    now = timezone.now()
    entries, persons = Registration.objects.filter(pk=entry.pk), Person.objects.filter(registrations=entry)
    assert broken_by(lambda: entries.update(anonymised_at=now)) == "registration_anonymised_holds_nothing"
    assert broken_by(lambda: persons.update(anonymised_at=now)) == "person_anonymised_holds_nothing"


def test_anonymous_entries_name_no_business(entry: Registration) -> None:
    anonymise(entries=[entry.pk], persons=[entry.person_id or 0], at=timezone.now())
    rows = Registration.objects.filter(pk=entry.pk, anonymised_at__isnull=False)
    assert rows.count() == 1
    refused = broken_by(lambda: rows.update(business_name="Batik Mawar"))
    assert refused == "registration_anonymised_holds_nothing"


def test_consent_withdrawn_was_given(entry: Registration) -> None:
    denied = Consent.objects.filter(registration=entry, purpose="broadcast")
    assert broken_by(lambda: denied.update(withdrawn_at=timezone.now())) == "consent_withdrawn_was_given"
