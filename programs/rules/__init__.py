"""Rules of the field: values in, values out."""

from programs.rules.eligibility import (
    FIRST_DAY,
    LAST_DAY,
    Facts,
    Line,
    Requirement,
    age_on,
    check_age,
    check_domicile,
    check_eligibility,
    check_not_twice,
    check_target_group,
    duplicate_key,
    refusals,
)

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Facts",
    "Line",
    "Requirement",
    "age_on",
    "check_age",
    "check_domicile",
    "check_eligibility",
    "check_not_twice",
    "check_target_group",
    "duplicate_key",
    "refusals",
]
