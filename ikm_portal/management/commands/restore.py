from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from ikm_portal.backups import BackupError, restoring

NEXT = """Next:
  1. Sign in and open a few lists; everybody has to sign in anew.
  2. Look at the board of messages: what waited when the backup was made is held there, to be sent again or not.
  3. Start beat, workers and web. Offers whose deadline passed meanwhile expire within a minute.
  4. Tell the people concerned what was lost since the backup, and note the drill or the incident."""


class Command(BaseCommand):
    help = "Puts a backup back into an empty database. Everything is checked first; it happens whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="one backup (portal-...)")
        parser.add_argument("--identity", type=Path, help="the file with the secret key of age")
        parser.add_argument("--force", action="store_true", help="replace what the database holds")
        parser.add_argument("--check", action="store_true", help="only look whether the backup is whole")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, say = options["folder"].resolve(), self.stdout.write
        try:
            if options["check"]:
                restoring.look_at(folder, options["identity"], say)
                return
            troubles = restoring.restore(folder, identity=options["identity"], force=options["force"], say=say)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(NEXT)
        if troubles:
            raise CommandError("Restored, but: " + "; ".join(troubles[:20]), returncode=3)
