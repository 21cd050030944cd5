"""The pages about persons: search, file, pairs, merges."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from kit.identity import new_temporary, show_temporary
from participants import actions
from participants.jobs import find_persons
from participants.models import Person, PersonMerge, PersonPair
from tests import cast, factories
from tests.participants.desk import at_desk, errors, flash
from tests.participants.lines import people, small_batch
from tests.participants.merging import card, merged, proposed, second_officer, two_cards

pytestmark = pytest.mark.django_db
SEARCH, PAIRS = "/kerja/orang/", "/kerja/orang/kembar/"


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.verifier())


def pair_url(one: Person, other: Person) -> str:
    return reverse("participants:pair_detail", args=[one.pk, other.pk])


def merge_url(merge: PersonMerge) -> str:
    return reverse("participants:merge_detail", args=[merge.pk])


def find(client: Client, text: str) -> list[Person]:
    response: Any = client.post(SEARCH, {"q": text})
    assert response.status_code == 302
    assert len(text) < 5 or text not in response.url
    return list(client.get(response.url).context["found"].rows)


def test_person_search_finds_by_any_name_ever_declared_and_by_numbers(office: Client) -> None:
    kept, gone = two_cards()
    number, digits = card(gone).pk, gone.nik
    assert {row.pk for row in find(office, "aminah")} == {kept.person_id, number}
    assert [row.pk for row in find(office, digits)] == [number]
    assert [row.pk for row in find(office, gone.code)] == [number]
    assert number in [row.pk for row in find(office, digits[-4:])]
    merged(kept, gone)
    assert [row.pk for row in find(office, "St. Aminah")] == [kept.person_id]
    assert find(office, "tidak ada") == []


def test_person_search_finds_a_temporary_number_and_refuses_half_a_nik(office: Client) -> None:
    factories.region_tree()
    number = new_temporary()
    entry = factories.registration(small_batch(), nik=number, by=cast.verifier(), source="assisted")
    assert [row.pk for row in find(office, show_temporary(number))] == [entry.person_id]
    assert len(flash(office.post(SEARCH, {"q": "99710152079"}))) == 1


def test_person_search_shows_nobody_without_a_question_or_of_elsewhere(office: Client) -> None:
    two_cards()
    assert office.get(SEARCH).context["found"].rows == []
    assert find(at_desk(cast.other_agency_officer()), "aminah") == []
    assert len(find(at_desk(cast.village_officer_here()), "aminah")) == 2
    assert find(at_desk(cast.village_officer_next_door()), "aminah") == []


def test_person_detail_tells_everything_of_both_former_cards(office: Client) -> None:
    kept, gone = two_cards()
    actions.reveal_nik(registration=gone, purpose="cek KTP", by=cast.verifier())
    merged(kept, gone)
    address = card(kept).get_absolute_url()
    context = office.get(address).context
    assert {entry.pk for entry in context["entries"]} == {kept.pk, gone.pk}
    assert context["trail"] is None
    dpo = at_desk(cast.dpo()).get(address)
    assert "registration.nik_revealed" in [line.entry.action for line in dpo.context["trail"] if line.is_look]


def test_pair_list_puts_the_likest_first_and_counts(office: Client) -> None:
    kept, gone = two_cards()
    first, _second = two_cards(full_name="Siti Aminah", email="siti@example.id")
    actions.find_doubles(agency=cast.home_agency(), by=None)
    page = office.get(PAIRS).context
    assert page["page"].rows[0].first_id == first.person_id
    assert {row.pk for row in page["page"].rows} == set(PersonPair.objects.values_list("pk", flat=True))
    proposed(kept, gone)
    assert str(office.get(f"{PAIRS}?tab=proposed").context["counts"]["proposed"]) == "1"
    assert [merge.kept_id for merge in office.get(f"{PAIRS}?tab=proposed").context["page"].rows] == [kept.person_id]
    for tab in ("merged", "later", "different", "nonsense", ""):
        assert office.get(f"{PAIRS}?tab={tab}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pair_list_asks_the_same_however_many(
    count: int, office: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        two_cards()
    actions.find_doubles(agency=cast.home_agency(), by=None)
    with django_assert_max_num_queries(14):
        office.get(PAIRS)


def test_pair_detail_proposes_with_a_choice_for_each_value(office: Client) -> None:
    kept, gone = two_cards()
    one, other = card(kept), card(gone)
    address = pair_url(one, other)
    chosen = office.get(address).context["merging"]
    assert (chosen.side("kept"), chosen.side("occupation"), chosen.side("full_name")) == ("first", "second", "first")
    data: dict[str, Any] = {"step": "propose", "kept": "second", "nik": "first", "full_name": "second"}
    data |= {"email": "first", "occupation": "second", "reason": ""}
    response = office.post(address, data)
    assert (response.status_code, list(errors(response))) == (422, ["reason"])
    assert response.context["kept"] == "second"
    assert office.post(address, data | {"reason": "KTP dilihat"}).status_code == 302
    merge = PersonMerge.objects.get()
    assert (merge.kept_id, merge.gone_number) == (other.pk, one.pk)
    assert merge.choices == {"nik": "gone", "full_name": "kept", "email": "gone", "occupation": "kept"}
    assert office.get(address).context["waiting"] == merge


def test_pair_detail_decides_and_says_what_is_in_the_way(office: Client) -> None:
    kept, gone = people(small_batch(quota=5), 2)
    address = pair_url(card(gone), card(kept))
    assert [one.code for one in office.get(address).context["conflicts"]] == ["registration_person_once_per_batch"]
    assert office.post(address, {"step": "different", "note": "kakak adik"}).status_code == 302
    assert PersonPair.objects.get().decision == "different"
    assert office.post(address, {"step": "nonsense"}).status_code == 422
    assert office.post(address, {}).status_code == 422


def test_pair_detail_of_one_person_or_of_strangers_is_not_found(office: Client) -> None:
    kept, gone = two_cards()
    assert office.get(pair_url(card(kept), card(kept))).status_code == 404
    away = factories.agency("semarang", name="Dinas Perindustrian Kota Semarang", region="33.74")
    stranger = Person.objects.create(agency=away, **factories.declaration().columns())
    assert office.get(pair_url(card(gone), stranger)).status_code == 404


def test_merge_detail_is_decided_by_somebody_else(office: Client) -> None:
    kept, gone = two_cards()
    merge = proposed(kept, gone)
    colleague = at_desk(second_officer())
    assert office.post(merge_url(merge), {"step": "approve"}).status_code == 403
    response = colleague.post(merge_url(merge), {"step": "refuse", "note": ""})
    assert response.status_code == 422
    assert colleague.post(merge_url(merge), {"step": "approve"}).status_code == 302
    assert not Person.objects.filter(pk=gone.person_id or 0).exists()
    assert office.get(merge_url(merge)).status_code == 200
    assert colleague.post(merge_url(merge), {"step": "undo", "note": "keliru"}).status_code == 302
    assert Person.objects.count() == 2
    assert colleague.get(merge_url(merge)).status_code == 200
    assert colleague.post(merge_url(merge), {"step": "undo", "note": "lagi"}).status_code == 422


def test_the_proposer_with_both_rights_still_cannot_approve() -> None:
    kept, gone = two_cards()
    officer = cast.program_officer()
    merge = actions.propose_merge(kept=card(kept), gone=card(gone), choices={}, reason="x", by=officer)
    client = at_desk(officer)
    response = client.post(merge_url(merge), {"step": "approve"})
    assert (response.status_code, PersonMerge.objects.get().state) == (422, "proposed")
    assert client.post(merge_url(merge), {"step": "withdraw"}).status_code == 302


def test_pair_search_starts_a_job_that_finds(office: Client) -> None:
    two_cards()
    response: Any = office.post(f"{PAIRS}cari/")
    job = Job.objects.get()
    assert response.url == reverse("jobs:job_detail", args=[job.pk])
    seen: list[int] = []
    find_persons(job, lambda done, _total: seen.append(done))
    assert PersonPair.objects.count() == 1
    assert seen == sorted(seen)


def test_decisions_about_entries_reach_their_cards() -> None:
    first, second, third = people(small_batch(quota=5), 3)
    by = cast.verifier()
    actions.mark_different(first=first, second=second, by=by)
    assert PersonPair.objects.of(card(first), card(second)).get().decision == "different"
    actions.resolve_duplicate(keep=first, drop=third, by=by)
    assert PersonPair.objects.of(card(first), card(third)).get().decision == "open"
