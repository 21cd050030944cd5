"""Two lists from Excel at the office of Pekalongan: one was brought in, one waits with a few mistakes."""

import csv
import io
from collections.abc import Sequence

from accounts.models import User
from ikm_portal.demo.editions import Edition
from jobs import runner
from kit.phones import show_phone
from kit.tables.apart import read_head
from participants import actions
from participants.jobs import import_limits
from participants.models import Declaration, ImportPurpose, RegistrationImport
from participants.queries import open_batches
from participants.sheets import columns_of, found_layout
from programs.models import Batch

HEADINGS = ("No", "NIK", "Nama Lengkap", "Tgl Lahir", "L/P", "No HP", "Kelurahan", "Alamat", "RT/RW", "Pendidikan")
ROOM = 20


def lists_of_the_kelurahan(edition: Edition, officer: User) -> None:
    """Both are of batches that nothing else of the demonstration is told about."""
    roomy = [batch for batch in open_batches(officer, program=edition.program.pk) if batch.seats_free >= ROOM]
    if not roomy:
        return
    batch = roomy[-1]
    people = [edition.people.next(batch.region) for _number in range(16)]
    done = checked_list(batch, "Daftar RW 3.csv", _numbered([_line(one) for one in people[:6]]), officer)
    run_work(actions.start_bringing_in(upload=done, expected=done.counts, tell=False, by=officer))
    checked_list(batch, "Daftar RW 5.csv", _numbered(_with_mistakes([_line(one) for one in people[6:]])), officer)


def _line(one: Declaration) -> list[str]:
    sex, day = "P" if one.sex == "female" else "L", f"{one.birth_date:%d/%m/%Y}"
    where = (one.region.name, one.address, f"{one.rt}/{one.rw}")
    return [one.nik, one.full_name, day, sex, show_phone(one.phone), *where, "SMA"]


def _with_mistakes(lines: list[list[str]]) -> list[list[str]]:
    """What spreadsheets and hurried people make of a list."""
    lines[1][0] = "9,97102E+15"
    lines[2][4] = f"{lines[2][4]} / 0812-0000-0001"
    lines[4][2] = "31/02/1990"
    lines[5][5] = "Kelurahan Mana Saja"
    lines[7][0] = lines[7][0][:-1]
    return [*lines, lines[0]]


def checked_list(
    batch: Batch,
    name: str,
    lines: Sequence[Sequence[str]],
    officer: User,
    purpose: ImportPurpose = ImportPurpose.REGISTRATIONS,
) -> RegistrationImport:
    """Sent, its columns named and its rows judged; nothing of it is brought in. Headings stand in the first line."""
    content = _text(lines)
    upload = actions.start_import(
        program=batch.program,
        batch=batch,
        region=batch.region,
        file_name=name,
        content=content,
        purpose=purpose,
        by=officer,
    )
    head = read_head(content, import_limits())
    layout = found_layout(head.rows, columns_of(upload))
    return run_work(
        actions.settle_columns(
            upload=upload,
            columns=layout.columns,
            headings=layout.headings,
            heading_row=layout.row,
            sheet=head.sheet,
            fingerprint=layout.fingerprint,
            by=officer,
        )
    )


def _numbered(lines: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [HEADINGS, *([str(number), *line] for number, line in enumerate(lines, 1))]


def _text(lines: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    return out.getvalue().encode()


def run_work(upload: RegistrationImport) -> RegistrationImport:
    """What the worker would do; when it is woken it finds the work done."""
    if upload.job_id is not None:
        runner.run(upload.job_id)
    return RegistrationImport.objects.with_parts().get(pk=upload.pk)
