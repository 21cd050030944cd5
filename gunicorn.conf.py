"""The web server, for the demonstration and for real alike; each figure can be set from the environment."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ikm_portal.logs import logging_config

# Every process counts into files of its own here, and whichever is asked adds them up. Read when the counters are made.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="portal-metrics-")
counts = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])

from prometheus_client import multiprocess  # noqa: E402 - it looks for the folder when it is loaded

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # the code is loaded once and shared
timeout = 60
graceful_timeout = 15
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - heartbeats must not wait for a disk
control_socket_disable = True  # two installations of one account would share it
accesslog = None  # addresses carry status tokens: the portal tells each request by the name of its route
logconfig_dict = logging_config(
    level=os.environ.get("LOG_LEVEL", "INFO" if os.environ.get("PORTAL_ENV") == "production" else "WARNING"),
    as_json=os.environ.get("LOG_FORMAT", "json" if os.environ.get("PORTAL_ENV") == "production" else "text") == "json",
)


def on_starting(server: Any) -> None:
    """The counts of a former life are over."""
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(counts, ignore_errors=True)
