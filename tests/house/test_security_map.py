"""docs/security.md tells the truth: every requirement once, every place and test that it names exists."""

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.exceptions import ValidationError

from accounts.forms.sign_in import LONGEST_PASSWORD, new_password_field
from ikm_portal.keys import fresh_keys

ROOT = Path(__file__).resolve().parent.parent.parent
MAP = ROOT / "docs" / "security.md"
IDS = (ROOT / "tests" / "data" / "asvs-4.0.3-level-2.txt").read_text().split()
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.*?) ?\| (.*?) ?\|$", re.MULTILINE)
STATES = ("met", "partly", "not", "n/a", "operator")
APPS = (
    "accounts",
    "budgets",
    "documents",
    "programs",
    "participants",
    "incentives",
    "reports",
    "notifications",
    "jobs",
    "regions",
    "kit",
    "ikm_portal",
)
LINES = LINE.findall(MAP.read_text())


def state_of(text: str) -> str:
    return next(state for state in STATES if re.match(rf"{state}\b", text))


def code() -> Iterator[tuple[Path, ast.AST]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                yield path, node


@lru_cache
def defined(path: Path) -> frozenset[str]:
    """What a module names at its top, classes and functions with what is inside them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return frozenset(names)


def test_every_requirement_stands_once() -> None:
    assert [number for number, *_rest in LINES] == IDS
    assert len(IDS) == 259


def test_every_line_says_how_it_stands() -> None:
    """Whatever is met names a place or a test; whatever is not says why; the counts on top are those of the lines."""
    counted = Counter(state_of(state) for _number, _asks, state, _where, _test in LINES)
    said = " · ".join(f"{state} {counted[state]}" for state in STATES)
    assert said in MAP.read_text()
    bare = [
        n for n, _a, state, where, test in LINES if state_of(state) == "met" and not (where or test or ":" in state)
    ]
    bare += [n for n, _a, state, _w, _t in LINES if state_of(state) in {"partly", "not", "n/a"} and ":" not in state]
    assert bare == []


def test_every_place_and_test_exists() -> None:
    missing = []
    for number, _asks, _state, where, test in LINES:
        for place in re.findall(r"`([^`]+)`", where):
            path, _colon, name = place.partition(":")
            missing += [] if (ROOT / path).exists() else [f"{number} {path}"]
            if name and (ROOT / path).exists() and name not in defined(ROOT / path):
                missing.append(f"{number} {place}")
        for place in re.findall(r"`([^`]+)`", test):
            path, _colon, name = place.partition("::")
            if not (ROOT / path).exists() or (name and name not in defined(ROOT / path)):
                missing.append(f"{number} {place}")
    assert missing == []


# What the lines say of the code as a whole

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
OPENS_OBJECTS = {"pickle", "marshal", "shelve", "yaml", "xml", "lxml", "telnetlib", "ftplib", "random"}
PLAYED = "ikm_portal/demo/"  # invents people by lot
# XML of spreadsheets: read in a process of its own that refuses a DOCTYPE before the first element; written only.
XML = {"kit/tables/xlsx.py xml.etree", "kit/blanks.py xml.sax.saxutils"}
WEAK = {"md5", "sha1", "DES", "ARC4", "Blowfish"}


def test_no_dangerous_call_stands_in_the_code() -> None:
    """No text is run, no object read from bytes, no shell asked, no weak hash or guessable number used."""
    found = []
    for path, node in code():
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            run = isinstance(node.func, ast.Name) and name in RUNS_TEXT
            shell = any(word.arg == "shell" for word in node.keywords) or name in {"system", "popen"}
            if run or shell or name in WEAK:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
        names = [part.name for part in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [f"{path.relative_to(ROOT)} {name}" for name in names if name.split(".")[0] in OPENS_OBJECTS]
    assert {place for place in found if not place.startswith(PLAYED)} == XML


# Names of tables, columns, sequences and servers from models and settings, never from a request.
OUR_NAMES = (
    *("ikm_portal/rotation.py", "ikm_portal/backups/", "ikm_portal/servers/", "ikm_portal/management/", "kit/rows.py"),
    "participants/queries/entries.py ', '.join(map(key_source, models))",
    "participants/actions/bringing_in.py key_source(model)",
    "participants/actions/undoing_import.py table",  # two tables, named in the loop's head
)


def test_no_value_is_written_into_a_statement() -> None:
    """A statement is a text of its own: what is put into it by an f-string or % is a name of ours in capitals."""
    found = []
    for path, node in code():
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"execute", "executemany", "raw"}):
            continue
        for part in ast.walk(node.args[0]) if node.args else []:
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod):
                found.append(f"{path.relative_to(ROOT)}:{part.lineno}")
            if isinstance(part, ast.FormattedValue) and not ast.unparse(part.value).isupper():
                found.append(f"{path.relative_to(ROOT)} {ast.unparse(part.value)}")
    assert [place for place in found if not place.startswith(OUR_NAMES)] == []


def test_requests_go_out_from_one_place() -> None:
    """Only senders of messages and the signing service speak to other hosts, at addresses of the settings."""
    clients = {"urllib3", "requests", "httpx", "aiohttp", "http.client", "urllib.request", "smtplib", "socket"}
    found = set()
    for path, node in code():
        names = [part.name for part in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= {str(path.relative_to(ROOT).parent) for name in names if name in clients}
    assert found <= {"notifications/delivery", "documents/signing", "ikm_portal/servers", "ikm_portal"}


def printed(*names: str) -> list[str]:
    """Settings as a real installation has them."""
    keys = {name.upper(): str(value) for name, value in fresh_keys().items()}
    environment = (
        os.environ
        | keys
        | {
            "PORTAL_ENV": "production",
            "SITE_URL": "https://portal.example.go.id",
            "DJANGO_SETTINGS_MODULE": "ikm_portal.settings",
        }
    )
    line = f"from django.conf import settings as s; [print(getattr(s, n)) for n in {list(names)!r}]"
    done = subprocess.run([sys.executable, "-c", line], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


def test_production_settings_are_those_of_the_map() -> None:
    wanted = {
        "DEBUG": "False",
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_SECURE": "True",
        "SESSION_COOKIE_HTTPONLY": "True",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": "None",
        "CSRF_COOKIE_DOMAIN": "None",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_SECONDS": "31536000",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": "True",
        "SECOND_FACTOR_REQUIRED": "True",
        "ALLOWED_HOSTS": "[]",
        "USE_X_FORWARDED_HOST": "False",
        "STAFF_IDLE_SECONDS": "1800",
        "SESSION_COOKIE_AGE": "28800",
    }
    assert dict(zip(wanted, printed(*wanted), strict=True)) == wanted


@pytest.mark.parametrize("password", ["kain parang", "x" * (LONGEST_PASSWORD + 1)])
def test_passwords_have_the_length_that_the_map_says(password: str) -> None:
    """From 12 to 128 characters, any of them, none cut off or stripped."""
    rules: Any = settings.AUTH_PASSWORD_VALIDATORS
    least = next(rule["OPTIONS"]["min_length"] for rule in rules if "Minimum" in rule["NAME"])
    assert (least, LONGEST_PASSWORD) == (12, 128)
    field = new_password_field()
    assert field.clean(" sarung 🧵 lurik ") == " sarung 🧵 lurik "
    assert len(field.clean("x" * 128)) == 128
    if len(password) > LONGEST_PASSWORD:
        with pytest.raises(ValidationError):
            field.clean(password)


def test_passwords_are_hashed_as_the_map_says() -> None:
    """Argon2id with at least the memory and rounds that the standard asks, and a salt of its own each."""
    hasher = get_hasher("default")
    kind, _name, _version, costs, salt, _hash = make_password("kain lurik parang").split("$")
    given: dict[str, str] = dict(part.split("=") for part in costs.split(","))
    assert (kind, hasher.algorithm, _name) == ("argon2", "argon2", "argon2id")
    assert (int(given["m"]) >= 15 * 1024, int(given["t"]) >= 2, len(salt) >= 22) == (True, True, True)
