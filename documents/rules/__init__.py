"""What papers follow without asking the database or a clock."""

from documents.rules.officials import (
    GRADES,
    RANKS,
    Form,
    check_nip,
    clean_nip,
    title_lines,
    written_name,
    written_nip,
)

__all__ = [
    "GRADES",
    "RANKS",
    "Form",
    "check_nip",
    "clean_nip",
    "title_lines",
    "written_name",
    "written_nip",
]
