#!/usr/bin/env python3
"""Sets the portal up and runs, tests or checks it; needs nothing but Python. `python3 portal.py help` lists the words.

The head of this file stays readable for old Pythons, so that they can say that they are too old.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:
    sys.exit("Portal IKM runs on Linux and macOS; on Windows use the Linux subsystem (WSL).")

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
DATA = Path(os.environ.get("PORTAL_DATA") or ROOT / "var").resolve()
GIVEN_VENV = os.environ.get("PORTAL_VENV")
VENV = Path(GIVEN_VENV or ROOT / ".venv").resolve()
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "portal-packages.json"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class TroubleError(Exception):
    """Why it cannot go on, as a sentence for the person at the keyboard."""


def say(text: str) -> None:
    print(text, flush=True)


def require_python(version: "tuple[int, ...]", arguments: "list[str]") -> None:
    """Go on with a newer Python of this machine when this one is too old."""
    if version >= OLDEST:
        return
    for minor in range(16, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.call([newer, "-c", ""]) == 0:
            os.execv(newer, [newer, *arguments])  # noqa: S606 - the same script under another Python
    found = ".".join(map(str, version[:2]))
    raise TroubleError(
        f"Portal IKM needs Python 3.11 or newer; this is {found}. Install a newer Python and call it by name."
    )


def require_room(folder: Path, megabytes: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free // 1024**2
    if free < megabytes:
        raise TroubleError(f"The disk of {folder} has {free} MB left; {megabytes} MB are needed.")


def ensure_packages(requirements: str) -> None:
    """The virtual environment with every pinned package of `requirements`; quick when nothing changed."""
    if GIVEN_VENV:
        if not PYTHON.exists():
            raise TroubleError(f"PORTAL_VENV names {VENV}, but there is no Python in it.")
        return
    DATA.mkdir(parents=True, exist_ok=True)
    with open(DATA / "setup.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
        stamps = json.loads(STAMP.read_text()) if STAMP.exists() else {}
        if PYTHON.exists() and stamps.get(requirements) == wanted:
            return
        require_room(VENV.parent, 1500)
        make_venv()
        say(f"Installing the packages of {requirements} (once, about a minute) ...")
        install(requirements)
        STAMP.write_text(json.dumps(stamps | {requirements: wanted}))


def make_venv() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    say(f"Making the virtual environment {VENV} ...")
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships Python without these two
        import venv  # noqa: PLC0415 - only where it is made
    except ImportError:
        raise TroubleError(no_venv_sentence()) from None
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise TroubleError(f"The virtual environment {VENV} could not be made: {error}") from error


def no_venv_sentence() -> str:
    package = f"python3.{sys.version_info[1]}-venv"
    return (
        "This Python comes without venv and ensurepip, so no virtual environment can be made. "
        f"On Debian and Ubuntu: `sudo apt install {package}` (or python3-venv), then again."
    )


def install(requirements: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--disable-pip-version-check"]
    command += ["--root-user-action", "ignore", "--progress-bar", "off", "-r", requirements]
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise TroubleError(install_sentence(done.stdout))


def install_sentence(output: str) -> str:
    if "No space left" in output:
        return f"The packages could not be installed: no space left on the disk of {VENV}."
    signs = ("Connection", "connection", "Temporary failure", "timed out", "Name or service", "Max retries")
    if any(sign in output for sign in signs):
        return "The packages could not be downloaded. Is this machine online (or PIP_INDEX_URL right)?"
    reasons = [line for line in output.splitlines() if line.startswith("ERROR")] or output.splitlines()[-3:]
    return "The packages could not be installed:\n" + "\n".join(reasons)


def require_free_port(host: str, port: str) -> int:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise TroubleError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except PermissionError:
            raise TroubleError(f"Only root may use port {port}. Choose one above 1023: `make run PORT=8080`.") from None
        except OSError:
            raise TroubleError(
                f"Port {port} is in use by another program. Choose another: `make run PORT=8080`."
            ) from None
    return int(port)


def hold_run_lock() -> None:
    """One portal per data folder. The descriptor survives the exec, and with it the lock."""
    if DATA.exists() and not DATA.is_dir():
        raise TroubleError(f"{DATA} is a file; the data of the portal needs a folder (PORTAL_DATA names it).")
    DATA.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(DATA / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 200).decode().strip() or "starting"
        raise TroubleError(
            f"The portal of this folder already runs ({holder}). "
            "Stop it there with Ctrl-C, or with `python3 portal.py stop`."
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()}".encode())
    os.set_inheritable(descriptor, True)


def become(*arguments: object) -> None:
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *map(str, arguments)])  # noqa: S606 - our own Python, no shell wanted


def run(arguments: "list[str]") -> None:
    """set everything up and serve the portal with the demonstration (PORT=8000, HOST=127.0.0.1)"""
    hold_run_lock()
    os.environ["HOST"] = os.environ.get("HOST") or "127.0.0.1"
    os.environ["PORT"] = str(require_free_port(os.environ["HOST"], os.environ.get("PORT") or "8000"))
    ensure_packages("requirements.txt")
    become("-m", "ikm_portal.serving", *arguments)


def test(arguments: "list[str]") -> None:
    """set everything up and run all tests (words after `test` go to pytest)"""
    ensure_packages("requirements-dev.txt")
    get_from_system("a browser", "chromium", BROWSERS)
    workers = [] if any(word.startswith(("-n", "--numprocesses", "-p")) for word in arguments) else ["-n", "3"]
    become("-m", "pytest", *workers, *arguments)


def check(arguments: "list[str]") -> None:
    """lint, types, contracts, templates, migrations, deployment settings, translations"""
    ensure_packages("requirements-dev.txt")
    get_from_system("gettext", "gettext", ("xgettext",))
    become("-m", "ikm_portal.checking", *arguments)


def bench(arguments: "list[str]") -> None:
    """measure"""
    ensure_packages("requirements-dev.txt")
    become("-m", "bench", *arguments)


def demo_reset(arguments: "list[str]") -> None:
    """drop the demonstration's database and build it anew (--yes: do not ask, --force: also a database elsewhere)"""
    hold_run_lock()
    ensure_packages("requirements.txt")
    become("-m", "ikm_portal.serving", "reset", *arguments)


