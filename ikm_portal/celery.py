"""The Celery application: tasks are doors, found in each app's `tasks`."""

import logging
import os
import time
from typing import Any

from celery import Celery, Task, bootsteps
from celery.app.log import Logging
from celery.utils.log import mlevel
from django.db import close_old_connections
from django.utils.module_loading import import_string

from ikm_portal.heartbeats import SECONDS, show_life
from ikm_portal.logs import request_id_of
from kit.context import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_portal.settings")


class PortalTask(Task):
    def before_start(self, *args: Any) -> None:
        """Gives up connections that died since the last task, as Django does between two requests.

        Celery keeps them (CELERY_DB_REUSE_MAX): after a restart of PostgreSQL every task would fail from then on.
        """
        close_old_connections()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the task records and logs carries the id of the request that asked for it, or its own."""
        began, result = time.perf_counter(), "failed"
        with acting(request_id=request_id_of(self)):
            try:
                answer = super().__call__(*args, **kwargs)
                result = "done"
            finally:
                import_string("ikm_portal.metrics.count_task")(self.name, result, time.perf_counter() - began)
        return answer


class PortalLogging(Logging):
    """Django has set up the lines already; the command line only may ask for more of them."""

    def setup_logging_subsystem(self, loglevel: Any = None, *args: Any, **kwargs: Any) -> None:
        PortalLogging.already_setup = True
        root = logging.getLogger()
        root.setLevel(min(root.level, mlevel(loglevel) or root.level))


class SignsOfLife(bootsteps.StartStopStep):
    """The main process of a worker shows that it lives and which queues it serves."""

    requires = ("celery.worker.components:Timer",)
    timer: Any = None

    def start(self, parent: Any) -> None:
        facts = ("worker", parent.hostname, ",".join(sorted(parent.app.amqp.queues.consume_from)))
        show_life(*facts)
        self.timer = parent.timer.call_repeatedly(SECONDS, show_life, facts)

    def stop(self, parent: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()


app = Celery("ikm_portal", task_cls=PortalTask, log=PortalLogging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(SignsOfLife)
