"""Pages of long lists by key: any page costs the same, however many rows come before it. And counts that stop."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import IntegerField, Q, Subquery, Value
from django.utils.formats import number_format

Row = TypeVar("Row", bound=models.Model)
Rows = TypeVar("Rows", bound="models.QuerySet[Any]")

KEY = re.compile(r"[0-9]{1,18}(~[0-9]{1,18})*")
# Nobody reads a larger number off a list, and counting further costs the more the longer the list is.
COUNTED = 1000
# A search shows so many, and what more rows match, in all offices together, counts as common.
FOUND_AT_MOST = 50
FEW = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next_key: str | None
    previous_key: str | None

    @property
    def has_other_pages(self) -> bool:
        return self.next_key is not None or self.previous_key is not None


@dataclass(frozen=True)
class Counted:
    """How many, as far as one counts: 37, or 1,000+."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return number_format(self.number, force_grouping=True) + ("+" if self.more else "")


def counted(queryset: "models.QuerySet[Row]") -> Counted:
    return as_counted(queryset.order_by().values("pk")[: COUNTED + 1].count())


def as_counted(found: int) -> Counted:
    return Counted(min(found, COUNTED), found > COUNTED)


class RowCount(Subquery):
    """How many rows a query finds; none where it is known beforehand that nothing can match."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    empty_result_set_value = 0


def counting(queryset: "models.QuerySet[Row]") -> Subquery:
    """The count as a column, so that several are asked for at once; it stops one beyond COUNTED."""
    rows = queryset.order_by().annotate(one=Value(1)).values("one")[: COUNTED + 1]
    return RowCount(rows, output_field=IntegerField())


def keyset_page(
    queryset: "models.QuerySet[Row]",
    params: Mapping[str, Any],
    *,
    size: int = 50,
    newest_first: bool = True,
    by: Sequence[str] = ("pk",),
) -> "Page[Row]":
    """One page ordered by the columns of `by`: whole numbers, never empty, together unique.

    `?after=KEY` goes on below that row, `?before=KEY` back above it.
    """
    after, before = _key(params.get("after"), len(by)), _key(params.get("before"), len(by))
    backwards = before is not None and after is None
    ascending = newest_first == backwards
    key = before if backwards else after
    if key is not None:
        queryset = queryset.filter(_beyond(by, key, "gt" if ascending else "lt"))
    rows = list(queryset.order_by(*(name if ascending else f"-{name}" for name in by))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, None, None)
    has_next = more if not backwards else True
    has_previous = more if backwards else key is not None
    return Page(rows, _written(rows[-1], by) if has_next else None, _written(rows[0], by) if has_previous else None)


def _beyond(by: Sequence[str], key: Sequence[int], side: str) -> Q:
    """(a, b) > (1, 2) as an index on (a, b) can follow it: a >= 1 and (a > 1 or a = 1 and b > 2)."""
    if len(by) == 1:
        return Q(**{f"{by[0]}__{side}": key[0]})
    ways = [
        Q(**dict(zip(by[:place], key[:place], strict=True)), **{f"{by[place]}__{side}": key[place]})
        for place in range(len(by))
    ]
    return Q(**{f"{by[0]}__{side}e": key[0]}) & reduce(or_, ways)


def _written(row: models.Model, by: Sequence[str]) -> str:
    return "~".join(str(getattr(row, name)) for name in by)


def _key(text: Any, parts: int) -> list[int] | None:
    if not isinstance(text, str) or not KEY.fullmatch(text) or text.count("~") != parts - 1:
        return None
    return [int(part) for part in text.split("~")]


@dataclass(frozen=True)
class Found(Generic[Row]):
    """What a search shows; `more`: others match too and are not shown."""

    rows: list[Row]
    more: bool


def find(everything: Rows, seen: Rows, narrow: Callable[[Rows], Rows]) -> "Found[Any]":
    """At most FOUND_AT_MOST of the rows seen that match, newest first as long as these are all.

    First whatever matches anywhere, as far as it is little: then those that one may see are picked out by key. What is
    common is met soon in whatever part of the rows one may see, so that this search stops early as well.
    """
    keys = list(narrow(everything.order_by()).values_list("pk", flat=True)[: FEW + 1])
    mine = narrow(seen.order_by()) if len(keys) > FEW else seen.filter(pk__in=keys).order_by("-pk")
    rows = list(mine[: FOUND_AT_MOST + 1])
    return Found(sorted(rows[:FOUND_AT_MOST], key=lambda row: -row.pk), len(rows) > FOUND_AT_MOST)
