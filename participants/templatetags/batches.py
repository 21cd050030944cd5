"""The batches of the desk, drawn without a template: a page has thirty of them."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.addresses import addresses
from kit.templatetags.kit import day_date
from kit.templatetags.pictures import badge
from kit.templatetags.seats import draw_seats, phase_badge
from participants.queries import BatchRow, Figures
from programs.models import Batch

register = template.Library()
NOTHING = '<span class="muted">–</span>'
NONE = ' class="none"'


@register.filter
def next_words(kind: str) -> str:
    """What the next date of a batch is."""
    words = {
        "opens": _("Registration opens"),
        "closes": _("Registration closes"),
        "starts": _("First day"),
        "ends": _("Last day"),
    }
    return words[kind]


@register.simple_tag
def batch_rows(rows: Sequence[BatchRow]) -> SafeString:
    """The rows of the desk's list of batches."""
    names = (_("Next date"), _("Seats"), _("To check"), _("To settle"))
    date_head, seats_head, check_head, settle_head = (escape(name) for name in names)
    address, pieces = addresses("participants:batch_desk"), []
    for row in rows:
        batch, pending, problems = row.batch, row.figures.pending, _problems(row.figures)
        settle = f'<ul class="list-unstyled mb-0 d-grid gap-1 wraps">{problems}</ul>' if problems else NOTHING
        check = f"<strong>{localize(pending)}</strong>" if pending else '<span class="muted">0</span>'
        coming = ""
        if row.next:
            what = escape(next_words(row.next.kind))
            coming = f'<br><span class="muted small">{what}</span><br>{day_date(row.next.at)}'
        pieces.append(
            f'<tr><th scope="row"><a href="{address(batch.pk)}">{escape(batch.region.full_name)}</a>'
            f'{_name(batch)}<div class="fw-normal muted small">{escape(str(batch.program))}</div></th>'
            f'<td class="phase" data-label="{date_head}"><span>{phase_badge(row.phase)}{coming}</span></td>'
            f'<td data-label="{seats_head}">{_seats(row)}</td>'
            f'<td class="num" data-label="{check_head}">{check}</td>'
            f'<td data-label="{settle_head}"{"" if problems else NONE}>{settle}</td></tr>'
        )
    return SafeString("\n".join(pieces))


def _name(batch: Batch) -> str:
    """The name, where it says more than the region above it."""
    return "" if batch.region.name in batch.name else f'<div class="fw-normal">{escape(batch.name)}</div>'


def _seats(row: BatchRow) -> str:
    batch = row.batch
    if row.phase == "cancelled":
        return "–"
    if batch.is_selecting:
        method = _("by draw") if batch.selection_method == "draw" else _("by points")
        seats = ngettext("%(quota)s seat", "%(quota)s seats", batch.quota) % {"quota": localize(batch.quota)}
        return f'<div class="seats"><b>{escape(seats)}</b> · {escape(method)}</div>'
    offered = ""
    if count := batch.seats_offered:
        told = ngettext("%(total)s of them offered", "%(total)s of them offered", count) % {"total": localize(count)}
        offered = f'<span class="muted small">{escape(told)}</span>'
    return f"<div>{draw_seats(batch.seats_taken, batch.quota, batch.waiting_count)}{offered}</div>"


def _problems(figures: Figures) -> str:
    badges = []
    if count := figures.overdue:
        badges.append(
            (ngettext("%(total)s offer overdue", "%(total)s offers overdue", count), count, "danger", "clock")
        )
    if count := figures.doubtful:
        told = ngettext("%(total)s identity to settle", "%(total)s identities to settle", count)
        badges.append((told, count, "danger", "user-x"))
    if count := figures.duplicates:
        told = ngettext("%(total)s suspected duplicate", "%(total)s suspected duplicates", count)
        badges.append((told, count, "warning", "files"))
    if count := figures.needs_fix:
        told = ngettext("%(total)s waits for a correction", "%(total)s wait for a correction", count)
        badges.append((told, count, "neutral", "pencil"))
    drawn = (badge(told % {"total": localize(count)}, tone, icon) for told, count, tone, icon in badges)
    return "".join(f"<li>{one}</li>" for one in drawn)
