"""Money of a line, taken and given back. Locks come in this order: payments, reservations, lines; each by key."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from budgets.models import BudgetLine, Payment, Reservation
from kit.words import official_rupiah


def hold(line: BudgetLine, amount: int) -> None:
    """Reserves by one statement, so that two who ask at once never get more than there is."""
    free = F("ceiling") - F("reserved") - F("spent")
    taken = BudgetLine.objects.filter(pk=line.pk, is_open=True).alias(free=free).filter(free__gte=amount)
    if not taken.update(reserved=F("reserved") + amount):
        line.refresh_from_db(fields=["ceiling", "reserved", "spent", "is_open"])
        raise _refusal(line, amount)


def _refusal(line: BudgetLine, amount: int) -> ValidationError:
    if not line.is_open:
        return ValidationError(_("This budget line is closed. Choose another one."), code="line_closed")
    told = {"line": line.title, "free": official_rupiah(line.available), "amount": official_rupiah(amount)}
    sentence = _("On the line “%(line)s” %(free)s is left. %(amount)s cannot be reserved.") % told
    return ValidationError(sentence, code="line_overdrawn")


def move(held: Mapping[int, int], *, to_spent: bool) -> None:
    """Reserved money of these lines becomes spent, or spent money comes back as reserved."""
    for line_id in sorted(held):
        amount = held[line_id] if to_spent else -held[line_id]
        BudgetLine.objects.filter(pk=line_id).update(reserved=F("reserved") - amount, spent=F("spent") + amount)


def let_go(payment: Payment) -> None:
    """A payment that will not be made gives its money back: to what it was reserved for, else to the line."""
    if payment.reservation_id is not None:
        still_kept = Reservation.objects.filter(pk=payment.reservation_id, released_at__isnull=True)
        if still_kept.update(drawn=F("drawn") - payment.gross):
            return
    BudgetLine.objects.filter(pk=payment.line_id).update(reserved=F("reserved") - payment.gross)


def draw(reservation: Reservation, amount: int) -> None:
    """Takes money out of what is reserved already; the line's own sum stays."""
    kept = Reservation.objects.filter(pk=reservation.pk, released_at__isnull=True, amount__gte=F("drawn") + amount)
    if not kept.update(drawn=F("drawn") + amount):
        reservation.refresh_from_db()
        left = official_rupiah(0 if reservation.released_at else reservation.left)
        sentence = _("Of what is reserved for this only %(left)s is left.") % {"left": left}
        raise ValidationError(sentence, code="reservation_overdrawn")
