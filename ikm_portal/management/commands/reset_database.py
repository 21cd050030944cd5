"""An empty schema in place of everything that the demonstration's database holds."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Drop every table of a demonstration. `portal.py demo-reset` calls it and loads the demonstration anew."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Only a demonstration may be reset (PORTAL_ENV=demo).")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        cache.clear()
