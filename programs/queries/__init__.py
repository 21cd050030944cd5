"""Reads that join several models."""

from programs.queries.batches import (
    FOUND_REGIONS,
    answer_requirements,
    find_batches,
)
from programs.queries.board import (
    BoardRow,
    board_regions,
    board_rows,
)
from programs.queries.calendar import (
    by_day,
    sessions_of_days,
    sessions_of_feed,
    start_of,
)
from programs.queries.honoraria import (
    TAX_KINDS,
    FeeLine,
    fees_of,
    owner_of,
    reference_of,
)
from programs.queries.matching import (
    candidates_for,
)
from programs.queries.phrases import (
    SAME,
    Suggestion,
    alike_phrases,
    suggested_topics,
)
from programs.queries.requests import (
    Demand,
    Origin,
    decided_topics,
    demand_by_region,
    demand_of_all,
    large_origins,
    regions_of,
    requests_by_region,
)
from programs.queries.staffing import (
    Staffed,
    declined_lately,
    open_questions,
    staffing_of,
)
from programs.queries.tally import (
    Place,
    Tally,
    places,
    tally_of_all,
    tally_of_place,
)

__all__ = [
    "FOUND_REGIONS",
    "SAME",
    "TAX_KINDS",
    "BoardRow",
    "Demand",
    "FeeLine",
    "Origin",
    "Place",
    "Staffed",
    "Suggestion",
    "Tally",
    "alike_phrases",
    "answer_requirements",
    "board_regions",
    "board_rows",
    "by_day",
    "candidates_for",
    "decided_topics",
    "declined_lately",
    "demand_by_region",
    "demand_of_all",
    "fees_of",
    "find_batches",
    "large_origins",
    "open_questions",
    "owner_of",
    "places",
    "reference_of",
    "regions_of",
    "requests_by_region",
    "sessions_of_days",
    "sessions_of_feed",
    "staffing_of",
    "start_of",
    "suggested_topics",
    "tally_of_all",
    "tally_of_place",
]
