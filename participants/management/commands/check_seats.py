from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participants import queries


class Command(BaseCommand):
    help = "Compares the counters of seats of every batch with its registrations; fails when one differs."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = queries.batches_with_wrong_counters()
        if wrong:
            raise CommandError(f"The seat counters of these batches differ from their registrations: {wrong}")
        self.stdout.write("The seat counters of all batches agree with their registrations.")
