"""Competitions for the tests: each function makes the least that its subject needs."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from incentives.models import AwardTier, Category, Competition, Criterion, Edition, Entry, Juror, Score, ScoreSheet
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories

_numbers = itertools.count(1)
# domain.md 11.2: weights and tiers of the example.
WEIGHTS = {"model": 25, "innovation": 20, "market": 20, "finance": 20, "presentation": 15}
TIERS = (("Juara I", 2, 3_000_000), ("Juara II", 2, 2_400_000), ("Juara III", 2, 1_800_000))


def edition(competition: Competition, *, declared: bool = True, **values: Any) -> Edition:
    """With the criteria and tiers of the example; `weights`, `tiers` and `categories` may be given."""
    weights, tiers = values.pop("weights", WEIGHTS), values.pop("tiers", TIERS)
    categories: Sequence[str] = values.pop("categories", ())
    defaults = {"version": 1, "tie_breaks": ["criteria", "more_jurors", "chair"], "created_by": cast.program_officer()}
    made = Edition.objects.create(competition=competition, **(defaults | values))
    for place, (code, weight) in enumerate(weights.items(), 1):
        Criterion.objects.create(edition=made, position=place, code=code, name=code.title(), weight=weight)
    for place, (label, slots, amount) in enumerate(tiers, 1):
        AwardTier.objects.create(edition=made, position=place, label=label, slots=slots, amount=amount)
    for place, code in enumerate(categories, 1):
        Category.objects.create(edition=made, position=place, code=code, name=code.title())
    if declared:
        declare(made)
    return made


def declare(made: Edition) -> None:
    made.declared_by, made.declared_at = cast.program_officer(), timezone.now()
    made.save()
    Competition.objects.filter(pk=made.competition_id).update(edition=made, state="declared")
    made.competition.refresh_from_db()


def competition(batch: Batch | None = None, *, declared: bool = True, **values: Any) -> Competition:
    """Takes entries now; its pitches are in ten days. Method values go to its edition."""
    number, now = next(_numbers), timezone.now()
    program = batch.program if batch else factories.program(cast.home_agency())
    own: dict[str, Any] = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=5)}
    own |= {"held_on": timezone.localdate() + timedelta(days=10)}
    own |= {name: values.pop(name) for name in ("name", "slug", "opens_at", "closes_at", "line") if name in values}
    defaults = {"name": f"Lomba {number}", "slug": f"lomba-{number}", "created_by": cast.program_officer()}
    made = Competition.objects.create(program=program, **(defaults | own))
    edition(made, declared=declared, **values)
    return made


def participant(batch: Batch, **values: Any) -> Registration:
    entry = factories.registration(batch, **values)
    Registration.objects.filter(pk=entry.pk).update(
        check_state="verified", checked_at=timezone.now(), checked_by=cast.verifier()
    )
    entry.refresh_from_db()
    return entry


def entry(of: Competition, registration: Registration | None = None, **values: Any) -> Entry:
    """Admitted, and about bread unless something else is given."""
    now = timezone.now()
    defaults = {"title": "Roti sehat", "business_name": f"Roti {next(_numbers)}", "state": "admitted"}
    checked = {"submitted_at": now, "checked_at": now, "checked_by": cast.verifier()}
    return Entry.objects.create(competition=of, registration=registration, **(defaults | checked | values))


def juror(of: Competition, **values: Any) -> Juror:
    number = next(_numbers)
    defaults = {"name": f"Juri {number}", "position": number, "created_by": cast.program_officer()}
    return Juror.objects.create(competition=of, **(defaults | values))


def sheet(by: Juror, of: Entry, scores: Sequence[float | str] | None = None, *, state: str = "submitted") -> ScoreSheet:
    """With these scores in the order of the criteria; without any it is not begun."""
    kept = by.competition.edition
    assert kept is not None
    made = ScoreSheet.objects.create(competition=by.competition, juror=by, entry=of, edition=kept)
    if scores is None:
        return made
    for criterion, value in zip(kept.criteria.all(), scores, strict=True):
        Score.objects.create(sheet=made, criterion=criterion, value=Decimal(str(value)))
    made.state, made.submitted_at = state, timezone.now()
    made.save()
    return made
