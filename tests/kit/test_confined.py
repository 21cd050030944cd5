"""A process that reads a stranger's file opens and starts nothing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFINED = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
from kit.confined import confine
confine(5)
for attempt in (lambda: open("/etc/hostname"), lambda: open("/tmp/x", "w"), socket.socket, os.pipe):
    try:
        attempt()
    except OSError as error:
        print(error.errno)
    else:
        print("open")
try:
    bytearray(2**30)
except MemoryError:
    print("small")
"""


def test_confined_process_can_open_nothing_and_has_little_memory() -> None:
    """EMFILE for each: no file to read or to write, no line, no pipe to another process."""
    done = subprocess.run([sys.executable, "-I", "-c", CONFINED, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["24", "24", "24", "24", "small"]
