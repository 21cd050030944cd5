from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incentives.models import Result
from incentives.queries.recounting import recount


class Command(BaseCommand):
    help = "Computes locked results once more from the score sheets; ends with an error where hash or ranks differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--competition", type=int, help="the number of one competition; else all")

    def handle(self, *args: Any, **options: Any) -> None:
        results = Result.objects.in_force().filter(competition__locked_at__isnull=False)
        if options["competition"] is not None:
            results = results.filter(competition=options["competition"])
            if not results.exists():
                raise CommandError(f"Competition {options['competition']} has no locked result.")
        differing = 0
        for result in results.select_related("edition", "competition__program").order_by("competition"):
            differing += self._tell(result)
        if differing:
            raise CommandError(f"{differing} results differ from their sheets.")

    def _tell(self, result: Result) -> bool:
        found, name = recount(result), f"competition {result.competition_id}, version {result.version}"
        if found.is_same:
            self.stdout.write(f"{name}: same, {found.sha256}")
            return False
        self.stderr.write(f"{name}: DIFFERENT in {', '.join(found.differs)}")
        self.stderr.write(f"  locked {result.sha256}\n  now    {found.sha256}")
        for entry, before, now in found.moved:
            self.stderr.write(f"  entry {entry}: place {before or 'none'} -> {now or 'none'}")
        return True
