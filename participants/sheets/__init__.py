"""Spreadsheets of participants: out with what the office may see, in by the same checks as the public form."""

from participants.sheets.account_template import write_account_template
from participants.sheets.checking import RowReader
from participants.sheets.columns import ACCOUNTS, FIELDS, NEEDED, VERSION, Columns, Layout, found_layout, heading_of
from participants.sheets.exports import write_registrations
from participants.sheets.mistakes import write_mistakes
from participants.sheets.privacy import write_people_concerned, write_register
from participants.sheets.purposes import COLUMNS, Reader, columns_of, columns_read, reader_of, title_of, unread_headings
from participants.sheets.sentences import sentence
from participants.sheets.template import write_template

__all__ = [
    "ACCOUNTS",
    "COLUMNS",
    "FIELDS",
    "NEEDED",
    "VERSION",
    "Columns",
    "Layout",
    "Reader",
    "RowReader",
    "columns_of",
    "columns_read",
    "found_layout",
    "heading_of",
    "reader_of",
    "sentence",
    "title_of",
    "unread_headings",
    "write_account_template",
    "write_mistakes",
    "write_people_concerned",
    "write_register",
    "write_registrations",
    "write_template",
]
