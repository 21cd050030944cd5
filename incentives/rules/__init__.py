"""From score sheets to winners: values in, values out. No database, no clock, no floating point (docs/judging.md)."""

from incentives.rules.after import sample
from incentives.rules.agreement import Agreement, agreement
from incentives.rules.assignment import Assignment, Candidate, assign
from incentives.rules.awards import AwardMoney, award_money, money_to_reserve
from incentives.rules.conflicts import Party, Suggestion, business_key, suggestions
from incentives.rules.fingerprint import fingerprint
from incentives.rules.lots import order_by_lot, order_mark
from incentives.rules.method import Contestant, Criterion, Method, Sheet, TieDecision, Tier, shown
from incentives.rules.outcome import EntryResult, JurorResult, Outcome, compute
from incentives.rules.ranking import OpenTie
from incentives.rules.schedule import Rhythm, TimeSlot, Timetable, timetable
from incentives.rules.scoring import ScoreError, is_counted
from incentives.rules.sensitivity import Variant, sensitivity

__all__ = [
    "Agreement",
    "Assignment",
    "AwardMoney",
    "Candidate",
    "Contestant",
    "Criterion",
    "EntryResult",
    "JurorResult",
    "Method",
    "OpenTie",
    "Outcome",
    "Party",
    "Rhythm",
    "ScoreError",
    "Sheet",
    "Suggestion",
    "Tier",
    "TieDecision",
    "TimeSlot",
    "Timetable",
    "Variant",
    "agreement",
    "assign",
    "award_money",
    "business_key",
    "compute",
    "fingerprint",
    "is_counted",
    "money_to_reserve",
    "order_by_lot",
    "order_mark",
    "sample",
    "sensitivity",
    "shown",
    "suggestions",
    "timetable",
]
