"""What is handed to Docker, systemd and a proxy: it cannot all be run here, but all of it can be read."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.servers import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OWN = {name: service for name, service in COMPOSE["services"].items() if service["image"].startswith("portal-ikm")}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Read by images of others, or by Python itself.
FOREIGN = {"PORTAL_DOMAIN", "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
READS = r"""env(?:\.\w+)?\(\s*"([A-Z_]+)"|environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']"""


def read_by_the_portal() -> set[str]:
    files = [ROOT / "ikm_portal/settings.py", ROOT / "gunicorn.conf.py", *(ROOT / "ikm_portal").glob("settings/*.py")]
    texts = [path.read_text() for path in files if path.exists()]
    return {first or second for text in texts for first, second in re.findall(READS, text)}


def set_for_the_portal() -> set[str]:
    example = re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE)
    compose = [name for service in OWN.values() for name in service["environment"]]
    docker = re.findall(r"\b([A-Z_]{4,})=", "".join(re.findall(r"^(?:ENV|RUN)(?:.*\\\n)*.*", DOCKERFILE, re.MULTILINE)))
    return {name.removesuffix("_FILE") for name in [*example, *compose, *docker]}


def program_of(words: list[str]) -> Path:
    return Path(sys.executable).parent / Path(words[0]).name


def test_every_variable_that_is_set_is_read() -> None:
    assert set_for_the_portal() - read_by_the_portal() - FOREIGN == set()


def test_every_variable_that_is_read_is_explained() -> None:
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/operations.md").read_text()))
    assert read_by_the_portal() - explained == set()


@pytest.mark.parametrize("name", OWN)
def test_services_start_something_that_exists(name: str) -> None:
    words = OWN[name]["command"]
    if words[0] == "sh":
        commands = re.findall(r"manage\.py (\w+)", words[2])
        said = subprocess.run(
            [sys.executable, "manage.py", "help", "--commands"], cwd=ROOT, capture_output=True, text=True
        )
        assert commands
        assert set(commands) <= set(said.stdout.split())
    elif words[0] != "python":
        assert program_of(words).exists()


@pytest.mark.parametrize("name", OWN)
def test_services_hold_no_rights_and_no_secrets(name: str) -> None:
    service = OWN[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    secrets = {"SECRET_KEY", "ENCRYPTION_KEYS", "HASH_KEY", "DATABASE_URL", "EMAIL_URL"}
    assert secrets & set(service["environment"]) == set()
    assert {Path(value).name for key, value in service["environment"].items() if key.endswith("_FILE")} <= set(
        service["secrets"]
    )
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])


def test_services_are_whole() -> None:
    for service in COMPOSE["services"].values():
        assert "healthcheck" in service or service["image"].startswith("portal-ikm")
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
        named = [volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")]
        assert set(named) <= set(COMPOSE["volumes"])
        assert service.get("restart") in {"unless-stopped", "no"}
    assert COMPOSE["services"]["beat"]["deploy"]["replicas"] == 1
    assert COMPOSE["services"]["web"]["deploy"]["replicas"] == 2
    assert "ports" not in COMPOSE["services"]["postgres"]
    assert COMPOSE["networks"]["back"] == {"internal": True}


def queues_of(text: str) -> list[str]:
    return re.findall(r"--queues (\w+)", text)


def test_long_work_takes_no_place_from_messages() -> None:
    from ikm_portal.serving import children  # noqa: PLC0415 - reads nothing but is part of the running portal

    commands = {name: " ".join(service["command"]) for name, service in OWN.items()}
    assert queues_of(commands["worker"]) == ["celery"]
    assert queues_of(commands["jobs"]) == ["jobs"]
    assert [queues_of(path.read_text()) for path in UNITS if queues_of(path.read_text())] == [["jobs"], ["celery"]]
    assert [queues_of(" ".join(child.command)) for child in children()] == [[], ["celery"], ["jobs"], []]


def test_image_is_built_without_secrets_and_run_without_root() -> None:
    stages = DOCKERFILE.split("FROM ")[1:]
    last = stages[-1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert last.index("USER ") < last.index("CMD [")
    assert "SECRET_KEY" not in last
    assert "--require-hashes" in DOCKERFILE
    assert "HEALTHCHECK" in last
    assert {"deploy/secrets", "deploy/env", "var", ".git"} <= set((ROOT / ".dockerignore").read_text().split())
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_units_start_something_that_exists_with_few_rights(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their capitals
    unit.read(path)
    service = unit["Service"]
    assert program_of(service["ExecStart"].split()).exists()
    assert service["WorkingDirectory"] == "/opt/portal-ikm"
    assert service["User"] == "portal"
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "MemoryDenyWriteExecute"):
        assert service[name] == "true"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_systemd_itself_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    """Where systemd is at hand; its own reading of the units stands above."""
    if shutil.which("systemd-analyze") is None:
        return
    (tmp_path / "bin").mkdir()
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/portal-ikm/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / path.name).write_text(
            text.replace("/opt/portal-ikm", str(ROOT)).replace("User=portal", "User=root")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.glob("*.*"))], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line] == []
    assert done.returncode == 0


def test_secrets_are_made_once_and_fit_the_settings(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    script = shutil.copy(DEPLOY / "make_secrets.py", tmp_path / "deploy")
    for _time in range(2):
        subprocess.run([sys.executable, script], check=True, capture_output=True)
    folder = tmp_path / "deploy" / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in folder.iterdir()} == set(COMPOSE["secrets"])
    given = {f"{path.name.upper()}_FILE": str(path) for path in folder.iterdir()}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin",
            "PORTAL_ENV": "production",
            "REDIS_URL": "redis://valkey",
            "SITE_URL": "https://portal.example.go.id",
            "PORTAL_DATA": str(tmp_path),
        }
        | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    missing = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "PORTAL_ENV": "production", "PORTAL_DATA": str(tmp_path)}
        | given
        | {"HASH_KEY_FILE": str(tmp_path / "nothing")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert missing.stderr == "The file that HASH_KEY_FILE names cannot be read: No such file or directory.\n"


def test_manage_runs_with_the_settings_of_the_services(tmp_path: Path) -> None:
    """From any folder; keys and the host of the database as `make_secrets.py` was told."""
    (tmp_path / "deploy").mkdir()
    for name in ("manage", "make_secrets.py"):
        shutil.copy(DEPLOY / name, tmp_path / "deploy")
    secrets = tmp_path / "etc" / "secrets"
    secrets.parent.mkdir()
    script = tmp_path / "deploy" / "make_secrets.py"
    subprocess.run([sys.executable, script, secrets, "127.0.0.1"], check=True, capture_output=True)
    assert secrets.joinpath("database_url").read_text().strip().endswith("@127.0.0.1:5432/portal")
    lines = (DEPLOY / "env.example").read_text().replace("/etc/portal-ikm/secrets", str(secrets))
    (tmp_path / "etc" / "env").write_text(lines.replace("# PORTAL_ENV", "PORTAL_ENV").replace("# DATABASE", "DATABASE"))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "manage.py").write_text("import os, sys\nprint(sys.argv[1:], os.environ['DEFAULT_FROM_EMAIL'])\n")
    done = subprocess.run(
        [tmp_path / "deploy" / "manage", "migrate", "--check"],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "PORTAL_SETTINGS": str(tmp_path / "etc" / "env")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("['migrate', '--check'] Portal IKM <portal@example.go.id>\n", "")
