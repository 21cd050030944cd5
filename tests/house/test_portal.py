"""The bootstrap script: what it says when it cannot go on."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import portal
from tests.support.servers import ROOT

SITE = "https://portal.example.go.id"


def run(*words: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "portal.py"), *words],
        env=os.environ | {"PORTAL_VENV": sys.prefix} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_help_lists_every_word() -> None:
    code, said, _errors = run("help")
    assert code == 0
    assert [line.split()[0] for line in said.splitlines()[2:]] == list(portal.COMMANDS)


def test_unknown_word_is_told() -> None:
    assert run("serve") == (1, "", "There is no word 'serve'. `python3 portal.py help` lists them.\n")


def test_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(portal.TroubleError, match=r"^Portal IKM needs Python 3\.11 or newer; this is 3\.8\."):
        portal.require_python((3, 8, 18), ["portal.py", "run"])


def test_new_python_is_accepted() -> None:
    portal.require_python((3, 11, 0), ["portal.py", "run"])


def test_script_can_be_read_by_an_old_python() -> None:
    compile((ROOT / "portal.py").read_text(), "portal.py", "exec", flags=0, dont_inherit=True)
    source = (ROOT / "portal.py").read_text()
    assert [word for word in ("match ", ":=", "from __future__", " | None") if word in source] == []


def test_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said, errors = run("run", PORT=str(port), PORTAL_DATA=str(tmp_path))
    assert (code, said) == (1, "")
    assert errors == f"Port {port} is in use by another program. Choose another: `make run PORT=8080`.\n"


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_port_that_is_none_is_told(port: str, tmp_path: Path) -> None:
    code, said, errors = run("run", PORT=port, PORTAL_DATA=str(tmp_path))
    assert (code, said, errors) == (1, "", f"PORT must be a number from 1 to 65535, not '{port}'.\n")


def test_second_portal_of_a_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "DATA", tmp_path)
    portal.hold_run_lock()
    code, _said, errors = run("run", PORT="1", PORTAL_DATA=str(tmp_path))
    assert code == 1
    assert errors == (
        f"The portal of this folder already runs (process {os.getpid()}). "
        "Stop it there with Ctrl-C, or with `python3 portal.py stop`.\n"
    )


def test_missing_environment_is_told(tmp_path: Path) -> None:
    code, _said, errors = run("run", PORT="65123", PORTAL_DATA=str(tmp_path), PORTAL_VENV=str(tmp_path / "none"))
    assert (code, errors) == (1, f"PORTAL_VENV names {tmp_path / 'none'}, but there is no Python in it.\n")


def test_python_without_venv_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(portal, "VENV", tmp_path)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(portal.TroubleError, match=r"^This Python comes without venv and ensurepip"):
        portal.make_venv()


def test_full_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(portal.TroubleError, match=r"has \d+ MB left; 1000000000000 MB are needed\.$"):
        portal.require_room(tmp_path, 10**12)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "no space left on the disk"),
        ("NewConnectionError: Failed to establish a new connection", "Is this machine online"),
        ("Collecting\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"),
    ],
)
def test_failed_installation_is_told(output: str, sentence: str) -> None:
    assert sentence in portal.install_sentence(output)


def test_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said, errors = run("run", PORTAL_DATA=str(tmp_path / "file"))
    sentence = f"{tmp_path / 'file'} is a file; the data of the portal needs a folder (PORTAL_DATA names it).\n"
    assert (code, said, errors) == (1, "", sentence)


def test_data_folder_without_rights_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said, errors = run("run", PORTAL_DATA=str(tmp_path / "file" / "data"))
    assert (code, said, errors) == (1, "", f"That failed: Not a directory ({tmp_path / 'file' / 'data'}).\n")


def test_reset_refuses_a_database_of_your_own(tmp_path: Path) -> None:
    code, _said, errors = run(
        "demo-reset", PORTAL_ENV="demo", PORTAL_DATA=str(tmp_path), DATABASE_URL="postgres://a@b/c"
    )
    assert (code, errors) == (
        1,
        "DATABASE_URL points to a database of your own; demo-reset would drop it. Add --force if that is meant.\n",
    )


def test_reset_refuses_production(tmp_path: Path) -> None:
    code, _said, errors = run(
        "demo-reset", PORTAL_ENV="production", SITE_URL="https://portal.example.go.id", PORTAL_DATA=str(tmp_path)
    )
    assert (code, errors) == (1, "demo-reset works on a demonstration only (PORTAL_ENV=demo).\n")


def test_makefile_is_thin() -> None:
    """Every word of the script, and nothing of its own."""
    text = (ROOT / "Makefile").read_text()
    words = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    assert sorted(words) == sorted(portal.COMMANDS)
