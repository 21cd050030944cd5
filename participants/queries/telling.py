"""The terms of a selection in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import EducationLevel, Sex
from programs.models import TargetGroup
from programs.rules import Limit, PointRule, Terms, kind_of_business
from regions.models import Region


@dataclass(frozen=True)
class ToldTerms:
    """One line for each rule: (whom, how many points) and limits as sentences."""

    points: list[tuple[str, int]]
    limits: list[str]


def told_terms(terms: Terms) -> ToldTerms:
    codes = {rule.value for rule in terms.points if rule.criterion == "region"}
    codes |= {limit.value for limit in terms.limits if limit.stratum == "region" and limit.value}
    names = {region.code: region.full_name for region in Region.objects.filter(code__in=codes)}
    points = [(_whom(rule, names), rule.points) for rule in terms.points]
    return ToldTerms(points, [_limit(limit, names) for limit in terms.limits])


def _whom(rule: PointRule, regions: dict[str, str]) -> str:
    if rule.criterion == "age":
        youngest, _dash, oldest = rule.value.partition("-")
        return _("%(youngest)s to %(oldest)s years old") % {"youngest": youngest, "oldest": oldest}
    if rule.criterion == "first_time":
        return _("Never in a training of this office before")
    return value_name(rule.criterion, rule.value, regions)


def value_name(kind: str, value: str, regions: dict[str, str]) -> str:
    """The group as people call it: a target group, a sex, a school, a kelurahan, a kind of business."""
    if kind == "target_group":
        return str(dict(TargetGroup.choices).get(value, value))
    if kind == "sex":
        return str(dict(Sex.choices).get(value, value))
    if kind == "education":
        return str(dict(EducationLevel.choices).get(value, value))
    return kind_of_business(value) if kind == "business_kind" else regions.get(value, value)


def _limit(limit: Limit, regions: dict[str, str]) -> str:
    each = {
        "region": _("each kelurahan"),
        "sex": _("women and men each"),
        "business_kind": _("each kind of business"),
        "target_group": _("each target group"),
    }
    group = value_name(limit.stratum, limit.value, regions) if limit.value else each[limit.stratum]
    said = ngettext("%(group)s: at most %(seats)s seat", "%(group)s: at most %(seats)s seats", limit.seats)
    told = said % {"group": group[:1].upper() + group[1:], "seats": limit.seats}
    return f"{told} {_('(seats left over go beyond it)')}" if limit.yields else told
