"""The portal's Celery with a clock that ticks every second, for the tests of beat."""

from ikm_portal.beat import LoneScheduler
from ikm_portal.celery import app

app.conf.beat_schedule.clear()
app.conf.beat_schedule["tick"] = {"task": "tests.tick", "schedule": 1.0}
LoneScheduler.lease = 3.0
