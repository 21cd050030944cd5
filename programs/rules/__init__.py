"""Rules of the field: values in, values out."""

from programs.rules.demand import (
    LONGEST_WISH,
    MOST_MEETING_TOPICS,
    MOST_WISHES,
    Band,
    holds_numbers,
    phrase_key,
    public_band,
)
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
    "LONGEST_WISH",
    "MOST_MEETING_TOPICS",
    "MOST_WISHES",
    "Band",
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
    "holds_numbers",
    "phrase_key",
    "public_band",
    "refusals",
]
