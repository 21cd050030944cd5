import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.chain import Fault, Finding, Verdict, verify

SENTENCES = {
    Fault.CHANGED: "entry {entry} was changed after it was sealed (seal {seal})",
    Fault.REMOVED: "entry {entry} was removed after it was sealed (seal {seal})",
    Fault.INSERTED: "entry {entry} was inserted after its block was sealed (seal {seal})",
    Fault.SEAL_REMOVED: "seal {seal} is missing",
    Fault.SEAL_CHANGED: "seal {seal} was changed or does not follow the one before",
    Fault.KEY_MISSING: "seal {seal} needs a key that is not in AUDIT_SEAL_KEYS",
    Fault.WITNESS_DIFFERS: "seal {seal} is not the one that the witness noted: the chain was written anew",
}


class Command(BaseCommand):
    help = (
        "Checks the audit trail against its hash chain and tells the first entry that was changed, removed or inserted."
        " Exit code 0: everything fits; 1: something does not. The last line names the head of the chain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", metavar="FILE", help="Heads noted elsewhere: lines of TIME NUMBER HASH.")
        parser.add_argument("--from", dest="start", type=int, default=1, metavar="SEAL", help="Begin at this seal (1).")

    def handle(self, *args: Any, **options: Any) -> None:
        began, shown = time.monotonic(), time.monotonic()

        def progress(number: int, last: int) -> None:
            nonlocal shown
            if time.monotonic() - shown >= 2:
                shown = time.monotonic()
                self.stderr.write(f"{number} of {last} seals")

        witnesses = read_witnesses(options["against"]) if options["against"] else {}
        verdict = verify(start=options["start"], witnesses=witnesses, progress=progress)
        if verdict.finding is not None:
            raise CommandError(told(verdict.finding))
        self.stdout.write(summary(verdict, time.monotonic() - began))
        if witnesses:
            self.stdout.write(f"{len(witnesses)} noted heads agree.")
        self.stdout.write(f"head: {verdict.number} {verdict.head}")


def told(finding: Finding) -> str:
    return "The trail is broken: " + SENTENCES[finding.fault].format(entry=finding.entry, seal=finding.seal) + "."


def summary(verdict: Verdict, seconds: float) -> str:
    rate = verdict.entries / seconds if seconds else 0
    return (
        f"{verdict.entries} entries in {verdict.seals} seals fit ({rate:.0f} entries a second);"
        f" {verdict.unsealed} are not sealed yet."
    )


def read_witnesses(name: str) -> dict[int, str]:
    """Number of the seal -> hash. CommandError for a file that cannot be read or lines that say nothing."""
    try:
        lines = Path(name).read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read.") from error
    heads: dict[int, str] = {}
    for line in filter(str.strip, lines):
        parts = line.split()
        if len(parts) < 2 or not parts[-2].isdecimal() or len(parts[-1]) != 64:
            raise CommandError(f"{name} has a line that is not TIME NUMBER HASH.")
        if heads.setdefault(int(parts[-2]), parts[-1]) != parts[-1]:
            raise CommandError(f"{name} names two different heads for seal {parts[-2]}.")
    return {number: head for number, head in heads.items() if number > 0}
