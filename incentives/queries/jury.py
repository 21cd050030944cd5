"""What jurors see of an entry: everything that they are shown goes through here, so that blind stays blind."""

import re
from dataclasses import dataclass, field
from typing import Any

from incentives.models import Edition, Entry, EntryFile

HIDDEN = "…"
WORDS = ("summary", "novelty", "market")


@dataclass(frozen=True)
class ShownEntry:
    """`name` is the business, or the code where the jury is blind; `person` and `place` are empty then."""

    pk: int
    code: str
    name: str
    title: str
    category: str
    person: str = ""
    place: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    files: list[EntryFile] = field(default_factory=list)


def for_jury(entry: Entry, edition: Edition) -> ShownEntry:
    """Blind: no names, no kelurahan, no pictures; the own names are taken out of the words as well.

    Slides are shown as they were sent: what is drawn on them cannot be searched for names.
    """
    told = {name: value for name, value in entry.told.items() if value not in (None, "")}
    files = list(entry.files.all())
    registration = entry.registration
    if not edition.is_blind:
        person = registration.full_name if registration is not None else ""
        place = entry.region.name if entry.region is not None else ""
        return ShownEntry(entry.pk, entry.code, str(entry), entry.title, entry.category, person, place, told, files)
    person = registration.full_name if registration is not None else ""
    told |= {name: without_names(told[name], entry.business_name, person) for name in WORDS if name in told}
    slides = [file for file in files if file.kind == EntryFile.Kind.SLIDES]
    title = without_names(entry.title, entry.business_name, person)
    return ShownEntry(entry.pk, entry.code, entry.code, title, entry.category, told=told, files=slides)


def without_names(text: str, business: str, person: str) -> str:
    """The whole name of the business, and each longer word of the person's; a business may be called after bread."""
    words = {business, person, *re.findall(r"\w{4,}", person)} - {""}
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return text
