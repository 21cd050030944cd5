"""Who teaches a batch, from the ranked list to the honorarium."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from budgets.models import BudgetLine, Payment
from notifications.models import Message
from programs import actions
from programs.models import Batch, HonorariumRate, Instructor, Session, TeachingInvitation, Topic
from tests import cast, factories


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency()))


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.program_officer())


@pytest.fixture
def money(db: None) -> Client:
    return at_desk(factories.user("pptk", role=Role.ACTIVITY_OFFICER))


def teacher(batch: Batch, name: str = "Sri Wahyuni", **values: Any) -> Instructor:
    email = f"{name.split()[0].lower()}@contoh.example"
    return Instructor.objects.create(agency=batch.program.agency, full_name=name, email=email, **values)


def staffing(batch: Batch) -> str:
    return f"/kerja/angkatan/{batch.pk}/instruktur/"


def words(response: Any) -> str:
    return str(response.content.decode())


def test_batch_staffing_tells_the_answer_for_each_session(batch: Batch, office: Client) -> None:
    assert "2 sesi belum punya instruktur" in words(office.get(staffing(batch)))
    batch.sessions.update(instructor=teacher(batch))
    assert words(office.get(staffing(batch))).count("belum ditanya") == 2
    office.post(f"{staffing(batch)}undang/", {"days": 3})
    assert words(office.get(staffing(batch))).count("sudah ditanya, belum menjawab") == 2
    made = TeachingInvitation.objects.get()
    actions.accept_invitation(invitation=made)
    assert words(office.get(staffing(batch))).count("bersedia</span>") == 2
    first = batch.sessions.earliest("during")
    moved: dict[int, Any] = {first.pk: (first.during.lower + timedelta(hours=1), first.during.upper, None)}
    actions.reschedule(batch=batch, sessions=moved, by=cast.program_officer())
    assert "ditanya untuk waktu lain" in words(office.get(staffing(batch)))


def test_teaching_invite_asks_one_or_all(batch: Batch, office: Client) -> None:
    one, other = teacher(batch), teacher(batch, "Eko Prasetyo")
    first, second = batch.sessions.in_order()
    Session.objects.filter(pk=first.pk).update(instructor=one)
    Session.objects.filter(pk=second.pk).update(instructor=other)
    office.post(f"{staffing(batch)}undang/", {"days": 3, "instructor": other.pk})
    assert [row.instructor for row in TeachingInvitation.objects.all()] == [other]
    office.post(f"{staffing(batch)}undang/", {"days": 3})
    office.post(f"{staffing(batch)}undang/", {"days": 3})
    assert Message.objects.filter(kind="teaching_invited").count() == 2
    office.post(f"{staffing(batch)}undang/", {"days": "0"})
    assert TeachingInvitation.objects.count() == 2


def test_teaching_withdraw_takes_the_question_back(batch: Batch, office: Client) -> None:
    batch.sessions.update(instructor=teacher(batch))
    office.post(f"{staffing(batch)}undang/", {"days": 3})
    made = TeachingInvitation.objects.get()
    office.post(f"/kerja/undangan-mengajar/{made.pk}/tarik/")
    made.refresh_from_db()
    assert made.state == "withdrawn"


def taught_by(session: Session) -> Instructor | None:
    return Session.objects.get(pk=session.pk).instructor


def test_session_staff_gives_the_session_to_the_best(batch: Batch, office: Client) -> None:
    topic = Topic.objects.create(agency=batch.program.agency, name="Rajut")
    first = batch.sessions.earliest("during")
    Session.objects.filter(pk=first.pk).update(topic=topic)
    near, other = teacher(batch, region_id=factories.BENDAN_KERGON), teacher(batch, "Eko Prasetyo")
    near.competences.create(topic=topic, level=3)
    url = f"/kerja/sesi/{first.pk}/instruktur/"
    page = words(office.get(url))
    assert page.index("Sri Wahyuni") < page.index("Eko Prasetyo")
    assert "dari kelurahan yang sama" in page
    assert "topik ini belum dicatat sebagai kompetensi" in page
    office.post(url, {"instructor": near.pk})
    assert taught_by(first) == near
    office.post(url, {})
    assert taught_by(first) is None
    office.post(url, {"instructor": other.pk})
    assert taught_by(first) == other


def test_session_staff_refuses_somebody_of_another_office(batch: Batch, office: Client) -> None:
    strange = Instructor.objects.create(agency=cast.next_agency(), full_name="Asing")
    first = batch.sessions.earliest("during")
    office.post(f"/kerja/sesi/{first.pk}/instruktur/", {"instructor": strange.pk})
    assert taught_by(first) is None


def rate(batch: Batch, **values: Any) -> HonorariumRate:
    known: dict[str, Any] = {
        "valid": (date(2020, 1, 1), None),
        "minutes_per_unit": 45,
        "legal_basis": "Perwal",
        "max_amount": 200_000,
        "local_amount": 100_000,
    }
    return HonorariumRate.objects.create(agency=batch.program.agency, **known | values)


def over(batch: Batch) -> None:
    """Its sessions lie in the past."""
    for days, session in enumerate(batch.sessions.in_order(), start=2):
        begin = timezone.now() - timedelta(days=days)
        Session.objects.filter(pk=session.pk).update(during=(begin, begin + timedelta(hours=8)))


def line(batch: Batch, ceiling: int = 10_000_000) -> BudgetLine:
    return factories.budget_line(batch.program.fund_source, ceiling=ceiling)


def test_batch_honorarium_proposes_each_session_once(batch: Batch, money: Client) -> None:
    rate(batch)
    batch.sessions.update(instructor=teacher(batch))
    url = f"/kerja/angkatan/{batch.pk}/honorarium/"
    assert "belum selesai" in words(money.get(url))
    over(batch)
    kept = line(batch)
    assert "Rp1.600.000" in words(money.get(url))
    assert money.post(url, {"line": kept.pk}).status_code == 302
    found = list(Payment.objects.order_by("pk"))
    assert [(row.gross, row.kind, row.bundle) for row in found] == [(800_000, "honorarium", f"batch:{batch.pk}")] * 2
    assert {row.tax_kind for row in found} == {"not_employee"}
    again = money.post(url, {"line": kept.pk})
    assert (again.status_code, Payment.objects.count()) == (422, 2)
    kept.refresh_from_db()
    assert kept.reserved == 1_600_000


def test_batch_honorarium_is_all_or_nothing_within_the_line(batch: Batch, money: Client) -> None:
    rate(batch)
    batch.sessions.update(instructor=teacher(batch))
    over(batch)
    small = line(batch, ceiling=1_000_000)
    response = money.post(f"/kerja/angkatan/{batch.pk}/honorarium/", {"line": small.pk})
    assert (response.status_code, Payment.objects.count()) == (422, 0)


def test_batch_honorarium_is_paid_from_the_lines_that_the_programme_names(batch: Batch, money: Client) -> None:
    rate(batch)
    batch.sessions.update(instructor=teacher(batch))
    over(batch)
    named, other = line(batch), line(batch)
    url = f"/kerja/angkatan/{batch.pk}/honorarium/"
    assert set(money.get(url).context["form"].fields["line"].queryset) == {named, other}
    batch.program.budget_lines.add(named)
    assert list(money.get(url).context["form"].fields["line"].queryset) == [named]
    assert money.post(url, {"line": other.pk}).status_code == 422
    with pytest.raises(ValidationError) as refused:
        actions.propose_honoraria(batch=batch, line=other, by=cast.program_officer())
    assert (refused.value.code, Payment.objects.count()) == ("line_not_of_program", 0)
    assert money.post(url, {"line": named.pk}).status_code == 302


def test_batch_honorarium_only_looks_for_who_does_not_propose(batch: Batch) -> None:
    rate(batch)
    batch.sessions.update(instructor=teacher(batch))
    over(batch)
    treasurer = at_desk(cast.treasurer())
    url = f"/kerja/angkatan/{batch.pk}/honorarium/"
    assert "<form method" not in words(treasurer.get(url)).split("<main", 1)[1]
    assert treasurer.post(url, {"line": line(batch).pk}).status_code == 403


def test_honorarium_follows_rank_unit_and_day(batch: Batch) -> None:
    person_hour = {"unit": "person_hour", "minutes_per_unit": 60}
    rate(batch, valid=(date(2020, 1, 1), date(2021, 1, 1)), local_amount=1)
    rate(batch, valid=(date(2021, 1, 1), None))
    rate(batch, grade="echelon_3", max_amount=900_000, local_amount=900_000, **person_hour)
    batch.sessions.update(instructor=teacher(batch, grade="echelon_3"))
    over(batch)
    made = actions.propose_honoraria(batch=batch, line=line(batch, 50_000_000), by=cast.program_officer())
    assert [row.gross for row in made] == [5_400_000, 5_400_000]


@pytest.mark.parametrize("values", [{"own_staff": True}, {"paid_as": "moderator"}])
def test_honorarium_of_own_staff_or_without_a_rate_is_not_proposed(batch: Batch, values: dict[str, Any]) -> None:
    rate(batch)
    batch.sessions.update(instructor=teacher(batch, **values))
    over(batch)
    with pytest.raises(ValidationError) as refused:
        actions.propose_honoraria(batch=batch, line=line(batch), by=cast.program_officer())
    assert refused.value.code == "nothing_to_propose"
