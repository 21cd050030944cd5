"""What residents asked for: the rounds of 2024 and this year, decided, and the next one, open."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from accounts.models import User
from ikm_portal.demo.days import at
from ikm_portal.demo.offices import Office
from programs import actions
from programs.models import (
    MeetingTopic,
    Topic,
    TopicDecision,
    TopicMeeting,
    TopicOutcome,
    TopicPhrase,
    TopicRequest,
    TopicRound,
    TopicWish,
)
from programs.rules import phrase_key
from regions.models import Region

# Here three topics were taught instead of one.
SEVERAL = {"33.75.01.1012", "33.75.01.1006"}  # Pringrejo and Bendan Kergon
REASON = "Paling banyak diminta warga dalam musyawarah kelurahan, dan instruktur yang kompeten tersedia."
FIRST_OF_SEVERAL = "Pilihan utama musyawarah; tiga topik dibuka karena peminatnya hampir sama banyak."
DECLINED = "Peminat belum cukup untuk satu angkatan. Warga dapat ikut di kelurahan tetangga."
OWN_WORDS = (
    *("Kue basah dan kue kering", "kue ulang tahun", "kue lapis", "Roti manis", "katering", "masakan rumahan"),
    *("Ecoprint", "eko print", "batik ecoprint", "buket uang", "bucket snack", "hantaran nikah", "seserahan"),
    *("jahit tas", "tas anyaman", "merajut", "packaging produk", "kemasan kekinian", "foto produk pakai HP"),
    *("jualan online", "digital marketing", "servis HP", "barista kopi", "potong rambut", "rias pengantin"),
)


def topics_of(office: Office, number: int) -> list[Topic]:
    """The topics of the kelurahan of this number: one each, three where several were decided.

    Those three are none that a kelurahan with its training on the same days has.
    """
    count = len(office.topics)
    places = [number, number + 3, number + 4] if office.villages[number].code in SEVERAL else [number]
    return [office.topics[place % count] for place in places]


def decided_round(office: Office, year: int, by: User) -> TopicRound:
    """A round of the year before: a meeting in each kelurahan, and what was decided."""
    held = TopicRound.objects.create(
        agency=office.agency, fiscal_year=year, opens_on=date(year - 1, 8, 1), closes_on=date(year - 1, 9, 30)
    )
    chance = Random(f"wishes {year}")
    for number, village in enumerate(office.villages):
        met_on = date(year - 1, 8, 20) + timedelta(days=number * 7 % 40)
        _meet(held, village, _ranking(office, number, chance), met_on, chance.randint(36, 74), by)
        _ask(held, [village], office.topics, chance, at(date(year - 1, 8, 3), "09:00", office.agency.zone), 12)
        _decide(held, village, topics_of(office, number), office, chance, by)
    return held


def open_round(office: Office, now: datetime, by: User, officer: User) -> TopicRound:
    """Next year's: open for five weeks more, with own words that nobody has grouped, and a first meeting."""
    today = now.astimezone(office.agency.zone).date()
    held = TopicRound.objects.create(
        agency=office.agency,
        fiscal_year=today.year + 1,
        opens_on=today - timedelta(days=26),
        closes_on=today + timedelta(days=35),
    )
    chance = Random("wishes to come")
    phrases = TopicPhrase.objects.bulk_create(
        TopicPhrase(agency=office.agency, key=phrase_key(words), words=words) for words in OWN_WORDS
    )
    for number, village in enumerate(office.villages):
        liked: list[Topic | TopicPhrase] = [
            office.topics[number % 7],
            office.topics[(number + 2) % 7],
            *chance.sample(phrases, 3),
        ]
        _ask(held, [village], liked, chance, now - timedelta(days=25), chance.choice([3, 8, 14, 22, 31]))
    _ask(held, office.villages[9:10], office.topics[:1], chance, now - timedelta(days=2), 28, origin="0" * 64)
    bread = office.topics[1]
    known = [phrase.pk for phrase in phrases if phrase.words in OWN_WORDS[:4]]
    actions.group_phrases(agency=office.agency, phrases=known, topic=bread, by=by)
    village = next(village for village in office.villages if village.code in SEVERAL)
    met_on = today - timedelta(days=4)
    _meet(held, village, [(bread, 31), (office.topics[3], 18), (office.topics[5], 12)], met_on, 47, officer)
    return held


def _ranking(office: Office, number: int, chance: Random) -> list[tuple[Topic, int]]:
    """First what was decided, then two others that fewer wanted."""
    first = topics_of(office, number)
    others = [topic for topic in office.topics if topic not in first]
    wanted = sorted((chance.randint(16, 34) for _ in first), reverse=True)
    fewer = sorted((chance.randint(4, 14) for _ in range(2)), reverse=True)
    return list(zip([*first, *chance.sample(others, 2)], [*wanted, *fewer], strict=True))


def _meet(held: TopicRound, village: Region, ranking: list[tuple[Topic, int]], on: date, people: int, by: User) -> None:
    entered = at(on + timedelta(days=1), "10:15", held.agency.zone)
    meeting = TopicMeeting.objects.create(
        round=held,
        region=village,
        held_on=on,
        attendees=people,
        chaired_by=f"Lurah {village.name}",
        entered_at=entered,
        entered_by=by,
    )
    MeetingTopic.objects.bulk_create(
        MeetingTopic(meeting=meeting, rank=rank, topic=topic, requesters=number)
        for rank, (topic, number) in enumerate(ranking, 1)
    )


def _ask(
    held: TopicRound,
    villages: Sequence[Region],
    liked: Sequence[Topic | TopicPhrase],
    chance: Random,
    since: datetime,
    count: int,
    origin: str = "",
) -> None:
    requests = TopicRequest.objects.bulk_create(
        TopicRequest(
            round=held,
            region=chance.choice(villages),
            submission_key=uuid.UUID(int=chance.getrandbits(128), version=4),
            submitted_at=since + timedelta(minutes=number if origin else chance.randrange(24 * 60 * 20)),
            origin=origin,
        )
        for number in range(count)
    )
    wishes = []
    for request in requests:
        number = min(chance.choice([1, 1, 2, 3]), len(liked))
        for rank, wanted in enumerate(chance.sample(list(liked), number), 1):
            named = {"topic" if isinstance(wanted, Topic) else "phrase": wanted}
            wishes.append(TopicWish(request=request, rank=rank, **named))
    TopicWish.objects.bulk_create(wishes)


def _decide(
    held: TopicRound, village: Region, chosen: Sequence[Topic], office: Office, chance: Random, by: User
) -> None:
    decided = at(date(held.fiscal_year - 1, 11, 4), "09:30", held.agency.zone)
    reason = FIRST_OF_SEVERAL if len(chosen) > 1 else REASON
    named = {"round": held, "region": village, "decided_at": decided, "decided_by": by}
    rows = [
        TopicDecision(
            topic=topic, outcome=TopicOutcome.CHOSEN, position=place, meeting_rank=place, reason=reason, **named
        )
        for place, topic in enumerate(chosen, 1)
    ]
    left = [topic for topic in office.topics if topic not in chosen]
    rows.append(TopicDecision(topic=chance.choice(left), outcome=TopicOutcome.DECLINED, reason=DECLINED, **named))
    TopicDecision.objects.bulk_create(rows)
