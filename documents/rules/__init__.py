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
from documents.rules.papers import (
    LONGEST_NUMBER,
    MONTHS,
    ROMAN,
    STANDARD_PATTERN,
    TOKENS,
    Series,
    date_words,
    faults_of_block,
    faults_of_pattern,
    filled_block,
    paragraphs,
    written_number,
)

__all__ = [
    "GRADES",
    "LONGEST_NUMBER",
    "MONTHS",
    "RANKS",
    "ROMAN",
    "STANDARD_PATTERN",
    "TOKENS",
    "Form",
    "Series",
    "check_nip",
    "clean_nip",
    "date_words",
    "faults_of_block",
    "faults_of_pattern",
    "filled_block",
    "paragraphs",
    "title_lines",
    "written_name",
    "written_nip",
    "written_number",
]
