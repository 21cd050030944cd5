"""Several payees, one account: told before money goes there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from accounts.models import Agency
from budgets.models import HELD, Payment, TransferLine
from kit.names import name_key


@dataclass(frozen=True)
class SharedAccount:
    """Whom of the list the money of one account is meant for, and who else has a payment that is not paid yet."""

    account: str
    listed: tuple[str, ...]
    others: tuple[str, ...]
    payments: tuple[int, ...]


@dataclass(frozen=True)
class Destination:
    payment: int
    payee: str
    name: str
    number_hash: str
    account: str
    is_listed: bool = True

    def is_for_somebody_else(self, other: "Destination") -> bool:
        """By the key of the payee where both have one, else by the name."""
        if self.payee and other.payee:
            return self.payee != other.payee
        return name_key(self.name) != name_key(other.name)


def shared_by_payments(agency: Agency, payments: Iterable[Payment]) -> list[SharedAccount]:
    return _shared(agency, [_of_payment(row) for row in payments if row.account is not None])


def shared_by_lines(agency: Agency, lines: Iterable[TransferLine]) -> list[SharedAccount]:
    """By the numbers that the lines keep, whatever became of the accounts since."""
    return _shared(
        agency,
        [
            Destination(
                line.payment_id,
                line.payment.payee_key,
                line.payee_name,
                line.number_hash,
                f"{line.bank_name} …{line.last4}",
            )
            for line in lines
        ],
    )


def _of_payment(row: Payment, *, is_listed: bool = True) -> Destination:
    account = row.account
    told = (account.number_hash, str(account)) if account is not None else ("", "")
    return Destination(row.pk, row.payee_key, row.payee_name, *told, is_listed)


def _shared(agency: Agency, listed: Sequence[Destination]) -> list[SharedAccount]:
    keys = [one.payment for one in listed]
    unpaid = Payment.objects.filter(
        agency=agency, state__in=HELD, account__number_hash__in={d.number_hash for d in listed}
    )
    rows = unpaid.exclude(pk__in=keys).select_related("account__bank").defer("account__number").order_by("pk")
    groups: dict[str, list[Destination]] = defaultdict(list)
    for one in [*listed, *(_of_payment(row, is_listed=False) for row in rows)]:
        groups[one.number_hash].append(one)
    return [
        SharedAccount(
            group[0].account,
            _names(group, is_listed=True),
            _names(group, is_listed=False),
            tuple(one.payment for one in group),
        )
        for group in groups.values()
        if any(one.is_for_somebody_else(other) for one, other in combinations(group, 2))
    ]


def _names(group: Sequence[Destination], *, is_listed: bool) -> tuple[str, ...]:
    """Each once, in the order of the list."""
    return tuple(dict.fromkeys(one.name for one in group if one.is_listed is is_listed))
