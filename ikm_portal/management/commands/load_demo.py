"""The demonstration: two offices, their programmes, and invented people."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ikm_portal.demo.load import LARGEST_SCALE, load


class Command(BaseCommand):
    help = "Load the demonstration; a second time changes nothing. --scale N adds copies of P2 for load tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="how many times the people of P2 (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration is never loaded in production.")
        scale = options["scale"]
        if not 1 <= scale <= LARGEST_SCALE:
            raise CommandError(f"--scale is a number from 1 to {LARGEST_SCALE}.")
        began = time.monotonic()
        if load(scale=scale):
            self.stdout.write(f"The demonstration was loaded in {time.monotonic() - began:.1f} s.")
        else:
            self.stdout.write("The demonstration is loaded already.")
