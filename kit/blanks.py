"""A spreadsheet to be filled in: columns of text, drop-downs whose words stand in a hidden sheet, an example row.

Written part by part, because a column must be text down to rows that are still empty, and a list of choices longer
than 255 letters has to stand in cells.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

# A file of the same content has the same bytes.
WRITTEN_AT = (2000, 1, 1, 0, 0, 0)
ROWS = 5_000
HEADING_ROW = 3
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Fonts: plain, bold, title, grey. Fills: none, grey (Excel wants it second), indigo, example.
STYLES = f"""{HEAD}<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>
<fonts count="4"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>
<font><b/><sz val="14"/><name val="Calibri"/></font>
<font><i/><sz val="11"/><color rgb="FF6B6B6B"/><name val="Calibri"/></font></fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FF27348B"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFF4EFE6"/></patternFill></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="6"><xf/>
<xf numFmtId="49" applyNumberFormat="1"/>
<xf numFmtId="164" applyNumberFormat="1"/>
<xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">
<alignment vertical="center" wrapText="1"/></xf>
<xf fontId="2" applyFont="1"/>
<xf numFmtId="49" fontId="3" fillId="3" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
TEXT, DATE, HEADING, TITLE, EXAMPLE = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class BlankColumn:
    """`choices` become a drop-down; `hint` is told when a cell is chosen; `example` stands in the first row."""

    title: str
    width: int = 18
    is_date: bool = False
    choices: Sequence[str] = ()
    hint: str = ""
    example: str = ""


def write_blank(
    columns: Sequence[BlankColumn],
    *,
    title: str,
    note: str,
    sheet: str,
    wrong: str,
    rows: Sequence[Sequence[str]] = (),
) -> bytes:
    """`note` is the line below the title, `wrong` what Excel says of a word that is in no list. `rows` stand below the
    example already.
    """
    lists = [column for column in columns if column.choices]
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(sheet),
        "xl/_rels/workbook.xml.rels": _relations(
            [("styles", "styles.xml"), ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml")]
        ),
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": _front(columns, lists, title, note, wrong, rows),
        "xl/worksheets/sheet2.xml": _codes(lists),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(zipfile.ZipInfo(name, WRITTEN_AT), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _types() -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for number in (1, 2)
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{sheets}</Types>'
    )


def _relations(found: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(found, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{body}</Relationships>'


def _workbook(sheet: str) -> str:
    return (
        f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>'
        f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="rId2"/>'
        '<sheet name="Kode" sheetId="2" state="hidden" r:id="rId3"/></sheets></workbook>'
    )


def _front(
    columns: Sequence[BlankColumn],
    lists: Sequence[BlankColumn],
    title: str,
    note: str,
    wrong: str,
    rows: Sequence[Sequence[str]],
) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width}" style="{_style(column)}" customWidth="1"/>'
        for place, column in enumerate(columns, 1)
    )
    headings = "".join(_cell(place, HEADING_ROW, column.title, HEADING) for place, column in enumerate(columns))
    example = "".join(_cell(place, HEADING_ROW + 1, column.example, EXAMPLE) for place, column in enumerate(columns))
    filled = "".join(_filled(number, columns, row) for number, row in enumerate(rows, HEADING_ROW + 2))
    view = f'<pane ySplit="{HEADING_ROW}" topLeftCell="A{HEADING_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
    rules = "".join(
        _rule(place, column, lists.index(column) if column.choices else None, wrong)
        for place, column in enumerate(columns)
        if column.choices or column.hint
    )
    count = sum(bool(column.choices or column.hint) for column in columns)
    last = f"{letters(len(columns) - 1)}{ROWS}"
    return (
        f'{HEAD}<worksheet {MAIN}><sheetViews><sheetView workbookViewId="0">{view}</sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1" ht="22" customHeight="1">{_cell(0, 1, title, TITLE)}</row>'
        f'<row r="2">{_cell(0, 2, note, 0)}</row><row r="{HEADING_ROW}" ht="32" customHeight="1">{headings}</row>'
        f'<row r="{HEADING_ROW + 1}">{example}</row>{filled}</sheetData>'
        f'<dataValidations count="{count}">{rules}</dataValidations>'
        f'<ignoredErrors><ignoredError sqref="A1:{last}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
    )


def _filled(number: int, columns: Sequence[BlankColumn], row: Sequence[str]) -> str:
    """Its empty cells have their style too: some programs forget that of the column once a row has cells."""
    texts = [*row, *[""] * (len(columns) - len(row))]
    cells = (
        _cell(place, number, text, _style(column)) or f'<c r="{letters(place)}{number}" s="{_style(column)}"/>'
        for place, (column, text) in enumerate(zip(columns, texts, strict=True))
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def _style(column: BlankColumn) -> int:
    return DATE if column.is_date else TEXT


def _rule(place: int, column: BlankColumn, listed: int | None, wrong: str) -> str:
    where = f"{letters(place)}{HEADING_ROW + 1}:{letters(place)}{ROWS}"
    told = f' showInputMessage="1" promptTitle={quoteattr(column.title[:32])} prompt={quoteattr(column.hint[:250])}'
    told = told if column.hint else ""
    if listed is None:
        return f'<dataValidation allowBlank="1"{told} sqref="{where}"/>'
    refused = f' showErrorMessage="1" errorTitle={quoteattr(column.title[:32])} error={quoteattr(wrong[:220])}'
    source = f"Kode!${letters(listed)}$2:${letters(listed)}${len(column.choices) + 1}"
    return (
        f'<dataValidation type="list" allowBlank="1"{refused}{told} sqref="{where}">'
        f"<formula1>{source}</formula1></dataValidation>"
    )


def _codes(lists: Sequence[BlankColumn]) -> str:
    """One list in each column, its name above it."""
    deepest = max((len(column.choices) for column in lists), default=0)
    rows = [[column.title for column in lists]]
    for depth in range(deepest):
        rows.append([column.choices[depth] if depth < len(column.choices) else "" for column in lists])
    body = "".join(
        f'<row r="{number}">{"".join(_cell(place, number, text, TEXT) for place, text in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    return f"{HEAD}<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>"


def _cell(place: int, row: int, text: str, style: int) -> str:
    if not text:
        return ""
    name = f"{letters(place)}{row}"
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def letters(place: int) -> str:
    """0 -> A, 26 -> AA."""
    found, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
