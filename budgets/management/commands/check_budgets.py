from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets import queries


class Command(BaseCommand):
    help = "Compares what each budget line says is reserved and spent with its payments and reservations."

    def handle(self, *args: Any, **options: Any) -> None:
        found = queries.differing_lines()
        for line in found:
            told = [
                f"{name} {line[name]} instead of {line[f'{name}_by_rows']}"
                for name in ("reserved", "spent", "ceiling")
                if line[name] != line[f"{name}_by_rows"]
            ]
            self.stderr.write(f"line {line['pk']}: {', '.join(told)}")
        if found:
            raise CommandError(f"{len(found)} budget lines differ from their rows.")
        self.stdout.write("Every budget line equals its rows.")
