"""The chair's own door: totals when all is in, ties, the lock, and opening it again."""

import pytest
from django.test import Client
from django.urls import reverse

from incentives import actions
from incentives.models import Competition, Juror
from tests.incentives import decided, made
from tests.incentives.sitting import browser
from tests.participants.desk import errors

pytestmark = pytest.mark.django_db
RESULT = "incentives:jury_result"


def tied() -> tuple[Competition, Juror, list[int], Client]:
    of = made.competition(tie_breaks=["chair", "lot"])
    jurors = decided.jury(of)
    pitches = decided.scored(of, jurors, 90, 80, 80)
    return of, jurors[0], [entry.pk for entry in pitches[1:]], browser(jurors[0])


def test_jury_result_is_for_the_chair_alone_and_when_every_sheet_is_in() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    decided.scored(of, jurors, 81.25)
    late = made.sheet(jurors[1], made.entry(of))
    assert Client().get(reverse(RESULT)).status_code == 302
    assert browser(jurors[1]).get(reverse(RESULT)).status_code == 302
    chair = browser(jurors[0])
    early = chair.get(reverse(RESULT))
    assert ("board" in early.context, "81,25" in early.content.decode()) == (False, False)
    type(late.entry).objects.filter(pk=late.entry_id).update(state="withdrawn")
    told = chair.get(reverse(RESULT))
    assert ("board" in told.context, "81,25" in told.content.decode()) == (True, True)


def test_jury_result_of_a_blind_jury_says_codes_until_the_lock() -> None:
    of = made.competition(is_blind=True)
    jurors = decided.jury(of)
    [pitch] = decided.scored(of, jurors, 80)
    chair = browser(jurors[0])
    told = chair.get(reverse(RESULT)).content.decode()
    assert (pitch.code in told, pitch.business_name in told) == (True, False)
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    assert pitch.business_name in chair.get(reverse(RESULT)).content.decode()


def test_tie_decide_asks_for_another_place_for_each() -> None:
    of, _chair, keys, door = tied()
    address = reverse("incentives:tie_decide", args=[keys[0]])
    assert door.get(reverse("incentives:tie_decide", args=[1])).status_code == 404
    sent = {"way": "chair", "reason": "Musyawarah", f"place_{keys[0]}": "2", f"place_{keys[1]}": "2"}
    assert list(errors(door.post(address, sent))) == ["__all__"]
    assert door.post(address, sent | {f"place_{keys[1]}": "1"}).status_code == 302
    assert of.tie_decisions.get().entries == keys[::-1]
    assert door.get(address).status_code == 404


def test_tie_decide_without_a_lot_asks_for_every_place() -> None:
    of = made.competition(tie_breaks=["chair"])
    jurors = decided.jury(of)
    keys = [entry.pk for entry in decided.scored(of, jurors, 90, 80, 80)[1:]]
    door, address = browser(jurors[0]), reverse("incentives:tie_decide", args=[keys[0]])
    page = door.get(address).content.decode()
    assert ('type="radio"' in page, "(tidak wajib)" in page, "Undian" in page) == (False, False, False)
    sent = {"way": "chair", "reason": "Musyawarah", f"place_{keys[0]}": "2"}
    assert list(errors(door.post(address, sent))) == [f"place_{keys[1]}"]
    assert door.post(address, sent | {f"place_{keys[1]}": "1"}).status_code == 302
    assert of.tie_decisions.get().entries == keys[::-1]


def test_tie_decide_draws_a_lot_without_places() -> None:
    of, _chair, keys, door = tied()
    sent = {"way": "lot", "reason": "Undian di depan peserta"}
    assert door.post(reverse("incentives:tie_decide", args=[keys[0]]), sent).status_code == 302
    decision = of.tie_decisions.get()
    assert (sorted(decision.entries), len(decision.seed)) == (sorted(keys), 32)


def test_result_lock_asks_once_more_and_says_what_is_in_the_way() -> None:
    of, chair, keys, door = tied()
    address = reverse("incentives:result_lock")
    assert "ties_open" in {one.code for one in door.get(address).context["progress"].obstacles}
    assert door.post(address, {"sure": "on"}).status_code == 422
    actions.decide_tie(competition=of, chair=chair, entries=keys, way="chair", reason="Musyawarah", by=None)
    winners = [(line.tier, line.entry.pk) for line in door.get(address).context["winners"]]
    assert winners == [("Juara I", winners[0][1]), ("Juara I", keys[0]), ("Juara II", keys[1])]
    assert list(errors(door.post(address))) == ["sure"]
    assert door.post(address, {"sure": "on"}).status_code == 302
    of.refresh_from_db()
    assert of.locked_at is not None


def test_result_reopen_needs_a_reason_and_the_next_lock_too() -> None:
    of, chair, _entries = decided.example()
    door, address = browser(chair), reverse("incentives:result_reopen")
    assert door.post(address, {"reason": "x"}).status_code == 422
    assert "<textarea" not in door.get(address).content.decode()
    actions.lock_result(competition=of, chair=chair, by=None)
    assert list(errors(door.post(address))) == ["reason"]
    assert door.post(address, {"reason": "Salah ketik"}).status_code == 302
    lock = reverse("incentives:result_lock")
    assert list(errors(door.post(lock, {"sure": "on"}))) == ["reason"]
    assert door.post(lock, {"sure": "on", "reason": "Nilai diperbaiki"}).status_code == 302
    assert of.results.in_force().get().version == 2
