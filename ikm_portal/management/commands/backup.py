from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ikm_portal.backups import BackupError, age, making

DAMAGED = 3


class Command(BaseCommand):
    help = (
        "Writes one backup of database and stored files into a new folder below --to, encrypted to the public keys in "
        "BACKUP_RECIPIENTS. Ends with 0 when it is whole, 1 when nothing was written, 3 when it is whole but stored "
        "files were lost or damaged before. The keys are not in it: see backup_keys."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="the folder of all backups")
        parser.add_argument("--keep", type=int, default=0, help="remove all but the newest so many (0 keeps all)")
        parser.add_argument("--unencrypted", action="store_true", help="anybody who gets the files can read them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recipients = [] if options["unencrypted"] else age.recipients_from(settings.BACKUP_RECIPIENTS)
            if not recipients and not options["unencrypted"]:
                raise BackupError("Name public keys of age in BACKUP_RECIPIENTS, or say --unencrypted.")
            if options["keep"] < 0:
                raise BackupError("--keep is a number from 0.")
            whole, troubles = making.make(
                options["to"].resolve(), recipients=recipients, keep=options["keep"], say=self.stdout.write
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The backup is whole: {whole}")
        if troubles:
            raise CommandError("Stored files: " + "; ".join(troubles[:20]), returncode=DAMAGED)
