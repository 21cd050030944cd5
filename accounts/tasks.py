"""What the clock does for sign-in and for the trail."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from accounts import actions


@shared_task
def clean_up() -> None:
    """Once a day: counts of names that were quiet for a day, and sessions and devices that ended."""
    actions.forget_old_attempts()
    SessionStore.clear_expired()
    actions.forget_ended_devices()


@shared_task
def seal_trail() -> int:
    """Every minute: what was written since and can no longer be joined by earlier numbers."""
    return actions.seal_entries()
