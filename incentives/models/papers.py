"""Which papers in force count in the file of a competition: one answer for every page that tells how many there are."""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields import BigIntegerField
from django.db.models.functions import Cast, Concat, Substr

from budgets.models import DROPPED
from documents.kinds import kinds_of_scope
from documents.models import Document
from incentives.models.competition import Competition
from incentives.models.result import Award, Result

MINUTES = "jury_minutes"


def kinds_before_the_result() -> list[str]:
    """Kinds of papers that come before the minutes of the jury."""
    codes = [kind.code for kind in kinds_of_scope("competition")]
    return codes[: codes.index(MINUTES)]


def papers_of_files(competitions: Iterable[Competition]) -> "QuerySet[Any]":
    """In force, each with `counts`: about an award or its payment, as long as that stands; else of the result in force.

    What comes before the result counts whatever became of it.
    """
    keys = [competition.pk for competition in competitions]
    awards = Award.objects.standing().filter(competition__in=keys)
    paying = awards.filter(payment__isnull=False).exclude(payment__state__in=DROPPED)
    found = Document.objects.in_force().filter(scope__in=[f"competition:{key}" for key in keys])
    return found.annotate(
        counts=Case(
            When(subject__startswith="award:", then=_named("award", awards, "pk")),
            When(subject__startswith="payment:", then=_named("payment", paying, "payment")),
            When(kind__in=kinds_before_the_result(), then=Value(True)),
            default=_of_the_result_in_force(),
            output_field=BooleanField(),
        )
    )


def _named(about: str, rows: "QuerySet[Award]", field: str) -> ExpressionWrapper:
    subjects = rows.order_by().values_list(Concat(Value(f"{about}:"), Cast(field, CharField())))
    return ExpressionWrapper(Q(subject__in=subjects), BooleanField())


def _of_the_result_in_force() -> Exists:
    key = Cast(Substr(OuterRef("scope"), len("competition:") + 1), BigIntegerField())
    results = Result.objects.in_force().filter(competition=key, competition__locked_at__isnull=False)
    return Exists(results.filter(locked_at__lte=OuterRef("issued_at")))
