"""Everything between new code and serving it; quick when there is nothing to do."""

import hashlib
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate, load the areas and, in a demonstration, its data; collect static files. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=Path, help="where to write the list of demonstration accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Migrating ...")
            call_command("migrate", verbosity=0)
        call_command("load_regions")
        call_command("load_money_lists", verbosity=0)
        self.prepare_demonstration(options["accounts"])
        self.collect_static()

    def prepare_demonstration(self, accounts: Path | None) -> None:
        if accounts is not None:
            accounts.unlink(missing_ok=True)
        if not settings.DEMONSTRATION:
            return
        commands = get_commands()
        # A database with an office in it is somebody's: invented people are never added to it.
        if "load_demo" in commands and not apps.get_model("accounts", "Agency").objects.exists():
            self.stdout.write("Loading the demonstration ...")
            call_command("load_demo")
        if accounts is not None and "demo_accounts" in commands:
            with open(accounts, "w") as handle:
                call_command("demo_accounts", stdout=handle)

    def collect_static(self) -> None:
        root = Path(settings.STATIC_ROOT)
        stamp = root.with_name(root.name + ".stamp")
        found = [
            (name, storage.size(name), storage.get_modified_time(name).timestamp())
            for finder in get_finders()
            for name, storage in finder.list([])
        ]
        digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()
        if root.is_dir() and stamp.exists() and stamp.read_text() == digest:
            return
        self.stdout.write("Collecting static files ...")
        shutil.rmtree(root, ignore_errors=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)
