"""What a child process that reads a stranger's file may do: compute for a while, and nothing else."""

import codecs
import contextlib
import resource

# Alphabets of parts' names and of texts: nothing can be loaded once the doors are closed.
ALPHABETS = ("cp437", "cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
MEMORY = 768 * 2**20


def confine(seconds: int) -> None:
    """What was open stays open; nothing new can be opened or started."""
    for name in ALPHABETS:
        codecs.lookup(name)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
