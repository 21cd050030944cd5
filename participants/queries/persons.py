"""Reads about one person: what hangs on the card, who looked at it, and what stands in the way of a merge."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import JobSeekerCard, Person, PersonMerge, Registration

SAME_BATCH = _("Both cards have an entry in %(batch)s. Reject one of them as a duplicate first.")
SAME_RULE = _("Both cards hold a place where only one is allowed: %(batch)s and %(other)s. End one of them first.")
TWO_JOB_CARDS = _("Both cards have a job seeker card in force. Note the end of one of them first.")


@dataclass(frozen=True)
class Conflict:
    """Why two cards cannot be merged yet, with the entries that have to be settled first."""

    code: str
    sentence: str | Promise
    entries: tuple[Registration, ...] = ()


def merge_conflicts(kept: Person, gone: Person) -> list[Conflict]:
    active = Registration.objects.active().select_related("batch__program", "batch__region").defer("nik")
    mine, theirs = list(active.filter(person=kept)), list(active.filter(person=gone))
    found = [
        _conflict(one, other)
        for one in mine
        for other in theirs
        if one.batch_id == other.batch_id or _clash(one, other)
    ]
    in_force = JobSeekerCard.objects.in_force()
    if in_force.filter(person=kept).exists() and in_force.filter(person=gone).exists():
        found.append(Conflict("job_card_once_in_force", TWO_JOB_CARDS))
    return found


def _clash(one: Registration, other: Registration) -> bool:
    return bool(one.duplicate_key) and one.duplicate_key == other.duplicate_key


def _conflict(one: Registration, other: Registration) -> Conflict:
    if one.batch_id == other.batch_id:
        said = SAME_BATCH % {"batch": one.batch}
        return Conflict("registration_person_once_per_batch", said, (one, other))
    said = SAME_RULE % {"batch": one.batch, "other": other.batch}
    return Conflict("registration_person_once_per_rule", said, (one, other))


def numbers_of(person: Person) -> list[int]:
    """The number of the card, and of every card that was merged into it: the trail knows each by its own."""
    return numbers_of_all([person.pk])


def numbers_of_all(persons: Sequence[int]) -> list[int]:
    """Of these cards, and of those that were merged into them: messages and accounts know each by its own."""
    former = PersonMerge.objects.filter(kept__in=persons, state__in=["merged", "sealed"])
    return [*persons, *former.order_by("pk").values_list("gone_number", flat=True)]
