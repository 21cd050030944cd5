"""Those that bring a list of people in, each in a process of its own, from the file to the entries.

`python -m bench.importers portal 12 petugas /path/list.xlsx`: `portal` keeps the file, checks, stages and registers as
the worker does; `rows` and `bulk` are django-import-export's dry run and import, `plain` and `light` the same without
the model's constraints. All judge a row by the portal's own fields and rules. Prints what it took as JSON.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

from bench.watching import watched

EVERY = 0.02


def measured(name: str, whose: list[str], database: int) -> dict[str, float]:
    from accounts.models import User  # noqa: PLC0415 - Django comes first
    from programs.models import Batch  # noqa: PLC0415 - once Django is set up

    work = works()[name]
    batch = Batch.objects.with_parts().prefetch_related("program__rules").get(pk=whose[0])
    by, content = User.objects.select_related("agency").get(username=whose[1]), Path(whose[2]).read_bytes()
    count, cost = watched(lambda: work(batch, by, content), every=EVERY, database=database)
    return cost | {"rows": float(count)}


def works() -> dict[str, Callable[[Any, Any, bytes], int]]:
    from bench.resources import contender, portal  # noqa: PLC0415 - Django comes first

    return {
        "portal": portal,
        "rows": partial(contender, bulk=False, full=True),
        "plain": partial(contender, bulk=False, full=False),
        "bulk": partial(contender, bulk=True, full=True),
        "light": partial(contender, bulk=True, full=False),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measured(sys.argv[1], sys.argv[2:5], int(sys.argv[5]))) + "\n")
