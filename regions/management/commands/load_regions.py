from typing import Any

from django.core.management.base import BaseCommand

from regions import actions, queries


class Command(BaseCommand):
    help = "Loads the official list of regions; does nothing when it is loaded already."

    def handle(self, *args: Any, **options: Any) -> None:
        edition = actions.load_regions()
        if edition is None:
            self.stdout.write(f"Regions are up to date ({queries.installed_version()}).")
        else:
            self.stdout.write(
                f"Regions: {edition.added} added, {edition.changed} changed, {edition.ended} ended ({edition.version})."
            )
