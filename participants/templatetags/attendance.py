"""Whether somebody came late, by the programme's own measure."""

from django import template

from participants.models import Attendance
from programs.models import Session

register = template.Library()


@register.filter
def is_late(state: Attendance, session: Session) -> bool:
    return state.is_late(session.during.lower, session.batch.program.late_minutes)
