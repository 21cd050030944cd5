"""The office's pages about a jury and its day."""

import pytest
from django.test import Client
from django.urls import reverse

from incentives import actions, queries
from incentives.models import Competition, Conflict
from tests import cast
from tests.incentives import made
from tests.incentives.sitting import sheet_of, sitting, submit

pytestmark = pytest.mark.django_db


def office() -> Client:
    client = Client()
    client.force_login(cast.program_officer())
    return client


def listed(of: Competition) -> str:
    return reverse("incentives:juror_list", args=[of.pk])


def test_juror_list_runs_the_jury_from_first_name_to_sheets() -> None:
    competition = made.competition()
    made.entry(competition)
    client, url = office(), reverse("incentives:juror_create", args=[competition.pk])
    assert client.post(url, {"name": "Ibu Ratna", "phone": "12"}).status_code == 422
    back = listed(competition)
    assert client.post(url, {"name": "Ibu Ratna", "phone": "0812-3456-7890", "is_chair": "on"})["Location"] == back
    juror = competition.jurors.get()
    invited = client.post(reverse("incentives:juror_invite", args=[juror.pk]))
    assert invited.status_code == 200
    assert "/juri/undangan/" in invited.content.decode()
    assert "/juri/undangan/" not in client.get(back).content.decode()
    assert client.post(reverse("incentives:juror_assign", args=[competition.pk]))["Location"] == back
    assert juror.sheets.count() == 1
    data = {"reason": "Sakit"}
    assert client.post(reverse("incentives:juror_withdraw", args=[juror.pk]), data)["Location"] == back


def test_pitch_step_moves_the_stage_and_wall_now_tells_no_score() -> None:
    competition, jurors = sitting(entries=2)
    submit(sheet_of(jurors[0]))
    first, second = queries.judged(competition)
    client, day = office(), reverse("incentives:pitch_day", args=[competition.pk])
    step = reverse("incentives:pitch_step", args=[first.pk])
    assert client.post(step, {"step": "start"})["Location"] == day
    assert client.post(reverse("incentives:pitch_step", args=[second.pk]), {"step": "start"})["Location"] == day
    key = queries.wall_key(competition.pk)
    said = Client().get(reverse("incentives:wall_now", args=[competition.pk, key])).json()
    assert (said["name"], said["next"], said["of"], said["sheets"], said["sheets_due"]) == (
        first.business_name,
        second.business_name,
        2,
        1,
        6,
    )
    assert set(said) == {"name", "sub", "next", "seconds", "pitch", "questions", "held", "of", "sheets", "sheets_due"}
    assert Client().get(reverse("incentives:wall", args=[competition.pk, "x" * 24])).status_code == 404


def test_juror_create_says_what_is_missing() -> None:
    competition = made.competition()
    url = reverse("incentives:juror_create", args=[competition.pk])
    answer = office().post(url, {"name": "", "region_name": "Tidak Ada Begini", "username": "siapa", "nik": "12"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "region_name", "username", "nik"}


def test_juror_assign_tells_that_a_locked_competition_stays() -> None:
    competition, jurors = sitting(entries=1)
    submit(sheet_of(jurors[0]))
    Competition.objects.update(locked_at=competition.created_at)
    page = office().post(reverse("incentives:juror_assign", args=[competition.pk]), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_juror_training_makes_one_entry() -> None:
    competition, _jurors = sitting(entries=1)
    url, data = reverse("incentives:juror_training", args=[competition.pk]), {"title": "Contoh", "summary": "Sambal"}
    client = office()
    assert [client.post(url, data).status_code for _time in range(2)] == [302, 422]
    assert competition.entries.filter(is_training=True).count() == 1


def test_juror_invite_makes_a_new_link_each_time() -> None:
    juror = made.juror(made.competition())
    url, client = reverse("incentives:juror_invite", args=[juror.pk]), office()
    first, second = (client.post(url).context["link"] for _time in range(2))
    assert first != second
    assert [Client().get(link).context["juror"] for link in (first, second)] == [None, juror]


def test_juror_chair_is_one_person() -> None:
    competition, [chair, juror, _third] = sitting(entries=1)
    assert office().post(reverse("incentives:juror_chair", args=[juror.pk]))["Location"] == listed(competition)
    assert list(competition.jurors.filter(is_chair=True)) == [juror]


def test_juror_withdraw_asks_for_the_reason() -> None:
    competition, [_chair, juror, _third] = sitting(entries=1)
    url, client = reverse("incentives:juror_withdraw", args=[juror.pk]), office()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Sakit"})["Location"] == listed(competition)
    assert sheet_of(juror).state == "recused"


def test_juror_conflict_is_dismissed_with_a_reason() -> None:
    competition, [_chair, juror, _third] = sitting(entries=1)
    conflict = Conflict.objects.create(juror=juror, entry=sheet_of(juror).entry, kind="region", state="suggested")
    url, client = reverse("incentives:juror_conflict", args=[conflict.pk]), office()
    assert client.post(url, {"holds": "no"}).status_code == 422
    assert client.post(url, {"holds": "no", "reason": "Hanya sekelurahan"})["Location"] == listed(competition)
    conflict.refresh_from_db()
    assert (conflict.state, conflict.note, sheet_of(juror).state) == ("dismissed", "Hanya sekelurahan", "assigned")


def test_pitch_day_renews_its_part_alone() -> None:
    competition, _jurors = sitting(entries=2)
    client, url = office(), reverse("incentives:pitch_day", args=[competition.pk])
    whole, part = client.get(url).content.decode(), client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in whole, "<html" in part) == (True, False)
    assert queries.judged(competition)[1].business_name in part


def test_wall_opens_by_its_whole_address_alone() -> None:
    competition, _jurors = sitting(entries=1)
    entry, key = queries.judged(competition)[0], queries.wall_key(competition.pk)
    actions.start_pitch(entry=entry, by=cast.program_officer())
    page = Client().get(reverse("incentives:wall", args=[competition.pk, key]))
    assert entry.business_name in page.content.decode()
    for name in ("wall", "wall_now"):
        assert Client().get(reverse(f"incentives:{name}", args=[competition.pk, key[::-1]])).status_code == 404


def test_wall_now_counts_the_seconds_of_the_pitch() -> None:
    competition, _jurors = sitting(entries=1)
    url = reverse("incentives:wall_now", args=[competition.pk, queries.wall_key(competition.pk)])
    assert Client().get(url).json()["seconds"] is None
    actions.start_pitch(entry=queries.judged(competition)[0], by=cast.program_officer())
    said = Client().get(url).json()
    assert (said["seconds"] in range(5), said["pitch"], said["questions"]) == (True, 600, 300)
