"""The words that an office speaks of people's data: its own edition in force, or those of the portal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Agency
from participants.models import Consent, ConsentPurpose, ConsentText, Registration

# Editions of the portal lie beside each other and are never changed: each consent names the one that was read.
FOLDER = Path(__file__).resolve().parent.parent / "wording"
PORTAL_EDITION = "2026-11"
MOST_KEPT = 256


@dataclass(frozen=True)
class Words:
    """One edition for one purpose. `since` is empty for the words of the portal."""

    purpose: str
    version: str
    words_id: str
    words_en: str
    since: datetime | None = None

    @property
    def said(self) -> str:
        return self.words_en if get_language() == "en" else self.words_id


@dataclass(frozen=True)
class Texts:
    """What is in force at one office, by purpose. `key` names all editions together."""

    by_purpose: Mapping[str, Words]

    def __getitem__(self, purpose: str) -> Words:
        return self.by_purpose[purpose]

    @property
    def key(self) -> str:
        return ".".join(self.by_purpose[purpose].version for purpose in ConsentPurpose.values)

    def version(self, purpose: str) -> str:
        return self.by_purpose[purpose].version


@lru_cache(maxsize=16)
def portal_words(purpose: str, version: str = PORTAL_EDITION) -> Words | None:
    """None where the portal never had such an edition."""
    if purpose not in ConsentPurpose.values or version not in portal_editions():
        return None
    said = {code: (FOLDER / version / f"{purpose}.{code}.txt").read_text().strip() for code in ("id", "en")}
    return Words(purpose, version, said["id"], said["en"])


@lru_cache(maxsize=1)
def portal_texts() -> tuple[tuple[str, Words], ...]:
    return tuple((purpose, words) for purpose in ConsentPurpose.values if (words := portal_words(purpose)))


@lru_cache(maxsize=1)
def portal_editions() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


def texts_in_force(agency: Agency, now: datetime | None = None) -> Texts:
    """No query for an office that speaks the words of the portal; for any other one per process and edition."""
    moment = now or timezone.now()
    own = _published(agency.pk, agency.consents_version) if agency.consents_version else ()
    begun = [words for words in own if words.since is not None and words.since <= moment]
    return Texts(dict(portal_texts()) | {words.purpose: words for words in reversed(begun)})


@lru_cache(maxsize=MOST_KEPT)
def _published(agency_id: int, _version: int) -> tuple[Words, ...]:
    """The newest first. The number grows with each edition, so what is kept here is never too old."""
    rows = ConsentText.objects.filter(agency=agency_id).published().order_by("-in_force_from")
    return tuple(words_of(row) for row in rows)


def words_of(text: ConsentText) -> Words:
    return Words(text.purpose, text.version, text.words_id, text.words_en, text.in_force_from)


def words_read(agency: Agency, purpose: str, version: str) -> Words | None:
    """The words that stood under a consent of this office."""
    row = ConsentText.objects.published().filter(agency=agency, purpose=purpose, version=version).first()
    return words_of(row) if row is not None else portal_words(purpose, version)


@dataclass(frozen=True)
class Read:
    """A consent of an entry beside the words that stood under it; empty where that edition is unknown."""

    consent: Consent
    words: str


def consents_read(registration: Registration) -> list[Read]:
    """In the language of the reader, with the office's name and contact filled in."""
    consents = list(registration.consents.select_related("witnessed_by").order_by("pk"))
    agency, own = registration.batch.program.agency, {}
    if agency.consents_version:
        versions = {consent.text_version for consent in consents}
        rows = ConsentText.objects.published().filter(agency=agency, version__in=versions)
        own = {(row.purpose, row.version): words_of(row) for row in rows}
    found = []
    for consent in consents:
        asked = consent.purpose, consent.text_version
        words = own.get(asked) or portal_words(*asked)
        found.append(Read(consent, filled(words.said, agency) if words else ""))
    return found


PLACEHOLDERS = (
    *("kantor", "alamat", "telepon", "surel", "petugas_data", "surel_data", "telepon_data"),
    *("hari_foto", "hari_foto_terlama", "hari_pengaduan"),
)


def placeholder_values(agency: Agency | None, names: Iterable[str] = PLACEHOLDERS) -> dict[str, str]:
    """What may stand in braces in a text; a closed list, filled and never evaluated. All offices share the days."""
    known: dict[str, Callable[[], str]] = {
        "hari_foto": lambda: str(settings.EVIDENCE["days_after_end"]),
        "hari_foto_terlama": lambda: str(settings.EVIDENCE["days_at_most"]),
        "hari_pengaduan": lambda: str(settings.COMPLAINT_CONTACT_DAYS),
    }
    if agency is not None:
        known |= {
            "kantor": lambda: agency.name,
            "alamat": lambda: " ".join(agency.address.split()),
            "telepon": lambda: agency.phone,
            "surel": lambda: agency.email,
            "petugas_data": lambda: agency.privacy_contact_name,
            "surel_data": lambda: agency.privacy_contact_email,
            "telepon_data": lambda: agency.privacy_contact_phone,
        }
    return {name: value() for name, value in known.items() if name in names}


def filled(words: str, agency: Agency | None) -> str:
    """Only what stands there is read of the office: the public form knows few of its columns."""
    there = [name for name in PLACEHOLDERS if f"{{{name}}}" in words]
    for name, value in placeholder_values(agency, there).items() if there else ():
        words = words.replace(f"{{{name}}}", value)
    return words
