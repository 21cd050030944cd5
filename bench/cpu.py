"""CPU and peak memory of whole process trees, as Linux counts them."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def tree(roots: list[int]) -> list[int]:
    """These processes and everything below them."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (stat := _stat(int(folder.name))):
            children.setdefault(int(stat[1]), []).append(int(folder.name))
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def seconds(roots: list[int]) -> float:
    """User and system time of the trees, with children that have ended and been waited for."""
    ticks = 0
    for pid in tree(roots):
        if stat := _stat(pid):
            ticks += sum(int(field) for field in stat[11:15])
    return ticks / TICK


def peak_megabytes(roots: list[int]) -> float:
    """The largest resident size that any process of the trees ever had."""
    peaks = [0.0]
    for pid in tree(roots):
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")]
    return max(peaks)


def _stat(pid: int) -> list[str]:
    """The fields behind the name: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
