"""Regions: loading the official list, finding a village under any spelling."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import connection

from bench.registry import Result, compare, timed
from regions.actions import load_regions
from regions.models import Region


def measures() -> Iterator[Result]:
    first = timed(lambda: load_regions(), 1)
    again = timed(lambda: load_regions(), 1)
    yield Result("load 91,599 regions", {"ms": first[0], "CPU ms": first[1]})
    yield Result(
        "load again, nothing to do", {"ms": again[0], "CPU ms": again[1]}, "first load", ratio=again[0] / first[0]
    )
    for text in ("Bendan Kergon", "bendan kregon", "tidakadanamaini"):
        key = text.lower().replace(" ", "")
        search, bare = partial(_search, text), partial(_bare, key)
        yield compare(f"search all regions: {text}", search, "bare exact query", bare, 20)


def _search(text: str) -> list[Region]:
    return list(Region.objects.search(text))


def _bare(key: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM regions_region WHERE search_key = %s LIMIT 20", [key])
        return cursor.fetchall()
