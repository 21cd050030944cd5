"""Questions about registrations. What a person may see at all comes from `visible_to`."""

import rules

from accounts.models import User
from accounts.permissions import assignments_of, holds, offices_of
from accounts.roles import Permission, Role
from accounts.rules import is_inside
from participants import queries
from participants.models import Complaint, Person, Registration, RegistrationQuerySet
from participants.models.complaint import HANDLED_BY
from programs.models import Batch

# The door of the own page: the name of the signed cookie, for how long it is open, and how somebody came in.
OWN_DOOR, OWN_DOOR_SECONDS = "portal_entry", 1800
BY_CODE, PROVEN = "code", "proven"
PROOFS = {BY_CODE, PROVEN}


def _holds_in(user: User, permission: Permission, batch: Batch) -> bool:
    return holds(user, permission, agency_id=batch.program.agency_id, region_code=batch.region_id)


@rules.predicate
def can_list(user: User, batch: Batch) -> bool:
    """The same that `visible_to` says of its rows."""
    return _holds_in(user, Permission.VIEW_REGISTRATIONS, batch)


@rules.predicate
def can_register_assisted(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.REGISTER_ASSISTED, batch)


@rules.predicate
def can_verify_in(user: User, batch: Batch) -> bool:
    """Verifiers do; village officers only where the programme says so."""
    if _holds_in(user, Permission.VERIFY_REGISTRATIONS, batch):
        return True
    return batch.program.village_officer_verifies and any(
        given.role == Role.VILLAGE_OFFICER
        and given.agency_id == batch.program.agency_id
        and is_inside(batch.region_id, given.region_id)
        for given in assignments_of(user)
    )


@rules.predicate
def can_verify(user: User, registration: Registration) -> bool:
    return can_verify_in(user, registration.batch)


@rules.predicate
def can_settle(user: User, registration: Registration) -> bool:
    """Whose identity number it is: this shows the card of a person who may live elsewhere, so the office decides."""
    return _holds_in(user, Permission.VERIFY_REGISTRATIONS, registration.batch)


@rules.predicate
def can_correct(user: User, registration: Registration) -> bool:
    """Who helps people register may also mend a typing mistake before the data is verified."""
    return can_register_assisted(user, registration.batch) or can_verify(user, registration)


@rules.predicate
def can_move(user: User, registration: Registration) -> bool:
    return _holds_in(user, Permission.MOVE_REGISTRATIONS, registration.batch)


@rules.predicate
def can_reveal_in(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.REVEAL_IDENTITY, batch)


@rules.predicate
def can_reveal(user: User, registration: Registration) -> bool:
    return can_reveal_in(user, registration.batch)


@rules.predicate
def can_answer_requests(user: User, registration: Registration) -> bool:
    """Whether the officer writes down and answers what this person asks about their data."""
    return registration.anonymised_at is None and _holds_in(user, Permission.MANAGE_DATA_REQUESTS, registration.batch)


@rules.predicate
def can_export(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.EXPORT_REGISTRATIONS, batch)


@rules.predicate
def can_bring_in(user: User, batch: Batch) -> bool:
    """Whole lists of people from a spreadsheet."""
    return _holds_in(user, Permission.IMPORT_REGISTRATIONS, batch)


@rules.predicate
def can_keep_cards(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.KEEP_JOB_CARDS, batch)


@rules.predicate
def can_select(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.RUN_SELECTION, batch)


@rules.predicate
def can_write_to(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.SEND_MESSAGES, batch)


@rules.predicate
def can_take_attendance(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.TAKE_ATTENDANCE, batch)


@rules.predicate
def can_settle_attendance(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.SETTLE_ATTENDANCE, batch)


@rules.predicate
def can_see_papers(user: User, batch: Batch) -> bool:
    return _holds_in(user, Permission.VIEW_DOCUMENTS, batch)


@rules.predicate
def can_merge_persons(user: User, person: Person) -> bool:
    """For the whole office only: whoever compares two cards sees everybody on file."""
    return _for_the_office(user, Permission.MERGE_PERSONS, person)


@rules.predicate
def can_approve_merges(user: User, person: Person) -> bool:
    return _for_the_office(user, Permission.APPROVE_MERGES, person)


@rules.predicate
def can_number_person(user: User, person: Person) -> bool:
    """Who verifies enters the NIK of somebody who was registered without one."""
    return person.is_temporary and _for_the_office(user, Permission.VERIFY_REGISTRATIONS, person)


def _for_the_office(user: User, permission: Permission, person: Person) -> bool:
    return person.agency_id in offices_of(user, permission)


def can_handle_complaint(user: User, complaint: Complaint, category: str = "") -> bool:
    """Whether it would be visible under this category: by role, office and area, and not about this officer."""
    wanted = category or complaint.category
    region = complaint.region_id or complaint.agency.region_id
    return user.pk != complaint.concerns_id and any(
        wanted in categories and holds(user, permission, agency_id=complaint.agency_id, region_code=region)
        for permission, categories in HANDLED_BY.items()
    )


def door_of(registration: Registration, way: str = "") -> str:
    """What the cookie of the own page holds; a new PIN closes every door that the old one opened."""
    return f"{registration.pk}:{registration.pin_hash[:16]}:{way}"


def way_of(door: str | None) -> str:
    return (door or "").rpartition(":")[2]


def entry_behind(door: str | None) -> Registration | None:
    if not door:
        return None
    pk, mark, *_way = door.split(":")
    entry = Registration.objects.with_parts().with_position().filter(pk=pk).first()
    return entry if entry is not None and entry.pin_hash[:16] == mark else None


def entries_behind(door: str | None) -> RegistrationQuerySet:
    """The entries that this door opens: the person's, or the one by which they came."""
    entry = entry_behind(door)
    if entry is None:
        return Registration.objects.none()
    return queries.entries_of_subject(queries.subject_of(entry, is_proven=way_of(door) in PROOFS))
