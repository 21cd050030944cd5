"""Reference data in the administration: one's own agencies only, saved by actions, batches untouched."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from programs.models import EligibilityRule, Program, Topic
from tests import cast, factories


@pytest.fixture
def admin_client(db: None) -> Client:
    client = Client()
    client.force_login(cast.administrator())
    return client


def test_topic_is_saved_with_a_line_in_the_trail(admin_client: Client) -> None:
    agency = cast.home_agency()
    data = {"agency": agency.pk, "name": "Roti", "name_en": "Bread"}
    assert admin_client.post("/admin/programs/topic/add/", data).status_code == 302
    assert Topic.objects.get().name == "Roti"
    assert AuditEntry.objects.filter(action="topic.saved", actor=cast.administrator()).count() == 1


def test_topic_of_another_agency_is_neither_offered_nor_found(admin_client: Client) -> None:
    foreign = Topic.objects.create(agency=cast.next_agency(), name="Batik")
    data = {"agency": cast.next_agency().pk, "name": "Roti", "name_en": ""}
    assert admin_client.post("/admin/programs/topic/add/", data).status_code == 200
    assert admin_client.get(f"/admin/programs/topic/{foreign.pk}/change/").status_code == 302
    assert Topic.objects.count() == 1


def program_data(program: Program, **values: Any) -> dict[str, Any]:
    names = ["agency", "fund_source", "slug", "name", "state", "selection_method", "duplicate_rule", "offer_hours"]
    names += ["identity_card", "domicile_letter", "target_group_letter", "late_minutes", "replacement"]
    names += ["attendance_rule", "attendance_share", "partial_presence"]
    data = {name: getattr(program, f"{name}_id", getattr(program, name)) for name in names}
    rules = list(program.rules.order_by("pk"))
    data |= {"rules-TOTAL_FORMS": len(rules), "rules-INITIAL_FORMS": len(rules)}
    for index, rule in enumerate(rules):
        shown = {"id": rule.pk, "program": program.pk, "position": rule.position, "kind": rule.kind}
        shown |= {"minimum": rule.minimum or "", "maximum": rule.maximum or "", "values": rule.values, "blocking": "on"}
        data |= {f"rules-{index}-{name}": value for name, value in shown.items()}
    return data | values


def test_program_rules_are_changed_and_removed_by_an_action(admin_client: Client) -> None:
    program = factories.program(cast.home_agency())
    data = program_data(program, **{"rules-0-maximum": 59, "rules-1-DELETE": "on"})
    assert admin_client.post(f"/admin/programs/program/{program.pk}/change/", data).status_code == 302
    assert list(EligibilityRule.objects.values_list("kind", "minimum", "maximum")) == [("age", 18, 59)]
    trail = AuditEntry.objects.get(action="program.rules_saved")
    assert trail.changes == {"kept": ["age"], "removed": ["domicile"]}


def test_batch_is_shown_and_not_changed(admin_client: Client) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    assert admin_client.get("/admin/programs/batch/").status_code == 200
    assert admin_client.post(f"/admin/programs/batch/{batch.pk}/change/", {"quota": 1}).status_code == 403
    assert admin_client.get("/admin/programs/batch/add/").status_code == 403


def test_administration_of_programmes_is_closed_to_other_staff(db: None) -> None:
    client = Client()
    client.force_login(cast.program_officer())
    assert client.get("/admin/programs/topic/").status_code == 302
