"""Results computed once more from their sheets."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from incentives import actions
from incentives.models import Entry, Score
from tests.incentives import decided, made

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> tuple[str, str, str]:
    """What it said, what it complained of, and how it ended."""
    out, err = StringIO(), StringIO()
    try:
        call_command("recount", *arguments, stdout=out, stderr=err)
    except CommandError as refusal:
        return out.getvalue(), err.getvalue(), str(refusal)
    return out.getvalue(), err.getvalue(), ""


def test_recount_says_same_and_after_a_withdrawal_still_so() -> None:
    of, chair, _entries = decided.example()
    decided.example()
    result = actions.lock_result(competition=of, chair=chair, by=None)
    expected = f"competition {of.pk}, version 1: same, {result.sha256}\n"
    assert told() == (expected, "", "")
    assert told("--competition", str(of.pk)) == (expected, "", "")
    assert told("--competition", "999999")[2] == "Competition 999999 has no locked result."


def test_recount_finds_a_score_that_was_changed_behind_the_lock() -> None:
    of, chair, entries = decided.example()
    actions.lock_result(competition=of, chair=chair, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE incentives_score DISABLE TRIGGER USER")
        Score.objects.filter(sheet__entry=entries["A"]).update(value=100)
        cursor.execute("ALTER TABLE incentives_score ENABLE TRIGGER USER")
    said, complained, end = told()
    assert (said, end) == ("", "1 results differ from their sheets.")
    assert "DIFFERENT in sheets, outcome, hash" in complained
    assert f"entry {entries['A'].pk}: place 2 -> 1" in complained


def test_recount_is_the_same_after_a_person_was_forgotten() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    pitches = decided.scored(of, jurors, 90, 80)
    Entry.objects.filter(competition=of).update(household_hash="a" * 64, business_key="ROTI")
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    Entry.objects.filter(pk=pitches[1].pk).update(household_hash="", business_key="", registration=None)
    assert told()[2] == ""
