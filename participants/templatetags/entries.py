"""The entries of a list, drawn without a template: a page has fifty of them, each with two badges."""

from collections.abc import Sequence
from datetime import date
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kit.addresses import addresses
from kit.templatetags.kit import clock, phone, short_date
from kit.templatetags.pictures import badge
from participants.models import CheckState, Registration, Seat, Sex, Source
from programs.rules import age_on

register = template.Library()
NOTHING = SafeString('<span class="muted">–</span>')
CHECKS = {
    CheckState.VERIFIED: ("success", "shield-check"),
    CheckState.REJECTED: ("danger", "circle-x"),
    CheckState.NEEDS_FIX: ("warning", "pencil"),
}


@register.simple_tag
def seat_badge(entry: Registration) -> SafeString:
    if entry.seat == Seat.WAITING:
        return badge(_("No. %(position)s in line") % {"position": entry.position}, "warning", "hourglass")
    if entry.seat == Seat.APPLIED:
        return badge(_("Waits for the selection"), "info", "list-check")
    if entry.seat == Seat.NONE:
        return badge(_("Not selected"), icon="ban")
    if entry.seat == Seat.HELD:
        return badge(_("Seat held"), "success", "check")
    if entry.seat == Seat.OFFERED:
        return badge(_("Seat offered"), "info", "bell")
    if entry.check_state == CheckState.REJECTED:
        return badge(_("Without seat"), icon="ban")
    return badge(_("Withdrawn") if entry.withdrawn_at else _("Ended"), icon="ban")


@register.simple_tag
def check_badge(entry: Registration) -> SafeString:
    shown = CHECKS.get(CheckState(entry.check_state))
    if shown is not None:
        return badge(str(CheckState(entry.check_state).label), *shown)
    if entry.is_active:
        return badge(_("To check"), "accent", "list-check")
    return NOTHING


@register.filter
def stratum_name(stratum: str) -> str:
    """What kind of group was full."""
    words = {
        "region": _("kelurahan"),
        "sex": pgettext("of a person", "sex"),
        "business_kind": _("kind of business"),
        "target_group": _("target group"),
    }
    return words.get(stratum, stratum)


@register.filter
def flag_words(flag: str) -> str:
    """A sign of doubt in a few words; the page of the entry says it in a sentence."""
    words = {
        "nik_birth_date_differs": _("NIK: other birth date"),
        "nik_sex_differs": _("NIK: other sex"),
        "nik_day": _("NIK: impossible date"),
        "nik_month": _("NIK: impossible date"),
        "nik_birth_date": _("NIK: impossible date"),
        "nik_serial": _("NIK: serial 0000"),
        "name_has_digits": _("Digits in the name"),
        "contact_differs": _("Other contact than on file"),
    }
    return words.get(flag, flag)


@register.simple_tag
def entry_rows(entries: Sequence[Registration], today: date, ticks: bool) -> SafeString:
    """The rows of a batch's list; with `ticks` each can be chosen."""
    words = {"contact": _("NIK and contact"), "seat": _("Seat"), "check": _("Check"), "registered": _("Registered")}
    head = {name: escape(word) for name, word in words.items()}
    tick, address = _("Tick %(name)s"), addresses("participants:registration_detail")
    sexes, sources = dict(Sex.choices), dict(Source.choices)
    pieces = []
    for entry in entries:
        name, call, years = escape(entry.full_name), escape(entry.phone), age_on(entry.birth_date, today)
        age = escape(ngettext("%(age)s year", "%(age)s years", years) % {"age": years})
        source = "" if entry.source == Source.ONLINE else f" · {escape(str(sources[entry.source]))}"
        box = (
            f'<td class="tick"><label><input type="checkbox" class="form-check-input" name="row" value="{entry.pk}" '
            f'data-tick aria-label="{escape(tick % {"name": entry.full_name})}"></label></td>'
        )
        pieces.append(
            f'<tr>{box if ticks else ""}<th scope="row"><a href="{address(entry.pk)}">{name}</a>'
            f'<div class="fw-normal muted small"><span class="code">{escape(entry.shown_code)}</span><br>'
            f"{escape(str(sexes[entry.sex]))}, {age}</div></th>"
            f'<td data-label="{head["contact"]}"><span><span class="code">{escape(entry.masked_nik)}</span><br>'
            f"{escape(entry.region.name)}<br>"
            f'<a class="text-nowrap" href="tel:{call}">{escape(phone(entry.phone))}</a></span></td>'
            f'<td class="wraps" data-label="{head["seat"]}"><span>{seat_badge(entry)}</span></td>'
            f'<td data-label="{head["check"]}">{_checks(entry)}</td>'
            f'<td data-label="{head["registered"]}"><span>{short_date(entry.created_at)}<br>'
            f'<span class="muted small">{clock(entry.created_at)}{source}</span></span></td></tr>'
        )
    return SafeString("\n".join(pieces))


def _checks(entry: Registration) -> str:
    lines = [check_badge(entry)]
    if entry.is_doubtful and entry.is_active:
        lines.append(badge(_("Identity to settle"), "danger", "user-x"))
    if entry.of_household > 1:
        words = ngettext("%(people)s application of one KK", "%(people)s applications of one KK", entry.of_household)
        lines.append(badge(words % {"people": entry.of_household}, "warning", "users-group"))
    if entry.check_state != CheckState.VERIFIED:
        lines += [badge(flag_words(flag), "warning", "flag") for flag in entry.flags]
    listed = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="list-unstyled d-grid gap-1 mb-0 wraps">{listed}</ul>'


@register.simple_tag
def found_rows(entries: Sequence[Registration]) -> SafeString:
    """The rows of a search over all batches."""
    check = escape(pgettext("state of an entry", "Check"))
    in_batch, contact, seat = escape(_("Batch")), escape(_("NIK and contact")), escape(_("Seat"))
    address, pieces = addresses("participants:registration_detail"), []
    for entry in entries:
        pieces.append(
            f'<tr><th scope="row"><a href="{address(entry.pk)}">{escape(entry.full_name)}</a>'
            f'<div class="fw-normal muted small"><span class="code">{escape(entry.shown_code)}</span> · '
            f"{short_date(entry.created_at)}</div></th>"
            f'<td data-label="{in_batch}"><span>{escape(entry.batch.region.full_name)}<br>'
            f'<span class="muted small">{escape(entry.batch.name)}</span></span></td>'
            f'<td data-label="{contact}"><span><span class="code">{escape(entry.masked_nik)}</span><br>'
            f'<a class="text-nowrap" href="tel:{escape(entry.phone)}">{escape(phone(entry.phone))}</a></span></td>'
            f'<td class="wraps" data-label="{seat}"><span>{seat_badge(entry)}</span></td>'
            f'<td class="wraps" data-label="{check}"><span>{check_badge(entry)}</span></td></tr>'
        )
    return SafeString("\n".join(pieces))
