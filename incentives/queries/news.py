"""What changed of the method and the dates since a juror last looked."""

from collections.abc import Sequence
from dataclasses import dataclass

from incentives.models import Edition, Juror, SheetEvent
from incentives.queries.dates import dates_of_all
from incentives.queries.editions import Difference, differences, lines_of


@dataclass(frozen=True)
class News:
    """The edition in force beside the one that the juror knows; `reopened` are sheets that came back by it."""

    edition: Edition
    reasons: Sequence[str]
    differences: Sequence[Difference]
    reopened: int


def news_of(juror: Juror) -> News | None:
    """None, and no query, as long as the juror knows the edition in force."""
    competition = juror.competition
    edition, since = competition.edition, juror.method_read_at or juror.joined_at or juror.created_at
    if edition is None or edition.declared_at is None or edition.declared_at <= since:
        return None
    rows = competition.editions.exclude(declared_at=None).prefetch_related("criteria", "tiers", "categories")
    editions = list(rows.order_by("version"))
    later = [one for one in editions if one.declared_at is not None and one.declared_at > since]
    known = [one for one in editions if one not in later]
    old = known[-1] if known else editions[0]
    before, after = dates_of_all(competition, [old, editions[-1]])
    found = differences(lines_of(old, before), lines_of(editions[-1], after))
    if not found:
        return None
    back = SheetEvent.objects.filter(sheet__juror=juror, kind=SheetEvent.Kind.REOPENED, at__gt=since)
    sheets = back.filter(sheet__state="draft").order_by().values("sheet").distinct().count()
    return News(edition, [one.reason for one in later if one.reason], found, sheets)


def differs_for_jury(old: Edition, new: Edition) -> bool:
    """Whether jurors read something else in the new edition; another budget line is no news to them."""
    before, after = dates_of_all(new.competition, [old, new])
    return bool(differences(lines_of(old, before), lines_of(new, after)))
