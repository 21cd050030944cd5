"""The board of papers on pages of other rungs."""

from django import template

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from incentives.models import Competition
from reports import queries

register = template.Library()


@register.simple_tag
def file_of(competition: Competition, user: User) -> queries.CompetitionBoard | None:
    """How complete the file of a competition is, for whoever sees its papers."""
    if not holds(user, Permission.VIEW_DOCUMENTS, agency_id=competition.program.agency_id):
        return None
    [board] = queries.competition_boards([competition])
    return board
