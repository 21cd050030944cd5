"""Reads that join several models."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from programs.models import Batch, BatchQuerySet
from programs.rules import Facts, Line, check_eligibility
from regions.models import Region
from regions.rules import city_of

FOUND_REGIONS = 60


def find_batches(batches: BatchQuerySet, text: str) -> BatchQuerySet:
    """Batches by the name of a kelurahan, however it is spelled, or by a word of the batch, programme or topic."""
    words = text.strip()
    if not words:
        return batches
    codes = _regions_named(words, batches)
    named = (
        Q(name__icontains=words)
        | Q(program__name__icontains=words)
        | Q(program__name_en__icontains=words)
        | Q(topics__name__icontains=words)
        | Q(topics__name_en__icontains=words)
    )
    # The join over topics repeats rows, and stays inside a subquery for that reason.
    keys = Batch.objects.filter(named).order_by().values("pk")
    nearby = Batch.objects.in_regions(codes).order_by().values("pk")
    return batches.filter(Q(pk__in=keys) | Q(pk__in=nearby))


def _regions_named(text: str, batches: BatchQuerySet) -> Sequence[str]:
    """The best matches only: an exact name hides names that merely look alike. Only in cities that have batches."""
    cities = {city_of(code) for code in batches.order_by().values_list("region_id", flat=True).distinct()}
    found = list(Region.objects.search(text, within=sorted(cities), limit=FOUND_REGIONS)) if cities else []
    best = min((region.rank for region in found), default=None)
    return [region.code for region in found if region.rank == best]


def answer_requirements(batch: Batch, facts: Facts, *, now: datetime) -> list[Line]:
    """The programme's rules for a visitor who has not said who they are: the line about other trainings stays open."""
    requirements = [rule for rule in batch.program.requirements() if rule.kind != "not_twice"]
    return check_eligibility(requirements, facts, first_day=batch.first_day(now), batch_region=batch.region_id)
