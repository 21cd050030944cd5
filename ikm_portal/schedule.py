"""What the clock does, and when, by the time of settings.CELERY_TIMEZONE.

A tick that could not be worked off before the next one is due is dropped: ticks never pile up behind long work.
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "notifications-sweep": {"task": "notifications.tasks.sweep", "schedule": 30.0, "options": {"expires": 30}},
    "jobs-sweep": {"task": "jobs.tasks.sweep", "schedule": 30.0, "options": {"expires": 30}},
    "jobs-clean-up": {"task": "jobs.tasks.clean_up", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
    "documents-sweep": {"task": "documents.tasks.sweep", "schedule": 300.0, "options": {"expires": 300}},
    "budgets-check-budgets": {
        "task": "budgets.tasks.check_budgets",
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 3600},
    },
    "programs-forget-origins": {
        "task": "programs.tasks.forget_origins",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 3600},
    },
    "participants-expire-offers": {
        "task": "participants.tasks.expire_offers",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "participants-purge-drafts": {
        "task": "participants.tasks.purge_drafts",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "participants-sweep-evidence": {
        "task": "participants.tasks.sweep_evidence",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "participants-sweep-requests": {
        "task": "participants.tasks.sweep_requests",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "participants-sweep-incidents": {
        "task": "participants.tasks.sweep_incidents",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "participants-forget-complaint-contacts": {
        "task": "participants.tasks.forget_complaint_contacts",
        "schedule": crontab(hour="2", minute="50"),
        "options": {"expires": 3600},
    },
    "participants-wipe-imports": {
        "task": "participants.tasks.wipe_imports",
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 3600},
    },
    "participants-propose-retention": {
        "task": "participants.tasks.propose_retention",
        "schedule": crontab(hour="1", minute="20"),
        "options": {"expires": 3600},
    },
    "participants-check-counters": {
        "task": "participants.tasks.check_counters",
        "schedule": crontab(hour="2", minute="30"),
        "options": {"expires": 3600},
    },
    "participants-recompute-completions": {
        "task": "participants.tasks.recompute_completions",
        "schedule": crontab(hour="2", minute="10"),
        "options": {"expires": 3600},
    },
    "participants-remind-card-reports": {
        "task": "participants.tasks.remind_card_reports",
        "schedule": crontab(hour="7", minute="30"),
        "options": {"expires": 6 * 3600},
    },
    "participants-forget-card-sheets": {
        "task": "participants.tasks.forget_card_sheets",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3600},
    },
    "participants-find-doubles": {
        "task": "participants.tasks.find_doubles",
        "schedule": crontab(hour="1", minute="20"),
        "options": {"expires": 3600},
    },
    "participants-seal-merges": {
        "task": "participants.tasks.seal_merges",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "incentives-follow-payments": {
        "task": "incentives.tasks.follow_payments",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "incentives-remind-winners": {
        "task": "incentives.tasks.remind_winners",
        "schedule": crontab(hour="7", minute="40"),
        "options": {"expires": 6 * 3600},
    },
    "accounts-clean-up": {"task": "accounts.tasks.clean_up", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
    "accounts-seal-trail": {"task": "accounts.tasks.seal_trail", "schedule": 60.0, "options": {"expires": 60}},
    "portal-witness-trail": {
        "task": "ikm_portal.tasks.witness_trail",
        "schedule": crontab(hour="5", minute="10"),
        "options": {"expires": 3600},
    },
}
