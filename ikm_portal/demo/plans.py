"""A second wave of this year's training, planned and not yet created: one clash to put right, one batch pinned."""

from datetime import datetime, time, timedelta

from accounts.models import User
from ikm_portal.demo.offices import Office
from programs import actions
from programs.models import Program, Rollout

PATTERN = (
    actions.MeetingPlan(1, time(8), time(12), lesson_hours=5),
    actions.MeetingPlan(1, time(13), time(16), lesson_hours=4),
    actions.MeetingPlan(2, time(8), time(12), lesson_hours=5),
    actions.MeetingPlan(2, time(13), time(14, 30), "management", lesson_hours=2),
    actions.MeetingPlan(2, time(14, 30), time(16), "job_seeker_card", lesson_hours=2),
)


def second_wave(office: Office, program: Program, officer: User, now: datetime) -> Rollout:
    """Eight weeks, three kelurahan at once; the town's own holiday was added after the proposal."""
    today = now.astimezone(office.agency.zone).date()
    monday = today + timedelta(days=70 - today.weekday())
    values = {
        "name": f"Gelombang kedua DBHCHT {program.fund_source.fiscal_year}",
        "first_day": monday,
        "last_day": monday + timedelta(days=58),
        "opens_on": today + timedelta(days=21),
        "evenly": True,
    }
    rollout = actions.create_rollout(
        program=program, regions=office.villages, pattern=PATTERN, values=values, by=officer
    )
    rows = list(rollout.rows.select_related("rollout", "region").order_by("region_id"))
    placed = [row for row in rows if row.days]
    actions.move_row(row=placed[0], to=placed[0].days[0], by=officer)
    actions.add_holiday(agency=office.agency, day=placed[-1].days[-1], name="Hari Jadi Kota", by=officer)
    return rollout
