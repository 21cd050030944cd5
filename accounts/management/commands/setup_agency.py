"""A real office from nothing, without the demonstration."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.management import BaseCommand, CommandError, call_command
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify

from accounts.actions import SetUp, set_up_agency
from accounts.models import Agency
from accounts.rules import plain_username, zone_of
from regions.models import Region

# name of the flag and of the key in the file -> what it is; a star is asked for when nobody gave it
QUESTIONS = {
    "region": "* Region: code or name, for example 33.75 or Kota Pekalongan",
    "name": "* Full name of the office",
    "short_name": "* Short name",
    "slug": "Name in addresses (made from the short name)",
    "time_zone": "Time zone (follows from the region)",
    "address": "Address of the office",
    "phone": "Telephone of the office",
    "email": "E-mail of the office",
    "website": "Website of the office",
    "letterhead_line1": "Letterhead, line 1 (PEMERINTAH and the region)",
    "letterhead_line2": "Letterhead, line 2 (the name of the office)",
    "paper_size": "Paper size: F4 or A4",
    "admin_name": "* Full name of the first administrator",
    "admin": "User name of the first administrator (made from the name)",
    "admin_email": "E-mail of the first administrator",
}
FIELDS = ("address", "phone", "email", "website", "paper_size")


class Command(BaseCommand):
    help = (
        "Make the first office and its administrator; safe to repeat. Asks for what no flag and no file gives. "
        "The administrator gets a code, shown once, and chooses a password with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, text in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=text.removeprefix("* "))
        parser.add_argument("--json", type=Path, help="a file with the same names: {'region': '33.75', ...}")
        parser.add_argument("--no-input", action="store_true", help="never ask; refuse when something is missing")
        parser.add_argument("--new-code", action="store_true", help="a new code for an administrator without password")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self.load_regions()
            given = self.answers(options)
            check_email(given.get("admin_email", ""))
            region = self.region_of(given["region"])
            try:
                done = set_up_agency(
                    agency=agency_of(given, region),
                    username=given.get("admin") or plain_username(given["admin_name"]),
                    full_name=given["admin_name"],
                    email=given.get("admin_email", ""),
                    renew_code=options["new_code"],
                )
            except ValidationError as refusal:
                raise CommandError("\n".join(sentences(refusal))) from refusal
            self.report(done)

    def load_regions(self) -> None:
        if not Region.objects.exists():
            self.stdout.write("Loading the official regions ...")
            call_command("load_regions", stdout=self.stdout)

    def answers(self, options: dict[str, Any]) -> dict[str, str]:
        """Flags before the file before questions."""
        given = read_json(options["json"]) if options["json"] else {}
        given |= {name: options[name] for name in QUESTIONS if options[name] is not None}
        may_ask = not options["no_input"] and sys.stdin.isatty()
        for name, text in QUESTIONS.items():
            if may_ask and name not in given:
                given[name] = input(f"{text.removeprefix('* ')}: ")
            given[name] = " ".join(str(given.get(name, "")).split())
        missing = [
            f"--{name.replace('_', '-')}" for name, text in QUESTIONS.items() if text[0] == "*" and not given[name]
        ]
        if missing:
            raise CommandError(f"Missing: {', '.join(missing)}. Give them as flags or in a file with --json.")
        return {name: value for name, value in given.items() if value}

    def region_of(self, text: str) -> Region:
        match = Region.objects.match(text)
        if match.region is not None:
            return match.region
        meant = [f"  {region.code}  {region.full_name}" for region in match.suggestions]
        told = f"There is no region “{text}”."
        raise CommandError("\n".join([f"{told} Did you mean:", *meant]) if meant else told)

    def report(self, done: SetUp) -> None:
        agency, user = done.agency, done.administrator
        state = "was set up" if done.agency_is_new else "exists already and stays as it is"
        self.stdout.write(f"{agency.name} ({agency.region_id}, {agency.get_time_zone_display()}) {state}.")
        if done.code:
            self.stdout.write(f"\nAdministrator: {user.full_name}")
            self.stdout.write(f"  page       {settings.SITE_URL}{reverse('accounts:invitation_accept')}")
            self.stdout.write(f"  user name  {user.username}")
            self.stdout.write(f"  code       {done.code}")
            self.stdout.write("\nThe code is shown only now, works once and for 14 days. --new-code makes another.")
        elif user.has_usable_password():
            self.stdout.write(f"The administrator {user.username} has a password already.")
        else:
            self.stdout.write(f"The administrator {user.username} has a code already; --new-code makes another.")


def check_email(address: str) -> None:
    """Here, because the office has an address too: a refusal names the flag that was meant."""
    try:
        if address:
            validate_email(address)
    except ValidationError as refusal:
        raise CommandError(f"--admin-email: {' '.join(refusal.messages)}") from refusal


def read_json(path: Path) -> dict[str, str]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"The file is no JSON: {error}.") from error
    if not isinstance(given, dict):
        raise CommandError("The file must hold one object: {...}.")
    if unknown := sorted(set(given) - set(QUESTIONS)):
        raise CommandError(f"Unknown in the file: {', '.join(unknown)}. Known: {', '.join(QUESTIONS)}.")
    return {str(name): str(value) for name, value in given.items()}


def agency_of(given: dict[str, str], region: Region) -> Agency:
    place = region.full_name.upper()
    return Agency(
        name=given["name"],
        short_name=given["short_name"],
        slug=given.get("slug") or slugify(given["short_name"])[:60],
        region=region,
        time_zone=given.get("time_zone") or zone_of(region.code),
        letterhead_line1=given.get("letterhead_line1") or f"PEMERINTAH {place}",
        letterhead_line2=given.get("letterhead_line2") or given["name"].upper(),
        **{name: given[name] for name in FIELDS if name in given},
    )


def sentences(refusal: ValidationError) -> list[str]:
    if not hasattr(refusal, "error_dict"):
        return refusal.messages
    flags = {"full_name": "--admin-name: ", "username": "--admin: ", NON_FIELD_ERRORS: ""}
    return [
        f"{flags.get(name, f'--{name}: '.replace('_', '-'))}{' '.join(told)}"
        for name, told in refusal.message_dict.items()
    ]
