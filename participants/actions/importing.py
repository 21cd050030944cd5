"""A spreadsheet comes in: kept encrypted, its columns settled, its rows checked. Nothing is brought in here yet."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from jobs.actions import drop_file, keep_file, start
from kit.copying import copy_rows
from kit.crypto import encrypt_file, new_file_key
from kit.names import name_key
from participants import queries
from participants.models import SAME, ImportLayout, ImportPurpose, ImportRow, RegistrationImport
from programs.models import Batch, Program
from regions.models import Region

AT_ONCE = 1_000
State, Row = RegistrationImport.State, ImportRow.State
# Codes that depend on the other rows and on places: they are found anew whenever a row changes.
TOGETHER = ["same_in_file", "nik_in_file", "alike_in_file", "no_place", "entry_in_file", "account_in_file"]
DOUBTS = ["nik_of_other", "alike_in_file", "alike_in_batch", "alike_on_file"]
DOUBTS += ["account_in_file", "account_of_other", "account_changes", "account_replaces", "holder_differs"]
FORGET_TOGETHER = """
UPDATE participants_importrow SET clashes = kept.clashes FROM (
    SELECT id, coalesce(jsonb_agg(clash ORDER BY place) FILTER (WHERE NOT clash->>1 = ANY(%(codes)s)), '[]') AS clashes
    FROM participants_importrow, jsonb_array_elements(clashes) WITH ORDINALITY AS told (clash, place)
    WHERE upload_id = %(upload)s GROUP BY id
) kept WHERE participants_importrow.id = kept.id AND participants_importrow.clashes <> kept.clashes
"""
ADD_CLASHES = """
UPDATE participants_importrow r SET clashes = r.clashes || told.clashes::jsonb
FROM unnest(%(numbers)s::int[], %(clashes)s::text[]) AS told (number, clashes)
WHERE r.upload_id = %(upload)s AND r.number = told.number
"""
# Doubts alone leave a row to be decided; everything else is a mistake.
JUDGE = """
UPDATE participants_importrow r SET state = judged.state, let_in = r.let_in AND judged.state = 'doubtful' FROM (
    SELECT id, CASE
        WHEN problems <> '[]' OR EXISTS (
            SELECT 1 FROM jsonb_array_elements(clashes) clash WHERE NOT clash->>1 = ANY(%(doubts)s)) THEN 'wrong'
        WHEN clashes <> '[]' THEN 'doubtful' ELSE 'good' END AS state
    FROM participants_importrow WHERE upload_id = %(upload)s AND state IN ('good', 'doubtful', 'wrong')
) judged WHERE r.id = judged.id AND r.state <> judged.state
"""


@dataclass(frozen=True)
class ReadRow:
    """One row as it was read: cells as they stand there, what the form made of them, and what is wrong with them."""

    number: int
    cells: list[Any]
    clean: dict[str, Any] | None
    problems: list[list[Any]]
    nik_hash: str
    alike_hash: str
    batch_id: int | None
    account_hash: str = ""

    @property
    def content(self) -> str:
        return json.dumps({"cells": self.cells, "clean": self.clean}, ensure_ascii=False, separators=(",", ":"))

    @property
    def known(self) -> Any:
        """What is compared with others; None while the row has mistakes of its own."""
        if self.clean is None or self.batch_id is None:
            return None
        clean = self.clean
        return queries.Known(
            self.number,
            self.nik_hash,
            name_key(clean["full_name"]),
            clean["birth_date"],
            clean["phone"],
            clean["email"],
            self.batch_id,
        )


@transaction.atomic
def start_import(
    *,
    program: Program,
    batch: Batch | None,
    region: Region,
    file_name: str,
    content: bytes,
    by: User,
    purpose: ImportPurpose = ImportPurpose.REGISTRATIONS,
) -> RegistrationImport:
    """Keeps the file, encrypted under a key of its own, until the import ends."""
    told = {"program": program, "batch": batch, "region": region, "file_name": file_name}
    upload = RegistrationImport(agency=program.agency, purpose=purpose, created_by=by, **told)
    upload.file_key = new_file_key()
    upload.stored = keep_file(
        agency=program.agency,
        name="import",
        content=encrypt_file(content, key=upload.file_key, context=upload.context),
        content_type="application/octet-stream",
        expires_at=timezone.now() + timedelta(days=settings.IMPORTS["days"]),
        by=by,
    )
    upload.save(force_insert=True)
    import_note(upload, action="import.uploaded", by=by, size=len(content))
    return upload


@transaction.atomic
def settle_columns(
    *,
    upload: RegistrationImport,
    columns: Mapping[str, int],
    headings: Sequence[str],
    heading_row: int,
    sheet: int,
    fingerprint: str,
    by: User,
) -> RegistrationImport:
    """Says which column holds what, remembers it for the next file of this kind, and has the rows checked."""
    fresh = locked_import(upload)
    if fresh.state not in {State.UPLOADED, State.CHECKED}:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    fresh.columns = {"of": dict(columns), "sheet": sheet}
    fresh.headings, fresh.heading_row = list(headings), heading_row
    ImportLayout.objects.update_or_create(
        agency_id=fresh.agency_id,
        fingerprint=fingerprint,
        defaults={"columns": dict(columns), "saved_at": timezone.now(), "saved_by": by},
    )
    fresh.state = State.CHECKING
    import_note(fresh, action="import.columns_settled", by=by, columns=sorted(columns))
    return work_on(fresh, "import_check", by)


@transaction.atomic
def check_again(*, upload: RegistrationImport, by: User) -> RegistrationImport:
    """After the programme's rules or its entries have changed."""
    fresh = locked_import(upload)
    if fresh.state != State.CHECKED:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    fresh.state = State.CHECKING
    return work_on(fresh, "import_check", by, again=True)


