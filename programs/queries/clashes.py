"""What is wrong with a plan, and why something was not found, in words."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit.templatetags.kit import day_date
from programs.rules.planning import Problem

SENTENCES: dict[str, Promise | str] = {
    "no_days": _("It has no days yet."),
    "day_count": _("It has %(count)s days instead of %(wanted)s."),
    "outside_window": _("%(day)s lies outside of the window."),
    "holiday": _("%(day)s is a holiday."),
    "no_working_day": _("%(day)s is no training day of this plan."),
    "overlap": _("Two of its sessions overlap on %(day)s at %(begin)s."),
    "prayer": _("The session of %(day)s, %(begin)s–%(end)s, runs into the Friday prayer."),
    "parallel": _("%(count)s batches run on %(day)s; %(limit)s at once are allowed."),
    "window_of_registration": _("Registration would close on %(day)s, before it opens on %(opens)s."),
    "topic_missing": _("The topic is not chosen yet."),
    "topic_left_out": _("No session is left for the topic %(topic)s."),
    "teacher_missing": _("Nobody teaches %(topic)s on %(day)s yet."),
    "teacher_topic": _("%(teacher)s is not listed as teaching %(topic)s."),
    "teacher_region": _("%(teacher)s does not teach in this region."),
    "teacher_gone": _("%(teacher)s may not be asked to teach now."),
    "teacher_away": _("%(teacher)s is absent on %(day)s."),
    "teacher_closed": _("%(teacher)s does not teach on this day of the week (%(day)s)."),
    "teacher_busy": _("%(teacher)s has another session on %(day)s."),
    "teacher_twice": _("%(teacher)s is in %(other)s at the same time on %(day)s."),
    "place_missing": _("There is no venue for %(day)s yet."),
    "place_small": _("%(place)s holds %(capacity)s people; there are %(seats)s seats."),
    "place_gone": _("%(place)s is not in use any more."),
    "place_away": _("%(place)s is closed on %(day)s."),
    "place_closed": _("%(place)s is not open at that time on %(day)s."),
    "place_busy": _("%(place)s is booked already on %(day)s."),
    "place_twice": _("%(place)s is used by %(other)s at the same time on %(day)s."),
    # Why a proposal left something open.
    "no_run": _("The window has no days in a row that could be used."),
    "all_full": _("On every day of the window as many batches run as are allowed at once."),
    "nobody_teaches": _("No verified instructor teaches %(topic)s here."),
    "teachers_taken": _("Everybody who teaches %(topic)s (%(count)s) is taken or absent on all days that are left."),
    "no_place_known": _("No venue within reach has %(seats)s seats."),
    "places_taken": _("All venues within reach (%(count)s) are taken or closed on all days that are left."),
    "never_together": _("Instructor and venue are never free on the same days."),
}
CODES = frozenset(SENTENCES)


def explain(problem: Problem, names: Mapping[str, Mapping[int, str]]) -> str:
    """The sentence of a problem with the names of whom and what it is about."""
    return str(SENTENCES[problem.code]) % {name: _shown(name, value, names) for name, value in problem.data.items()}


def _shown(name: str, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    if isinstance(value, date):
        return day_date(value)
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if name in names:
        return names[name].get(value, gettext("the asked topic") if name == "topic" else "–")
    return str(value)
