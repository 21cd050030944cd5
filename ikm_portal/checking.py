"""Every check that `make check` runs, one after the other, each with a line of its own."""

import base64
import filecmp
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ikm_portal.supervisor import say

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
LOCALE = Path("locale/id/LC_MESSAGES")


def tool(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    """Run a command; its output when it fails, "" when all is well."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return "" if done.returncode == 0 else done.stdout.strip() or f"{command[0]} ended with {done.returncode}"


def installed(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))


def deployment() -> str:
    """Django's own check, with the settings of a real installation and keys made on the spot."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return tool(
        sys.executable,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        PORTAL_ENV="production",
        SECRET_KEY=secrets.token_urlsafe(64),
        ENCRYPTION_KEYS=f"1:{key}",
        HASH_KEY=key,
        ALLOWED_HOSTS="portal.example.go.id",
        SITE_URL="https://portal.example.go.id",
        DATABASE_URL="postgres://portal@127.0.0.1/portal",
        REDIS_URL="redis://127.0.0.1:6379/0",
    )


def translations() -> str:
    """Everything said on the screen is translated, nothing fuzzy, and the compiled file is the text's."""
    if not shutil.which("xgettext"):
        return (
            "gettext is not installed" if IN_CI else "SKIPPED: gettext is not installed; install the package gettext."
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        skipped = shutil.ignore_patterns(".*", "var", "tests", "static", "bench", "docs", "__pycache__", "fragments")
        shutil.copytree(ROOT, copy, ignore=skipped)
        said = tool(
            sys.executable,
            "manage.py",
            "makemessages",
            *("--locale", "id", "--no-location", "--no-wrap", "--no-obsolete"),
            cwd=copy,
            PORTAL_DATA=folder,
        )
        if said:
            return said
        missing = messages(copy, "--untranslated") + messages(copy, "--only-fuzzy")
        if missing:
            return "\n".join(["Not translated or fuzzy (locale/id/LC_MESSAGES/django.po):", *missing])
        fresh = Path(folder) / "django.mo"
        said = tool("msgfmt", "--check", "-o", str(fresh), str(ROOT / LOCALE / "django.po"))
        if said or not (ROOT / LOCALE / "django.mo").exists():
            return said or "django.mo is missing: run `manage.py compilemessages` and commit it."
        same = filecmp.cmp(fresh, ROOT / LOCALE / "django.mo", shallow=False)
        return "" if same else "django.mo is older than django.po: run `manage.py compilemessages` and commit it."


def messages(copy: Path, which: str) -> list[str]:
    """The entries that `msgattrib` picks, without the header, which it always gives."""
    command = ["msgattrib", which, "--no-obsolete", "--no-wrap", str(copy / LOCALE / "django.po")]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [entry.strip() for entry in text.split("\n\n") if entry.strip() and "Content-Type:" not in entry]


CHECKS: dict[str, Callable[[], str]] = {
    "lint": lambda: tool(installed("ruff"), "check", "."),
    "format": lambda: tool(installed("ruff"), "format", "--check", "."),
    "types": lambda: tool(installed("mypy"), "."),
    "contracts": lambda: tool(installed("lint-imports")),
    "templates": lambda: tool(installed("djade"), "--target-version", "5.2", "--check", *templates()),
    "indentation": lambda: tool(installed("djhtml"), "--check", *templates()),
    "migrations": lambda: tool(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
    "deployment": deployment,
    "translations": translations,
}


def main(arguments: list[str]) -> int:
    """Run all checks, or those named; return how many failed."""
    failed = []
    for name, check in CHECKS.items():
        if arguments and name not in arguments:
            continue
        began = time.monotonic()
        said = check()
        skipped = said.startswith("SKIPPED")
        verdict = "ok" if not said else "SKIPPED" if skipped else "FAILED"
        say(f"{name:<13} {verdict:<8} {time.monotonic() - began:5.1f} s")
        if said:
            say("    " + said.replace("\n", "\n    "))
        if said and not skipped:
            failed.append(name)
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
