"""Jurors and objectors as who answers requests about data finds them: they have no card and no entry."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Permission
from incentives.models import Competition, Juror, Objection

Other = Juror | Objection
ANSWERS = Permission.MANAGE_DATA_REQUESTS
SHORTEST, MOST, LOOKED_AT = 3, 50, 2000


@dataclass(frozen=True)
class Found:
    kind: str
    row: Other

    @property
    def is_forgotten(self) -> bool:
        return self.row.forgotten_at is not None


def find_others(user: User, text: str) -> list[Found]:
    """By name, telephone or e-mail, the newest first. Most of it is encrypted, so rows are opened and looked at."""
    wanted = text.casefold().strip()
    digits = "".join(sign for sign in text if sign.isdigit()).removeprefix("62").lstrip("0")
    if len(wanted) < SHORTEST:
        return []

    def fits(name: str, *contacts: str | None) -> bool:
        said = [name, *(one for one in contacts if one)]
        bare = ["".join(sign for sign in one if sign.isdigit()) for one in said[1:]]
        return any(wanted in one.casefold() for one in said) or (
            len(digits) >= SHORTEST * 2 and any(digits in one for one in bare)
        )

    jurors = Juror.objects.visible_to(user, ANSWERS).select_related("competition").order_by("-pk")[:LOOKED_AT]
    objections = Objection.objects.visible_to(user, ANSWERS).select_related("competition").order_by("-pk")[:LOOKED_AT]
    found = [Found("juri", one) for one in jurors if fits(one.name, one.phone, one.email)]
    found += [Found("penyanggah", one) for one in objections if fits(one.name, one.contact)]
    return found[:MOST]


def obstacle_to_erasing(other: Other, competition: Competition) -> ValidationError | None:
    """Why this data stays for now, in a sentence; None where nothing forbids it to go."""
    if other.forgotten_at is not None:
        return ValidationError(_("This data was removed already."), code="forgotten_already")
    if isinstance(other, Objection):
        if other.state == Objection.State.OPEN:
            return ValidationError(_("The objection waits for an answer. Answer it first."), code="objection_open")
        return None
    is_over = competition.locked_at is not None or competition.state == Competition.State.CANCELLED
    if other.withdrawn_at is None and not is_over:
        return ValidationError(
            _("This juror still judges. Take the juror out of the jury first."), code="juror_serving"
        )
    if competition.objections.filter(state=Objection.State.OPEN).exists():
        return ValidationError(
            _("An objection to the result is open: the jury may be needed once more."), code="objection_open"
        )
    return None
