from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from programs import actions
from programs.models import Holiday
from tests import cast, factories

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return {str(one.code) for one in refusal.value.error_list}


def test_holidays_are_fetched_once_and_the_office_has_the_last_word() -> None:
    agency, by = cast.home_agency(), cast.program_officer()
    assert actions.fetch_holidays(agency=agency, year=2026, by=by) == 25
    assert actions.fetch_holidays(agency=agency, year=2026, by=by) == 0
    feast = Holiday.objects.get(agency=agency, day=date(2026, 3, 21))
    assert (feast.name, feast.kind, feast.estimated) == ("Hari Raya Idul Fitri", "public", False)
    leave = Holiday.objects.get(agency=agency, day=date(2026, 12, 24))
    actions.change_holiday(holiday=leave, observed=False, by=by)
    assert date(2026, 12, 24) not in Holiday.objects.observed().values_list("day", flat=True)
    with pytest.raises(ValidationError) as refusal:
        actions.remove_holiday(holiday=leave, by=by)
    assert codes(refusal) == {"holiday_official"}
    own = actions.add_holiday(agency=agency, day=date(2026, 4, 1), name="Hari jadi kota", by=by)
    with pytest.raises(ValidationError) as refusal:
        actions.add_holiday(agency=agency, day=date(2026, 4, 1), name="Lagi", by=by)
    assert codes(refusal) == {"holiday_once_a_day"}
    actions.remove_holiday(holiday=own, by=by)
    assert actions.fetch_holidays(agency=agency, year=2027, by=by) == 26
    assert Holiday.objects.filter(agency=agency, day__year=2027, estimated=True).count() > 0
    with pytest.raises(ValidationError):
        actions.fetch_holidays(agency=agency, year=1900, by=by)


def test_finish_batch_only_after_its_last_session() -> None:
    batch, by = factories.batch(factories.program(cast.home_agency())), cast.program_officer()
    with pytest.raises(ValidationError) as refusal:
        actions.finish_batch(batch=batch, by=by)
    assert codes(refusal) == {"batch_not_over"}
    past = datetime(2024, 7, 1, 1, tzinfo=cast.home_agency().zone)
    batch.sessions.all().delete()
    batch.sessions.create(during=(past, past + timedelta(hours=2)))
    assert actions.finish_batch(batch=batch, by=by).state == "finished"
    with pytest.raises(ValidationError) as refusal:
        actions.finish_batch(batch=batch, by=by)
    assert codes(refusal) == {"batch_not_published"}
