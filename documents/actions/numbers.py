"""How an office numbers its papers."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.permissions import holds
from accounts.roles import Permission
from documents.models import Numbering, NumberSequence, letterhead_of
from documents.rules import TOKENS, Series, faults_of_pattern
from kit.refusals import spoken_refusals


@transaction.atomic
def save_numbering(*, agency: Agency, kind: str, register: str, series: Series, by: User) -> Numbering:
    """The pattern of one kind, or with an empty kind of all that have none of their own. Numbers taken stay."""
    _require(agency, by)
    _check(agency, series)
    values = {
        "register": register,
        "pattern": series.pattern,
        "classification": series.classification,
        "unit": series.unit,
        "code": series.code,
        "edited_by": by,
        "edited_at": timezone.now(),
    }
    with spoken_refusals(Numbering):
        numbering, is_new = Numbering.objects.update_or_create(agency=agency, kind=kind, defaults=values)
    changes = {"kind": kind, "register": register, "pattern": series.pattern, "new": is_new}
    record(action="paper.numbering_saved", by=by, target=numbering, agency=agency, changes=changes)
    return numbering


@transaction.atomic
def drop_numbering(*, numbering: Numbering, by: User) -> None:
    """The kind is numbered as all others of the office again."""
    _require(numbering.agency, by)
    if not numbering.kind:
        raise ValidationError(_("The numbering of all papers stays; change it instead."), code="numbering_needed")
    changes = {"kind": numbering.kind, "pattern": numbering.pattern}
    record(action="paper.numbering_dropped", by=by, target=numbering, agency=numbering.agency, changes=changes)
    numbering.delete()


@transaction.atomic
def open_register(*, agency: Agency, register: str, year: int, first: int, by: User) -> NumberSequence:
    """The first number that the portal gives in a year, where the office has counted by hand before."""
    _require(agency, by)
    if first < 1:
        raise ValidationError({"first": ValidationError(_("Numbers begin with 1."), code="first_number")})
    sequence = NumberSequence.objects.locked(agency, register, year)
    if sequence.taken:
        told = _("Numbers of this register have been taken this year already; they go on without a gap.")
        raise ValidationError({"first": ValidationError(told, code="register_in_use")})
    with spoken_refusals(NumberSequence):
        NumberSequence.objects.filter(pk=sequence.pk).update(first=first, last=first - 1)
    sequence.refresh_from_db()
    changes = {"register": register, "year": year, "first": first}
    record(action="paper.register_opened", by=by, target=sequence, agency=agency, changes=changes)
    return sequence


def _check(agency: Agency, series: Series) -> None:
    unit = series.unit or str(letterhead_of(agency).as_json()["unit_code"])
    filled = Series(series.pattern, series.classification, unit, series.code)
    refused: dict[str, list[str]] = {}
    for code, typed in faults_of_pattern(filled):
        field, sentence = _told(code, typed)
        refused.setdefault(field, []).append(sentence)
    if refused:
        raise ValidationError(refused)


def _told(code: str, typed: str) -> tuple[str, str]:
    tokens = ", ".join(f"{{{token}}}" for token in TOKENS)
    sentences = {
        "token_unknown": ("pattern", _("%(typed)s is no part of a number. There are %(tokens)s.")),
        "sequence_once": ("pattern", _("The running number {seq} stands in the pattern once.")),
        "year_missing": (
            "pattern",
            _("The year {tahun} stands in the pattern, because counting begins anew each year."),
        ),
        "classification_missing": ("classification", _("The pattern holds {klasifikasi}: enter the code.")),
        "unit_missing": ("unit", _("The pattern holds {unit}: enter the code of the unit, here or in the letterhead.")),
        "too_long": ("pattern", _("Numbers of this pattern would be longer than 80 characters.")),
    }
    field, sentence = sentences[code]
    return field, sentence % {"typed": typed, "tokens": tokens} if code == "token_unknown" else sentence


def _require(agency: Agency, by: User) -> None:
    if not holds(by, Permission.MANAGE_TEMPLATES, agency.pk, agency.region_id):
        raise PermissionDenied
