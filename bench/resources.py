"""A list brought in by the portal and by django-import-export; to be imported once Django is set up."""

import uuid
from collections import OrderedDict
from datetime import datetime
from typing import Any

import tablib  # type: ignore[import-untyped]  # it ships no types
from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import resources  # type: ignore[import-untyped]  # it ships no types

from participants import queries
from participants.actions.registering import entry_of
from participants.models import Declaration, Registration
from participants.sheets import RowReader, found_layout
from regions.models import Region
from tests.participants.lists import brought_in, uploaded, worked

COLUMNS = ("full_name", "birth_date", "sex", "phone", "email", "address", "rt", "rw", "education_level", "occupation")


def portal(batch: Any, _by: Any, content: bytes) -> int:
    """Upload, columns, check, bringing in: every step but the pages."""
    checked = worked(uploaded(batch, content))
    assert checked.state == "checked", checked.state
    return brought_in(checked).count("imported")


def contender(batch: Any, by: Any, content: bytes, *, bulk: bool, full: bool) -> int:
    """As its admin does it: the file is read for the dry run, and once more for the import."""
    resource = resource_of(batch, by, bulk=bulk, full=full)
    for is_trial in (True, False):
        data = tablib.Dataset().load(content, "xlsx")
        result = resource().import_data(data, dry_run=is_trial, use_transactions=True)
        assert not result.has_errors(), result.base_errors or result.row_errors()[0][1][0].error
        assert not result.has_validation_errors(), result.invalid_rows[0].error
    return batch.registrations.count() if not bulk else result.total_rows


def resource_of(batch: Any, by: Any, *, bulk: bool, full: bool) -> Any:
    """Only people's entries, with their seats; neither file cards nor log, consent and trail."""
    now = timezone.now()

    class EntryResource(resources.ModelResource):
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
