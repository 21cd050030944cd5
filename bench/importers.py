"""Those that bring a list of people in, each in a process of its own, from the file to the entries.

`python -m bench.importers portal 12 petugas /path/list.xlsx`: `portal` keeps the file, checks, stages and registers as
the worker does; `rows` and `bulk` are django-import-export's dry run and import, `plain` and `light` the same without
the model's constraints. All judge a row by the portal's own fields and rules. Prints what it took as JSON.
"""

import json
import sys
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import django
import psutil  # type: ignore[import-untyped]  # it ships no types

PARTS = ("user", "system", "children_user", "children_system")
EVERY = 0.02
COLUMNS = ("full_name", "birth_date", "sex", "phone", "email", "address", "rt", "rw", "education_level", "occupation")


class Watch:
    """Memory of this process and all below it, with what PostgreSQL's processes hold beside their shared buffers."""

    def __init__(self, database: int) -> None:
        self.peak, self._over = 0.0, threading.Event()
        self._me, self._database = psutil.Process(), psutil.Process(database)
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            mine = sum(map(resident, [self._me, *self._me.children(recursive=True)]))
            self.peak = max(self.peak, mine + sum(map(private, self._database.children())))

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


def resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0


def private(process: psutil.Process) -> float:
    try:
        memory = process.memory_info()
    except psutil.Error:
        return 0.0
    return float(memory.rss - memory.shared) / 1e6


def portal(batch: Any, _by: Any, content: bytes) -> int:
    """Upload, columns, check, bringing in: every step but the pages."""
    from tests.participants.lists import brought_in, uploaded, worked  # noqa: PLC0415 - Django comes first

    checked = worked(uploaded(batch, content))
    assert checked.state == "checked", checked.state
    return brought_in(checked).count("imported")


def rows(batch: Any, by: Any, content: bytes) -> int:
    return contender(batch, by, content, bulk=False, full=True)


def plain(batch: Any, by: Any, content: bytes) -> int:
    return contender(batch, by, content, bulk=False, full=False)


def bulk(batch: Any, by: Any, content: bytes) -> int:
    return contender(batch, by, content, bulk=True, full=True)


def light(batch: Any, by: Any, content: bytes) -> int:
    return contender(batch, by, content, bulk=True, full=False)


def contender(batch: Any, by: Any, content: bytes, *, bulk: bool, full: bool) -> int:
    """As its admin does it: the file is read for the dry run, and once more for the import."""
    import tablib  # type: ignore[import-untyped]  # noqa: PLC0415 - only here

    resource = resource_of(batch, by, bulk=bulk, full=full)
    for is_trial in (True, False):
        data = tablib.Dataset().load(content, "xlsx")
        result = resource().import_data(data, dry_run=is_trial, use_transactions=True)
        assert not result.has_errors(), result.base_errors or result.row_errors()[0][1][0].error
        assert not result.has_validation_errors(), result.invalid_rows[0].error
    return batch.registrations.count() if not bulk else result.total_rows


def resource_of(batch: Any, by: Any, *, bulk: bool, full: bool) -> Any:
    """Only people's entries, with their seats; neither file cards nor log, consent and trail."""
    from django.utils import timezone  # noqa: PLC0415 - Django comes first
    from import_export import resources  # type: ignore[import-untyped]  # noqa: PLC0415 - once Django is set up

    from participants import queries  # noqa: PLC0415
    from participants.actions.registering import entry_of  # noqa: PLC0415
    from participants.models import Declaration, Registration  # noqa: PLC0415
    from participants.sheets import RowReader, found_layout  # noqa: PLC0415
    from regions.models import Region  # noqa: PLC0415

    now = timezone.now()

    class EntryResource(resources.ModelResource):  # it ships no types
        class Meta:
            model = Registration
            fields = (*COLUMNS, "nik_hash")
            import_id_fields = ("nik_hash",)
            use_bulk, batch_size = bulk, 1_000
            skip_diff = skip_html_diff = force_init_instance = bulk
            clean_model_instances = full

        def before_import(self, dataset: Any, **_more: Any) -> None:
            """Its own check of the columns comes after this one."""
            layout = found_layout([(1, list(dataset.headers))])
            self.reader = RowReader(layout.columns, [batch], now)
            self.regions: dict[str, Any] = {}
            dataset.headers = [*dataset.headers]
            dataset.append_col(lambda _row: "", header="nik_hash")

        def before_import_row(self, row: OrderedDict[str, Any], **more: Any) -> None:
            told = self.reader.read(more["row_number"] + 1, [cell(value) for value in row.values()])
            assert told is not None
            if told.clean is None:
                from django.core.exceptions import ValidationError  # noqa: PLC0415

                raise ValidationError(str(told.problems))
            self.clean, code = told.clean, told.clean["region"]
            if code not in self.regions:
                self.regions[code] = Region.objects.get(pk=code)
            row.update({name: told.clean.get(name, "") for name in COLUMNS} | {"nik_hash": told.nik_hash})

        def after_init_instance(self, instance: Any, new: bool, row: Any, **more: Any) -> None:
            declared = Declaration(
                **(self.clean | {"region": self.regions[self.clean["region"]]})
                | {"birth_date": datetime.fromisoformat(self.clean["birth_date"]).date()}
            )
            entry = entry_of(batch, declared, uuid.uuid4(), now)
            lines = queries.eligibility_lines(batch, queries.facts_of(declared, None), now=now)
            entry.eligibility = [line.as_json() for line in lines]
            for field in Registration._meta.concrete_fields:
                if not field.primary_key:
                    setattr(instance, field.attname, getattr(entry, field.attname))
            instance.seat, instance.queue_number = "held", more["row_number"]
            instance.source, instance.registered_by = "import", by

    return EntryResource


def cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["date", value.date().isoformat()]
    return "" if value is None else str(value)


def measured(work: Callable[[Any, Any, bytes], int], whose: list[str], database: int) -> dict[str, float]:
    from accounts.models import User  # noqa: PLC0415 - Django comes first
    from programs.models import Batch  # noqa: PLC0415 - once Django is set up

    batch = Batch.objects.with_parts().prefetch_related("program__rules").get(pk=whose[0])
    by, content = User.objects.select_related("agency").get(username=whose[1]), Path(whose[2]).read_bytes()
    began, spent = time.perf_counter(), psutil.Process().cpu_times()
    with Watch(database) as watch:
        count = work(batch, by, content)
    seconds, now = time.perf_counter() - began, psutil.Process().cpu_times()
    cpu = sum(getattr(now, part) - getattr(spent, part) for part in PARTS)
    return {"seconds": seconds, "cpu": cpu, "peak MB": watch.peak, "rows": float(count)}


if __name__ == "__main__":
    django.setup()
    works = {"portal": portal, "rows": rows, "plain": plain, "bulk": bulk, "light": light}
    sys.stdout.write(json.dumps(measured(works[sys.argv[1]], sys.argv[2:5], int(sys.argv[5]))) + "\n")
