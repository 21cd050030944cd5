"""The same list again, with a column that says what is wrong in each row."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from kit.sheets import Column, write_xlsx
from participants.models import ImportRow, RegistrationImport
from participants.sheets.purposes import title_of
from participants.sheets.sentences import sentence

CHUNK = 500
Progress = Callable[[int, int], None]


def write_mistakes(upload: RegistrationImport, *, all_rows: bool, footer: str, progress: Progress) -> tuple[bytes, int]:
    """The workbook and how many rows it holds: those with a mistake or a doubt, or all that are not in yet."""
    rows = upload.rows.exclude(state=ImportRow.State.IMPORTED).filter(content__isnull=False).in_order()
    if not all_rows:
        rows = rows.filter(state__in=[ImportRow.State.WRONG, ImportRow.State.DOUBTFUL])
    total, count = rows.count(), 0
    titles = _titles(upload.headings)

    def lines() -> Iterator[list[Any]]:
        nonlocal count
        for row in rows.iterator(chunk_size=CHUNK):
            count += 1
            progress(count, max(total, count))
            cells = [shown(cell) for cell in json.loads(row.content or "{}")["cells"]]
            cells = (cells + [""] * len(titles))[: len(titles)]
            yield [*cells, said(upload, row)]

    columns = [Column(title, 22) for title in titles] + [Column("Kesalahan", 70)]
    title = _("Rows to be corrected: %(name)s") % {"name": upload.file_name}
    return write_xlsx(columns, lines(), title=title, footer=footer, time_zone=upload.agency.zone), count


def said(upload: RegistrationImport, row: ImportRow) -> str:
    """One sentence for each cell, after the name of its column."""
    return "; ".join(
        f"{column_name(upload, problem[0])}: {sentence(problem)}" for problem in [*row.problems, *row.clashes]
    )


def column_name(upload: RegistrationImport, name: str) -> str:
    """As the list itself calls it; nothing for what concerns the whole row."""
    if not name:
        return ""
    headings, place = upload.headings, upload.columns.get("of", {}).get(name, len(upload.headings))
    return headings[place] if place < len(headings) and headings[place] else title_of(upload, name)


def shown(cell: Any) -> str:
    """As people would have typed it: dates as day, month, year."""
    if isinstance(cell, str):
        return cell
    kind, text = cell
    return "/".join(reversed(text.split("-"))) if kind == "date" else str(text)


def _titles(headings: list[str]) -> list[str]:
    """A name for each column, and none twice."""
    found: list[str] = []
    for place, heading in enumerate(headings, 1):
        name = heading or f"Kolom {place}"
        found.append(name if name not in found and name != "Kesalahan" else f"{name} ({place})")
    return found
