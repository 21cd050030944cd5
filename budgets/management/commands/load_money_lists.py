from typing import Any

from django.core.management.base import BaseCommand

from budgets import actions


class Command(BaseCommand):
    help = "Loads the banks and the national tax rules that come along; leaves everything else as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        banks, rules = actions.load_money_lists(by=None)
        self.stdout.write(f"Banks: {banks} added. Tax rules: {rules} added.")
