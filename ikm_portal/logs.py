"""Log lines for machines or for people, without personal data.

What an exception says may quote a whole row, so only its kind, its place and the constraint are told. What foreign
libraries put into their sentences may be a path with a token, so their sentences are told without the words filled in.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from celery import Task
from celery._state import get_current_task
from structlog.processors import TimeStamper
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from kit.context import current_request

OWN = ("ikm_portal", "participants", "programs", "jobs", "notifications", "accounts", "regions", "kit")
TOLD_OF_TASKS = ("name", "id", "description")
EXTRA = ("method", "status", "ms", "task", "task_id", "count", "head", "part", "channel", "kind")

# Ids of requests and tasks are kept; numbers of at least eight digits, in any spelling, and addresses are not.
PERSONAL = re.compile(
    r"(?P<id>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=\d*[a-f])(?:[0-9a-f]{32}){1,2}\b)"
    r"|(?P<email>[^\s@\"'<>(),;:=]+(?:@|%40)[\w-]+(?:\.[\w-]+)*)"
    r"|(?P<number>(?<!\d)\+?\d(?:[ .()/-]{0,2}\d){7,}(?!\d))"
)

# These tell about the programme or its servers, not about a row; of a refused row PostgreSQL tells in other classes.
PLAIN_ERRORS = frozenset(
    {
        *("AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "TypeError", "RecursionError"),
        *("ImproperlyConfigured", "NoReverseMatch", "TemplateDoesNotExist", "TemplateSyntaxError", "FieldError"),
        *("OperationalError", "InterfaceError", "ConnectionError", "TimeoutError", "SoftTimeLimitExceeded"),
    }
)


def redacted(text: str) -> str:
    return PERSONAL.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if match["id"]:
        return match["id"]
    return "[e-mail]" if match["email"] else "[number]"


class PortalFormatter(ProcessorFormatter):
    """Of every record first only what may be told; then the fields that all lines have."""

    def __init__(self, *, as_json: bool) -> None:
        chain: list[Processor] = [_described, TimeStamper(fmt="iso", utc=True, key="time"), _with_context]
        super().__init__(foreign_pre_chain=chain, processors=[_as_json if as_json else _as_text])

    def format(self, record: logging.LogRecord) -> str:
        told = logging.makeLogRecord(record.__dict__)
        told.msg, told.args, told.stack_info = sentence(record), (), None
        return super().format(told)


def sentence(record: logging.LogRecord) -> str:
    """The event. A broken call of the logger is told as it stands, because nobody may fail over a log line."""
    template, args = str(record.msg), record.args
    try:
        if record.name.split(".")[0] in OWN:
            return redacted(record.getMessage())
        if not args:
            return redacted(template.split(":")[0] if record.name.startswith("gunicorn") else template)
        if isinstance(args, Mapping):
            known = {key: args[key] if key in TOLD_OF_TASKS else _plain(args[key]) for key in args}
            return redacted(template.split("\n")[0] % known)
        return redacted(template.split("\n")[0] % tuple(_plain(arg) for arg in args))
    except (TypeError, ValueError, KeyError):
        return redacted(template)


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    return value if isinstance(value, int) else "…"


def _described(logger: Any, method: str, event: EventDict) -> EventDict:
    """Level, logger, the few fields that a caller may add, and what is known of an exception."""
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog", None)
    exc_info = event.pop("exc_info", None)
    event.update(level=record.levelname.lower(), logger=record.name, process=record.process)
    event.update({name: _safe(record.__dict__[name]) for name in EXTRA if name in record.__dict__})
    if isinstance(exc_info, tuple) and isinstance(exc_info[1], BaseException):
        event.update(described_error(exc_info[1]))
    return event


def _safe(value: object) -> object:
    return redacted(value) if isinstance(value, str) else value


def described_error(error: BaseException) -> dict[str, str]:
    """Kinds, constraint and places; the text only of kinds that quote no data."""
    chain = list(_chain(error))
    told = {"error": " < ".join(_named(link) for link in chain)}
    for link in chain:
        told |= {"said": said} if "said" not in told and (said := _text(link)) else {}
        diagnosis = getattr(link, "diag", None)
        if diagnosis is not None:
            facts = {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
            told |= {name: value for name, value in facts.items() if value}
    told["trace"] = redacted("".join(part for link in chain for part in traceback.format_tb(link.__traceback__)))
    return told


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _named(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _text(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""
    if type(error).__name__ not in PLAIN_ERRORS:
        return ""
    lines = str(error).strip().splitlines()
    return redacted(lines[0].split("DETAIL:")[0]) if lines else ""


def _with_context(logger: Any, method: str, event: EventDict) -> EventDict:
    """Whose work this line belongs to: the request and its route, user and office by number; or the task."""
    context, task = current_request.get(), get_current_task()
    request_id = context.request_id or (request_id_of(task) if task is not None else "")
    if request_id:
        event["request_id"] = request_id
    if task is not None and task.request.id:
        event.update(task=task.name, task_id=task.request.id)
    request = context.request
    if request is not None:
        match = request.resolver_match
        event["route"] = match.view_name if match is not None else "unknown"
        user = getattr(request, "_cached_user", None)  # never asked for here: that could be a query
        if user is not None and user.pk is not None:
            event.update(user=user.pk, agency=user.agency_id)
    return event


def request_id_of(task: Task) -> str:
    """The id of the request that asked for the task (kit/wakeup.py); the task's own where the clock asked for it."""
    given = task.request.get("portal_request_id") or (task.request.headers or {}).get("portal_request_id")
    return given or (task.request.id or "").replace("-", "")


def _as_json(logger: Any, method: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)


def _as_text(logger: Any, method: str, event: EventDict) -> str:
    trace = event.pop("trace", "")
    head = " ".join(str(event.pop(name)) for name in ("time", "level", "logger", "event"))
    facts = " ".join(f"{name}={value}" for name, value in event.items() if name != "process")
    return f"{head} {facts}".rstrip() + (f"\n{trace.rstrip()}" if trace else "")


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """For Django, Celery and gunicorn alike. Nothing goes by mail, and what was refused is told by its own line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"portal": {"()": PortalFormatter, "as_json": as_json}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.server": {"handlers": [], "level": "NOTSET", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "NOTSET", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
