"""Who may sign for a position on a day, as it will stand on the paper."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from accounts.models import Agency
from documents.models.official import Mandate, Official, Position
from documents.rules import Form, title_lines


@dataclass(frozen=True)
class Signatory:
    """A snapshot: what is printed, and whose it is. `lines` stand above the signature; the last takes a comma."""

    official: int
    position: int
    kind: str
    form: str
    lines: tuple[str, ...]
    name: str
    nip: str
    written_nip: str
    rank: str
    grade: str

    def as_json(self) -> dict[str, Any]:
        """For the snapshot of a document."""
        return asdict(self) | {"lines": list(self.lines)}


def signatory_for(agency: Agency, position: Position | str, on: dt.date, *, paper: str = "") -> Signatory | None:
    """Who signs; None when nobody holds the position on that day."""
    return next(iter(signatories_for(agency, position, on, paper=paper)), None)


def signatories_for(agency: Agency, position: Position | str, on: dt.date, *, paper: str = "") -> list[Signatory]:
    """All who may sign on that day, first who does so by default. `position` is one, or a kind of positions.

    Whoever has a mandate for this kind of `paper` comes first, then the stand-in (Plh.), then the holder (definitive or
    Plt.), then mandates for all papers. Positions of one kind come in the order in which they were entered.
    """
    here = Position.objects.filter(agency=agency)
    wanted = here.filter(pk=position.pk) if isinstance(position, Position) else here.in_use().filter(kind=position)
    found: list[Signatory] = []
    for one in wanted.with_holders(on):
        named = [mandate for mandate in one.mandates_of_day if paper and paper in mandate.kinds]
        general = [mandate for mandate in one.mandates_of_day if not mandate.kinds]
        found += [*_mandated(named, on), *_holders(one), *_mandated(general, on)]
    return found


def _holders(position: Position) -> list[Signatory]:
    """The stand-in is there because the holder is away."""
    return [
        signed_by(tenure.official, position, Form(tenure.form), title_lines(Form(tenure.form), position.title))
        for tenure in position.holders_of_day
    ]


def _mandated(mandates: list[Mandate], on: dt.date) -> Iterator[Signatory]:
    """Whoever holds the deputy's position on that day signs; an acting deputy as Plt. or Plh. of it."""
    for mandate in mandates:
        tenures = sorted(
            mandate.deputy.tenures.on(on).select_related("official"), key=lambda tenure: tenure.form != Form.DAILY
        )
        for tenure in tenures[:1]:
            deputy = title_lines(Form(tenure.form), mandate.deputy.title)[0]
            via = mandate.via.title if mandate.via else ""
            lines = title_lines(mandate.form, mandate.position.title, deputy=deputy, via=via)
            yield signed_by(tenure.official, mandate.position, mandate.form, lines)


def signed_by(official: Official, position: Position, form: Form, lines: tuple[str, ...]) -> Signatory:
    return Signatory(
        official=official.pk,
        position=position.pk,
        kind=position.kind,
        form=form.value,
        lines=lines,
        name=official.written_name,
        nip=official.nip,
        written_nip=official.written_nip,
        rank=official.rank,
        grade=official.grade,
    )
