"""What may stand on a transfer list and what not, and why; and the list as its bank file reads it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import PayeeAccount, Payment, TransferLine, TransferList
from budgets.rules import Misfit, Orders, Transfer

AccountState = PayeeAccount.State


@dataclass(frozen=True)
class Candidate:
    """An approved payment, and the sentence that keeps it from a list; empty when it may stand on one."""

    payment: Payment
    why_not: str
    code: str = ""

    @property
    def fits(self) -> bool:
        return not self.code


def candidates(payments: Sequence[Payment], user: User) -> list[Candidate]:
    listed = open_lists([payment.pk for payment in payments])
    found = []
    for payment in payments:
        code, sentence = _hindrance(payment, user, listed)
        found.append(Candidate(payment, sentence, code))
    return found


def open_lists(payments: Collection[int]) -> Mapping[int, TransferList]:
    """The list of which each payment still waits."""
    rows = TransferLine.objects.filter(payment__in=payments, state=TransferLine.State.WAITING)
    return {row.payment_id: row.transfer_list for row in rows.select_related("transfer_list").defer("number")}


def _hindrance(payment: Payment, user: User, listed: Mapping[int, TransferList]) -> tuple[str, str]:
    if payment.state != Payment.State.APPROVED:
        return "payment_moved", _("It is “%(state)s”.") % {"state": payment.get_state_display()}
    if payment.pk in listed:
        return "listed", _("It stands on the transfer list %(list)s.") % {"list": listed[payment.pk]}
    if user.pk in {payment.proposed_by_id, payment.approved_by_id}:
        return "own_payment", _("You proposed or approved it yourself.")
    if payment.tax is None:
        return "tax_missing", _("Its tax is not known. Record this payment by itself.")
    if payment.tax >= payment.gross:
        return "nothing_left", _("After the tax nothing is left to transfer.")
    return account_hindrance(payment)


def account_hindrance(payment: Payment) -> tuple[str, str]:
    """Why money does not go to the account of this payment today."""
    account = payment.account
    if account is None:
        return "account_missing", _("It has no account: it is paid in cash.")
    if account.state == AccountState.PENDING and account.holder_differs:
        return "holder_not_accepted", _("The account belongs to somebody else, which nobody has accepted yet.")
    if account.state == AccountState.PENDING:
        return "account_not_confirmed", _("The account waits for a second person.")
    if not account.is_in_force:
        return "account_replaced", _("The account was replaced. Propose the payment again with the new one.")
    if until := account.cools_until:
        local = until.astimezone(payment.agency.zone)
        return "account_cools", _("The account was changed. Money goes to it from %(time)s on.") % {
            "time": f"{local:%d/%m/%Y %H:%M}"
        }
    return "", ""


def orders_of(transfer_list: TransferList, lines: Sequence[TransferLine]) -> Orders:
    """As the bank file says it, with whole account numbers."""
    prefix = f"TL{transfer_list.year % 100:02d}{transfer_list.number:03d}"
    rows = [
        Transfer(
            sequence=line.position,
            bank_code=line.bank_code,
            bank_name=line.bank_name,
            account=line.number,
            holder=line.holder_name,
            payee=line.payee_name,
            net=line.net,
            purpose=line.purpose,
            reference=f"{prefix}{line.position:04d}",
        )
        for line in lines
    ]
    agency = transfer_list.agency
    return Orders(str(transfer_list), transfer_list.made_at.astimezone(agency.zone).date(), agency.name, rows)


def misfit_sentence(misfit: Misfit, payees: Mapping[int, str]) -> str:
    """Which value of whose line the layout does not take, and what is wrong with it."""
    told = {"payee": payees.get(misfit.row, _("the list as a whole")), "column": misfit.column}
    told |= {"limit": str(misfit.limit), "count": str(len(misfit.value)), "letters": misfit.letters}
    sentences = {
        "long": _("%(payee)s: “%(column)s” has %(count)s letters, the layout takes %(limit)s."),
        "letters": _("%(payee)s: “%(column)s” holds letters that the layout does not take: %(letters)s"),
        "formula": _("%(payee)s: “%(column)s” begins with %(letters)s, which a spreadsheet takes for a formula."),
        "delimiter": _("%(payee)s: “%(column)s” holds the sign between two columns: %(letters)s"),
    }
    return sentences[misfit.code] % told
