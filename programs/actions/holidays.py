"""The days on which an office does not train."""

from collections.abc import Iterable
from datetime import date

import holidays
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import spoken_refusals
from programs.models import Holiday

EXPECTED = " (perkiraan)"
# Before and after these years the package knows too little.
FIRST_YEAR, LAST_YEAR = 2000, 2100


def official_holidays(year: int) -> list[tuple[date, str, str, bool]]:
    """(day, name, kind, whether the date is only expected) of a year, in order, by the package `holidays`."""
    found = {}
    for category, kind in (("government", Holiday.Kind.JOINT_LEAVE), ("public", Holiday.Kind.PUBLIC)):
        for day, name in holidays.Indonesia(years=year, categories=(category,), language="id").items():
            found[day] = (day, name.replace(EXPECTED, "")[:120], str(kind), EXPECTED in name)
    return [found[day] for day in sorted(found)]


@transaction.atomic
def fetch_holidays(*, agency: Agency, year: int, by: User) -> int:
    """Adds what the official list of a year has and the office's does not; what stands there stays. How many came."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(_("There is no list for this year."), code="year_unknown")
    known = set(Holiday.objects.filter(agency=agency, day__year=year).values_list("day", flat=True))
    rows = [
        Holiday(agency=agency, day=day, name=name, kind=kind, estimated=estimated)
        for day, name, kind, estimated in official_holidays(year)
        if day not in known
    ]
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        record(action="holidays.fetched", by=by, target=agency, changes={"year": year, "added": len(rows)})
    return len(rows)


def fetch_missing_years(*, agency: Agency, years: Iterable[int], by: User) -> None:
    """The lists of those years of which the office has no day at all."""
    for year in sorted(set(years)):
        if not Holiday.objects.filter(agency=agency, day__year=year).exists():
            fetch_holidays(agency=agency, year=year, by=by)


@transaction.atomic
def add_holiday(*, agency: Agency, day: date, name: str, kind: str = Holiday.Kind.LOCAL, by: User) -> Holiday:
    holiday = Holiday(agency=agency, day=day, name=name, kind=kind)
    with spoken_refusals(Holiday):
        holiday.save(force_insert=True)
    record(action="holiday.saved", by=by, target=holiday, changes={"day": day.isoformat(), "name": name})
    return holiday


@transaction.atomic
def change_holiday(*, holiday: Holiday, observed: bool, by: User) -> Holiday:
    """Whether the office trains on that day after all."""
    Holiday.objects.filter(pk=holiday.pk).update(observed=observed)
    changes = {"day": holiday.day.isoformat(), "observed": [holiday.observed, observed]}
    record(action="holiday.saved", by=by, target=holiday, changes=changes)
    holiday.observed = observed
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: User) -> None:
    """Takes a day of the office off the list; those of the official list are only switched off."""
    if holiday.kind != Holiday.Kind.LOCAL:
        raise ValidationError(
            _("A day of the official list can be switched off, not removed."), code="holiday_official"
        )
    changes = {"day": holiday.day.isoformat(), "name": holiday.name}
    record(action="holiday.removed", by=by, target=holiday, changes=changes)
    holiday.delete()
