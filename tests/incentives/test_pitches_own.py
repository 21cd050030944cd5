"""The resident's pitch, by the pages that a telephone shows."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incentives import actions
from incentives.models import Competition, Entry
from jobs.models import StoredFile
from notifications.models import Message
from participants.models import Registration, initial_pin
from programs.models import Batch
from tests.incentives import made
from tests.incentives.pitching import FORM, TOLD, at_page, attendee, open_batch, picture, sent, slides, typed


@pytest.fixture
def batch(db: None, settings: Any, tmp_path: Path) -> Batch:
    settings.MEDIA_ROOT = tmp_path
    return open_batch()


@pytest.fixture
def competition(batch: Batch) -> Competition:
    return made.competition(batch)


@pytest.fixture
def mine(batch: Batch) -> Registration:
    return attendee(batch)


@pytest.fixture
def phone(client: Client, mine: Registration) -> Client:
    return at_page(client, mine)


def address(competition: Competition, rest: str = "") -> str:
    return f"/saya/lomba/{competition.pk}/{rest}"


def test_pitch_own_card_leads_from_both_own_pages(phone: Client, competition: Competition) -> None:
    for path in ("/saya/", "/status/saya/"):
        page = phone.get(path).content.decode()
        assert (competition.name in page, address(competition) in page) == (True, True)


def test_pitch_own_card_is_not_shown_to_whom_no_competition_is_for(
    client: Client, batch: Batch, competition: Competition
) -> None:
    waiting = made.participant(batch)
    Registration.objects.filter(pk=waiting.pk).update(check_state="pending", checked_at=None, checked_by=None)
    page = at_page(client, waiting).get("/saya/").content.decode()
    assert competition.name not in page
    assert client.get(address(competition)).status_code == 404


def test_pitch_own_without_an_open_door_asks_who_comes(client: Client, competition: Competition) -> None:
    answer = client.get(address(competition))
    assert (answer.status_code, answer["Location"]) == (302, "/saya/masuk/")


def test_pitch_own_is_sent_with_figures_as_they_are_written(
    phone: Client, competition: Competition, mine: Registration
) -> None:
    answer = phone.post(address(competition), typed())
    assert (answer.status_code, answer["Location"]) == (302, address(competition))
    entry = Entry.objects.get()
    assert (entry.state, entry.registration, entry.title) == ("submitted", mine, FORM["title"])
    assert (entry.told, entry.business_key, entry.region_id) == (TOLD, "ROTI BU SARI", mine.region_id)
    assert FORM["family_card"] not in f"{entry.household_hash}{entry.content}"
    assert Message.objects.filter(kind="pitch_received", recipient_phone=mine.phone).count() == 1
    page = phone.get(address(competition)).content.decode()
    assert ("2.400.000" in page, FORM["family_card"] in page) == (True, False)


def test_pitch_own_draft_keeps_whatever_could_be_read(phone: Client, competition: Competition) -> None:
    sent = typed("save", summary="Roti", monthly_turnover="dua juta", workers="", since="")
    answer = phone.post(address(competition), sent)
    entry = Entry.objects.get()
    assert (answer.status_code, entry.state) == (422, "draft")
    assert "dua juta" in answer.content.decode()
    assert (entry.told["summary"], "monthly_turnover" in entry.told) == ("Roti", False)
    assert not Message.objects.filter(kind="pitch_received").exists()
    assert phone.post(address(competition), typed("save", summary="Roti")).status_code == 302


@pytest.mark.parametrize("name", [name for name in FORM if name != "summary"])
def test_pitch_own_is_not_sent_without(phone: Client, competition: Competition, name: str) -> None:
    answer = phone.post(address(competition), typed(**{name: ""}))
    assert (answer.status_code, Entry.objects.get().state) == (422, "draft")
    assert f'href="#id_{name}"' in answer.content.decode()


@pytest.mark.parametrize("length", [199, 1501])
def test_pitch_own_summary_has_bounds(phone: Client, competition: Competition, length: int) -> None:
    answer = phone.post(address(competition), typed(summary="r" * length))
    assert (answer.status_code, Entry.objects.get().state) == (422, "draft")


@pytest.mark.parametrize(
    ("name", "value"),
    [("monthly_turnover", "2,400"), ("capital", "-5"), ("workers", "tiga"), ("since", "2999"), ("family_card", "123")],
)
def test_pitch_own_says_what_cannot_be_read(phone: Client, competition: Competition, name: str, value: str) -> None:
    answer = phone.post(address(competition), typed(**{name: value}))
    assert (answer.status_code, f'href="#id_{name}"' in answer.content.decode()) == (422, True)


def test_pitch_own_asks_the_category_where_there_are_some(phone: Client, batch: Batch) -> None:
    competition = made.competition(batch, categories=("makanan", "kerajinan"))
    assert phone.post(address(competition), typed()).status_code == 422
    assert phone.post(address(competition), typed(category="makanan")).status_code == 302
    assert Entry.objects.get().category == "makanan"


def test_pitch_own_asks_no_household_where_many_awards_may_go_there(phone: Client, batch: Batch) -> None:
    competition = made.competition(batch, one_per_household=False)
    assert "family_card" not in phone.get(address(competition)).content.decode()
    assert phone.post(address(competition), typed(family_card="")).status_code == 302
    assert Entry.objects.get().household_hash == ""


def test_pitch_own_is_changed_until_it_is_admitted(phone: Client, competition: Competition) -> None:
    phone.post(address(competition), typed())
    assert phone.post(address(competition), typed(title="Roti baru", family_card="")).status_code == 302
    entry = Entry.objects.get()
    assert (entry.state, entry.title, bool(entry.household_hash)) == ("submitted", "Roti baru", True)
    assert Message.objects.filter(kind="pitch_received").count() == 1
    Entry.objects.update(state="admitted", checked_at=timezone.now(), checked_by=made.cast.verifier())
    answer = phone.post(address(competition), typed(title="Roti lain"))
    assert (answer.status_code, Entry.objects.get().title) == (422, "Roti baru")
    assert 'name="step"' not in phone.get(address(competition)).content.decode()


def test_pitch_own_that_was_sent_is_not_changed_by_half(phone: Client, competition: Competition) -> None:
    phone.post(address(competition), typed())
    answer = phone.post(address(competition), typed("save", title="", market="Pasar"))
    assert (answer.status_code, Entry.objects.get().told["market"]) == (422, FORM["market"])


def test_pitch_own_is_closed_before_and_after(phone: Client, competition: Competition) -> None:
    now = timezone.now()
    for opens, closes in ((1, 2), (-2, -1)):
        Competition.objects.update(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
        assert 'name="step"' not in phone.get(address(competition)).content.decode()
        assert (phone.post(address(competition), typed()).status_code, Entry.objects.count()) == (200, 0)


def test_pitch_own_takes_a_correction_after_the_end(phone: Client, competition: Competition) -> None:
    phone.post(address(competition), typed())
    checked = {"checked_at": timezone.now(), "checked_by": made.cast.verifier()}
    Entry.objects.update(state="needs_fix", check_note="Omzet kurang jelas.", **checked)
    Competition.objects.update(closes_at=timezone.now())
    assert "Omzet kurang jelas." in phone.get(address(competition)).content.decode()
    phone.post(address(competition), typed(monthly_turnover="3.000.000"))
    entry = Entry.objects.get()
    assert (entry.state, entry.told["monthly_turnover"], entry.check_note) == ("submitted", 3_000_000, None)


def test_pitch_own_needs_attendance_where_the_method_says_so(client: Client, batch: Batch) -> None:
    competition, absent = made.competition(batch), attendee(batch, enough=False)
    phone = at_page(client, absent)
    assert 'name="step"' not in phone.get(address(competition)).content.decode()
    assert (phone.post(address(competition), typed()).status_code, Entry.objects.count()) == (200, 0)
    free = made.competition(batch, needs_attendance=False)
    assert phone.post(address(free), typed()).status_code == 302


def test_pitch_own_of_somebody_else_is_not_found(client: Client, competition: Competition, batch: Batch) -> None:
    theirs = made.entry(competition, attendee(batch))
    file = theirs.files.create(kind="slides", stored=_stored(theirs))
    phone = at_page(client, attendee(batch))
    assert phone.get(address(competition, f"berkas/{file.pk}/")).status_code == 404
    assert phone.post(address(competition, f"berkas/{file.pk}/hapus/")).status_code == 404


def _stored(entry: Entry) -> StoredFile:
    return made.factories.stored_picture(entry.competition.program.agency)


def test_pitch_own_file_is_drawn_anew_and_encrypted(phone: Client, competition: Competition) -> None:
    sent = picture()
    assert phone.post(address(competition), typed("save", pictures=[sent], slides=slides(3))).status_code == 302
    kept, pdf = Entry.objects.get().files.order_by("kind")
    assert (kept.kind, pdf.kind, pdf.pages) == ("picture", "slides", 3)
    assert not kept.stored.content().startswith(b"\xff\xd8")
    shown = phone.get(address(competition, f"berkas/{kept.pk}/"))
    assert (shown["Content-Type"], shown.content[:2], shown["Cache-Control"]) == ("image/jpeg", b"\xff\xd8", "no-store")
    assert phone.get(address(competition, f"berkas/{pdf.pk}/")).content[:5] == b"%PDF-"


def test_pitch_own_file_remove_deletes_it(phone: Client, competition: Competition) -> None:
    phone.post(address(competition), typed("save", pictures=[picture()]))
    file = Entry.objects.get().files.get()
    assert phone.post(address(competition, f"berkas/{file.pk}/hapus/")).status_code == 302
    assert (Entry.objects.get().files.count(), StoredFile.objects.count()) == (0, 0)


def test_pitch_own_file_that_is_refused_takes_no_word_and_no_other_file(
    phone: Client, competition: Competition
) -> None:
    broken = SimpleUploadedFile("salindia.pdf", b"PK\x03\x04", "application/pdf")
    answer = phone.post(address(competition), typed(pictures=[picture()], slides=broken))
    entry = Entry.objects.get()
    assert (answer.status_code, entry.state, entry.title) == (422, "draft", FORM["title"])
    assert [file.kind for file in entry.files.all()] == ["picture"]


def test_pitch_own_file_is_kept_once_when_the_form_is_sent_twice(phone: Client, competition: Competition) -> None:
    once = typed("save")
    for _time in range(2):
        phone.post(address(competition), {**once, "pictures": [picture(), picture()]})
    assert Entry.objects.get().files.count() == 2


def test_pitch_own_takes_four_pictures_and_one_set_of_slides(phone: Client, competition: Competition) -> None:
    for _time in range(2):
        phone.post(address(competition), typed("save", pictures=[picture(), picture()], slides=slides()))
    assert phone.post(address(competition), typed("save", pictures=[picture()])).status_code == 422
    assert sorted(file.kind for file in Entry.objects.get().files.all()) == [*["picture"] * 4, "slides"]


def test_pitch_own_withdraw_of_a_draft_leaves_nothing(phone: Client, competition: Competition) -> None:
    phone.post(address(competition), typed("save", slides=slides()))
    assert phone.get(address(competition, "tarik/")).status_code == 200
    assert phone.post(address(competition, "tarik/")).status_code == 302
    assert (Entry.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_pitch_own_withdraw_of_what_was_sent_is_told_and_may_be_sent_again(
    phone: Client, competition: Competition
) -> None:
    phone.post(address(competition), typed())
    phone.post(address(competition, "tarik/"), {"reason": "Pindah kota"})
    entry = Entry.objects.get()
    assert (entry.state, entry.ended_reason) == ("withdrawn", "Pindah kota")
    assert Message.objects.filter(kind="pitch_decided").count() == 1
    phone.post(address(competition), typed())
    assert Entry.objects.get().state == "submitted"


def test_pitch_own_draft_of_what_was_sent_before_is_taken_back_and_stays(
    phone: Client, competition: Competition
) -> None:
    """A juror may have a sheet of it since it was admitted."""
    phone.post(address(competition), typed())
    made.sheet(made.juror(competition), Entry.objects.get())
    phone.post(address(competition, "tarik/"))
    phone.post(address(competition), typed("save"))
    assert Entry.objects.get().state == "draft"
    assert phone.post(address(competition, "tarik/")).status_code == 302
    assert Entry.objects.get().state == "withdrawn"


def test_pitch_own_is_sent_once_by_a_person_also_after_one_was_taken_back(
    batch: Batch, competition: Competition, mine: Registration
) -> None:
    other = attendee(made.factories.batch(batch.program))
    Registration.objects.filter(pk=other.pk).update(person=mine.person_id, duplicate_key="")
    actions.withdraw_pitch(entry=sent(competition, mine), reason="", by=None)
    sent(competition, other)
    with pytest.raises(ValidationError) as refused:
        sent(competition, mine)
    assert refused.value.code == "entry_once"


def test_pitch_own_withdraw_after_the_lock_is_refused(phone: Client, competition: Competition) -> None:
    phone.post(address(competition), typed())
    Competition.objects.update(first_score_at=timezone.now(), locked_at=timezone.now())
    assert (phone.post(address(competition, "tarik/")).status_code, Entry.objects.get().state) == (422, "submitted")


def test_pitch_own_goes_on_by_pin_when_half_an_hour_was_too_short(
    phone: Client, competition: Competition, mine: Registration
) -> None:
    del phone.cookies["portal_entry"]
    page = phone.post(address(competition), typed(title="Roti yang diketik lama"))
    assert ('value="Roti yang diketik lama"' in page.content.decode(), Entry.objects.count()) == (True, 0)
    pin = initial_pin(Registration.objects.get(pk=mine.pk).submission_key)
    wrong = "1" * len(pin) if pin[0] != "1" else "2" * len(pin)
    assert phone.post(address(competition), typed(code=mine.code, pin=wrong)).status_code == 422
    answer = phone.post(address(competition), typed(code=mine.code, pin=pin, title="Roti yang diketik lama"))
    assert (answer.status_code, Entry.objects.get().title) == (302, "Roti yang diketik lama")
    assert phone.get(address(competition)).status_code == 200


def test_pitch_own_form_that_expired_loses_nothing(phone: Client, competition: Competition) -> None:
    answer = phone.post(address(competition), typed(submission_key="palsu"))
    assert (answer.status_code, FORM["title"] in answer.content.decode()) == (422, True)


def test_pitch_own_is_throttled(phone: Client, competition: Competition, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"pitch": (0, 600)}
    assert phone.post(address(competition), typed()).status_code == 429
