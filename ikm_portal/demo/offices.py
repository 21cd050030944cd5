"""The two offices and what their programmes need: funds, topics, venues, instructors. Addresses are invented."""

from dataclasses import dataclass

from accounts.models import Agency, TimeZone
from budgets.models import FundSource
from ikm_portal.demo.accounts import KENDARI, PEKALONGAN
from programs.models import Instructor, Topic, Venue
from regions.models import Region

# What the residents of 2024 asked for (design.md, P2), with who teaches it: title, name, title.
TOPICS = (
    ("Buket dan bucket bunga", "Bouquets and flower buckets", ("", "Retno Palupi", "")),
    ("Roti dan masakan", "Bread and cooking", ("", "Suharti", "S.Pd.")),
    ("Rajut", "Knitting", ("Hj.", "Umi Salamah", "")),
    ("Desain kemasan", "Packaging design", ("", "Galih Pratama", "S.Ds.")),
    ("Hantaran", "Wedding gift arrangements", ("", "Lilis Suryani", "")),
    ("Tas", "Bags", ("", "Mustofa Bisri", "")),
    ("Kerajinan tangan", "Handicraft", ("", "Dwi Astuti", "S.Sn.")),
)
MANAGERS = (("", "Arif Rahman", "S.E., M.M."), ("Drs.", "Sigit Wibowo", ""), ("", "Nurul Fadhilah", "S.E."))
CARD_OFFICERS = (("", "Eka Susanti", "S.Sos."), ("", "Taufik Hidayat", "A.Md."), ("", "Wiwik Lestari", "S.H."))
FOOD_TOPICS = (
    ("Pengolahan pangan", "Food processing", ("Dr.", "La Ode Rahmat", "S.TP., M.Si.")),
    ("Kemasan dan label pangan", "Food packaging and labels", ("", "Wa Ode Sitti Hasnah", "S.P., M.P.")),
)


@dataclass(frozen=True)
class Office:
    """An agency with its reference data. Topics and their teachers are in the same order."""

    agency: Agency
    topics: list[Topic]
    teachers: list[Instructor]
    managers: list[Instructor]
    card_officers: list[Instructor]
    villages: list[Region]
    venues: dict[str, Venue]

    def fund(self, year: int, legal_basis: str) -> FundSource:
        return FundSource.objects.get_or_create(
            agency=self.agency,
            code="dbhcht",
            fiscal_year=year,
            defaults={"name": "DBHCHT", "legal_basis": legal_basis},
        )[0]


def create_agencies() -> dict[str, Agency]:
    pekalongan = Agency.objects.create(
        name="Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan",
        short_name="Dinperinaker Kota Pekalongan",
        slug=PEKALONGAN,
        region_id="33.75",
        time_zone=TimeZone.WESTERN,
        address="Jalan Contoh No. 1, Kota Pekalongan",
        phone="(0285) 000-000",
        email="dinperinaker.pekalongan@contoh.example",
        letterhead_line1="PEMERINTAH KOTA PEKALONGAN",
        letterhead_line2="DINAS PERINDUSTRIAN DAN TENAGA KERJA",
        privacy_contact_name="Fitri Handayani",
        privacy_contact_email="ppdp.pekalongan@contoh.example",
        privacy_contact_phone="(0285) 000-001",
    )
    kendari = Agency.objects.create(
        name="Dinas Tenaga Kerja dan Perindustrian Kota Kendari",
        short_name="Disnakerperin Kota Kendari",
        slug=KENDARI,
        region_id="74.71",
        time_zone=TimeZone.CENTRAL,
        address="Jalan Contoh No. 2, Kota Kendari",
        phone="(0401) 000-000",
        email="disnakerperin.kendari@contoh.example",
        letterhead_line1="PEMERINTAH KOTA KENDARI",
        letterhead_line2="DINAS TENAGA KERJA DAN PERINDUSTRIAN",
        privacy_contact_name="Wa Ode Nurhayati",
        privacy_contact_email="ppdp.kendari@contoh.example",
        privacy_contact_phone="(0401) 000-001",
    )
    return {PEKALONGAN: pekalongan, KENDARI: kendari}


def equip_pekalongan(agency: Agency) -> Office:
    """A hall in each of the 27 kelurahan, a teacher for each topic, three of each who teach everywhere."""
    villages = list(Region.objects.current().under(agency.region_id).villages().order_by("code"))
    venues = [
        Venue(
            agency=agency,
            region=village,
            name=f"Aula {village.full_name}",
            address=f"Jalan Contoh No. {number}",
            capacity=50,
        )
        for number, village in enumerate(villages, start=10)
    ]
    return _office(agency, TOPICS, villages, venues)


def equip_kendari(agency: Agency) -> Office:
    villages = list(Region.objects.current().under(agency.region_id).villages().order_by("code"))
    hotel = Venue(agency=agency, region_id=agency.region_id, name="Hotel Contoh Kendari", address="Jalan Contoh No. 5")
    return _office(agency, FOOD_TOPICS, villages, [hotel])


def find_office(agency: Agency) -> Office:
    """The same again from the database, for a demonstration that grows."""
    topics = list(agency.topics.order_by("pk"))
    instructors = list(agency.instructors.order_by("pk"))
    first, second = len(topics), len(topics) + len(MANAGERS)
    return Office(
        agency,
        topics,
        instructors[:first],
        instructors[first:second],
        instructors[second:],
        list(Region.objects.current().under(agency.region_id).villages().order_by("code")),
        {venue.region_id: venue for venue in agency.venues.all()},
    )


def _office(
    agency: Agency,
    topics: tuple[tuple[str, str, tuple[str, str, str]], ...],
    villages: list[Region],
    venues: list[Venue],
) -> Office:
    made = Topic.objects.bulk_create(Topic(agency=agency, name=name, name_en=english) for name, english, _ in topics)
    teachers = _instructors(agency, [teacher for _, _, teacher in topics], 9900)
    for teacher, topic in zip(teachers, made, strict=True):
        teacher.topics.add(topic)
    managers = _instructors(agency, MANAGERS, 9920) if agency.slug == PEKALONGAN else []
    officers = _instructors(agency, CARD_OFFICERS, 9940) if agency.slug == PEKALONGAN else []
    Venue.objects.bulk_create(venues)
    return Office(agency, made, teachers, managers, officers, villages, {venue.region_id: venue for venue in venues})


def _instructors(
    agency: Agency, people: "tuple[tuple[str, str, str], ...] | list[tuple[str, str, str]]", first_phone: int
) -> list[Instructor]:
    return Instructor.objects.bulk_create(
        Instructor(
            agency=agency,
            title_prefix=before,
            full_name=name,
            title_suffix=after,
            phone=f"+628120000{number:04d}",
        )
        for number, (before, name, after) in enumerate(people, start=first_phone)
    )
