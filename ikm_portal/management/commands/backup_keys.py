from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ikm_portal.backups import BackupError, age, keys


class Command(BaseCommand):
    help = "Writes the keys of the portal into one encrypted file, never beside a backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="a new file, for example on a stick for the safe")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys.export(options["to"], recipients=age.recipients_from(settings.BACKUP_RECIPIENTS))
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The keys are in {options['to']}. Lock it away, apart from the backups.")
