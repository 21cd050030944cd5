"""What is wanted where, and what was decided."""

from collections import defaultdict

from accounts.models import Agency
from programs.models import Program, Topic, TopicDecision


def decided_topics(of: Program | int, *, agency: Agency | None = None) -> dict[str, list[Topic]]:
    """{region code: topics chosen there, in order}: of a programme's office and fiscal year, or of a year.

    A year alone is of all offices unless one is named. Regions without a decision are left out.
    """
    if isinstance(of, Program):
        year, agency = of.fund_source.fiscal_year, of.agency
    else:
        year = of
    decisions = TopicDecision.objects.chosen().filter(round__fiscal_year=year)
    if agency is not None:
        decisions = decisions.filter(round__agency=agency)
    found: dict[str, list[Topic]] = defaultdict(list)
    for decision in decisions.select_related("topic").order_by("region", "position", "pk"):
        found[decision.region_id].append(decision.topic)
    return dict(found)
