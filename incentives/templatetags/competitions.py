"""Competitions on pages of other rungs."""

from django import template

from incentives.models import Competition
from programs.models import Program

register = template.Library()


@register.simple_tag
def competitions_of(program: Program) -> list[Competition]:
    """What anybody may read of, the newest first."""
    return list(Competition.objects.public().filter(program=program).order_by("-pk")[:10])
