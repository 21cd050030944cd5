"""Spreadsheets of participants: text stays text, identity numbers are masked unless somebody answers for them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kit.phones import show_phone
from kit.sheets import Column, write_xlsx
from participants.models import Registration, RegistrationQuerySet, Sex
from programs.models import Batch
from programs.rules import age_on

CHUNK = 500
Progress = Callable[[int, int], None]


def registration_columns() -> list[Column]:
    return [
        Column(_("No."), 6, "whole"),
        Column(_("Registration number"), 14),
        Column(_("Name"), 30),
        Column(_("NIK"), 20),
        Column(_("M/F"), 6),
        Column(_("Birth date"), 12, "date"),
        Column(_("Age"), 7, "whole"),
        Column(_("Phone"), 17),
        Column(_("E-mail"), 26),
        Column(_("Address"), 34),
        Column(_("RT"), 6),
        Column(_("RW"), 6),
        Column(_("Urban village"), 24),
        Column(_("District"), 24),
        Column(_("Region code"), 15),
        Column(_("Last education"), 20),
        Column(_("Work"), 20),
        Column(_("Target group"), 24),
        Column(_("Name of the business"), 26),
        Column(_("Seat"), 16),
        Column(_("Place in line"), 10, "whole"),
        Column(pgettext("state of an entry", "Check"), 18),
        Column(_("Warnings"), 24),
        Column(_("Reason"), 28),
        Column(_("Source"), 18),
        Column(_("Registered"), 17, "datetime"),
    ]


def registration_row(number: int, row: Registration, *, full_numbers: bool, today: date) -> list[Any]:
    district = row.region.parent
    return [
        number,
        row.shown_code,
        row.full_name,
        row.nik if full_numbers else row.masked_nik,
        pgettext("sex", "M") if row.sex == Sex.MALE else pgettext("sex", "F"),
        row.birth_date,
        age_on(row.birth_date, today),
        show_phone(row.phone),
        row.email,
        row.address,
        row.rt,
        row.rw,
        row.region.full_name,
        district.full_name if district else "",
        row.region_id,
        row.get_education_level_display(),
        row.occupation,
        row.get_target_group_display(),
        row.business_name,
        row.get_seat_display(),
        row.position,
        row.get_check_state_display(),
        ", ".join(row.flags),
        row.get_reject_reason_display() or row.withdraw_reason,
        row.get_source_display(),
        row.created_at,
    ]


def write_registrations(
    batch: Batch, registrations: RegistrationQuerySet, *, footer: str, full_numbers: bool, progress: Progress
) -> tuple[bytes, int]:
    """The workbook and how many entries it holds. Numbers are decrypted only where they are shown."""
    agency, today, count = batch.program.agency, batch.program.agency.today(), 0
    total = registrations.count()
    found = registrations.with_position().select_related("region__parent").order_by("pk")

    def rows() -> Iterator[list[Any]]:
        nonlocal count
        for row in (found if full_numbers else found.defer("nik")).iterator(chunk_size=CHUNK):
            count += 1
            progress(count, max(total, count))
            yield registration_row(count, row, full_numbers=full_numbers, today=today)

    title = _("Registrations of %(batch)s, %(place)s") % {"batch": batch.name, "place": batch.region.full_name}
    content = write_xlsx(registration_columns(), rows(), title=title, footer=footer, time_zone=agency.zone)
    return content, count
