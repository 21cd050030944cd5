from incentives.queries.entries import (
    EDITABLE,
    MOST_PICTURES,
    Check,
    Place,
    checks_of,
    file_context,
    obstacle,
    others_of_person,
    places_of,
    read_entry_file,
    told_facts,
)
from incentives.queries.jury import ShownEntry, for_jury

__all__ = [
    "EDITABLE",
    "MOST_PICTURES",
    "Check",
    "Place",
    "ShownEntry",
    "checks_of",
    "file_context",
    "for_jury",
    "obstacle",
    "others_of_person",
    "places_of",
    "read_entry_file",
    "told_facts",
]
