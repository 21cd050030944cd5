"""`make bench`: what the main job costs, as ratios against the machine's own floor in the same run.

Absolute times mean little on a shared machine; CPU per operation and ratios are what to read.
"""

import json
import os
import platform
import sys
from pathlib import Path

from ikm_portal import servers

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PORTAL_BENCH_DATA", ROOT / "var" / "bench"))


def main() -> int:
    os.environ |= {
        "THROTTLE_REGISTER": "1000000",
        "LOG_LEVEL": "ERROR",
        "PORTAL_ENV": "test",
        "PORTAL_DATA": str(DATA),
        "DJANGO_SETTINGS_MODULE": "ikm_portal.settings",
    }
    (DATA / "static").mkdir(parents=True, exist_ok=True)
    with servers.use(DATA) as urls:
        os.environ |= {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
        import django  # noqa: PLC0415 - the addresses of the servers come first

        django.setup()
        from bench import measures  # noqa: PLC0415 - as above

        results = measures.all_measures()
    out = DATA / "bench.json"
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    out.write_text(json.dumps({"machine": machine, "results": [result.as_json() for result in results]}, indent=2))
    width = max(len(result.name) for result in results)
    sys.stdout.write(f"{'what':{width}}  {'ms':>9}  {'CPU ms':>8}  {'against':>24}  {'ratio':>6}\n")
    for result in results:
        sys.stdout.write(result.row(width) + "\n")
    sys.stdout.write(f"JSON: {out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
