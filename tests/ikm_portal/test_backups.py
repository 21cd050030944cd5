"""The restore drill: an office with real rows is backed up, lost, and stands again elsewhere, whole."""

import base64
import contextlib
import json
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pyrage
import pytest
from pytest_django import Settings

from ikm_portal.backups import BackupError, age, keys, manifest, restoring
from ikm_portal.servers.place import OWNER
from tests.support.production import SIGN_IN, Installation, Visitor, installed, wait_for
from tests.support.servers import ROOT

pytestmark = pytest.mark.slow

FILL = """
import datetime as dt
from django.utils import timezone
from accounts.models import User
from jobs.actions import store_file
from notifications.actions import queue
from notifications.models import Message
from participants.actions import verify
from tests import cast, factories
agency = cast.home_agency()
program = factories.program(agency, slug="pelatihan-dbhcht", name="Pelatihan Kerja DBHCHT")
batch = factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")
officer = cast.program_officer()
entries = [factories.registration(batch, email=f"warga{n}@contoh.example") for n in range(12)]
verify(registration=entries[0], note="", by=officer)
store_file(agency=agency, name="daftar.xlsx", content=b"PK" + bytes(70000), content_type="application/x", by=officer)
"""
# Everything but sessions and what the restore itself notes, as one hash a table.
DIGEST = """
import hashlib, json
from django.apps import apps
from django.db import connection
found = {}
with connection.cursor() as cursor:
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in ("django_session", "accounts_auditentry", "notifications_message"):
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            found[table] = cursor.fetchone()[0]
    cursor.execute("SELECT md5(string_agg(t::text, chr(10) ORDER BY id)) FROM accounts_auditentry t"
                   " WHERE action NOT LIKE 'backup.%' AND action NOT LIKE 'keys.%'")
    found["trail"] = cursor.fetchone()[0]
print(json.dumps(found))
"""
LOOK = (
    SIGN_IN
    + """
import json
from accounts.models import AuditEntry, User
from notifications.models import Message
from participants.models import Registration
print(json.dumps({
    "session": sign_in(User.objects.get(username="petugas.program")),
    "read": all(row.nik.endswith(row.nik_last4) for row in Registration.objects.all()),
    "noted": AuditEntry.objects.filter(action="backup.restored").count(),
    "open": Message.objects.filter(state__in=["queued", "sending"], channel="email").count(),
    "held": Message.objects.filter(state="failed", failure_code="restored").count(),
    "resent": Message.objects.filter(state="sent").count(),
}))
"""
)


@dataclass
class Office:
    portal: Installation
    backups: Path
    identity: Path
    whole: Path

    def run(self, *words: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        return run(self.portal, *words, **options)


def run(portal: Installation, *words: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=False, timeout=120, **options
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="portal-test-")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[Office]:
    identity = pyrage.x25519.Identity.generate()
    secret = folder / "identity.txt"
    secret.write_text(f"# made for a test\n{identity}\n")
    (folder / "office").mkdir()
    with installed(folder / "office") as portal:
        portal.environment["BACKUP_RECIPIENTS"] = str(identity.to_public())
        portal.manage("shell", "-v0", "-c", FILL)
        made = Office(portal, folder / "backups", secret, folder)
        done = made.run("backup", "--to", str(made.backups))
        assert done.returncode == 0, done.stderr
        [made.whole] = made.backups.glob("portal-*")
        yield made


@pytest.fixture
def present_keys(office: Office, settings: Settings) -> Settings:
    """The keys of the office, as if this process belonged to it."""
    given = restoring_keys(office.portal)
    settings.HASH_KEY, settings.ENCRYPTION_KEYS = given
    return settings


def restoring_keys(portal: Installation) -> tuple[bytes, dict[int, bytes]]:
    number, text = portal.environment["ENCRYPTION_KEYS"].split(":")
    return base64.b64decode(portal.environment["HASH_KEY"]), {int(number): base64.b64decode(text)}


@pytest.fixture
def copy(office: Office, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office.whole, tmp_path / office.whole.name))


def refusal(folder: Path, identity: Path | None) -> str:
    with pytest.raises(BackupError) as refused:
        restoring.look_at(folder, identity, lambda _text: None)
    return str(refused.value)


def test_backup_is_private_encrypted_and_says_what_it_holds(office: Office) -> None:
    facts = json.loads((office.whole / "manifest.json").read_text())
    assert office.whole.stat().st_mode & 0o777 == 0o700
    assert facts["rows"]["participants_registration"] == 12
    assert facts["parts"]["files"]["count"] == 1
    for part in facts["parts"].values():
        content = (office.whole / part["file"]).read_bytes()
        assert content.startswith(b"age-encryption.org/v1\n")
        assert len(content) == part["size"]
    secrets = [office.portal.environment[name] for name in ("SECRET_KEY", "HASH_KEY", "ENCRYPTION_KEYS")]
    assert not any(secret in (office.whole / "manifest.json").read_text() for secret in secrets)


