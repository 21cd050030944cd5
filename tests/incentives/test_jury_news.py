"""What jurors hear when method or dates change after they were invited: a message, and a banner until it is read."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from incentives import actions, queries
from incentives.models import Competition, Juror
from notifications.models import Message
from tests import cast
from tests.incentives import made
from tests.incentives.declared import changed, declared, redeclared
from tests.incentives.sitting import browser, given, ready, sheet_of

pytestmark = pytest.mark.django_db
HOME, PAGE = "/juri/", "/juri/perubahan/"


@pytest.fixture
def competition() -> Competition:
    return declared()


def invited(of: Competition, **values: Any) -> Juror:
    return ready(of, **({"invited_at": timezone.now(), "email": "juri@contoh.example"} | values))


def known(juror: Juror) -> Juror:
    return queries.serving_juror(juror.pk) or juror


def test_each_invited_juror_with_an_address_is_told_once(competition: Competition) -> None:
    reached, colleague = invited(competition), invited(competition, email=None, user=cast.treasurer())
    Juror.objects.filter(pk=colleague.pk).update(phone=None)
    cast.treasurer().__class__.objects.filter(pk=cast.treasurer().pk).update(email="bendahara@contoh.example")
    invited(competition, email=None)
    made.juror(competition, email="belum@contoh.example")
    Juror.objects.filter(pk=invited(competition).pk).update(withdrawn_at=timezone.now())
    day = timezone.localdate() + timedelta(days=20)
    redeclared(competition, held_on=day, reason="Aula dipakai pemilu")
    told = Message.objects.filter(kind="jury_changed").order_by("pk")
    assert [message.subject_id for message in told] == [str(reached.pk), str(colleague.pk)]
    assert "Aula dipakai pemilu" in told[0].body
    assert str(day.year) in told[0].body
    links = [word for word in told[0].body.split() if word.startswith("http")]
    assert [link.partition("//")[2].partition("/")[2] for link in links][:1] == ["juri/"]
    assert AuditEntry.objects.get(action="competition.changed").changes["jurors_told"] == 2


def test_another_budget_line_is_no_news_to_jurors(competition: Competition) -> None:
    from_now_on = known(invited(competition))
    redeclared(competition)
    assert Message.objects.filter(kind="jury_changed").count() == 0
    assert queries.news_of(from_now_on) is None


def test_the_banner_stands_until_it_is_read_and_comes_back_with_the_next_change(competition: Competition) -> None:
    client = browser(juror := invited(competition))
    assert PAGE not in client.get(HOME).content.decode()
    assert client.get(PAGE)["Location"] == HOME
    redeclared(competition, objection_days=6, reason="Masa sanggah diperpanjang")
    for _visit in range(2):
        assert PAGE in client.get(HOME).content.decode()
        page = client.get(PAGE).content.decode()
    assert "Masa sanggah diperpanjang" in page
    assert "6 hari kerja" in page
    redeclared(competition, pitch_minutes=7, reason="Peserta bertambah")
    assert client.post(PAGE, {"version": "2"})["Location"] == HOME
    assert PAGE in client.get(HOME).content.decode(), "the third edition came while the second was read"
    page = client.get(PAGE).content.decode()
    assert ("Peserta bertambah" in page, "Masa sanggah diperpanjang" in page) == (True, False)
    client.post(PAGE, {"version": "3"})
    assert PAGE not in client.get(HOME).content.decode()
    client.post(PAGE, {"version": "2"})
    assert PAGE not in client.get(HOME).content.decode(), "what was read stays read"
    assert AuditEntry.objects.filter(action="juror.method_read", actor_label=f"juror {juror.pk}").count() == 2


@pytest.mark.parametrize("version", [0, 2, 9])
def test_an_edition_that_was_not_declared_is_not_read(competition: Competition, version: int) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.read_method(juror=invited(competition), version=version)
    assert refused.value.code == "edition_unknown"


def test_who_comes_in_after_the_change_has_read_it(competition: Competition) -> None:
    redeclared(competition, pitch_minutes=7)
    assert queries.news_of(known(ready(competition))) is None


def test_sheets_that_came_back_are_counted(competition: Competition, django_assert_max_num_queries: Any) -> None:
    juror = invited(competition)
    for place in (1, 2):
        made.entry(competition, position=place)
    actions.assign_sheets(competition=competition, by=cast.program_officer())
    edition = known(juror).competition.edition
    assert edition is not None
    codes = [one.code for one in edition.criteria.all()]
    told = given(scores=dict.fromkeys(codes, Decimal(80)))
    actions.submit_sheet(sheet=sheet_of(juror), given=told, client_id=uuid4())
    changed(competition).criteria.filter(code=codes[0]).update(description="Juga yang belum dijual")
    actions.declare_change(competition=competition, by=cast.program_officer())
    news = queries.news_of(known(juror))
    assert news is not None
    assert news.reopened == 1
    client = browser(juror)
    with django_assert_max_num_queries(14):
        assert "kembali kepada Anda" not in client.get(HOME).content.decode()
    assert "1 lembar yang sudah Anda kirim kembali" in client.get(PAGE).content.decode()


def test_jurors_hear_that_the_competition_is_called_off(competition: Competition) -> None:
    invited(competition)
    actions.cancel_competition(competition=competition, reason="Anggaran dialihkan", by=cast.program_officer())
    assert "Anggaran dialihkan" in Message.objects.get(kind="jury_called_off").body


def test_jury_changes_is_for_jurors_alone(client: Any, competition: Competition) -> None:
    assert client.get(reverse("incentives:jury_changes"))["Location"] == reverse("incentives:jury_door")
