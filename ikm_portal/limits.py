"""How often one address may do a thing, and from when on public forms count as being under attack."""

from typing import Any

from environ import Env


def throttles(env: Env) -> dict[str, tuple[int, int]]:
    """How many POST requests one address may send in how many seconds. Mobile carriers put thousands behind one.

    Beyond `register` the sum or a place in line is asked of that address; beyond the others it is refused.
    """
    return {
        "register": (env.int("THROTTLE_REGISTER", 600), 600),
        "register_held": (1200, 600),
        "draft": (6000, 600),
        "draft_device": (600, 3600),
        "eligibility": (1200, 600),
        "status": (env.int("THROTTLE_STATUS", 120), 600),
        "complaint": (env.int("THROTTLE_COMPLAINT", 60), 600),
        "complaint_held": (240, 600),
        "objection": (env.int("THROTTLE_OBJECTION", 30), 3600),
        "complaint_status": (env.int("THROTTLE_STATUS", 120), 600),
        "topic_request": (env.int("THROTTLE_TOPIC_REQUEST", 60), 600),
        "topic_request_held": (240, 600),
        "topic_tally": (600, 600),
        "paper_check": (60, 600),
        "certificate": (600, 600),
        "feed": (600, 3600),
        "recover": (60, 3600),
        "own_code": (env.int("THROTTLE_OWN_CODE", 30), 3600),
        "own_extract": (60, 3600),
        "data_request": (60, 3600),
        "offer": (300, 600),
        "juror_pin": (env.int("THROTTLE_JUROR_PIN", 120), 600),
        "passkey": (60, 300),
        "desk_check": (env.int("THROTTLE_DESK_CHECK", 400), 600),
        "pitch": (env.int("THROTTLE_PITCH", 300), 600),
        "evidence": (env.int("THROTTLE_EVIDENCE", 300), 600),
    }


def complaints(env: Env) -> tuple[int, int, str]:
    """Working days until an answer is due; days after the end until name and contact go; the national channel."""
    lapor = env.str("LAPOR_URL", "https://www.lapor.go.id/")
    return env.int("COMPLAINT_DAYS", 5), env.int("COMPLAINT_CONTACT_DAYS", 90), lapor


def watch(env: Env) -> dict[str, Any]:
    """What a form that came in weighs, and how much in a minute raises the alarm (kit/watch.py); 0 never does."""
    return {
        "weights": {"sent": 1, "failed": 2, "hasty": 5, "trap": 20, "held": 1},
        "all_per_minute": env.int("WATCH_ALL_PER_MINUTE", 4000),
        "place_per_minute": env.int("WATCH_PLACE_PER_MINUTE", 800),
        "calm_share": 0.5,
        "hold_seconds": 300,
        "hasty_seconds": 3,
    }


def evidence(env: Env) -> dict[str, Any]:
    """Photos of documents: how many and how long. `least_free_mb` of the disk stay free for everything else."""
    return {
        "days_after_end": env.int("EVIDENCE_DAYS_AFTER_END", 14),
        "days_at_most": env.int("EVIDENCE_DAYS_AT_MOST", 90),
        "total_mb": env.int("EVIDENCE_TOTAL_MB", 10_000),
        "least_free_mb": env.int("EVIDENCE_LEAST_FREE_MB", 500),
        "a_day": 12,
        "attempts_an_hour": 40,
    }


def job_cards(env: Env) -> dict[str, int]:
    """Terms of the ministry's job seeker card (AK1), in months; when to remind and how long answers stay, in days."""
    return {
        "valid_months": env.int("JOB_CARD_VALID_MONTHS", 24),
        "report_months": env.int("JOB_CARD_REPORT_MONTHS", 6),
        "remind_days": env.int("JOB_CARD_REMIND_DAYS", 14),
        "answer_days": env.int("JOB_CARD_ANSWER_DAYS", 180),
    }


def after_awards(env: Env) -> dict[str, Any]:
    """What share of paid winners an office asks whether the money came; days to answer, correct and remind."""
    return {
        "percent": env.int("RECEIPT_PERCENT", 34),
        "percent_of": {slug: int(share) for slug, share in env.dict("RECEIPT_PERCENT_OF", default={}).items()},
        "correct_days": env.int("RECEIPT_CORRECT_DAYS", 3),
        "remind_days": env.int("RECEIPT_REMIND_DAYS", 7),
        "report_remind_days": env.int("USE_REPORT_REMIND_DAYS", 14),
    }


# How many forms a minute pass without the sum, per batch and per address; how many seconds an address may be ahead.
SLOW_LANE = {"per_minute": 30, "per_address": 10, "patience": 60, "least_seconds": 15}


def imports(env: Env) -> dict[str, int]:
    """Lists that come in as spreadsheets: how long and how large, and after how many days what was written goes."""
    return {
        "rows": env.int("IMPORT_ROWS", 50_000),
        "megabytes": env.int("IMPORT_MEGABYTES", 15),
        "unpacked_mb": env.int("IMPORT_UNPACKED_MB", 200),
        "days": env.int("IMPORT_DAYS", 14),
    }
