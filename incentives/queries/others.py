"""Jurors and objectors as who answers requests about data finds them: they have no card and no entry."""

from dataclasses import dataclass

from accounts.models import User
from accounts.roles import Permission
from incentives.models import Juror, Objection

ANSWERS = Permission.MANAGE_DATA_REQUESTS
SHORTEST, MOST, LOOKED_AT = 3, 50, 2000


@dataclass(frozen=True)
class Found:
    kind: str
    row: Juror | Objection

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