def work_on(upload: RegistrationImport, kind: str, by: User, **params: Any) -> RegistrationImport:
    """Hands the list to a worker."""
    title = _("Import %(name)s") % {"name": upload.file_name}
    params["import"] = upload.pk
    upload.job = start(kind=kind, params=params, agency=upload.agency, by=by, title=title[:200])
    upload.changed_at = timezone.now()
    upload.save()
    return upload


@transaction.atomic
def forget_rows(*, upload: RegistrationImport, by: User) -> None:
    """Before they are read anew."""
    _checking(upload)
    connection.cursor().execute("DELETE FROM participants_importrow WHERE upload_id = %s", [upload.pk])


@transaction.atomic
def stage_rows(*, upload: RegistrationImport, rows: Sequence[ReadRow], batches: Sequence[Batch], by: User) -> None:
    """Keeps some rows with what each clashes with among entries and people on file."""
    _checking(upload)
    known = [told for row in rows if (told := row.known) is not None]
    clashes = queries.checks_of(upload).clashes(upload.agency, batches, known) if known else {}
    copy_rows(
        ImportRow(
            upload=upload,
            number=row.number,
            content=row.content,
            problems=row.problems,
            clashes=clashes.get(row.number, []),
            state=judged(row.problems, clashes.get(row.number, [])),
            nik_hash=row.nik_hash,
            alike_hash=row.alike_hash,
            account_hash=row.account_hash,
            batch_id=row.batch_id,
        )
        for row in rows
    )


@transaction.atomic
def finish_check(*, upload: RegistrationImport, batches: Sequence[Batch], by: User) -> RegistrationImport:
    """All rows are there: what they say together, and how many are good."""
    fresh = _checking(upload)
    settle_together(fresh, batches)
    fresh.state, fresh.changed_at = State.CHECKED, timezone.now()
    fresh.save(update_fields=["state", "changed_at", "counts", "total"])
    import_note(fresh, action="import.checked", by=by, counts=fresh.counts)
    return fresh


def recheck_rows(
    *,
    upload: RegistrationImport,
    read: Callable[[int, list[Any]], ReadRow | None],
    batches: Sequence[Batch],
    progress: Callable[[int, int], None],
    by: User,
) -> None:
    """All rows once more, with what was mended in them and what somebody decided about them."""
    last, total = 0, upload.rows.count()
    while rows := list(upload.rows.filter(number__gt=last).in_order()[:AT_ONCE]):
        last = rows[-1].number
        _recheck(upload, rows, read, batches, by)
        progress(min(last, total), total)


@transaction.atomic
def _recheck(
    upload: RegistrationImport,
    rows: Sequence[ImportRow],
    read: Callable[[int, list[Any]], ReadRow | None],
    batches: Sequence[Batch],
    by: User,
) -> None:
    found = [read(row.number, json.loads(row.content or "{}")["cells"]) for row in rows]
    upload.rows.filter(pk__in=[row.pk for row in rows]).delete()
    stage_rows(upload=upload, rows=[told for told in found if told is not None], batches=batches, by=by)
    out = [row.number for row in rows if row.state == Row.LEFT_OUT and not row.is_same]
    upload.rows.filter(number__in=out).update(state=Row.LEFT_OUT)
    let_in = [row.number for row in rows if row.let_in]
    upload.rows.filter(number__in=let_in, state=Row.DOUBTFUL).update(let_in=True)


