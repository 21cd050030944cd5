"""The calendar of the office and its secret links, read back with the icalendar package."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import AuditEntry
from programs import actions
from programs.models import Batch, CalendarFeed, Instructor, Session, Venue
from tests import cast, factories
from tests.programs.demand import topic
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db
JULY = datetime(2024, 7, 3, 1, 0, tzinfo=UTC)  # 08.00 in Pekalongan


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.program_officer())
    return client


def meet(batch: Batch, begin: datetime = JULY, hours: int = 4, **values: Any) -> Session:
    return batch.sessions.create(during=(begin, begin + timedelta(hours=hours)), **values)


def planned(region: str = factories.BENDAN_KERGON, **values: Any) -> Batch:
    return factories.batch(factories.program(factories.agency()), region, days=0, **values)


def teacher(name: str = "Umi Salamah") -> Instructor:
    return Instructor.objects.create(agency=factories.agency(), full_name=name)


def hall(batch: Batch) -> Venue:
    return Venue.objects.create(
        agency=batch.program.agency, region=batch.region, name="Aula Kelurahan", address="Jalan Contoh 7"
    )


def at(name: str, *arguments: Any) -> str:
    return reverse(f"programs:{name}", args=arguments)


def shown(response: Any) -> dict[date, list[tuple[str, int]]]:
    days = response.context["days"]
    return {day.day: [(one.batch.region.name, len(one.sessions)) for one in day.outings] for day in days if day.outings}


def test_calendar_month_shows_each_batch_once_a_day(officer: Client) -> None:
    first, second = planned(), planned(factories.MEDONO)
    meet(first, topic=topic("Rajut")), meet(first, JULY + timedelta(hours=5), 2)
    meet(first, JULY + timedelta(days=1)), meet(second, JULY - timedelta(hours=1))
    meet(second, JULY + timedelta(days=40))
    meet(second, JULY + timedelta(days=2), cancelled=True)
    response = officer.get(at("calendar_month"), {"bulan": "2024-07"})
    assert shown(response) == {
        date(2024, 7, 3): [("Medono", 1), ("Bendan Kergon", 2)],
        date(2024, 7, 4): [("Bendan Kergon", 1)],
    }
    page = response.content.decode()
    assert ("Juli 2024" in page, "08.00–15.00" in page, "Rajut" in page) == (True, True, True)


@pytest.mark.parametrize("asked", ["", "2024-13", "x", "0000-00"])
def test_calendar_month_without_a_month_is_this_one(officer: Client, asked: str) -> None:
    response = officer.get(at("calendar_month"), {"bulan": asked})
    assert response.context["first"] == factories.agency().today().replace(day=1)


def test_calendar_month_counts_days_by_the_clock_of_the_office(officer: Client) -> None:
    meet(planned(), datetime(2024, 6, 30, 17, 30, tzinfo=UTC), 1)  # half past midnight of 1 July there
    assert list(shown(officer.get(at("calendar_month"), {"bulan": "2024-07"}))) == [date(2024, 7, 1)]


def test_calendar_month_takes_the_same_queries_however_many_sessions(officer: Client) -> None:
    counts = []
    officer.get(at("calendar_month"), {"bulan": "2024-07"})
    for many in (1, 12):
        for number in range(many):
            meet(planned(), JULY + timedelta(days=number % 9))
        with CaptureQueriesContext(connection) as asked:
            officer.get(at("calendar_month"), {"bulan": "2024-07"})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_calendar_week_shows_cancelled_sessions_struck_out(officer: Client) -> None:
    batch = planned()
    meet(batch, instructor=teacher(), venue=hall(batch)), meet(batch, JULY + timedelta(hours=5), cancelled=True)
    response = officer.get(at("calendar_week"), {"pekan": "2024-07-05"})
    assert shown(response) == {date(2024, 7, 3): [("Bendan Kergon", 2)]}
    page = response.content.decode()
    said = ("Umi Salamah", "Aula Kelurahan", "dibatalkan", "belum ada instruktur", "1 s.d. 7 Juli 2024")
    assert [words for words in said if words not in page] == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "bendankergon"}, {"Bendan Kergon"}),
        ({"q": "33.75.01"}, {"Bendan Kergon", "Medono"}),
        ({"q": "!!"}, set()),
        ({"instructor": "own"}, {"Medono"}),
        ({"venue": "own"}, {"Bendan Kergon"}),
        ({"instructor": "9999", "venue": "x"}, {"Bendan Kergon", "Medono"}),
    ],
)
def test_calendar_list_is_narrowed(officer: Client, asked: dict[str, str], names: set[str]) -> None:
    first, second = planned(), planned(factories.MEDONO)
    place, who = hall(first), teacher()
    meet(first, venue=place), meet(second, instructor=who)
    own = {"instructor": str(who.pk), "venue": str(place.pk)}
    sent = {name: own[name] if value == "own" else value for name, value in asked.items()}
    response = officer.get(at("calendar_list"), sent | {"dari": "2024-07-01"})
    assert {session.batch.region.name for session in response.context["page"].rows} == names


def test_calendar_list_goes_on_page_by_page(officer: Client) -> None:
    batch = planned()
    for number in range(45):
        meet(batch, JULY + timedelta(days=number))
    first = officer.get(at("calendar_list"), {"dari": "2024-07-01"}).context["page"]
    second = officer.get(at("calendar_list"), {"dari": "2024-07-01", "after": first.next_key}).context["page"]
    begins = [session.during.lower for session in [*first.rows, *second.rows]]
    assert (len(first.rows), begins) == (40, sorted(begins))
    assert len({*begins}) == 45


def test_calendar_list_is_of_the_own_region(client: Client) -> None:
    meet(planned()), meet(planned(factories.MEDONO))
    client.force_login(cast.village_officer_here())
    response = client.get(at("calendar_list"), {"dari": "2024-07-01"})
    assert [session.batch.region.name for session in response.context["page"].rows] == ["Bendan Kergon"]


def soon(days: int = 3) -> datetime:
    return (timezone.now() + timedelta(days=days)).replace(hour=1, minute=0, second=0, microsecond=0)


def link_of(response: Any) -> str:
    return str(response.context["link"]).replace("http://testserver", "")


def events(response: Any) -> Iterator[Any]:
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Jakarta"]
    yield from calendar.walk("VEVENT")


def test_feed_list_shows_no_link_of_before(officer: Client) -> None:
    token = link_of(officer.post(at("feed_open"))).split("/")[2]
    assert token not in officer.get(at("feed_list")).content.decode()


def test_feed_open_gives_a_link_to_what_the_officer_sees(client: Client) -> None:
    here = planned()
    meet(here, soon(), topic=topic("Rajut"), venue=hall(here)), meet(planned(factories.MEDONO), soon())
    meet(here, soon(90) - timedelta(days=200))
    client.force_login(cast.village_officer_here())
    link = link_of(client.post(at("feed_open")))
    (event,) = events(Client().get(link))
    begin = event["DTSTART"].dt
    assert (begin, begin.tzinfo.key, begin.hour) == (soon(), "Asia/Jakarta", 8)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (
        "Rajut · Bendan Kergon",
        "Aula Kelurahan, Jalan Contoh 7",
    )
    assert (str(event["STATUS"]), "/pelatihan/" in str(event["URL"])) == ("CONFIRMED", True)


def test_feed_open_ends_the_former_link(officer: Client) -> None:
    first, second = (link_of(officer.post(at("feed_open"))) for _ in range(2))
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    assert CalendarFeed.objects.in_force().count() == 1


def test_feed_give_shows_an_instructor_the_own_sessions(officer: Client) -> None:
    who, batch = teacher(), planned()
    meet(batch, soon(), instructor=who), meet(batch, soon(4), instructor=teacher("Orang Lain"))
    meet(batch, soon(5), instructor=who, cancelled=True)
    meet(planned(factories.MEDONO, state=Batch.State.PLANNED), soon(6), instructor=who)
    response = officer.post(at("feed_give"), {"instructor": who.pk})
    read = Client().get(link_of(response))
    assert [str(event["STATUS"]) for event in events(read)] == ["CONFIRMED", "CANCELLED", "TENTATIVE"]
    assert ("Umi" in read.content.decode(), "Orang Lain" in read.content.decode()) == (False, False)


@pytest.mark.parametrize("chosen", ["", "9999", "x"])
def test_feed_give_to_nobody_is_refused(officer: Client, chosen: str) -> None:
    response = officer.post(at("feed_give"), {"instructor": chosen})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["instructor"])


def test_feed_give_to_an_instructor_of_another_office_is_refused(officer: Client) -> None:
    foreign = Instructor.objects.create(agency=cast.next_agency(), full_name="Orang Semarang")
    assert officer.post(at("feed_give"), {"instructor": foreign.pk}).status_code == 422


def test_feed_revoke_closes_the_link(officer: Client) -> None:
    link = link_of(officer.post(at("feed_open")))
    feed = CalendarFeed.objects.get()
    for _ in range(2):  # a second press changes nothing
        assert officer.post(at("feed_revoke", feed.pk))["Location"] == at("feed_list")
    assert Client().get(link).status_code == 404
    assert AuditEntry.objects.filter(action="calendar.link_revoked").count() == 1
    with pytest.raises(ValidationError, match="sudah dicabut"):
        actions.revoke_feed(feed=feed, by=cast.program_officer())


def test_feed_revoke_of_somebody_else_is_not_found(officer: Client) -> None:
    actions.open_feed(agency=factories.agency(), by=cast.verifier())
    assert officer.post(at("feed_revoke", CalendarFeed.objects.get().pk)).status_code == 404


def test_feed_read_is_the_same_until_something_changes(officer: Client) -> None:
    session = meet(planned(), soon())
    link = link_of(officer.post(at("feed_open")))
    first = Client().get(link)
    again = Client().get(link, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Session.objects.filter(pk=session.pk).update(cancelled=True)
    changed = Client().get(link, headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    (event,) = events(changed)
    assert (str(event["STATUS"]), str(event["UID"])) == ("CANCELLED", f"sesi-{session.pk}@testserver")


def test_feed_read_of_an_officer_who_left_is_closed(officer: Client) -> None:
    link, person = link_of(officer.post(at("feed_open"))), cast.program_officer()
    meet(planned(), soon())
    person.role_assignments.all().delete()
    assert Calendar.from_ical(Client().get(link).content).walk("VEVENT") == []
    person.is_active = False
    person.save()
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 32, "..", "%00"])
def test_feed_read_with_a_guessed_link_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/kalender/{token}/jadwal.ics").status_code == 404


def test_feed_of_nobody_or_of_two_is_refused() -> None:
    person, who = cast.program_officer(), teacher()
    made = {"agency": factories.agency(), "created_at": timezone.now(), "created_by": person}

    def feed(token: str, **owner: Any) -> CalendarFeed:
        return CalendarFeed.objects.create(token_hash=token, **made, **owner)

    assert broken_by(lambda: feed("a")) == "calendar_feed_of_one_person"
    assert broken_by(lambda: feed("a", user=person, instructor=who)) == "calendar_feed_of_one_person"
    feed("b", user=person), feed("c", instructor=who)
    assert broken_by(lambda: feed("d", user=person)) == "calendar_feed_one_of_an_officer"
    assert broken_by(lambda: feed("d", instructor=who)) == "calendar_feed_one_of_an_instructor"