def test_whole_backup_is_found_whole(office: Office, present_keys: Settings) -> None:
    said: list[str] = []
    restoring.look_at(office.whole, office.identity, said.append)
    assert "is whole and fits the present keys" in said[0]


def test_changed_part_is_refused(office: Office, copy: Path, present_keys: Settings) -> None:
    part = copy / "database.dump.age"
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(bytes(content))
    assert "was changed or damaged" in refusal(copy, office.identity)
    part.write_bytes(bytes(content[:-1]))
    assert "is missing or cut short" in refusal(copy, office.identity)


def test_changed_manifest_is_refused(office: Office, copy: Path, present_keys: Settings) -> None:
    path = copy / "manifest.json"
    path.write_text(path.read_text().replace('"participants_registration": 12', '"participants_registration": 11'))
    assert "was changed after the backup was made" in refusal(copy, office.identity)
    path.unlink()
    assert "is no whole backup" in refusal(copy, office.identity)


def test_other_keys_are_named(office: Office, present_keys: Settings) -> None:
    present_keys.ENCRYPTION_KEYS = {1: bytes(32)}
    assert "Key 1 of ENCRYPTION_KEYS is not the one of this backup" in refusal(office.whole, office.identity)
    present_keys.ENCRYPTION_KEYS = {2: bytes(32)}
    assert "ENCRYPTION_KEYS lacks key 1" in refusal(office.whole, office.identity)
    present_keys.HASH_KEY = bytes(32)
    assert "HASH_KEY is not the one" in refusal(office.whole, office.identity)


def test_without_its_secret_key_a_backup_stays_closed(office: Office, present_keys: Settings, tmp_path: Path) -> None:
    assert "name the file with the secret key" in refusal(office.whole, None)
    (tmp_path / "empty.txt").write_text("# nothing\n")
    assert "holds no secret key" in refusal(office.whole, tmp_path / "empty.txt")
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(BackupError, match="does not open this backup"):
        restoring.unpack_files(office.whole / "files.tar.age", age.identities_from(other))


def test_backup_of_a_newer_portal_is_refused(office: Office, copy: Path, present_keys: Settings) -> None:
    facts = manifest.read(copy)
    facts["migrations"].append("participants.9999_from_the_future")
    (copy / "manifest.json").write_bytes(manifest.sealed(facts))
    assert "comes from a newer portal (participants.9999_from_the_future)" in refusal(copy, office.identity)


