"""Who else of a household applied, where a programme takes one participant of a household."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from participants.models import CheckState, Registration, RegistrationQuerySet


@dataclass(frozen=True)
class Household:
    """`count` is all live entries of the family card, this one too; `others` are those that the officer may see."""

    count: int
    others: list[Registration]

    @property
    def unseen(self) -> int:
        return self.count - 1 - len(self.others)


def others_of_household(entry: Registration) -> RegistrationQuerySet:
    """Live entries for the same programme with the same family card."""
    if not entry.household_hash:
        return Registration.objects.none()
    same = Registration.objects.active().filter(
        household_program=entry.household_program_id, household_hash=entry.household_hash
    )
    return same.exclude(pk=entry.pk)


def household_of(entry: Registration, user: User) -> Household | None:
    """None where nobody else of the household applied."""
    others = others_of_household(entry)
    count = others.count() if entry.is_active else 0
    if not count:
        return None
    seen = others.visible_to(user).select_related("batch__region").defer("nik").order_by("pk")
    return Household(count + 1, list(seen))


def verified_of_household(entry: Registration) -> Registration | None:
    """The one that has the household's place."""
    found = others_of_household(entry).filter(check_state=CheckState.VERIFIED)
    return found.select_related("batch__region").defer("nik").first()


def tell_households(rows: Sequence[Registration]) -> None:
    """`of_household` of each row: how many live entries bear its family card, itself included; one query at most."""
    asked = {(row.household_program_id, row.household_hash) for row in rows if row.household_hash and row.is_active}
    counts: dict[tuple[int | None, str], int] = {}
    if asked:
        wanted = Q(
            household_program__in={program for program, _hash in asked},
            household_hash__in={household for _program, household in asked},
        )
        found = Registration.objects.active().filter(wanted).order_by()
        told = found.values_list("household_program_id", "household_hash").annotate(count=Count("pk"))
        counts = {(program, household): count for program, household, count in told}
    for row in rows:
        row.of_household = counts.get((row.household_program_id, row.household_hash), 0) if row.is_active else 0
