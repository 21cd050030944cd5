"""Handing messages over: one worker process against a bare client loop, to the same receiver in the same run."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.registry import Result
from bench.senders import BODY
from notifications import routing
from notifications.models import Message, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from tests import cast

ROUNDS, EACH, MANY = 5, 1_000, 100_000
FACTS = {"nama": "Warga", "nomor": "ABCD-1234", "pelatihan": "Pelatihan membatik"}
FILL = """
INSERT INTO notifications_message (
    agency_id, kind, key, "group", language, channel, recipient_name, recipient_address, recipient_email,
    recipient_phone, fallbacks, subject, body, facts, secret, state, attempts, not_before, failure, failure_code,
    provider_id, message_id, created_at, subject_type, subject_id)
SELECT %(agency)s, 'registration_received', 'bench:' || %(channel)s || n, 'batch:' || n %% 27, 'id', %(channel)s,
    'Warga ' || n, CASE %(channel)s WHEN 'email' THEN 'warga' || n || '@example.id' ELSE '+62812' || 10000000 + n END,
    '', '+62812' || 10000000 + n, '{}', 'Pendaftaran ' || n || ' diterima', %(body)s, %(facts)s, false, 'queued', 0,
    now(), '', '', '', '<' || %(channel)s || n || '@example.id>', now(), 'registration', n::text
FROM generate_series(%(first)s, %(last)s) n
"""


def measures() -> Iterator[Result]:
    agency = cast.home_agency()
    WhatsAppGateway.objects.create(
        agency=agency, phone_number_id="106540352242922", token="EAAB", app_secret="s", per_minute=0
    )
    WhatsAppTemplate.objects.create(
        agency=agency, kind="registration_received", language="id", name="diterima", parameters=list(FACTS)
    )
    routing.note_change(agency.pk)
    with receivers() as ports:
        for channel in ("email", "whatsapp"):
            yield against_the_loop(channel, ports)
        yield many(ports)


def against_the_loop(channel: str, ports: dict[str, str]) -> Result:
    """Ours in messages a second over the loop's; the median of interleaved rounds."""
    ours, theirs = [], []
    for _round in range(ROUNDS):
        theirs.append(run(f"loop-{channel}", EACH, ports))
        fill(channel, EACH)
        ours.append(run("worker", EACH, ports))
    ratios = [loop["seconds"] / worker["seconds"] for loop, worker in zip(theirs, ours, strict=True)]
    figures = {
        "messages/s": EACH / statistics.median(worker["seconds"] for worker in ours),
        "CPU ms each": 1000 * statistics.median(worker["cpu"] for worker in ours) / EACH,
        "messages/s of the loop": EACH / statistics.median(loop["seconds"] for loop in theirs),
    }
    name = {"email": "hand over by e-mail", "whatsapp": "hand over by WhatsApp"}[channel]
    return Result(name, figures, "bare client loop", statistics.median(ratios), at_least=0.5)


def many(ports: dict[str, str]) -> Result:
    """The memory of the worker after the last of very many, over that after the first thousands."""
    fill("email", MANY)
    used = run("worker", MANY, ports)
    figures = {"messages/s": MANY / used["seconds"]} | {name: used[name] for name in ("first MB", "last MB", "peak MB")}
    ratio = used["peak MB"] / used["first MB"]
    return Result(f"{MANY:,} queued messages", figures, "memory at the beginning", ratio, at_most=1.1)


def fill(channel: str, count: int) -> None:
    first = Message.objects.count() + 1
    agency = cast.home_agency().pk
    values: dict[str, Any] = {"agency": agency, "channel": channel, "first": first, "last": first + count - 1}
    with connection.cursor() as cursor:
        cursor.execute(FILL, values | {"body": BODY, "facts": json.dumps(FACTS)})
        cursor.execute("ANALYZE notifications_message")
    if channel == "whatsapp":
        phones = Message.objects.filter(channel="whatsapp", state="queued").values_list("recipient_phone", flat=True)
        WhatsAppChoice.objects.bulk_create(
            WhatsAppChoice(agency_id=agency, phone=phone, wants=True, source="form", at=timezone.now())
            for phone in phones
        )


def run(work: str, count: int, ports: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.senders", work, str(count)]
    done = subprocess.run(command, env=os.environ | ports, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@contextmanager
def receivers() -> Iterator[dict[str, str]]:
    process = subprocess.Popen([sys.executable, "-m", "bench.receivers"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        mail, platform = process.stdout.readline().split()
        yield {
            "BENCH_MAIL_PORT": mail,
            "BENCH_HTTP_PORT": platform,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
            "WHATSAPP_API_URL": f"http://127.0.0.1:{platform}/v23.0",
        }
    finally:
        process.terminate()
        process.wait(10)
