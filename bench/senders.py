"""The two that hand messages over, each in a process of its own: `worker` is the portal's, `loop` a bare client.

`python -m bench.senders worker 1000` and `python -m bench.senders loop-email 1000`: prints what it took as JSON.
"""

import json
import os
import smtplib
import sys
import time
from email.message import EmailMessage
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types
import urllib3

BODY = (
    "Yth. Bapak/Ibu,\n\nPendaftaran Anda telah kami terima. Nomor pendaftaran: ABCD-1234.\n" + "Isi surat ini.\n" * 30
)


def loop_email(count: int) -> dict[str, float]:
    """What any client does: compose, and hand over on one connection."""
    with smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_MAIL_PORT"]), timeout=10) as server:
        return timed(lambda number: server.send_message(mail(number)), count)


def mail(number: int) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Dinas <portal@example.id>", f"warga{number}@example.id"
    letter["Subject"], letter["Message-ID"] = f"Pendaftaran {number} diterima", f"<{number}@example.id>"
    letter.set_content(BODY)
    return letter


def loop_whatsapp(count: int) -> dict[str, float]:
    pool = urllib3.PoolManager(retries=False, timeout=10)
    url = f"http://127.0.0.1:{os.environ['BENCH_HTTP_PORT']}/v23.0/106540352242922/messages"
    headers = {"Authorization": "Bearer EAAB", "Content-Type": "application/json"}
    return timed(lambda number: pool.request("POST", url, body=payload(number), headers=headers), count)


def payload(number: int) -> bytes:
    parameters = [{"type": "text", "text": text} for text in (f"Warga {number}", "ABCD-1234", "Pelatihan membatik")]
    template = {
        "name": "pendaftaran_diterima",
        "language": {"code": "id"},
        "components": [{"type": "body", "parameters": parameters}],
    }
    return json.dumps(
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": f"62812{number:08d}",
            "type": "template",
            "template": template,
            "biz_opaque_callback_data": f"<{number}@example.id>",
        }
    ).encode()


def worker(count: int) -> dict[str, float]:
    """The portal's own task, until nothing is left; the memory of the process from begin to end."""
    import django  # noqa: PLC0415 - the loops need none of it

    django.setup()
    from notifications.delivery import deliver_all  # noqa: PLC0415 - after the set-up

    process, sent, sizes = psutil.Process(), 0, []
    began, cpu = time.perf_counter(), time.process_time()
    while sent < count:
        done = deliver_all(seconds=2.0)  # what the task calls; short, so that the memory is looked at in between
        assert done, "nothing was left to send"
        sent += done
        sizes.append(process.memory_info().rss / 1e6)
    figures = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "sent": float(sent)}
    return figures | {"first MB": sizes[0], "last MB": sizes[-1], "peak MB": max(sizes)}


def timed(send: Any, count: int) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        send(number)
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "sent": float(count)}


if __name__ == "__main__":
    work = {"worker": worker, "loop-email": loop_email, "loop-whatsapp": loop_whatsapp}[sys.argv[1]]
    sys.stdout.write(json.dumps(work(int(sys.argv[2]))) + "\n")
