"""What the registration desk is told while it types."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from kit.identity import read_nik
from participants.models import Person, Registration, Sex, hash_nik
from participants.queries.entries import entries_held
from programs.models import Batch

MOST_SHOWN = 5


@dataclass(frozen=True)
class _Number:
    """An identity number alone: nobody said a phone or an e-mail address yet."""

    nik_hash: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Found:
    """What is on file about one identity number, as far as this officer may know it.

    `elsewhere` says no more than registering would: that another entry, which this officer does not see, is in the way.
    """

    entries: list[Registration] = field(default_factory=list)
    here: Registration | None = None
    elsewhere: bool = False
    held: str | None = None
    person: Person | None = None
    born: date | None = None
    sex: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        return bool(self.entries or self.elsewhere)

    @property
    def shown_sex(self) -> str:
        return str(Sex(self.sex).label) if self.sex else ""


def found_by_number(nik: str, batch: Batch, user: User) -> Found:
    agency = batch.program.agency
    number = _Number(hash_nik(nik))
    card = Person.objects.on_file(agency, number.nik_hash)
    held = entries_held(card, number, batch)
    mine = Registration.objects.visible_to(user).filter(nik_hash=number.nik_hash, batch__program__agency=agency)
    entries = list(mine.select_related("batch__region").defer("nik").order_by("-pk")[:MOST_SHOWN])
    seen = set(mine.filter(pk__in=[entry.pk for entry in held]).values_list("pk", flat=True)) if held else set()
    reading = read_nik(nik, today=agency.today())
    return Found(
        entries=entries,
        here=next((entry for entry in held if entry.batch_id == batch.pk), None),
        elsewhere=any(entry.pk not in seen for entry in held),
        held=_named(held, batch, seen),
        person=Person.objects.visible_to(user).filter(pk=card.pk).first() if card is not None else None,
        born=reading.birth_date,
        sex=reading.sex or "",
        warnings=list(reading.warnings),
    )


def _named(held: Sequence[Registration], batch: Batch, seen: set[int]) -> str | None:
    """The batch that is in the way under the duplicate rule; one that the officer does not see has no name."""
    others = [entry for entry in held if entry.batch_id != batch.pk]
    if not others:
        return None
    return next((str(entry.batch) for entry in others if entry.pk in seen), _("another training of this year"))
