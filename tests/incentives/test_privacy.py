"""What a pitch tells of a person: handed over whole and readable, forgotten with the entry that it hangs on."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incentives import actions
from incentives.models import Competition, Entry, Result, ScoreSheet
from incentives.privacy import erase, export
from jobs.models import StoredFile
from kit.privacy import Fact
from participants.models import Person
from participants.privacy import anonymise
from programs.models import Batch
from tests import cast
from tests.incentives import made
from tests.incentives.pitching import FORM, TOLD, attendee, open_batch, picture, sent, slides


@pytest.fixture
def batch(db: None, settings: Any, tmp_path: Path) -> Batch:
    settings.MEDIA_ROOT = tmp_path
    return open_batch()


@pytest.fixture
def competition(batch: Batch) -> Competition:
    return made.competition(batch)


@pytest.fixture
def pitch(competition: Competition, batch: Batch) -> Entry:
    entry = sent(competition, attendee(batch))
    for kind, file in (("picture", picture()), ("slides", slides())):
        actions.add_pitch_file(entry=entry, kind=kind, content=file.read(), form_key=uuid4(), by=None)
    return actions.ask_entry_fix(entry=entry, note="Omzet Bu Sari kurang jelas.", by=cast.verifier())


def person_of(entry: Entry) -> Person:
    assert entry.registration is not None
    assert entry.registration.person is not None
    return entry.registration.person


def facts(entry: Entry) -> list[Fact]:
    (section,) = (one for one in export(person_of(entry)) if one.code == "pitches")
    return [fact for record in section.records for fact in record]


def test_export_is_exact_and_readable(pitch: Entry) -> None:
    told = {fact.code: (fact.value, fact.words) for fact in facts(pitch)}
    assert told["monthly_turnover"] == (2_400_000, "Rp2.400.000")
    assert {name: told[name][0] for name in TOLD} == TOLD
    assert (told["title"][0], told["state"][0]) == (FORM["title"], "needs_fix")
    assert told["check_note"][0] == "Omzet Bu Sari kurang jelas."
    assert [fact.code for fact in facts(pitch)].count("file") == 2
    assert pitch.household_hash not in str(told)


@pytest.mark.parametrize("way", ["wish", "time"])
def test_forgetting_leaves_no_word_and_no_file(pitch: Entry, way: str) -> None:
    """At somebody's wish, and when the time of a training is over."""
    person = person_of(pitch)
    if way == "wish":
        erase(person=person, by=cast.dpo())
    else:
        anonymise(persons=[person.pk], at=timezone.now())
    after = Entry.objects.get(pk=pitch.pk)
    assert (after.title, after.business_name, after.business_key, after.household_hash) == ("", "", "", "")
    assert (after.told, after.check_note, after.files.count(), StoredFile.objects.count()) == ({}, None, 0, 0)
    assert (after.state, after.region_id) == ("needs_fix", pitch.region_id)


def test_forgetting_keeps_the_names_that_an_award_tells(pitch: Entry, competition: Competition) -> None:
    edition = competition.edition
    assert edition is not None
    result = Result.objects.create(competition=competition, version=1, edition=edition, sha256="a" * 64)
    competition.awards.create(result=result, entry=pitch, tier=edition.tiers.get(position=1), slot=1, gross=3_000_000)
    anonymise(persons=[person_of(pitch).pk], at=timezone.now())
    after = Entry.objects.get(pk=pitch.pk)
    assert (after.business_name, after.told, after.files.count()) == (FORM["business_name"], {}, 0)


def test_forgetting_one_leaves_the_others(pitch: Entry, competition: Competition, batch: Batch) -> None:
    other = sent(competition, attendee(batch), business_name="Batik Lestari")
    anonymise(persons=[person_of(pitch).pk], at=timezone.now())
    assert Entry.objects.get(pk=other.pk).told == TOLD


def test_forgetting_takes_what_jurors_noted_also_behind_the_lock(pitch: Entry, competition: Competition) -> None:
    Entry.objects.filter(pk=pitch.pk).update(state="admitted")
    sheet = made.sheet(made.juror(competition), pitch, (80, 80, 80, 80, 80))
    ScoreSheet.objects.filter(pk=sheet.pk).update(note="Bu Sari gugup")
    Competition.objects.filter(pk=competition.pk).update(first_score_at=timezone.now(), locked_at=timezone.now())
    anonymise(persons=[person_of(pitch).pk], at=timezone.now())
    after = ScoreSheet.objects.get(pk=sheet.pk)
    assert (after.note, after.state, after.scores.count()) == (None, "submitted", 5)
