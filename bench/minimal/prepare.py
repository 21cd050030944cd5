"""`python -m bench.minimal.prepare`: tables and 27 batches."""

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.minimal.settings"
    django.setup()
    from bench.minimal.models import Batch  # noqa: PLC0415 - the settings come first

    call_command("migrate", run_syncdb=True, verbosity=0)
    Batch.objects.bulk_create(Batch(name=f"Angkatan {number}", quota=1_000_000) for number in range(27))


if __name__ == "__main__":
    main()