def test_full_disk_is_a_sentence_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    """A limit on the size of files, which needs no right, stops writing as a full disk does."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = office.run("backup", "--to", str(tmp_path / "small"), preexec_fn=limit)
    assert done.returncode == 1
    assert f"The disk of {tmp_path / 'small'} is full; nothing was kept of this backup." in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "small").iterdir()] == [".lock"]


def test_killed_backup_leaves_nothing_that_looks_whole(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup", "--to", str(target)],
        cwd=ROOT,
        env=office.portal.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: list(target.glob(".draft-*")), 60, "the backup's beginning")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list(target.glob("portal-*")) == []
    assert list(target.glob(".draft-*")) != []
    for _time in range(2):
        done = office.run("backup", "--to", str(target), "--keep", "1")
        assert done.returncode == 0, done.stderr
    assert [path.name[:7] for path in target.iterdir() if path.name != ".lock"] == ["portal-"]


def test_backup_needs_recipients_or_a_clear_word(office: Office, tmp_path: Path) -> None:
    office.portal.environment["BACKUP_RECIPIENTS"], kept = "", office.portal.environment["BACKUP_RECIPIENTS"]
    try:
        refused = office.run("backup", "--to", str(tmp_path))
        plain = office.run("backup", "--to", str(tmp_path), "--unencrypted")
        without = office.run("backup_keys", "--to", str(tmp_path / "keys.age"))
    finally:
        office.portal.environment["BACKUP_RECIPIENTS"] = kept
    assert (refused.returncode, plain.returncode, without.returncode) == (1, 0, 1)
    assert "Name public keys of age in BACKUP_RECIPIENTS" in refused.stderr
    assert next(tmp_path.glob("portal-*/database.dump")).read_bytes().startswith(b"PGDMP")


def test_keys_go_apart_and_come_back_as_settings(office: Office, tmp_path: Path) -> None:
    for beside in (office.backups / "keys.age", office.whole / "keys.age"):
        assert "holds backups" in office.run("backup_keys", "--to", str(beside)).stderr
    target = tmp_path / "keys.age"
    assert office.run("backup_keys", "--to", str(target)).returncode == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert "exists already" in office.run("backup_keys", "--to", str(target)).stderr
    with target.open("rb") as sealed:
        opened = subprocess.run(
            [sys.executable, "-m", "ikm_portal.backups.age", "decrypt", str(office.identity)],
            stdin=sealed,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
    lines = dict(line.split("=", 1) for line in opened.stdout.splitlines())
    assert lines == {name: office.portal.environment[name] for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "HASH_KEY")}


def test_stored_file_that_is_lost_is_told(office: Office, tmp_path: Path) -> None:
    [path] = [found for found in (office.portal.folder / "data" / "files").rglob("*") if found.is_file()]
    path.rename(path.with_suffix(".part"))
    try:
        done = office.run("backup", "--to", str(tmp_path))
    finally:
        path.with_suffix(".part").rename(path)
    assert done.returncode == 3
    assert "is lost" in done.stderr
    assert len(list(tmp_path.glob("portal-*"))) == 1


def test_drill(office: Office, folder: Path, present_keys: Settings, copy: Path) -> None:
    """The old office is gone for good measure: only the backup, its keys and the secret key are left."""
    before = json.loads(office.portal.manage("shell", "-v0", "-c", DIGEST))
    (folder / "new").mkdir()
    with installed(folder / "new") as portal:
        shared = ("SECRET_KEY", "ENCRYPTION_KEYS", "HASH_KEY", "STATIC_ROOT")
        portal.environment |= {name: office.portal.environment[name] for name in shared}
        words = ["restore", str(office.whole), "--identity", str(office.identity)]
        assert "This database is not empty" in run(portal, *words).stderr
        someone_stands_in_the_way(portal, words)
        nothing_happens_by_halves(portal, office, copy)
        done = run(portal, *words, "--force")
        assert done.returncode == 0, done.stderr
        assert "The seat counters of all batches agree" in done.stdout
        assert json.loads(portal.manage("shell", "-v0", "-c", DIGEST)) == before
        looked = json.loads(portal.manage("shell", "-v0", "-c", LOOK))
        session = looked.pop("session")
        assert looked == {"read": True, "noted": 1, "open": 0, "held": looked["held"], "resent": 0}
        assert looked["held"] >= 12
        [stored] = [path for path in (portal.folder / "data" / "files").rglob("*") if path.is_file()]
        assert stored.read_bytes() == b"PK" + bytes(70000)
        pages_open(portal, session)


def someone_stands_in_the_way(portal: Installation, words: list[str]) -> None:
    at = {"host": str(portal.place.sockets), "port": 5432, "user": OWNER, "dbname": OWNER}
    with contextlib.closing(psycopg2.connect(**at)):
        assert "1 other connections use this database" in run(portal, *words, "--force").stderr


def nothing_happens_by_halves(portal: Installation, office: Office, copy: Path) -> None:
    """A backup that does not hold what it claims: found at the end of the transaction, which is taken back."""
    portal.sql("CREATE TABLE kept AS SELECT 7 AS number")
    facts = manifest.read(copy)
    facts["rows"]["participants_registration"] += 1
    (copy / "manifest.json").write_bytes(manifest.sealed(facts))
    done = run(portal, "restore", str(copy), "--identity", str(office.identity), "--force")
    assert done.returncode == 1
    assert "restored rows of participants_registration are not 13" in done.stderr
    assert "Traceback" not in done.stderr
    assert portal.sql("SELECT number FROM kept") == 7


def pages_open(portal: Installation, session: str) -> None:
    portal.start_web()
    visitor = Visitor(portal.port, cookies={"__Host-sessionid": session})
    wait_for(portal.answers, 90, "gunicorn")
    for page in ("/", "/pelatihan/pelatihan-dbhcht/bendan-kergon/daftar/", "/kerja/angkatan/1/pendaftar/"):
        assert visitor.get(page).status == 200
    assert visitor.get("/kerja/angkatan/1/pendaftar/").text.count("Warga ") >= 12


def test_keys_are_never_written_beside_backups(tmp_path: Path) -> None:
    (tmp_path / "portal-1").mkdir()
    (tmp_path / "portal-1" / "manifest.json").touch()
    assert keys.holds_backups(tmp_path)
    assert keys.holds_backups(tmp_path / "portal-1")
    assert not keys.holds_backups(tmp_path.parent / "elsewhere")


def test_a_missing_file_of_the_secret_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no file .*/identity.txt"):
        age.identities_from(tmp_path / "identity.txt")
