"""A real office from nothing: agency and first administrator, in one step that may be repeated."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.assignments import grant_role
from accounts.actions.invitations import first_code
from accounts.actions.people import create_user
from accounts.actions.trail import record
from accounts.models import Agency, User
from accounts.roles import Role
from kit.refusals import spoken_refusals

SYSTEM = "system"


@dataclass(frozen=True)
class SetUp:
    """What there is now, what was made of it just now, and the code of the administrator when there is a new one."""

    agency: Agency
    administrator: User
    agency_is_new: bool
    administrator_is_new: bool
    code: str


@transaction.atomic
def set_up_agency(
    *, by: None = None, agency: Agency, username: str, full_name: str, email: str = "", renew_code: bool = False
) -> SetUp:
    """By whoever has the server's terminal. What exists stays as it is; a repetition makes what is missing.

    `ValidationError` where the name in addresses or the user name belongs to somebody else.
    """
    found = Agency.objects.filter(slug=agency.slug).first()
    if found is not None and found.region_id != agency.region_id:
        raise ValidationError(
            _("Another agency already uses this name in its addresses."), code="accounts_agency_slug_unique"
        )
    office = found or _make(agency)
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is not None and (user.agency_id != office.pk or not _administers(user, office)):
        raise ValidationError(
            _("The user name %(username)s belongs to somebody who does not administer this office."),
            code="username_taken",
            params={"username": user.username},
        )
    is_new = user is None
    if user is None:
        with spoken_refusals(User):
            user, _none = create_user(
                by=by, username=username, full_name=full_name, agency=office, email=email, with_password=False
            )
        grant_role(by=by, user=user, role=Role.ADMINISTRATOR, agency=office)
    wants_code = is_new or (renew_code and not user.has_usable_password())
    code = first_code(user=user, agency=office) if wants_code else ""
    if code:
        record(action="user.invited", by=None, actor_label=SYSTEM, target=user, changes={"way": "terminal"})
    return SetUp(office, user, found is None, is_new, code)


def _make(agency: Agency) -> Agency:
    agency.full_clean()
    with spoken_refusals(Agency):
        agency.save()
    made: dict[str, Any] = {"name": agency.name, "region": agency.region_id}
    record(action="agency.created", by=None, actor_label=SYSTEM, target=agency, changes=made)
    return agency


def _administers(user: User, agency: Agency) -> bool:
    return user.role_assignments.filter(agency=agency, role=Role.ADMINISTRATOR).exists()
