"""The trap, the count, the sum and the line before the registration form."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEntry
from kit import gates, slow_lane, watch
from kit.form_keys import new_submission_key
from kit.proof_of_work import solve
from participants import actions
from participants.models import Registration
from programs.models import Batch
from tests import cast
from tests.participants.public_form import form_url, send, typed


@pytest.fixture
def attack(batch: Batch, settings: Settings) -> str:
    """The guard is on, with a light sum and a short line; the place of the batch."""
    settings.PROOF_OF_WORK_BITS = 8
    settings.SLOW_LANE = {"per_minute": 60, "per_address": 6000, "patience": 60, "least_seconds": 1}
    assert watch.order("on")
    return f"{batch.program.slug}/{batch.slug}"


def ticket_of(response: Any) -> slow_lane.Ticket:
    ticket: slow_lane.Ticket = response.context["ticket"]
    return ticket


def test_trap_gives_the_form_back_without_it_and_one_more_press_registers(client: Client, batch: Batch) -> None:
    """A browser that fills in whatever is called `website` must not cost its owner the seat."""
    form = typed(occupation="Penjahit")
    caught = client.post(form_url(batch), form | {"website": "https://contoh.example"})
    page = caught.content.decode()
    assert (caught.status_code, Registration.objects.count(), caught["Cache-Control"]) == (422, 0, "no-store")
    assert 'name="website" value=""' in page
    assert 'value="Penjahit"' in page
    assert "Peramban Anda mengisi" in page
    assert client.post(form_url(batch), form).status_code == 302
    assert Registration.objects.count() == 1


def test_trap_under_attack_waits_in_line_even_with_the_sum(client: Client, batch: Batch, attack: str) -> None:
    form = typed()
    proof = solve(form["submission_key"], attack)
    held = client.post(form_url(batch), form | {"website": "x", "proof": proof})
    assert (held.status_code, Registration.objects.count()) == (429, 0)
    assert client.post(form_url(batch), form | {"proof": proof}).status_code == 302


def test_trap_is_limited_by_address(client: Client, batch: Batch, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"register_held": (1, 60)}
    assert [send(client, batch, website="x").status_code for _press in range(2)] == [422, 429]


def test_trap_weighs_more_than_a_registration(client: Client, batch: Batch) -> None:
    send(client, batch, website="x")
    assert watch.score_now() == 20
    send(client, batch)
    assert watch.score_now() == 20 + 1 + 5


def test_trap_is_out_of_sight_but_not_hidden(client: Client, batch: Batch) -> None:
    page = client.get(form_url(batch)).content.decode()
    assert '<div class="out-of-sight" aria-hidden="true"><label for="id_website">' in page
    assert 'name="website" value="" tabindex="-1" autocomplete="off"' in page


def test_form_that_took_its_time_weighs_one(client: Client, batch: Batch, settings: Settings) -> None:
    settings.WATCH = settings.WATCH | {"hasty_seconds": 0}
    send(client, batch)
    assert watch.score_now() == 1


def test_forms_that_nobody_has_are_not_counted(client: Client, batch: Batch) -> None:
    client.post(reverse("participants:register", args=["tidak", "ada"]), typed())
    assert watch.score_now() == 0


def test_guard_switches_itself_on_for_the_form_that_is_flooded(
    client: Client, batch: Batch, settings: Settings
) -> None:
    settings.WATCH = settings.WATCH | {"place_per_minute": 60}
    for _press in range(2):
        send(client, batch, website="x")
    assert send(client, batch, number=1).status_code == 302
    send(client, batch, website="x")
    assert send(Client(), batch, number=2).status_code == 429
    assert list(watch.state().places()) == [f"{batch.program.slug}/{batch.slug}"]
    assert 'data-proof-bits="16"' in client.get(form_url(batch)).content.decode()


def test_quiet_form_asks_for_no_sum(client: Client, batch: Batch) -> None:
    page = client.get(form_url(batch)).content.decode()
    assert "data-proof-bits" not in page
    assert 'name="proof"' not in page


def test_attack_is_passed_with_the_sum(client: Client, batch: Batch, attack: str) -> None:
    form = typed()
    response = client.post(form_url(batch), form | {"proof": solve(form["submission_key"], attack)})
    assert (response.status_code, Registration.objects.count()) == (302, 1)


@pytest.mark.parametrize("proof", ["", "0", "-1", "١٢", "9" * 40, "x"])
def test_attack_is_not_passed_with_a_wrong_sum(
    client: Client, batch: Batch, attack: str, settings: Settings, proof: str
) -> None:
    settings.PROOF_OF_WORK_BITS = 40
    assert send(client, batch, proof=proof).status_code == 429
    assert Registration.objects.count() == 0


def test_sum_of_one_form_is_worth_nothing_for_another(
    client: Client, batch: Batch, attack: str, settings: Settings
) -> None:
    settings.PROOF_OF_WORK_BITS = 12
    form = typed()
    proof = solve(form["submission_key"], attack)
    assert client.post(form_url(batch), typed(2) | {"proof": proof}).status_code == 429
    elsewhere = solve(form["submission_key"], "pelatihan/medono")
    assert client.post(form_url(batch), form | {"proof": elsewhere}).status_code == 429
    for _press in range(3):
        assert client.post(form_url(batch), form | {"proof": proof}).status_code == 302
    assert Registration.objects.count() == 1


def test_sum_for_a_key_of_ones_own_making_is_refused(client: Client, batch: Batch, attack: str) -> None:
    form = typed(submission_key="a" * 32)
    assert client.post(form_url(batch), form | {"proof": solve("a" * 32, attack)}).status_code == 429


def test_sum_for_an_old_form_is_refused_and_the_line_is_open(
    client: Client, batch: Batch, attack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = typed()
    form["proof"] = solve(form["submission_key"], attack)
    monkeypatch.setattr(gates, "KEY_SECONDS", -1)
    held = client.post(form_url(batch), form)
    assert (held.status_code, ticket_of(held).admits) == (429, True)


def test_attack_without_javascript_waits_and_passes_with_everything_kept(
    client: Client, batch: Batch, attack: str
) -> None:
    form = typed(occupation="Penjahit")
    held = client.post(form_url(batch), form)
    page = held.content.decode()
    assert (held.status_code, held["Cache-Control"]) == (429, "no-store")
    assert 'value="Penjahit"' in page
    assert form["nik"] in page
    ticket = ticket_of(held)
    assert f'name="ticket" value="{ticket.text}"' in page
    again = client.post(form_url(batch), form | {"ticket": ticket.text})
    assert (again.status_code, ticket_of(again).text) == (429, ticket.text)
    time.sleep(max(0, ticket.ready_at - time.time()) + 0.05)
    assert client.post(form_url(batch), form | {"ticket": ticket.text}).status_code == 302
    assert Registration.objects.count() == 1


def test_ticket_survives_a_form_that_has_to_be_corrected(client: Client, batch: Batch, attack: str) -> None:
    form = typed(full_name="")
    ticket = ticket_of(client.post(form_url(batch), form))
    time.sleep(max(0, ticket.ready_at - time.time()) + 0.05)
    wrong = client.post(form_url(batch), form | {"ticket": ticket.text})
    assert wrong.status_code == 422
    assert f'name="ticket" value="{ticket.text}"' in wrong.content.decode()


def test_form_sent_again_without_its_ticket_keeps_its_place(client: Client, batch: Batch, attack: str) -> None:
    form = typed()
    tickets = [ticket_of(client.post(form_url(batch), form)) for _press in range(3)]
    assert len({ticket.text for ticket in tickets}) == 1


def test_ticket_of_another_form_or_a_forged_one_does_not_pass(client: Client, batch: Batch, attack: str) -> None:
    ticket = ticket_of(client.post(form_url(batch), typed(1)))
    time.sleep(max(0, ticket.ready_at - time.time()) + 0.05)
    for text in (ticket.text, ticket.text[:-1], "x|0|1|1:a:b", ""):
        assert client.post(form_url(batch), typed(2) | {"ticket": text}).status_code == 429


def test_line_moves_at_its_pace_however_many_draw(batch: Batch, attack: str) -> None:
    """A hundred programs at once get no more out of the line in a minute than it lets through."""
    began = time.time()
    tickets = [slow_lane.draw(form=f"form{one}", place=attack, address=f"10.0.{one}.1") for one in range(100)]
    ready = sorted(ticket.ready_at - began for ticket in tickets if ticket)
    assert len(ready) == 100
    assert sum(moment <= 60 for moment in ready) <= 61
    assert [ticket.position for ticket in tickets if ticket][-1] > 90


def test_line_of_one_address_stands_behind_itself(batch: Batch, attack: str, settings: Settings) -> None:
    """A thousand tickets for one address push a neighbour back by ten places, not by a thousand."""
    settings.SLOW_LANE = settings.SLOW_LANE | {"per_address": 10}
    greedy = [slow_lane.draw(form=f"form{one}", place=attack, address="10.0.0.1") for one in range(200)]
    assert sum(ticket.admits for ticket in greedy if ticket) <= 12
    neighbour = slow_lane.draw(form="other", place=attack, address="10.0.0.2")
    assert neighbour is not None
    assert (neighbour.admits, neighbour.seconds <= 15) == (True, True)


def test_place_in_the_line_of_an_address_leads_to_a_ticket(batch: Batch, attack: str, settings: Settings) -> None:
    settings.SLOW_LANE = settings.SLOW_LANE | {"per_address": 6000, "patience": -1}
    outside = slow_lane.draw(form="form", place=attack, address="10.0.0.1")
    assert outside is not None
    assert not outside.admits
    settings.SLOW_LANE = settings.SLOW_LANE | {"patience": 60}
    time.sleep(0.05)
    inside = slow_lane.draw(form="form", place=attack, address="10.0.0.1", before=outside)
    assert inside is not None
    assert inside.admits


def test_held_form_counts_and_is_limited_by_address(
    client: Client, batch: Batch, attack: str, settings: Settings
) -> None:
    settings.THROTTLES = settings.THROTTLES | {"register_held": (1, 60)}
    assert "ticket" in (send(client, batch).context or {})
    refused = send(client, batch)
    assert (refused.status_code, refused.templates[0].name) == (429, "429.html")


def test_guard_is_off_while_redis_is_away(client: Client, batch: Batch, attack: str, settings: Settings) -> None:
    location = "unix:///tmp/there-is-no-redis.sock?db=0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
    watch.look_again()
    try:
        assert send(client, batch).status_code == 302
        assert (watch.state().places(), watch.score_now(), watch.order("on")) == ({}, None, False)
    finally:
        watch.look_again()


def test_alarm_ends_by_itself_and_half_of_the_limit_keeps_it(settings: Settings) -> None:
    settings.WATCH = settings.WATCH | {"place_per_minute": 40, "hold_seconds": 1}
    watch.note("a/b", "trap", "trap")
    first = watch.state().since("a/b")
    assert first is not None
    time.sleep(0.6)
    watch.note("a/b", "sent")
    time.sleep(0.6)
    watch.look_again()
    assert watch.state().since("a/b") == first
    assert watch.state().since("c/d") is None
    time.sleep(0.6)
    watch.look_again()
    assert watch.state().since("a/b") is None


def test_limit_of_nought_never_raises_the_alarm(settings: Settings) -> None:
    settings.WATCH = settings.WATCH | {"place_per_minute": 0, "all_per_minute": 0}
    for _time in range(20):
        watch.note("a/b", "trap")
    assert watch.state().places() == {}


def test_switch_guard_is_audited_and_wins_over_the_count(db: None, settings: Settings) -> None:
    settings.WATCH = settings.WATCH | {"place_per_minute": 20}
    watch.note("a/b", "trap")
    admin = cast.administrator()
    actions.switch_guard(mode="off", by=admin)
    assert watch.state().since("a/b") is None
    actions.switch_guard(mode="on", by=admin)
    since = watch.state().since("c/d")
    assert since is not None
    assert timezone.now() - since < timedelta(seconds=10)
    actions.switch_guard(mode="auto", by=admin)
    assert list(watch.state().places()) == ["a/b"]
    assert AuditEntry.objects.filter(action="guard.switched", actor=admin).count() == 3


def test_switch_guard_to_something_else_or_without_redis_is_refused(db: None, settings: Settings) -> None:
    admin = cast.administrator()
    with pytest.raises(ValidationError) as refused:
        actions.switch_guard(mode="maybe", by=admin)
    assert refused.value.code == "guard_mode"
    location = "unix:///tmp/there-is-no-redis.sock?db=0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
    watch.look_again()
    with pytest.raises(ValidationError) as refused:
        actions.switch_guard(mode="on", by=admin)
    assert refused.value.code == "guard_unreachable"
    assert not AuditEntry.objects.filter(action="guard.switched").exists()
    watch.look_again()


def test_form_guard_is_switched_by_an_administrator(client: Client, db: None) -> None:
    client.force_login(cast.administrator())
    address = reverse("participants:form_guard")
    assert client.post(address, {"mode": "on"})["Location"] == address
    page = client.get(address)
    assert [batch for batch, _since in page.context["alarms"]] == [None]
    assert client.post(address, {"mode": "maybe"}).status_code == 302
    assert watch.state().ordered == "on"


def test_form_guard_names_the_form_that_is_flooded(client: Client, batch: Batch, settings: Settings) -> None:
    settings.WATCH = settings.WATCH | {"place_per_minute": 20}
    send(client, batch, website="x")
    client.force_login(cast.administrator())
    page = client.get(reverse("participants:form_guard"))
    assert [named for named, _since in page.context["alarms"]] == [batch]


def test_workspace_tells_that_forms_are_guarded(client: Client, batch: Batch, attack: str) -> None:
    client.force_login(cast.verifier())
    assert client.get(reverse("workspace")).context["guarded_since"] is not None
    watch.order("auto")
    assert client.get(reverse("workspace")).context["guarded_since"] is None


def test_key_age_is_read_from_a_genuine_key_alone() -> None:
    age = gates.key_age(new_submission_key())
    assert age is not None
    assert 0 <= age < 5
    assert gates.key_age("forged:abc:def") is None


def test_first_in_line_is_number_one_however_long_the_least_wait(batch: Batch, attack: str, settings: Settings) -> None:
    settings.SLOW_LANE = settings.SLOW_LANE | {"least_seconds": 30}
    tickets = [slow_lane.draw(form=f"form{one}", place=attack, address="10.0.0.1") for one in range(3)]
    assert [(ticket.position, ticket.seconds) for ticket in tickets if ticket] == [(1, 30), (2, 30), (3, 30)]


def test_nobody_waits_for_a_batch_that_is_full(client: Client, batch: Batch, attack: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(registration_closes_at=timezone.now())
    assert send(client, batch).status_code == 422
    assert Registration.objects.count() == 0


def test_address_that_sends_very_many_is_asked_for_the_sum_and_not_refused(
    client: Client, batch: Batch, settings: Settings
) -> None:
    """A village behind one address of its carrier shares the limit with whoever floods from there."""
    settings.THROTTLES = settings.THROTTLES | {"register": (1, 600)}
    settings.PROOF_OF_WORK_BITS = 8
    assert send(client, batch, number=1).status_code == 302
    form, place = typed(2), f"{batch.program.slug}/{batch.slug}"
    held = client.post(form_url(batch), form)
    page = held.content.decode()
    assert (held.status_code, 'data-proof-bits="8"' in page) == (429, True)
    assert f'name="ticket" value="{ticket_of(held).text}"' in page
    assert client.post(form_url(batch), typed(3), REMOTE_ADDR="10.1.2.3").status_code == 302
    assert client.post(form_url(batch), form | {"proof": solve(form["submission_key"], place)}).status_code == 302
    assert Registration.objects.count() == 3
