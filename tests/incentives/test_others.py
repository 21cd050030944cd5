"""A juror or an objector asks about the own data: found, told, erased by an officer, and everything in the trail."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditEntry, User
from incentives import actions
from incentives.models import Juror, Objection
from incentives.queries.recounting import recount
from tests import cast
from tests.incentives import made
from tests.incentives.forgetting import WORDS, judged
from tests.support.searching import places_in_database

pytestmark = pytest.mark.django_db
LIST = "/kerja/lomba/orang/"
ASKED = "Surat 3 Maret, KTP dilihat"


def desk(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or cast.dpo())
    return client


def page_of(row: Juror | Objection) -> str:
    return f"{LIST}{'juri' if isinstance(row, Juror) else 'penyanggah'}/{row.pk}/"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wiratmoko", ["juror"]),
        ("0813-5554-4433", ["juror"]),
        ("+62 813 5554 4433", ["juror"]),
        ("WIRATMOKO@contoh.example", ["juror"]),
        ("sumarsono", ["objector"]),
        ("Seruni", ["objector"]),
        ("Tidak Ada", []),
    ],
)
def test_other_list_finds_by_name_and_contact(text: str, found: list[str]) -> None:
    judged()
    page = desk().post(LIST, {"text": text}).content.decode()
    assert [label for label in ("juror", "objector") if WORDS[label] in page] == found
    other_office = desk(cast.other_agency_officer()).post(LIST, {"text": text}).content.decode()
    assert [label for label in ("juror", "objector") if WORDS[label] in other_office] == []


def test_other_list_looks_for_nothing_short() -> None:
    assert desk().post(LIST, {"text": "wi"}).status_code == 422


def test_other_detail_tells_everything_in_a_copy_and_says_why_in_the_trail() -> None:
    _competition, juror, _other, objection = judged()
    client = desk(cast.program_officer())
    assert WORDS["phone"] not in client.get(page_of(juror)).content.decode()
    assert client.post(page_of(juror), {"purpose": "", "file_format": "page"}).status_code == 422
    assert AuditEntry.objects.filter(action="other.copy_made").count() == 0
    told = client.post(page_of(juror), {"purpose": ASKED, "file_format": "page"}).content.decode()
    assert "0813-5554-4433" in told
    for label in ("juror", "email", "business", "conflict", "note"):
        assert WORDS[label] in told, label
    assert WORDS["identity"] not in told
    answer = client.post(page_of(objection), {"purpose": ASKED, "file_format": "json"})
    (record,) = json.loads(answer.content)["data"]["objection"]
    facts = dict(record)
    assert [facts[name] for name in ("name", "contact", "text", "answer")] == [
        WORDS[label] for label in ("objector", "contact", "objection", "answer")
    ]
    lines = AuditEntry.objects.filter(action="other.copy_made").order_by("pk")
    assert [(one.purpose, one.changes["form"]) for one in lines] == [(ASKED, "page"), (ASKED, "json")]


def test_other_erase_takes_the_words_from_everywhere_and_leaves_the_result() -> None:
    competition, juror, other, objection = judged()
    before, client = recount(competition.results.get()), desk()
    for row in (juror, other, objection):
        assert client.post(f"{page_of(row)}hapus/", {"reason": ASKED}).status_code == 422
        answer = client.post(f"{page_of(row)}hapus/", {"reason": ASKED, "sure": "on"})
        assert answer["Location"] == page_of(row)
        assert client.get(page_of(row)).status_code == 200
    assert places_in_database(WORDS) == {("juror", "incentives_juror.name")}
    after = recount(competition.results.get())
    assert (after.is_same, after.sha256) == (True, before.sha256)
    assert [one.purpose for one in AuditEntry.objects.filter(action="other.erased")] == [ASKED] * 3
    assert desk(cast.program_officer()).get(f"{page_of(juror)}hapus/").status_code == 403


def refused(code: str, row: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.erase_other(other=row, reason=ASKED, by=cast.dpo())
    assert refusal.value.code == code


def test_erasing_waits_for_the_jury_and_for_the_answer() -> None:
    _competition, juror, _other, objection = judged()
    Objection.objects.update(state="open", answer=None, answered_at=None, answered_by=None)
    refused("objection_open", Objection.objects.get())
    refused("objection_open", juror)
    actions.answer_objection(objection=objection, state="upheld", answer="Benar.", by=cast.program_officer())
    actions.erase_other(other=juror, reason=ASKED, by=cast.dpo())
    refused("forgotten_already", juror)
    serving = made.juror(made.competition())
    refused("juror_serving", serving)
    actions.withdraw_juror(juror=serving, reason="Pindah", with_submitted=True, by=cast.program_officer())
    actions.erase_other(other=serving, reason=ASKED, by=cast.dpo())
    assert Juror.objects.get(pk=serving.pk).forgotten_at is not None