@transaction.atomic
def end_check(*, upload: RegistrationImport, keep_rows: bool, by: User) -> None:
    """The check did not come to its end. What a first reading left is dropped; rows that people mended stay."""
    fresh = locked_import(upload)
    if fresh.state != State.CHECKING:
        return
    fresh.state, fresh.changed_at = State.CHECKED if keep_rows else State.UPLOADED, timezone.now()
    if not keep_rows:
        fresh.rows.all().delete()
        fresh.counts, fresh.total = {}, 0
    fresh.save(update_fields=["state", "changed_at", "counts", "total"])


@transaction.atomic
def discard_import(*, upload: RegistrationImport, by: User) -> None:
    """Nothing of it is wanted: file and rows go."""
    fresh = locked_import(upload)
    if fresh.has_ended or fresh.state == State.IMPORTING:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    fresh.rows.all().delete()
    end_file(fresh)
    fresh.state, fresh.changed_at, fresh.wiped_at = State.DISCARDED, timezone.now(), timezone.now()
    fresh.save()
    import_note(fresh, action="import.discarded", by=by)


@transaction.atomic
def wipe_imports(*, by: None = None) -> int:
    """What people wrote in lists that nobody touched for some days. How many lists were emptied."""
    now = timezone.now()
    stale = RegistrationImport.objects.stale(now - timedelta(days=settings.IMPORTS["days"]))
    count = 0
    for upload in stale.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("agency"):
        count += 1
        upload.rows.exclude(state=Row.IMPORTED).delete()
        upload.rows.update(content=None, clashes=[], alike_hash="", account_hash="")
        end_file(upload)
        if not upload.has_ended:
            upload.state = State.DISCARDED
        upload.wiped_at = now
        upload.save()
        import_note(upload, action="import.wiped", by=None)
    return count


def end_file(upload: RegistrationImport) -> None:
    """The key goes with the row's column: without it the bytes are noise."""
    stored, upload.stored, upload.file_key = upload.stored, None, None
    if stored is not None:
        RegistrationImport.objects.filter(pk=upload.pk).update(stored=None, file_key=None)
        drop_file(stored=stored, by=None)


def settle_together(upload: RegistrationImport, batches: Sequence[Batch]) -> None:
    """What the rows say together: one person twice, and more people than places. Then the counts."""
    checks = queries.checks_of(upload)
    with connection.cursor() as cursor:
        cursor.execute(FORGET_TOGETHER, {"upload": upload.pk, "codes": TOGETHER})
        add_clashes(upload, checks.in_file(upload))
        cursor.execute(JUDGE, {"upload": upload.pk, "doubts": DOUBTS})
        add_clashes(upload, {number: [["", "no_place", {}]] for number in checks.beyond(upload, batches)})
        cursor.execute(JUDGE, {"upload": upload.pk, "doubts": DOUBTS})
    upload.counts = queries.import_counts(upload)
    upload.total = sum(upload.counts.values()) - upload.counts["let_in"]


def add_clashes(upload: RegistrationImport, clashes: Mapping[int, Iterable[Any]]) -> None:
    if clashes:
        told = [json.dumps(list(found)) for found in clashes.values()]
        params: dict[str, Any] = {"upload": upload.pk, "numbers": list(clashes), "clashes": told}
        connection.cursor().execute(ADD_CLASHES, params)


def judged(problems: Sequence[Any], clashes: Sequence[Any]) -> ImportRow.State:
    if not problems and any(clash[1] in SAME for clash in clashes):
        return Row.LEFT_OUT
    if problems or any(clash[1] not in DOUBTS for clash in clashes):
        return Row.WRONG
    return Row.DOUBTFUL if clashes else Row.GOOD


def locked_import(upload: RegistrationImport) -> RegistrationImport:
    RegistrationImport.objects.locked(upload.pk)
    return RegistrationImport.objects.with_parts().select_related("stored").get(pk=upload.pk)


def _checking(upload: RegistrationImport) -> RegistrationImport:
    fresh = locked_import(upload)
    if fresh.state != State.CHECKING:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    return fresh


def import_note(upload: RegistrationImport, *, action: str, by: User | None, **changes: Any) -> None:
    record(
        action=action,
        by=by,
        target=upload,
        agency=upload.agency,
        changes=changes or None,
        actor_label="" if by else "system",
    )
