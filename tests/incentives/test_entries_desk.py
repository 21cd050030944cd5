"""Pitches at the office: found, checked by who does not judge them, put in order, told."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from incentives import actions, queries
from incentives.models import Competition, Entry, Result
from incentives.queries.facts import facts_of
from incentives.rules import order_by_lot, order_mark
from notifications.models import Message
from participants.models import Registration
from programs.models import Batch, Program
from tests import cast
from tests.incentives import made
from tests.incentives.pitching import attendee, open_batch, sent, slides


@pytest.fixture
def batch(db: None, settings: Any, tmp_path: Path) -> Batch:
    settings.MEDIA_ROOT = tmp_path
    return open_batch()


@pytest.fixture
def competition(batch: Batch) -> Competition:
    found = made.competition(batch, excluded_years=2)
    Competition.objects.filter(pk=found.pk).update(held_on=date(2027, 3, 2), begins_at=time(9))
    return Competition.objects.get(pk=found.pk)


@pytest.fixture
def pitch(competition: Competition, batch: Batch) -> Entry:
    return sent(competition, attendee(batch))


@pytest.fixture
def desk(client: Client, batch: Batch) -> Client:
    client.force_login(cast.program_officer())
    return client


def admitted(competition: Competition, batch: Batch, count: int) -> list[Entry]:
    return [made.entry(competition, attendee(batch)) for _number in range(count)]


def order_of(competition: Competition) -> list[int]:
    return list(Entry.objects.filter(competition=competition).admitted().in_order().values_list("pk", flat=True))


def seen(competition: Competition) -> str:
    return order_mark(order_of(competition))


def failing(entry: Entry) -> set[str]:
    return {check.code for check in queries.checks_of(Entry.objects.get(pk=entry.pk)) if not check.is_fine}


def test_entry_list_shows_what_was_sent_and_no_draft(desk: Client, competition: Competition, pitch: Entry) -> None:
    made.entry(competition, state="draft", business_name="Warung Rahasia", submitted_at=None)
    page = desk.get(f"/kerja/lomba/{competition.pk}/usaha/").content.decode()
    assert (pitch.business_name in page, "Warung Rahasia" in page) == (True, False)


def test_entry_list_narrows_by_state_and_words(desk: Client, competition: Competition, pitch: Entry) -> None:
    other = made.entry(competition, business_name="Batik Lestari", state="refused")
    for query, shown in ((f"q={other.code}", False), ("q=roti+BU", True), ("keadaan=refused", False), ("q=%00", True)):
        page = desk.get(f"/kerja/lomba/{competition.pk}/usaha/?{query}").content.decode()
        assert (pitch.business_name in page) is shown


@pytest.mark.parametrize("count", [1, 3])
def test_entry_list_costs_the_same_for_one_and_three(
    desk: Client, competition: Competition, batch: Batch, count: int, django_assert_max_num_queries: Any
) -> None:
    admitted(competition, batch, count)
    with django_assert_max_num_queries(12):
        desk.get(f"/kerja/lomba/{competition.pk}/usaha/")


def test_entry_print_lists_everybody(desk: Client, competition: Competition, pitch: Entry) -> None:
    assert pitch.title in desk.get(f"/kerja/lomba/{competition.pk}/usaha/cetak/").content.decode()


def test_entry_detail_of_a_draft_is_not_found(desk: Client, competition: Competition) -> None:
    draft = made.entry(competition, state="draft", submitted_at=None)
    assert desk.get(f"/kerja/lomba/usaha/{draft.pk}/").status_code == 404


def test_entry_detail_of_restricted_data_is_not_found(desk: Client, pitch: Entry) -> None:
    assert pitch.registration is not None
    Registration.objects.filter(pk=pitch.registration.pk).update(restricted_at=timezone.now())
    assert desk.get(f"/kerja/lomba/usaha/{pitch.pk}/").status_code == 404


def test_entry_detail_shows_facts_and_never_the_family_card(desk: Client, pitch: Entry) -> None:
    page = desk.get(f"/kerja/lomba/usaha/{pitch.pk}/").content.decode()
    assert ("Rp2.400.000" in page, "9971015207990001" in page, pitch.household_hash in page) == (True, False, False)


def test_entry_file_opens_for_the_desk(desk: Client, pitch: Entry) -> None:
    content = slides().read()
    file = actions.add_pitch_file(entry=pitch, kind="slides", content=content, form_key=uuid4(), by=None)
    answer = desk.get(f"/kerja/lomba/usaha/{pitch.pk}/berkas/{file.pk}/")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_checks_are_all_fine_for_who_may_take_part(pitch: Entry) -> None:
    assert failing(pitch) == set()


def test_checks_tell_household_business_and_person(competition: Competition, batch: Batch, pitch: Entry) -> None:
    neighbour = sent(competition, attendee(batch))
    assert (failing(neighbour), failing(pitch)) == ({"household", "business"}, {"household", "business"})
    same = attendee(made.factories.batch(batch.program))
    Registration.objects.filter(pk=same.pk).update(
        person=pitch.registration and pitch.registration.person_id, duplicate_key=""
    )
    assert "person" in failing(made.entry(competition, same))


def test_checks_tell_a_former_winner_for_two_years(competition: Competition, batch: Batch, pitch: Entry) -> None:
    earlier = made.competition(batch)
    past = made.entry(earlier, pitch.registration)
    edition = earlier.edition
    assert edition is not None
    tier = edition.tiers.get(position=1)
    result = Result.objects.create(competition=earlier, version=1, edition=edition, sha256="a" * 64)
    earlier.awards.create(result=result, entry=past, tier=tier, slot=1, gross=3_000_000)
    rows = Competition.objects.filter(pk=earlier.pk)
    rows.update(held_on=competition.held_on)
    assert failing(pitch) == set(), "not before this one"
    rows.update(held_on=timezone.localdate())
    assert failing(pitch) == {"winner"}
    with pytest.raises(ValidationError) as refused:
        actions.admit_entry(entry=pitch, by=cast.verifier())
    assert refused.value.code == "entry_not_eligible"
    rows.update(held_on=timezone.localdate() - timedelta(days=3 * 366))
    assert failing(pitch) == set()


@pytest.mark.parametrize("is_other_office", [False, True])
def test_former_winners_are_those_of_the_same_office_with_or_without_a_day(
    competition: Competition, batch: Batch, pitch: Entry, is_other_office: bool
) -> None:
    """The officer's list and the result count alike; another office's competition is not told."""
    earlier = made.competition(None if is_other_office else batch)
    if is_other_office:
        Program.objects.filter(pk=earlier.program_id).update(agency=cast.next_agency())
    past, edition = made.entry(earlier, pitch.registration), earlier.edition
    assert edition is not None
    result = Result.objects.create(competition=earlier, version=1, edition=edition, sha256="a" * 64)
    tier = edition.tiers.get(position=1)
    earlier.awards.create(result=result, entry=past, tier=tier, slot=1, gross=3_000_000)
    year = timedelta(days=365)
    for row, closes_at in ((earlier, competition.closes_at - year), (competition, competition.closes_at)):
        Competition.objects.filter(pk=row.pk).update(held_on=None, opens_at=row.opens_at - year, closes_at=closes_at)
    Entry.objects.filter(pk=pitch.pk).update(state="admitted", checked_at=timezone.now(), checked_by=cast.verifier())
    competition.refresh_from_db()
    pitch.refresh_from_db()
    excluded = [one.excluded for one in facts_of(competition).contestants]
    assert ("winner" in failing(pitch), excluded) == (not is_other_office, ["" if is_other_office else "former_winner"])


def test_entry_check_admits_and_tells(desk: Client, pitch: Entry) -> None:
    assert desk.post(f"/kerja/lomba/usaha/{pitch.pk}/periksa/", {"decision": "admit"}).status_code == 302
    pitch.refresh_from_db()
    assert (pitch.state, pitch.checked_by) == ("admitted", cast.program_officer())
    assert Message.objects.filter(kind="pitch_decided").count() == 1


@pytest.mark.parametrize(("decision", "state"), [("fix", "needs_fix"), ("refuse", "refused")])
def test_entry_check_otherwise_needs_a_word(desk: Client, pitch: Entry, decision: str, state: str) -> None:
    address = f"/kerja/lomba/usaha/{pitch.pk}/periksa/"
    assert desk.post(address, {"decision": decision, "note": " "}).status_code == 422
    assert desk.post(address, {"decision": decision, "note": "Bukan usaha sendiri."}).status_code == 302
    pitch.refresh_from_db()
    told = Message.objects.get(kind="pitch_fix_requested" if decision == "fix" else "pitch_decided")
    assert (pitch.state, "Bukan usaha sendiri." in told.body) == (state, True)


def test_entry_check_is_refused_to_a_juror_of_the_competition(
    desk: Client, competition: Competition, pitch: Entry
) -> None:
    made.juror(competition, user=cast.program_officer())
    assert desk.post(f"/kerja/lomba/usaha/{pitch.pk}/periksa/", {"decision": "admit"}).status_code == 403
    with pytest.raises(ValidationError) as refused:
        actions.admit_entry(entry=pitch, by=cast.program_officer())
    assert refused.value.code == "checker_is_juror"


def test_entry_check_is_over_when_the_jury_scores(pitch: Entry) -> None:
    Competition.objects.update(first_score_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        actions.refuse_entry(entry=pitch, reason="Terlambat", by=cast.verifier())
    assert refused.value.code == "scoring_begun"


def test_entry_check_by_two_officers_decides_once(pitch: Entry) -> None:
    actions.admit_entry(entry=pitch, by=cast.verifier())
    with pytest.raises(ValidationError) as refused:
        actions.refuse_entry(entry=pitch, reason="Ganda", by=cast.program_officer())
    assert refused.value.code == "entry_moved"


def test_entry_undo_puts_it_back_and_out_of_the_order(desk: Client, competition: Competition, pitch: Entry) -> None:
    actions.admit_entry(entry=pitch, by=cast.verifier())
    actions.draw_order(competition=competition, by=cast.program_officer())
    desk.post(f"/kerja/lomba/usaha/{pitch.pk}/periksa/batal/")
    pitch.refresh_from_db()
    assert (pitch.state, pitch.position, pitch.checked_by) == ("submitted", None, None)


def test_entry_end_takes_it_out_with_a_reason(desk: Client, competition: Competition, batch: Batch) -> None:
    entry = admitted(competition, batch, 1)[0]
    address = f"/kerja/lomba/usaha/{entry.pk}/akhiri/"
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"state": "disqualified", "reason": ""}).status_code == 422
    assert desk.post(address, {"state": "disqualified", "reason": "Foto milik orang lain"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.ended_reason) == ("disqualified", "Foto milik orang lain")


@pytest.mark.parametrize(("state", "code"), [("admitted", "entry_ended"), ("withdrawn", "result_locked")])
def test_entry_end_refuses(competition: Competition, batch: Batch, state: str, code: str) -> None:
    entry = admitted(competition, batch, 1)[0]
    if code == "result_locked":
        Competition.objects.update(first_score_at=timezone.now(), locked_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        actions.end_entry(entry=entry, state=state, reason="Pindah", by=cast.verifier())
    assert refused.value.code == code


def test_entry_draw_can_be_recomputed_from_the_trail(desk: Client, competition: Competition, batch: Batch) -> None:
    keys = [entry.pk for entry in admitted(competition, batch, 7)]
    desk.post(f"/kerja/lomba/{competition.pk}/usaha/urutan/undi/")
    seed = AuditEntry.objects.get(action="pitch_order.drawn").changes["seed"].replace(" ", "")
    assert order_of(competition) == list(order_by_lot(seed, keys, "order"))
    assert sorted(entry.position or 0 for entry in Entry.objects.all()) == [1, 2, 3, 4, 5, 6, 7]


def test_entry_order_plans_hours_around_a_break(desk: Client, competition: Competition, batch: Batch) -> None:
    """10 + 5 minutes and 2 between two: 9.00, 9.17, 9.34 ends 9.49, then the break until 10.00."""
    first, second, third, fourth = admitted(competition, batch, 4)
    address = f"/kerja/lomba/{competition.pk}/usaha/urutan/"
    assert desk.post(address, {"from_1": "09:50", "to_1": "10:00"}).status_code == 302
    zone = competition.program.agency.zone
    clocks = [
        entry.planned_at.astimezone(zone).strftime("%H.%M")
        for entry in Entry.objects.in_order()
        if entry.planned_at is not None
    ]
    assert clocks == ["09.00", "09.17", "09.34", "10.00"]
    page = desk.get(address).content.decode()
    assert ('value="09:50' in page, 'value="10:00' in page) == (True, True)
    assert order_of(competition) == [first.pk, second.pk, third.pk, fourth.pk]


def test_entry_order_shows_its_three_steps_in_their_order(desk: Client, competition: Competition, batch: Batch) -> None:
    admitted(competition, batch, 1)
    page = desk.get(f"/kerja/lomba/{competition.pk}/usaha/urutan/").content.decode()
    assert re.findall(r"<h2>(\d)\. ", page) == ["1", "2", "3"]


def test_entry_order_says_who_has_no_room(desk: Client, competition: Competition, batch: Batch) -> None:
    admitted(competition, batch, 3)
    desk.post(f"/kerja/lomba/{competition.pk}/usaha/urutan/", {"until": "09:20"})
    assert Entry.objects.filter(planned_at__isnull=False).count() == 1


@pytest.mark.parametrize("sent_break", [{"from_1": "10:00"}, {"from_1": "10:00", "to_1": "09:00"}, {"until": "x"}])
def test_entry_order_refuses_half_a_break(
    desk: Client, competition: Competition, batch: Batch, sent_break: dict[str, str]
) -> None:
    admitted(competition, batch, 1)
    assert desk.post(f"/kerja/lomba/{competition.pk}/usaha/urutan/", sent_break).status_code == 422


def test_entry_order_needs_day_and_hour(competition: Competition, batch: Batch) -> None:
    admitted(competition, batch, 1)
    Competition.objects.update(begins_at=None)
    with pytest.raises(ValidationError) as refused:
        actions.plan_times(competition=competition, breaks=[], by=cast.program_officer())
    assert refused.value.code == "day_missing"


def test_entry_move_takes_the_hour_of_its_new_place(desk: Client, competition: Competition, batch: Batch) -> None:
    first, second, third = admitted(competition, batch, 3)
    actions.plan_times(competition=competition, breaks=[], by=cast.program_officer())
    hours = list(Entry.objects.in_order().values_list("planned_at", flat=True))
    answer = desk.post(f"/kerja/lomba/usaha/{third.pk}/urutan/", {"place": "1", "seen": seen(competition)})
    assert answer["Location"] == f"/kerja/lomba/{competition.pk}/usaha/urutan/#usaha-{third.pk}"
    assert order_of(competition) == [third.pk, first.pk, second.pk]
    assert list(Entry.objects.in_order().values_list("planned_at", flat=True)) == hours


@pytest.mark.parametrize("place", ["0", "4", "satu", ""])
def test_entry_move_refuses_a_place_that_is_not_there(
    desk: Client, competition: Competition, batch: Batch, place: str
) -> None:
    keys = [entry.pk for entry in admitted(competition, batch, 3)]
    desk.post(f"/kerja/lomba/usaha/{keys[2]}/urutan/", {"place": place, "seen": seen(competition)})
    assert order_of(competition) == keys


@pytest.mark.parametrize("sent_mark", ["", "0" * 16, None])
def test_entry_move_over_an_order_that_changed_moves_nothing(
    desk: Client, competition: Competition, batch: Batch, sent_mark: str | None
) -> None:
    """Two officers look at the same list: the second one is told, and sees the list as it is now."""
    first, second, third = [entry.pk for entry in admitted(competition, batch, 3)]
    mark = seen(competition) if sent_mark is None else sent_mark
    actions.move_entry(entry=Entry.objects.get(pk=third), place=1, seen=seen(competition), by=cast.program_officer())
    answer = desk.post(f"/kerja/lomba/usaha/{first}/urutan/", {"place": "2", "seen": mark}, follow=True)
    assert "Urutan sudah diubah orang lain" in answer.content.decode()
    assert answer.redirect_chain == [(f"/kerja/lomba/{competition.pk}/usaha/urutan/", 302)]
    assert order_of(competition) == [third, first, second]
    desk.post(f"/kerja/lomba/usaha/{first}/urutan/", {"place": "1", "seen": seen(competition)})
    assert order_of(competition) == [first, third, second]


def test_entry_move_of_who_is_not_admitted_is_refused(pitch: Entry) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.move_entry(entry=pitch, place=1, by=cast.program_officer())
    assert refused.value.code == "entry_not_admitted"


def test_order_stands_when_the_presentations_have_begun(competition: Competition, batch: Batch) -> None:
    entry = admitted(competition, batch, 2)[0]
    Entry.objects.filter(pk=entry.pk).update(pitch_began_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        actions.draw_order(competition=competition, by=cast.program_officer())
    assert refused.value.code == "pitches_begun"


def test_entry_tell_tells_each_hour_once(desk: Client, competition: Competition, batch: Batch) -> None:
    first, _second = admitted(competition, batch, 2)
    address = f"/kerja/lomba/{competition.pk}/usaha/urutan/kabari/"
    desk.post(address)
    assert Message.objects.filter(kind="pitch_scheduled").count() == 0
    actions.plan_times(competition=competition, breaks=[], by=cast.program_officer())
    for _time in range(2):
        desk.post(address)
    assert Message.objects.filter(kind="pitch_scheduled").count() == 2
    actions.move_entry(entry=first, place=2, by=cast.program_officer())
    desk.post(address)
    assert Message.objects.filter(kind="pitch_scheduled").count() == 4
    actions.move_entry(entry=first, place=1, by=cast.program_officer())
    for _time in range(2):
        desk.post(address)
    assert Message.objects.filter(kind="pitch_scheduled").count() == 6


def test_blind_jury_is_shown_code_and_slides_alone(competition: Competition, batch: Batch) -> None:
    resident = attendee(batch, full_name="Sekar Wulandari")
    told = {"summary": "Roti Bu Sari milik Sekar dan ibu Wulandari, roti paling lembut.", "workers": 2}
    entry = sent_as(competition, resident, told)
    entry.files.create(kind="picture", stored=made.factories.stored_picture(batch.program.agency))
    edition = competition.edition
    assert edition is not None
    edition.is_blind = True
    shown = queries.for_jury(entry, edition)
    assert (shown.name, shown.person, shown.place, shown.files) == (entry.code, "", "", [])
    assert shown.told["summary"] == "… milik … dan ibu …, roti paling lembut."
    edition.is_blind = False
    seen = queries.for_jury(entry, edition)
    assert (seen.name, seen.person, len(seen.files)) == (entry.business_name, "Sekar Wulandari", 1)


def sent_as(competition: Competition, resident: Registration, told: dict[str, Any]) -> Entry:
    pitch = actions.Pitch(business_name="Roti Bu Sari", told=told)
    return actions.save_pitch(competition=competition, registration=resident, pitch=pitch, is_sent=False, by=None)


def test_planned_hours_are_aware(competition: Competition, batch: Batch) -> None:
    admitted(competition, batch, 1)
    actions.plan_times(competition=competition, breaks=[], by=cast.program_officer())
    planned = Entry.objects.get().planned_at
    assert planned == datetime(2027, 3, 2, 9, tzinfo=competition.program.agency.zone)
