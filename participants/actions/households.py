"""One participant of a household: kept where entries are verified, never told to who registers."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Registration
from participants.queries import households
from programs.models import Batch, Program

MISSING = _(
    "This programme takes one participant of a household. Correct the entry first: the number of the family card (KK)"
    " is not noted."
)
TAKEN_BY = _("%(code)s (%(batch)s) of the same family card (KK) is verified already; the programme takes one of them.")
TAKEN = _("Another entry of the same family card (KK) is verified already; the programme takes one of them.")


def hold_programs(batches: Iterable[int]) -> None:
    """Of those that take one of a household: who verifies there comes one after the other, before any batch is locked.

    PostgreSQL refuses the second anyway; so nobody ever waits for the other with half a list in hand.
    """
    asking = Batch.objects.filter(pk__in=set(batches), program__one_per_household=True)
    keys = sorted(set(asking.values_list("program_id", flat=True)))
    if keys:
        rows = Program.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
        list(rows.values_list("pk"))


def refuse_second_of_household(entry: Registration, *, by: User) -> None:
    """The number or batch of the other one is told to whoever may see it."""
    if entry.batch.program.one_per_household and not entry.household_hash:
        raise ValidationError(MISSING, code="family_card_missing")
    taken = households.verified_of_household(entry)
    if taken is None:
        return
    if not Registration.objects.visible_to(by).filter(pk=taken.pk).exists():
        raise ValidationError(TAKEN, code="registration_household_verified_once")
    raise ValidationError(
        TAKEN_BY,
        code="registration_household_verified_once",
        params={"code": taken.shown_code, "batch": taken.batch},
    )
