"""The use of awards as a spreadsheet: a row for each thing that the money went into."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from incentives.models import Competition, UseLine, UseReport
from incentives.queries.after import AfterBoard, AfterRow
from kit.sheets import Column, write_xlsx


def use_sheet(competition: Competition) -> bytes:
    """Drafts show that they are due and nothing else; so does an award that nobody was asked about."""
    board = AfterBoard(competition)
    lines: dict[int, list[UseLine]] = {}
    shown = UseLine.objects.filter(report__award__in=board.awards).exclude(report__state=UseReport.State.DRAFT)
    for line in shown.order_by("report", "position"):
        lines.setdefault(line.report_id, []).append(line)
    rows = (cells for row in board.rows for cells in _rows(row, lines))
    title = _("Use of the awards of %(name)s") % {"name": competition.name}
    return write_xlsx(_columns(), rows, title=title, time_zone=competition.program.agency.zone)


def _columns() -> list[Column]:
    return [
        Column(_("Award"), 14),
        Column(_("Winner"), 26),
        Column(_("Business"), 26),
        Column(_("Kelurahan"), 20),
        Column(_("Paid on"), 12, "date"),
        Column(_("Net paid"), 14, "whole"),
        Column(_("Said to have arrived"), 22),
        Column(_("Report due on"), 14, "date"),
        Column(_("State of the report"), 20),
        Column(_("What it was for"), 24),
        Column(_("What exactly"), 32),
        Column(_("Day"), 12, "date"),
        Column(_("Amount"), 14, "whole"),
        Column(_("Used in all"), 14, "whole"),
        Column(_("Difference"), 14, "whole"),
        Column(_("The business is"), 20),
        Column(_("What changed"), 40),
    ]


def _rows(row: AfterRow, lines: dict[int, list[UseLine]]) -> Iterator[list[Any]]:
    report, award, payment = row.report, row.award, row.award.payment
    is_shown = report is not None and report.state != UseReport.State.DRAFT
    arrived = str(row.check.get_answer_display()) or _("not answered") if row.check else _("not asked")
    before: list[Any] = [
        award.tier.label,
        row.name,
        award.entry.business_name,
        award.entry.region.name if award.entry.region else "",
        payment.paid_on if payment else None,
        row.net,
        arrived,
        report.due_on if report else None,
        str(report.get_state_display()) if report else "",
    ]
    behind: list[Any] = [None, None, "", ""]
    if report is not None and is_shown:
        behind = [row.spent, row.difference, str(report.get_business_display()), report.change or ""]
    own = lines.get(report.pk, []) if report is not None else []
    for line in own:
        yield [*before, str(line.get_kind_display()), line.words or "", line.spent_on, line.amount, *behind]
    if not own:
        yield [*before, "", "", None, None, *behind]
