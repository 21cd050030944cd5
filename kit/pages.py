"""Pages of long lists by key: any page costs the same, however many rows come before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next_key: int | None
    previous_key: int | None

    @property
    def has_other_pages(self) -> bool:
        return self.next_key is not None or self.previous_key is not None


def keyset_page(
    queryset: "models.QuerySet[Row]", params: Mapping[str, Any], *, size: int = 50, newest_first: bool = True
) -> "Page[Row]":
    """One page ordered by primary key. `?after=KEY` goes on below that row, `?before=KEY` back above it."""
    after, before = _key(params.get("after")), _key(params.get("before"))
    backwards = before is not None and after is None
    ascending = newest_first == backwards
    key = before if backwards else after
    if key is not None:
        queryset = queryset.filter(**{"pk__gt" if ascending else "pk__lt": key})
    rows = list(queryset.order_by("pk" if ascending else "-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, None, None)
    has_next = more if not backwards else True
    has_previous = more if backwards else key is not None
    return Page(rows, rows[-1].pk if has_next else None, rows[0].pk if has_previous else None)


def _key(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19 else None
