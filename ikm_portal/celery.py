"""The Celery application: tasks are doors, found in each app's `tasks`."""

import os
from typing import Any

from celery import Celery, Task
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_portal.settings")


class PortalTask(Task):
    def before_start(self, *args: Any) -> None:
        """Gives up connections that died since the last task, as Django does between two requests.

        Celery keeps them (CELERY_DB_REUSE_MAX): after a restart of PostgreSQL every task would fail from then on.
        """
        close_old_connections()


app = Celery("ikm_portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
