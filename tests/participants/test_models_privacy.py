from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from participants.models import (
    ConsentText,
    Incident,
    IncidentEvent,
    IncidentPerson,
    ProcessingActivity,
    Processor,
    Registration,
    RetentionItem,
    RetentionRule,
    RetentionRun,
)
from tests import cast, factories
from tests.participants.lines import small_batch
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


def consent_text(**values: Any) -> ConsentText:
    now = timezone.now()
    officer = cast.dpo()
    made: dict[str, Any] = {
        "agency": cast.home_agency(),
        "purpose": "notice",
        "version": "2026-12",
        "words_id": "Kata.",
        "words_en": "Words.",
        "written_by": officer,
        "written_at": now,
        "published_by": officer,
        "published_at": now,
        "in_force_from": now,
    }
    return ConsentText.objects.create(**made | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("consent_text_version_once", {"in_force_from": timezone.now() + timedelta(days=1)}),
        ("consent_text_purpose_known", {"purpose": "sale"}),
        ("consent_text_draft_or_published", {"version": ""}),
        ("consent_text_draft_or_published", {"version": "3", "published_at": None, "in_force_from": None}),
        ("consent_text_never_backdated", {"version": "3", "in_force_from": timezone.now() - timedelta(days=1)}),
        ("consent_text_in_both_languages", {"version": "3", "words_en": ""}),
    ],
)
def test_consent_text_is_refused(constraint: str, values: dict[str, Any]) -> None:
    consent_text()
    assert broken_by(lambda: consent_text(**values)) == constraint


def test_consent_text_begins_alone() -> None:
    first = consent_text()
    again = {"version": "3", "published_at": first.published_at, "in_force_from": first.in_force_from}
    assert broken_by(lambda: consent_text(**again)) == "consent_text_one_begins"


def test_published_words_are_never_changed() -> None:
    text = consent_text()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ConsentText.objects.filter(pk=text.pk).update(words_id="Lain.")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        text.delete()


def test_an_edition_that_has_not_begun_may_be_taken_back() -> None:
    consent_text(in_force_from=timezone.now() + timedelta(days=1)).delete()
    assert ConsentText.objects.count() == 0


CHILD = timezone.localdate() - timedelta(days=16 * 365)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registration_child_has_guardian", {"guardian_relation": "", "guardian_name": "", "guardian_phone": ""}),
        ("registration_guardian_is_named", {"guardian_name": ""}),
        ("registration_guardian_is_named", {"guardian_relation": "not_recorded"}),
    ],
)
def test_child_is_refused(constraint: str, values: dict[str, Any]) -> None:
    batch = small_batch()
    batch.program.rules.all().delete()
    entry = factories.registration(batch, birth_date=CHILD)
    row = Registration.objects.filter(pk=entry.pk)
    assert broken_by(lambda: row.update(**values)) == constraint


def test_grown_up_needs_no_guardian() -> None:
    entry = factories.registration(small_batch(), birth_date=date(1999, 7, 12))
    assert (entry.guardian_relation, entry.guardian_name) == ("", "")


def rule(**values: Any) -> RetentionRule:
    made: dict[str, Any] = {
        "agency": cast.home_agency(),
        "kind": "took_part",
        "months": 60,
        "legal_basis": "Peraturan arsip",
        "changed_by": cast.dpo(),
        "changed_at": timezone.now(),
    }
    return RetentionRule.objects.create(**made | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("retention_rule_once_per_kind", {}),
        ("retention_rule_kind_known", {"kind": "secrets"}),
        ("retention_rule_months_sensible", {"kind": "messages", "months": 0}),
        ("retention_rule_months_sensible", {"kind": "messages", "months": 601}),
        ("retention_rule_standing_names_who", {"kind": "messages", "standing_at": timezone.now()}),
    ],
)
def test_retention_rule_is_refused(constraint: str, values: dict[str, Any]) -> None:
    rule()
    assert broken_by(lambda: rule(**values)) == constraint


