"""The guard of public forms, ordered by a person instead of by the count."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit import watch

MODES = ("on", "off", "auto")


@transaction.atomic
def switch_guard(*, mode: str, by: User) -> None:
    """`on` or `off` for a day, `auto` by the count. Refuses with guard_mode, or guard_unreachable without Redis."""
    if mode not in MODES:
        raise ValidationError(_("Please choose one of the list."), code="guard_mode")
    record(action="guard.switched", by=by, agency=by.agency, changes={"mode": mode})
    if not watch.order(mode):
        raise ValidationError(
            _("The counters do not answer just now, so the guard is off. Please try again in a minute."),
            code="guard_unreachable",
        )
