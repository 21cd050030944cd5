"""Who carries out a programme, and who selects its participants."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from programs.models import CommitteeMember, Program
from programs.models.committee import MOST_MEMBERS


@dataclass(frozen=True)
class Member:
    name: str
    duty: str
    office: str = ""
    nip: str = ""


@transaction.atomic
def name_committee(*, program: Program, team: str, members: Sequence[Member], by: User) -> list[CommitteeMember]:
    """The whole team in its order, in place of the former one. Decrees that were issued keep theirs."""
    if len(members) > MOST_MEMBERS:
        raise ValidationError(_("Each of at most 40 members has a name and a duty."), code="committee_size")
    Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    program.members.filter(team=team).delete()
    made = CommitteeMember.objects.bulk_create(
        CommitteeMember(
            program=program,
            team=team,
            place=place,
            name=member.name,
            nip=member.nip,
            office=member.office,
            duty=member.duty,
        )
        for place, member in enumerate(members, 1)
    )
    changes = {"team": team, "count": len(made)}
    record(action="program.committee_named", by=by, target=program, agency=program.agency, changes=changes)
    return made
