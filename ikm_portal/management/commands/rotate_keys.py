from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ikm_portal.rotation import rotate_keys


class Command(BaseCommand):
    help = (
        "Re-encrypts everything that is not under the newest key. First add the new key with the highest id to "
        "ENCRYPTION_KEYS and restart web server and workers; when this says that nothing is left, take the old key out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch-size", type=int, default=500, help="Rows locked at once (500).")

    def handle(self, *args: Any, **options: Any) -> None:
        results = rotate_keys(batch_size=options["batch_size"])
        for result in results:
            self.stdout.write(f"{result.name}: {result.changed} re-encrypted, {result.left} left")
        if any(result.left for result in results):
            raise CommandError("Some values are not under the newest key: in use just now, or their key is missing.")
