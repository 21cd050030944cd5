"""Who may take part: eligibility as values in, lines out. No database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Requirement:
    """One rule of a programme as data: what kind, its bounds or allowed values, and whether failing it refuses."""

    kind: str
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    blocking: bool = True


@dataclass(frozen=True)
class Facts:
    """What is known of an applicant; None where it was not asked or not answered."""

    birth_date: date | None = None
    region_code: str | None = None
    has_domicile_letter: bool = False
    target_group: str | None = None
    other_registration: str | None = None


@dataclass(frozen=True)
class Line:
    """The answer to one requirement, frozen on the registration. `passed` is None where the facts are missing."""

    kind: str
    passed: bool | None
    blocking: bool
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "passed": self.passed, "blocking": self.blocking, "data": dict(self.data)}


def age_on(birth_date: date, day: date) -> int:
    """Whole years on that day; somebody born on 29 February has the birthday on 1 March of other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def check_age(requirement: Requirement, facts: Facts, first_day: date) -> Line:
    """Age on the first day of the training, bounds included."""
    data: dict[str, Any] = {"minimum": requirement.minimum, "maximum": requirement.maximum, "on": first_day.isoformat()}
    if facts.birth_date is None:
        return Line("age", None, requirement.blocking, data)
    age = age_on(facts.birth_date, first_day)
    above = requirement.minimum is None or age >= requirement.minimum
    below = requirement.maximum is None or age <= requirement.maximum
    return Line("age", above and below, requirement.blocking, {**data, "age": age})


def check_domicile(requirement: Requirement, facts: Facts, batch_region: str) -> Line:
    """The region of the identity card's address lies in the batch's region (a code prefix), or a letter says so.

    Never derived from the identity number, which keeps the place of first registration for life.
    """
    letter_allowed = "letter" in requirement.values
    data = {"region": batch_region, "letter_allowed": letter_allowed}
    if facts.region_code is None:
        return Line("domicile", None, requirement.blocking, data)
    inside = facts.region_code == batch_region or facts.region_code.startswith(f"{batch_region}.")
    by_letter = not inside and letter_allowed and facts.has_domicile_letter
    return Line("domicile", inside or by_letter, requirement.blocking, {**data, "by_letter": by_letter})


def check_target_group(requirement: Requirement, facts: Facts) -> Line:
    data = {"groups": list(requirement.values)}
    if not facts.target_group:
        return Line("target_group", None, requirement.blocking, data)
    return Line("target_group", facts.target_group in requirement.values, requirement.blocking, data)


def check_not_twice(requirement: Requirement, facts: Facts) -> Line:
    """Nobody twice in what the programme's duplicate rule names; `other_registration` is the batch already held."""
    held = facts.other_registration
    return Line("not_twice", held is None, requirement.blocking, {"scope": requirement.values[0], "batch": held or ""})


def check_household(requirement: Requirement) -> Line:
    """Never answered at registration: nobody learns from the form who else of a household is registered."""
    return Line("household", None, requirement.blocking)


def check_eligibility(
    requirements: Iterable[Requirement], facts: Facts, *, first_day: date, batch_region: str
) -> list[Line]:
    """One line for each requirement, in the programme's order."""
    lines = []
    for requirement in requirements:
        if requirement.kind == "age":
            lines.append(check_age(requirement, facts, first_day))
        elif requirement.kind == "domicile":
            lines.append(check_domicile(requirement, facts, batch_region))
        elif requirement.kind == "target_group":
            lines.append(check_target_group(requirement, facts))
        elif requirement.kind == "not_twice":
            lines.append(check_not_twice(requirement, facts))
        elif requirement.kind == "household":
            lines.append(check_household(requirement))
        else:
            raise ValueError(f"No such requirement: {requirement.kind}")
    return lines


def refusals(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.blocking and line.passed is False]


def duplicate_key(rule: str, *, fiscal_year: int, topic_ids: Iterable[int]) -> str:
    """What a person can hold only once, as a key that PostgreSQL keeps unique per person; empty means no limit."""
    if rule == "per_year":
        return f"year:{fiscal_year}"
    if rule == "per_topic":
        topics = "-".join(str(topic) for topic in sorted(topic_ids))
        return f"topic:{fiscal_year}:{topics}"
    return ""
