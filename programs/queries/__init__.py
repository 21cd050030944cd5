"""Reads that join several models."""

from programs.queries.batches import (
    FOUND_REGIONS,
    answer_requirements,
    find_batches,
)
from programs.queries.board import BoardRow, board_regions, board_rows
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
from programs.queries.tally import Place, Tally, places, tally_of_all, tally_of_place

__all__ = [
    "FOUND_REGIONS",
    "SAME",
    "BoardRow",
    "Demand",
    "Origin",
    "Place",
    "Suggestion",
    "Tally",
    "alike_phrases",
    "answer_requirements",
    "board_regions",
    "board_rows",
    "candidates_for",
    "decided_topics",
    "demand_by_region",
    "demand_of_all",
    "find_batches",
    "large_origins",
    "places",
    "regions_of",
    "requests_by_region",
    "suggested_topics",
    "tally_of_all",
    "tally_of_place",
]
