from reports.queries.batches import (
    Board,
    Line,
    Settled,
    Summary,
    board_in_full,
    boards,
    kinds_of_boards,
    past_sessions,
    program_summary,
    scope_of,
)
from reports.queries.competitions import (
    CompetitionBoard,
    competition_boards,
    competition_in_full,
    kinds_to_make,
)

__all__ = [
    "Board",
    "CompetitionBoard",
    "Line",
    "Settled",
    "Summary",
    "board_in_full",
    "boards",
    "competition_boards",
    "competition_in_full",
    "kinds_of_boards",
    "kinds_to_make",
    "past_sessions",
    "program_summary",
    "scope_of",
]
