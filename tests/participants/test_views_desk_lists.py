"""The entries of one batch: search without numbers in addresses, decisions over many, print, export."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.translation import gettext as _
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry
from jobs.models import Job
from kit.sealed import unseal
from notifications.models import Message
from participants.models import Registration, hash_nik
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, doubtful, entries, errors, flash, url


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.program_officer())


def names(response: Any) -> list[str]:
    return [row.full_name for row in response.context["page"].rows]


def find(client: Client, batch: Batch, **typed: str) -> Any:
    return client.post(url("registration_find", batch), typed)


def found(client: Client, batch: Batch, **typed: str) -> list[str]:
    return names(client.get(find(client, batch, **typed)["Location"]))


def test_registration_list_shows_the_masked_number_only(office: Client, batch: Batch) -> None:
    entry = factories.registration(batch)
    page = office.get(url("registration_list", batch)).content.decode()
    assert entry.masked_nik in page
    assert entry.shown_code in page


@pytest.mark.parametrize("count", [1, 3])
def test_registration_list_costs_the_same_for_one_and_three_rows(
    count: int, office: Client, batch: Batch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    entries(batch, count)
    with django_assert_num_queries(10):
        office.get(url("registration_list", batch))


def test_registration_list_counts_each_tab(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=2)
    first, second, _third = entries(batch, 3)
    office.post(url("registration_verify", first), {"note": ""})
    office.post(url("registration_request_fix", second), {"note": "Alamat"})
    counts = office.get(url("registration_list", batch)).context["counts"]
    counted = {tab: count.number for tab, count in counts.items()}
    assert counted == {"all": 3, "pending": 1, "needs_fix": 1, "verified": 1, "waiting": 1, "ended": 0}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, 3),
        ({"seat": "held"}, 2),
        ({"seat": "ended"}, 1),
        ({"check": "rejected"}, 1),
        ({"flags": "any"}, 1),
        ({"flags": "doubtful"}, 1),
        ({"flags": "none"}, 2),
        ({"source": "assisted"}, 0),
        ({"check": "nonsense"}, 3),
        ({"h": "no hash"}, 3),
        ({"after": "x", "before": "9" * 30}, 3),
    ],
)
def test_registration_list_is_narrowed_by_filters(
    filters: dict[str, str], expected: int, office: Client, batch: Batch
) -> None:
    doubtful(batch)
    rejected = factories.registration(batch)
    office.post(url("registration_reject", rejected), {"reason": "duplicate", "note": ""})
    assert len(names(office.get(url("registration_list", batch), filters))) == expected


def test_registration_list_goes_page_by_page(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=60)
    made = [entry.full_name for entry in entries(batch, 52)]
    first = office.get(url("registration_list", batch))
    second = office.get(url("registration_list", batch), {"after": first.context["page"].next_key})
    assert names(first) + names(second) == made
    assert first.context["total"].number == 52


def test_registration_find_never_puts_an_identity_number_into_the_address(office: Client, batch: Batch) -> None:
    entry, _other = entries(batch, 2)
    for typed in (entry.nik, f"{entry.nik[:6]} {entry.nik[6:12]} {entry.nik[12:]}", f"{entry.nik[:4]}-{entry.nik[4:]}"):
        address = find(office, batch, q=typed)["Location"]
        assert urlsplit(address).query == f"h={hash_nik(entry.nik)}"
        assert names(office.get(address)) == [entry.full_name]


@pytest.mark.parametrize(
    "typed", ["997101520799001", "99710152079900011", "9971O15207990001", "081234567890", "x" * 200]
)
def test_registration_find_refuses_what_is_part_of_a_number(typed: str, office: Client, batch: Batch) -> None:
    response = find(office, batch, q=typed)
    assert response["Location"] == url("registration_list", batch)
    assert len(flash(response)) == 1


def test_registration_find_by_name_number_and_last_four(office: Client, batch: Batch) -> None:
    entry = factories.registration(batch, full_name="Khoirul Anam")
    factories.registration(batch, full_name="Orang Lain")
    for typed in ("khoirul", entry.shown_code, entry.code.lower(), entry.nik_last4):
        assert found(office, batch, q=typed) == ["Khoirul Anam"]
    assert found(office, batch, q="100% tidak_ada") == []


def test_registration_find_keeps_the_other_filters(office: Client, batch: Batch) -> None:
    address = find(office, batch, q="Siti", seat="held")["Location"]
    query = parse_qs(urlsplit(address).query)
    assert (query["seat"], unseal(query["q"][0])) == (["held"], "Siti")
    assert "Siti" not in address


def decide(client: Client, batch: Batch, rows: list[Registration], decision: str, **typed: str) -> Any:
    data = {"row": [row.pk for row in rows], "decision": decision, **typed}
    return client.post(url("registration_decide", batch), data)


def test_registration_decide_asks_before_it_acts(office: Client, batch: Batch) -> None:
    rows = entries(batch, 2)
    page = decide(office, batch, rows, "verify")
    assert (page.status_code, len(page.context["registrations"])) == (200, 2)
    assert set(Registration.objects.values_list("check_state", flat=True)) == {"pending"}


def test_registration_decide_verifies_forty_in_two_presses(office: Client, batch: Batch) -> None:
    entries(batch, 40)
    listing = {"all": "1", "check": "pending", "seat": "active", "decision": "verify"}
    page = office.post(url("registration_decide", batch), listing)
    kept = re.findall(r'name="row" value="(\d+)"', page.content.decode())
    response = office.post(url("registration_decide", batch), {"row": kept, "decision": "verify", "confirmed": "1"})
    assert response["Location"] == url("registration_decided", batch)
    assert Registration.objects.filter(check_state="verified").count() == 40
    assert Message.objects.filter(kind="registration_verified").count() == 40


def test_registration_decide_takes_all_matches_beyond_the_page(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=60)
    entries(batch, 52)
    page = office.post(url("registration_decide", batch), {"all": "1", "decision": "verify"})
    assert len(page.context["registrations"]) == 52


def test_registration_decide_is_all_or_nothing(office: Client, batch: Batch) -> None:
    first, other = doubtful(batch)
    decide(office, batch, [first, other], "verify", confirmed="1", note="KTP dilihat")
    assert set(Registration.objects.values_list("check_state", flat=True)) == {"pending"}
    assert Message.objects.filter(kind="registration_verified").count() == 0
    page = office.get(url("registration_decided", batch))
    assert [(result.registration.pk, result.refusal) for result in page.context["refused"]] == [
        (other.pk, _("Settle whose identity number it is before verifying."))
    ]
    assert [result.registration.pk for result in page.context["possible"]] == [first.pk]


def test_registration_decide_needs_a_note_where_there_are_warnings(office: Client, batch: Batch) -> None:
    rows = [factories.registration(batch), factories.registration(batch, sex="male")]
    assert rows[1].flags == ["nik_sex_differs"]
    refused = decide(office, batch, rows, "verify", confirmed="1")
    assert (refused.status_code, list(errors(refused))) == (422, ["note"])
    assert decide(office, batch, rows, "verify", confirmed="1", note="KTP dilihat").status_code == 302


def test_registration_decide_rejects_with_a_reason_kept_as_typed(office: Client, batch: Batch) -> None:
    rows = entries(batch, 2)
    refused = decide(office, batch, rows, "reject", confirmed="1", note="Tidak diangkat")
    assert (refused.status_code, list(errors(refused))) == (422, ["reason"])
    assert "Tidak diangkat" in refused.content.decode()
    decide(office, batch, rows, "reject", confirmed="1", reason="not_reachable", note="Tidak diangkat")
    assert set(Registration.objects.values_list("check_state", "reject_reason", "seat")) == {
        ("rejected", "not_reachable", "released")
    }


def test_registration_decide_undoes_what_was_decided_together(office: Client, batch: Batch) -> None:
    rows = entries(batch, 3)
    decide(office, batch, rows, "verify", confirmed="1")
    decide(office, batch, rows, "undo", confirmed="1")
    assert set(Registration.objects.values_list("check_state", flat=True)) == {"pending"}


@pytest.mark.parametrize(
    "data",
    [{}, {"decision": "verify"}, {"row": ["x", "9" * 30], "decision": "verify"}, {"all": "1", "decision": "delete"}],
)
def test_registration_decide_without_a_choice_goes_back(data: dict[str, Any], office: Client, batch: Batch) -> None:
    factories.registration(batch)
    assert office.post(url("registration_decide", batch), data)["Location"] == url("registration_list", batch)
    assert office.get(url("registration_decide", batch))["Location"] == url("registration_list", batch)


def test_registration_decide_never_reaches_into_another_batch(office: Client, batch: Batch) -> None:
    elsewhere = factories.registration(factories.batch(batch.program, slug="lain"))
    assert decide(office, batch, [elsewhere], "verify", confirmed="1")["Location"] == url("registration_list", batch)
    elsewhere.refresh_from_db()
    assert elsewhere.check_state == "pending"


def test_registration_decided_belongs_to_its_batch(office: Client, batch: Batch) -> None:
    other = factories.batch(batch.program, slug="lain")
    decide(office, batch, entries(batch, 1), "verify", confirmed="1")
    assert office.get(url("registration_decided", other))["Location"] == url("registration_list", other)
    assert office.get(url("registration_decided", batch)).context["done"] is True


def test_registration_print_lists_seats_by_name_and_the_waiting_list_in_order(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=2)
    for name in ("Zulfa", "ahmad", "Budi", "Ani"):
        factories.registration(batch, full_name=name)
    response = office.get(url("registration_print", batch))
    assert [row.full_name for row in response.context["held"]] == ["ahmad", "Zulfa"]
    assert [row.full_name for row in response.context["waiting"]] == ["Budi", "Ani"]
    assert 'class="paper-F4' in response.content.decode()


def test_registration_print_of_an_empty_batch_says_so(office: Client, batch: Batch) -> None:
    assert _("Nobody holds a seat yet.") in office.get(url("registration_print", batch)).content.decode()


def test_registration_export_starts_the_work_with_the_filter(office: Client, batch: Batch) -> None:
    response = office.post(url("registration_export", batch), {"seat": "waiting"})
    job = Job.objects.get()
    assert response["Location"] == f"/kerja/unduhan/{job.pk}/"
    assert (job.kind, job.params) == (
        "registrations_export",
        {"batch": batch.pk, "filters": {"seat": "waiting"}, "full_numbers": False, "purpose": ""},
    )
    assert AuditEntry.objects.filter(action="job.started").count() == 1


def test_registration_export_of_full_numbers_needs_a_purpose(office: Client, batch: Batch) -> None:
    response = office.post(url("registration_export", batch), {"full_numbers": "on"})
    assert (response.status_code, list(errors(response)), Job.objects.count()) == (422, ["purpose"], 0)


def test_registration_export_offers_full_numbers_only_to_those_who_may_see_them(batch: Batch) -> None:
    officer = factories.user("pptk", role=factories.Role.ACTIVITY_OFFICER)
    client = at_desk(officer)
    assert list(client.get(url("registration_export", batch)).context["form"].fields) == []
    client.post(url("registration_export", batch), {"full_numbers": "on", "purpose": "x"})
    assert Job.objects.get().params == {"batch": batch.pk, "filters": {}}
