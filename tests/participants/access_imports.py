"""Who may open the pages about lists, and their arguments: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from participants.models import ImportRow, RegistrationImport
from programs.models import Batch
from tests import cast

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
# Whoever enters accounts has lists too, of accounts.
IMPORTS = "LFFFIFFFIFFF"
LISTS = "LFFFIFFIIFFF"
THIS_IMPORT = "LFFFIFFNNFFF"

IMPORTING: dict[str, tuple[str, str]] = {
    "participants:import_list": ("get", LISTS),
    "participants:import_start": ("get", IMPORTS),
    "participants:import_template": ("get", "LFFFNFFFNFFF"),
    "participants:import_detail": ("get", THIS_IMPORT),
    "participants:import_progress": ("get", THIS_IMPORT),
    "participants:import_columns": ("get", THIS_IMPORT),
    "participants:import_row": ("get", THIS_IMPORT),
    "participants:import_row_decide": ("post", THIS_IMPORT),
    "participants:import_recheck": ("post", THIS_IMPORT),
    "participants:import_mistakes": ("post", THIS_IMPORT),
    "participants:import_confirm": ("get", THIS_IMPORT),
    "participants:import_undo": ("get", THIS_IMPORT),
    "participants:import_discard": ("get", THIS_IMPORT),
}

IMPORTING_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:import_list": lambda _world: [],
    "participants:import_start": lambda _world: [],
    "participants:import_template": lambda _world: [],
    "participants:import_row": lambda world: [world["list"].pk, 2],
    "participants:import_": lambda world: [world["list"].pk],
}


def checked_list(batch: Batch) -> RegistrationImport:
    """One with a row to be corrected, of the programme officer."""
    agency = batch.program.agency
    upload = RegistrationImport.objects.create(
        agency=agency,
        program=batch.program,
        batch=batch,
        region=batch.region,
        file_name="peserta.xlsx",
        state=RegistrationImport.State.CHECKED,
        headings=["NIK", "Nama"],
        heading_row=1,
        columns={"of": {"nik": 0, "full_name": 1}, "sheet": 0},
        counts={"wrong": 1},
        total=1,
        created_by=cast.program_officer(),
    )
    content = '{"cells": ["997101", "Warga"], "clean": null}'
    ImportRow.objects.create(
        upload=upload, number=2, state="wrong", problems=[["nik", "nik_length", {"count": 6}]], content=content
    )
    return upload
