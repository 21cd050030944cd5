"""What to type into the demonstration: accounts of staff, and numbers and PINs of a few residents."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils import translation

from ikm_portal.demo.accounts import ACCOUNTS
from ikm_portal.demo.cases import GUESTS
from participants.models import Registration, initial_pin

Row = tuple[str, str, str]


class Command(BaseCommand):
    help = "Show the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            rows = [(account.username, settings.DEMO_PASSWORD, account.label) for account in ACCOUNTS]
        self.table(("Account", "Password", "Role"), rows)
        if residents := self.residents():
            self.stdout.write("")
            self.table(("Number", "PIN", "Resident"), residents)

    def residents(self) -> list[Row]:
        """Those whose first PIN still holds."""
        keys = [guest.submission_key for guest in GUESTS]
        unchanged = Registration.objects.filter(submission_key__in=keys, pin_changed_at__isnull=True)
        found = {row.submission_key: row for row in unchanged}
        rows = []
        for guest in GUESTS:
            row = found.get(guest.submission_key)
            if row is not None:
                rows.append((row.shown_code, initial_pin(guest.submission_key), f"{guest.name} {guest.shows}"))
        return rows

    def table(self, head: Row, rows: list[Row]) -> None:
        widths = [max(len(row[column]) for row in [head, *rows]) for column in range(3)]
        for row in [head, *rows]:
            self.stdout.write(
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
