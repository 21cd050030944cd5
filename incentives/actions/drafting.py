"""A method while it is a draft: the first one of a competition, and the one of a change that is not declared yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives.models import AwardTier, Category, Competition, Criterion, Edition
from incentives.queries.dates import Dates, dates_of
from incentives.rules import example
from kit.refusals import spoken_refusals
from programs.models import Program

NO_DRAFT = _("There is no change that is not declared yet.")
Part = TypeVar("Part", Criterion, AwardTier, Category)
COPIED = (
    *("aggregation", "minimum", "tie_breaks", "jurors_per_entry", "is_blind", "per_category"),
    *("one_per_household", "one_per_business", "excluded_years", "needs_attendance", "amount_is"),
    *("objection_days", "pitch_minutes", "question_minutes", "change_minutes", "outlier_gap"),
    "report_months",
)


@dataclass(frozen=True)
class Wording:
    """A method as it is typed: columns of the edition, and rows without an edition in their order."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    criteria: Sequence[Criterion] = ()
    tiers: Sequence[AwardTier] = ()
    categories: Sequence[Category] = ()


def _example_wording() -> Wording:
    """What a new competition begins with."""
    scale = {"lowest": example.LOWEST, "highest": example.HIGHEST}
    criteria = [
        Criterion(code=code, name=name, weight=weight, description=text, anchors=[list(one) for one in means], **scale)
        for code, name, weight, text, means in example.CRITERIA
    ]
    tiers = [AwardTier(label=label, slots=slots, amount=amount) for label, slots, amount in example.TIERS]
    return Wording({"tie_breaks": list(example.TIE_BREAKS)}, criteria, tiers)


@transaction.atomic
def create_competition(
    *, program: Program, name: str, dates: Dates, by: User, wording: Wording | None = None
) -> Competition:
    """A draft that only the office sees. Without a wording it begins with the example."""
    row = Competition(program=program, name=name, slug=_free_slug(program, name), created_by=by)
    set_dates(row, dates)
    with spoken_refusals(Competition):
        row.save()
    _write(Edition(competition=row, version=1, created_by=by), wording or _example_wording(), dates)
    record(action="competition.created", by=by, target=row, agency=program.agency, changes={"program": program.pk})
    return row


@transaction.atomic
def save_draft(
    *, competition: Competition, dates: Dates, wording: Wording, by: User, name: str = "", reason: str = ""
) -> Edition:
    """Before it is declared the draft is the competition; afterwards it is the proposal of a change with a reason."""
    row = changeable(competition)
    edition = row.editions.filter(declared_at=None).first()
    if row.state == Competition.State.DRAFT:
        row.name = name or row.name
        set_dates(row, dates)
        with spoken_refusals(Competition):
            row.save()
    if edition is None:
        version = row.editions.latest("version").version + 1
        edition = Edition(competition=row, version=version, created_by=by)
    edition.reason = reason if row.state == Competition.State.DECLARED else ""
    _write(edition, wording, dates)
    record(action="competition.drafted", by=by, target=row, agency=row.program.agency, changes=_told(edition))
    return edition


@transaction.atomic
def discard_change(*, competition: Competition, by: User) -> None:
    """The proposal of a change goes; what is in force stays as it is."""
    row = changeable(competition)
    edition = row.editions.filter(declared_at=None).first()
    if row.state != Competition.State.DECLARED or edition is None:
        raise ValidationError(NO_DRAFT, code="no_change")
    changes = _told(edition)
    edition.delete()
    record(action="competition.change_discarded", by=by, target=row, agency=row.program.agency, changes=changes)


def changeable(competition: Competition) -> Competition:
    """The row, locked, while its method may still change."""
    rows = Competition.objects.select_related("program__agency", "edition", "reservation")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=competition.pk)
    if row.state not in {Competition.State.DRAFT, Competition.State.DECLARED}:
        raise ValidationError(_("This competition is over. Nothing of it changes any more."), code="competition_over")
    if row.locked_at is not None:
        raise ValidationError(
            _("The result is locked. The method it was computed with changes no more."), code="result_locked"
        )
    return row


def copied(edition: Edition) -> Wording:
    """The wording of an edition, as the beginning of the next one."""
    return Wording(
        {name: getattr(edition, name) for name in COPIED},
        list(edition.criteria.all()),
        list(edition.tiers.all()),
        list(edition.categories.all()),
    )


def open_draft(competition: Competition) -> tuple[Edition, Dates]:
    """What a change begins with: its draft if somebody began, else what is in force."""
    edition = competition.editions.latest("version")
    return edition, dates_of(competition, edition)


def _write(edition: Edition, wording: Wording, dates: Dates) -> None:
    for name, value in wording.columns.items():
        setattr(edition, name, value)
    edition.facts = dates.as_json()
    with spoken_refusals(Edition, Criterion, AwardTier, Category):
        edition.save()
        _replace(Criterion, wording.criteria, edition)
        _replace(AwardTier, wording.tiers, edition)
        _replace(Category, wording.categories, edition)


def _replace(model: type[Part], rows: Iterable[Part], edition: Edition) -> None:
    model._default_manager.filter(edition=edition).delete()
    listed = list(rows)
    for place, one in enumerate(listed, 1):
        one.pk, one.edition, one.position, one._state.adding = None, edition, place, True
    model._default_manager.bulk_create(listed)


def set_dates(row: Competition, dates: Dates) -> None:
    for name in Dates.__dataclass_fields__:
        setattr(row, name, getattr(dates, name))


def _told(edition: Edition) -> dict[str, Any]:
    return {"edition": edition.version, **({"reason": edition.reason} if edition.reason else {})}


def _free_slug(program: Program, name: str) -> str:
    base = slugify(name)[:50].strip("-") or "lomba"
    taken = set(program.competitions.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)
