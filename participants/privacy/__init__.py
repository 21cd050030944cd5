"""What participants keep of a person: told to them, joined when two cards are one, and erased."""

from participants.privacy.anonymising import (
    anonymise,
)
from participants.privacy.erasing import (
    erase,
    erase_entry,
    locked_entries,
)
from participants.privacy.exporting import (
    export,
    export_entry,
)
from participants.privacy.merging import (
    built_on,
    merge,
    put_back,
    unmerge,
)
from participants.privacy.relations import (
    RELATIONS,
)

__all__ = [
    "RELATIONS",
    "anonymise",
    "built_on",
    "erase",
    "erase_entry",
    "export",
    "export_entry",
    "locked_entries",
    "merge",
    "put_back",
    "unmerge",
]
