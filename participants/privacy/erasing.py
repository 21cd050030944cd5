"""Erasing one person at their wish: made anonymous, and looked for everywhere else where somebody wrote of them.

What the law keeps (issued papers, payments, the trail) is told by `participants.queries.kept_by_law` and never touched.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, User
from jobs.actions import drop_file
from jobs.models import Job, StoredFile
from kit.names import name_key
from kit.phones import show_phone
from notifications.actions import delete_messages_about, forget_number
from participants import queries
from participants.models import (
    NO_NAME,
    Complaint,
    ComplaintEvent,
    DataRequest,
    ImportRow,
    Person,
    PersonMerge,
    Registration,
    RegistrationImport,
    hash_alike,
)
from participants.privacy.anonymising import anonymise
from participants.privacy.mentions import forget_mentions
from participants.privacy.words import empty_rows


@dataclass
class Known:
    """By what a person is found outside the own rows."""

    agency: Agency
    persons: list[int] = field(default_factory=list)
    entries: list[Registration] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    alike: set[str] = field(default_factory=set)
    # Of the card, and of every card that was merged into it.
    numbers: list[int] = field(default_factory=list)

    def note(self, row: Person | Registration) -> None:
        self.names.add(row.full_name)
        self.phones |= {row.phone} - {""}
        self.emails |= {row.email} - {""}
        self.homes.add(row.address)
        self.hashes.add(row.nik_hash)
        self.alike.add(hash_alike(row.full_name, row.birth_date))

    def note_put_aside(self, card: Mapping[str, Any]) -> None:
        """A card that was merged, while the merge can be undone: also its contacts lead to the person."""
        self.names.add(card["full_name"])
        self.phones |= {card["phone"]} - {""}
        self.emails |= {card["email"]} - {""}
        self.homes.add(card["address"])
        self.hashes.add(card["nik_hash"])
        self.alike.add(hash_alike(card["full_name"], card["birth_date"]))

    @property
    def keys(self) -> list[int]:
        return [entry.pk for entry in self.entries]

    @property
    def addresses(self) -> set[str]:
        return self.phones | self.emails

    @property
    def words(self) -> set[str]:
        """As officers write them; an address without a house number is a place and names nobody."""
        written = {form for phone in self.phones for form in (show_phone(phone), show_phone(phone).replace("-", ""))}
        houses = {home for home in self.homes if any(sign.isdigit() for sign in home)}
        return {*self.names, *self.addresses, *written, *houses}


def erase(*, person: Person, by: User | None) -> None:
    """Everything that names this person, in the caller's transaction. The caller made sure that nothing forbids it."""
    known = Known(person.agency, [person.pk], locked_entries(person))
    known.note(Person.objects.defer("nik").get(pk=person.pk))
    known.numbers = queries.numbers_of(person)
    for merge in PersonMerge.objects.merged().filter(kept=person):
        aside = json.loads(merge.aside or "{}")
        known.note_put_aside(aside["gone"])
        known.note_put_aside(aside["kept"])
    _erase(known, by)


def erase_entry(*, registration: Registration, by: User | None) -> None:
    """The same for one entry whose person is not settled."""
    _erase(Known(registration.batch.program.agency, [], [registration]), by)


def _erase(known: Known, by: User | None) -> None:
    for entry in known.entries:
        known.note(entry)
    _erase_messages(known, by)
    _erase_complaints(known, by)
    _erase_mentions(known)
    _erase_import_rows(known)
    loose = [entry.pk for entry in known.entries if entry.person_id is None]
    anonymise(persons=known.persons, entries=loose, at=timezone.now())
    _forget_numbers(known, by)
    # Sheets of many people that wait to be fetched: they can be made again, without this one.
    results = StoredFile.objects.filter(agency=known.agency, expires_at__isnull=False)
    for file in results.filter(pk__in=Job.objects.filter(result__isnull=False).values("result")):
        drop_file(stored=file, by=None)


def locked_entries(person: Person) -> list[Registration]:
    """The entries of the person, and those that bear the same number without being settled; the card is locked too.

    Entries first, then the card: that is the order in which a correction takes them. One that came meanwhile is
    locked afterwards; after the card's lock none can come any more.
    """
    known: list[int] | None = None
    same = Q(person=person) | Q(person=None, nik_hash=person.nik_hash, batch__program__agency=person.agency_id)
    while True:
        keys = list(Registration.objects.filter(same).order_by("pk").values_list("pk", flat=True))
        if keys == known:
            return list(Registration.objects.filter(pk__in=keys).defer("nik").order_by("pk"))
        rows = Registration.objects.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))
        list(Person.objects.filter(pk=person.pk).select_for_update().values_list("pk"))
        known = keys


def _erase_messages(known: Known, by: User | None) -> None:
    asked = DataRequest.objects.filter(Q(person__in=known.persons) | Q(registration__in=known.keys))
    subjects = {
        "registration": known.keys,
        "person": known.numbers,
        "data_request": list(asked.values_list("pk", flat=True)),
    }
    for name in known.names:
        delete_messages_about(agency=known.agency, subjects=subjects, name=name, addresses=known.addresses, by=by)


def _forget_numbers(known: Known, by: User | None) -> None:
    """Families share telephones: a number that somebody else on file gave stays theirs."""
    agency = known.agency
    for phone in known.phones:
        shared = Registration.objects.filter(phone=phone, batch__program__agency=agency).exists()
        if not shared and not Person.objects.filter(agency=agency, phone=phone).exists():
            forget_number(agency=agency, phone=phone, by=by)


def _erase_complaints(known: Known, by: User | None) -> None:
    """Those of their entries, and those that came from their address without another's name."""
    keys, codes = set(known.keys), {entry.code for entry in known.entries}
    name_keys = {name_key(name) for name in known.names}
    rows = Complaint.objects.filter(agency=known.agency).select_related("agency").defer("text", "answer")
    for row in rows.order_by("pk"):
        is_theirs = row.registration_id in keys or row.named_code in codes
        is_same_name = not row.full_name or name_key(row.full_name) in name_keys
        if is_theirs or (is_same_name and {row.phone, row.email} & known.addresses):
            _erase_complaint(row, by)
        shown = f"{row.published_question} {row.published_answer}".lower()
        if any(name.lower() in shown for name in known.names):
            Complaint.objects.filter(pk=row.pk).update(
                published_at=None, published_by=None, published_question="", published_answer=""
            )


def _erase_complaint(complaint: Complaint, by: User | None) -> None:
    """Category, days and outcome stay for the figures of the board."""
    found = Complaint.objects.filter(pk=complaint.pk)
    found.update(full_name=None, phone=None, email=None, text=NO_NAME, named_code="", registration=None)
    found.filter(contact_erased_at__isnull=True).update(contact_erased_at=timezone.now())
    found.filter(answer__isnull=False).update(answer=NO_NAME)
    ComplaintEvent.objects.filter(complaint=complaint.pk, text__isnull=False).update(text=NO_NAME)
    delete_messages_about(agency=complaint.agency, subjects={"complaint": [complaint.pk]}, by=by)


def _erase_mentions(known: Known) -> None:
    batches = [entry.batch_id for entry in known.entries]
    forget_mentions(agency=known.agency, batches=batches, words=known.words)


def _erase_import_rows(known: Known) -> None:
    """Rows that became no entry: left out, wrong, or of a list that was taken back."""
    rows = ImportRow.objects.filter(upload__agency=known.agency, upload__state__in=RegistrationImport.ENDED)
    theirs = Q(nik_hash__in=known.hashes) | Q(alike_hash__in=known.alike)
    empty_rows(rows.filter(theirs))