def run(of: RetentionRule, **values: Any) -> RetentionRun:
    now = timezone.now()
    made: dict[str, Any] = {"rule": of, "months": 60, "cutoff": now - timedelta(days=1800), "proposed_at": now}
    return RetentionRun.objects.create(**made | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("retention_run_one_open_per_rule", {}),
        ("retention_run_decided_by_somebody", {"state": "discarded", "finished_at": timezone.now()}),
        ("retention_run_ended_has_time", {"state": "done", "decided_at": timezone.now(), "decided": True}),
        ("retention_run_never_more_than_shown", {"found": 1, "removed": 2, "other": True}),
    ],
)
def test_retention_run_is_refused(constraint: str, values: dict[str, Any]) -> None:
    of = rule()
    run(of)
    if values.pop("decided", False):
        values["decided_by"] = cast.dpo()
    if values.pop("other", False):
        of = rule(kind="never_took_part")
    assert broken_by(lambda: run(of, **values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "named"),
    [
        ("retention_item_person_once", ["person"]),
        ("retention_item_entry_once", ["registration"]),
        ("retention_item_person_or_entry", ["person", "registration"]),
        ("retention_item_person_or_entry", []),
    ],
)
def test_retention_item_is_refused(constraint: str, named: list[str]) -> None:
    of, entry = run(rule()), factories.registration(small_batch())
    who: dict[str, Any] = {"person": entry.person, "registration": entry}
    RetentionItem.objects.create(run=of, person=entry.person, last_at=timezone.now())
    RetentionItem.objects.create(run=of, registration=entry, last_at=timezone.now())
    chosen = {name: who[name] for name in named}
    assert broken_by(lambda: RetentionItem.objects.create(run=of, last_at=timezone.now(), **chosen)) == constraint


def incident(**values: Any) -> Incident:
    now = timezone.now()
    made: dict[str, Any] = {
        "agency": cast.home_agency(),
        "title": "Daftar terkirim ke alamat lain",
        "kind": "disclosure",
        "data_items": ["name"],
        "discovered_at": now - timedelta(hours=1),
        "happening": "Sebuah daftar terkirim.",
        "reported_by": cast.dpo(),
        "reported_at": now,
    }
    return Incident.objects.create(**made | values)


NOW = timezone.now()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("incident_kind_known", {"kind": "boredom"}),
        ("incident_ends_after_it_began", {"happened_from": NOW, "happened_until": NOW - timedelta(hours=1)}),
        ("incident_discovered_before_reported", {"discovered_at": NOW + timedelta(days=1)}),
        ("incident_end_names_who_and_when", {"state": "dismissed"}),
        ("incident_closed_when_all_were_told", {"state": "closed", "closed_at": NOW, "closed": True}),
        ("incident_people_listed_before_told", {"people_told_at": NOW}),
    ],
)
def test_incident_is_refused(constraint: str, values: dict[str, Any]) -> None:
    if values.pop("closed", False):
        values["closed_by"] = cast.dpo()
    assert broken_by(lambda: incident(**values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "values"),
    [("incident_person_entry_once", {}), ("incident_person_told_some_way", {"told_at": NOW, "other": True})],
)
def test_person_concerned_is_refused(constraint: str, values: dict[str, Any]) -> None:
    of, batch = incident(), small_batch()
    entry = factories.registration(batch)
    IncidentPerson.objects.create(incident=of, registration=entry)
    if values.pop("other", False):
        entry = factories.registration(small_batch())
    assert broken_by(lambda: IncidentPerson.objects.create(incident=of, registration=entry, **values)) == constraint


def test_timeline_is_written_once() -> None:
    of = incident()
    event = IncidentEvent.objects.create(incident=of, at=NOW, kind="noted", by=of.reported_by, note="Catatan.")
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        event.delete()


def test_register_of_processing_is_refused() -> None:
    agency, by = cast.home_agency(), cast.dpo()
    days = {"agreed_from": date(2026, 2, 1), "agreed_until": date(2026, 1, 1)}
    made = {"agency": agency, "name": "Pusat data", "service": "Tempat server", "place": "Pekalongan"}
    Processor.objects.create(**made)
    assert broken_by(lambda: Processor.objects.create(**made)) == "processor_name_once"
    refused = broken_by(lambda: Processor.objects.create(**made | {"name": "Lain"} | days))
    assert refused == "processor_agreement_ends_after_it_began"
    line: dict[str, Any] = {"agency": agency, "name": "Pendaftaran", "purpose": "Pelatihan", "basis": "public_task"}
    line |= {"people": "warga", "data_items": "nama", "kept": "5 tahun", "responsible": "Bidang"}
    line |= {"changed_by": by, "changed_at": NOW}
    ProcessingActivity.objects.create(**line)
    assert broken_by(lambda: ProcessingActivity.objects.create(**line)) == "processing_name_once"
    other = line | {"name": "Lain", "basis": "whim"}
    assert broken_by(lambda: ProcessingActivity.objects.create(**other)) == "processing_basis_known"
