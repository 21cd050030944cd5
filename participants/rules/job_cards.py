"""When a job seeker card runs out and when its holder reports. Source: domain.md section 5."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last one: 31 August and six months is 28 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def report_days(issued_on: date, expires_on: date, every: int) -> list[date]:
    """When the holder of a card reports: every so many months, counted from the issue; at last when it runs out."""
    days: list[date] = []
    while (due := months_later(issued_on, every * (len(days) + 1))) < expires_on:
        days.append(due)
    return [*days, expires_on]