def stop(arguments: "list[str]") -> None:
    """stop the portal of this folder and its servers, whoever started them"""
    if PYTHON.exists():
        become("-m", "ikm_portal.serving", "stop", *arguments)


def pins(arguments: "list[str]") -> None:
    """resolve requirements*.in anew and pin every package with hashes (needs uv)"""
    if not shutil.which("uv"):
        raise TroubleError("Pinning needs uv: `pip install uv`, then again.")
    for name in ("requirements", "requirements-dev"):
        command = [
            "uv",
            "pip",
            "compile",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-header",
        ]
        constraint = ["--constraint", "requirements.txt"] if name == "requirements-dev" else []
        subprocess.run([*command, *constraint, f"{name}.in", "-o", f"{name}.txt", *arguments], cwd=ROOT, check=True)


def get_from_system(what: str, package: str, programs: "tuple[str, ...]") -> None:
    """Install a program that only tests and checks need, where this account may; go on without it otherwise."""
    if any(map(shutil.which, programs)) or os.environ.get("PORTAL_CHROMIUM"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {what} from the system's packages ...")
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            subprocess.run(["apt-get", *words], env=environment, check=False, stdout=subprocess.DEVNULL)
    if not any(map(shutil.which, programs)):
        say(f"!!! No {package} on this machine: what needs {what} will be SKIPPED. Install the package {package}.")


def show_help(arguments: "list[str]") -> None:
    """show this"""
    say("python3 portal.py WORD (or make WORD)\n")
    for name, command in COMMANDS.items():
        say(f"  {name:<11} {command.__doc__}")


COMMANDS = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "demo-reset": demo_reset,
    "stop": stop,
    "pins": pins,
    "help": show_help,
}


def main(arguments: "list[str]") -> int:
    word = arguments[1] if len(arguments) > 1 else "help"
    try:
        require_python(sys.version_info[:3], arguments)
        if word not in COMMANDS:
            raise TroubleError(f"There is no word {word!r}. `python3 portal.py help` lists them.")
        COMMANDS[word](arguments[2:])
    except TroubleError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"That failed: {error.strerror}{where}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
