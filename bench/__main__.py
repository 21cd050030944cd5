"""`make bench`: starts the servers, runs the subjects asked for, prints a table and writes the figures as JSON."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.registry import SUBJECTS, Result, measures_of
from ikm_portal import servers

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PORTAL_BENCH_DATA", ROOT / "var" / "bench"))
HEAD = ("what", "figures", "against", "ratio", "limit", "")


def main(subjects: Sequence[str]) -> int:
    unknown = [subject for subject in subjects if subject not in SUBJECTS]
    if unknown:
        sys.stderr.write(f"There is no subject {', '.join(unknown)}; there are {', '.join(SUBJECTS)}.\n")
        return 2
    os.environ |= {
        "THROTTLE_REGISTER": "1000000",
        "WATCH_ALL_PER_MINUTE": "0",
        "WATCH_PLACE_PER_MINUTE": "0",
        "LOG_LEVEL": "ERROR",
        "PORTAL_ENV": "test",
        "PORTAL_DATA": str(DATA),
        "DJANGO_SETTINGS_MODULE": "ikm_portal.settings",
    }
    (DATA / "static").mkdir(parents=True, exist_ok=True)
    results: dict[str, list[Result]] = {}
    with servers.use(DATA) as urls:
        os.environ |= {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
        import django  # noqa: PLC0415 - the addresses of the servers come first

        django.setup()
        from bench.database import fresh  # noqa: PLC0415 - needs Django, set up just before

        for subject in subjects or SUBJECTS:
            fresh()
            results[subject] = list(measures_of(subject))
            sys.stdout.write(table(subject, results[subject]))
    out = DATA / "bench.json"
    out.write_text(json.dumps(as_json(results), indent=2))
    sys.stdout.write(f"\nJSON: {out}\n")
    return 0


def as_json(results: dict[str, list[Result]]) -> dict[str, object]:
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    subjects = {subject: [result.as_json() for result in found] for subject, found in results.items()}
    return {"machine": machine, "results": subjects}


def table(subject: str, results: Sequence[Result]) -> str:
    rows = [list(HEAD), *(result.row() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return f"\n{subject}\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
