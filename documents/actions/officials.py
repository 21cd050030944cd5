"""Who holds which position, and from which day to which. Papers that were issued keep what stands on them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from documents.models import Mandate, Official, Position, Tenure, agencies_with_templates_of
from documents.rules import RANKS, clean_nip
from kit.names import clean_line
from kit.refusals import spoken_refusals


@transaction.atomic
def save_official(*, row: Official, changed: Sequence[str], by: User) -> Official:
    """A rank that is left empty follows from the grade. Nobody links an account of the own to a name."""
    _require(by, row.agency)
    if "user" in changed and row.user_id == by.pk:
        told = _("A colleague links your account: nobody makes the own signature.")
        raise ValidationError({"user": ValidationError(told, code="own_account")})
    row.nip = clean_nip(row.nip)
    row.rank = clean_line(row.rank) or RANKS.get(row.grade, "")
    with spoken_refusals(Official):
        row.save()
    record(action="official.saved", by=by, target=row, agency=row.agency, changes={"fields": sorted(changed)})
    return row


@transaction.atomic
def save_position(*, row: Position, changed: Sequence[str], by: User) -> Position:
    _require(by, row.agency)
    row.title = clean_line(row.title)
    with spoken_refusals(Position):
        row.save()
    record(action="position.saved", by=by, target=row, agency=row.agency, changes={"fields": sorted(changed)})
    return row


@transaction.atomic
def give_position(
    *,
    position: Position,
    official: Official,
    held_as: str,
    first: dt.date,
    last: dt.date | None = None,
    decree: str = "",
    by: User,
) -> Tenure:
    """Somebody holds the position, or acts in it. A colleague enters one's own."""
    _require(by, position.agency)
    if official.agency_id != position.agency_id:
        raise ValueError("a position of one office, an official of another")
    if official.user_id == by.pk:
        raise ValidationError(_("A colleague enters your own position."), code="own_position")
    made = Tenure(position=position, official=official, form=held_as, during=period(first, last), decree=decree)
    with spoken_refusals(Tenure):
        made.save()
    _tell(action="position.given", row=made, by=by, official=official.pk, held_as=held_as, first=first, last=last)
    return made


@transaction.atomic
def end_tenure(*, tenure: Tenure, last: dt.date, by: User) -> Tenure:
    """The last day on which it counts; a later one makes it longer."""
    _require(by, tenure.position.agency)
    tenure.during = period(tenure.first_day, last)
    with spoken_refusals(Tenure):
        tenure.save(update_fields=["during"])
    _tell(action="position.ended", row=tenure, by=by, last=last)
    return tenure


@transaction.atomic
def remove_tenure(*, tenure: Tenure, by: User) -> None:
    """Entered by mistake. What it was stays in the trail."""
    _require(by, tenure.position.agency)
    _tell(action="position.taken_out", row=tenure, by=by, official=tenure.official_id, first=tenure.first_day)
    tenure.delete()


@transaction.atomic
def give_mandate(
    *,
    position: Position,
    deputy: Position,
    via: Position | None = None,
    kinds: Sequence[str] = (),
    first: dt.date,
    last: dt.date | None = None,
    decree: str = "",
    by: User,
) -> Mandate:
    """Whoever holds the deputy's position may sign in the name of the other: a.n., through somebody u.b."""
    _require(by, position.agency)
    if {one.agency_id for one in (deputy, via) if one} != {position.agency_id}:
        raise ValueError("positions of two offices")
    made = Mandate(
        position=position, deputy=deputy, via=via, kinds=list(kinds), during=period(first, last), decree=decree
    )
    with spoken_refusals(Mandate):
        made.save()
    _tell(action="mandate.given", row=made, by=by, deputy=deputy.pk, kinds=sorted(kinds), first=first, last=last)
    return made


@transaction.atomic
def end_mandate(*, mandate: Mandate, last: dt.date, by: User) -> Mandate:
    _require(by, mandate.position.agency)
    mandate.during = period(mandate.first_day, last)
    with spoken_refusals(Mandate):
        mandate.save(update_fields=["during"])
    _tell(action="mandate.ended", row=mandate, by=by, last=last)
    return mandate


@transaction.atomic
def remove_mandate(*, mandate: Mandate, by: User) -> None:
    _require(by, mandate.position.agency)
    _tell(action="mandate.taken_out", row=mandate, by=by, deputy=mandate.deputy_id, first=mandate.first_day)
    mandate.delete()


def period(first: dt.date, last: dt.date | None) -> DateRange:
    """Both days inside, as PostgreSQL keeps it."""
    if last is not None and last < first:
        told = _("The last day is before the first day.")
        raise ValidationError({"last": ValidationError(told, code="days_in_order")})
    return DateRange(first, None if last is None else last + dt.timedelta(days=1))


def _require(by: User, agency: Agency) -> None:
    if agency not in agencies_with_templates_of(by):
        raise PermissionDenied


def _tell(*, action: str, row: Tenure | Mandate, by: User, **changes: Any) -> None:
    told = _days({"position": row.position_id, **changes})
    record(action=action, by=by, target=row, agency=row.position.agency, changes=told)


def _days(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in changes.items()}
