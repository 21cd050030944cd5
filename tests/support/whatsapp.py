"""A WhatsApp Business Platform of our own: a real HTTP server that speaks the Cloud API, and signs its webhooks."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NUMBER_ID, TOKEN, APP_SECRET = "106540352242922", "EAABsbCS1iHgBAO", "d41d8cd98f00b204e9800998ecf8427e"


def refusal(code: int, details: str = "", title: str = "") -> dict[str, Any]:
    error = {"message": f"(#{code}) {title}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return {"error": error | ({"error_data": {"messaging_product": "whatsapp", "details": details}} if details else {})}


@dataclass
class Platform:
    """`answers` maps a recipient (digits) to (status, body, headers); `delay` keeps every answer waiting."""

    received: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any, dict[str, str]]] = field(default_factory=dict)
    everyone: tuple[int, Any, dict[str, str]] | None = None
    delay: float = 0.0
    connections: int = 0
    url: str = ""

    @property
    def recipients(self) -> list[str]:
        return [payload["to"] for payload in self.received]

    def refuse(self, to: str, code: int, status: int = 400, details: str = "", **headers: str) -> None:
        self.answers[to] = (status, refusal(code, details), headers)

    def answer(self, path: str, authorization: str, payload: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        if authorization != f"Bearer {TOKEN}":
            return 401, refusal(190, title="Invalid OAuth access token"), {}
        if path != f"/v23.0/{NUMBER_ID}/messages":
            return 400, refusal(100, title="Unsupported post request"), {}
        planned = self.everyone or self.answers.get(payload["to"])
        if planned is not None:
            return planned
        self.received.append(payload)
        wamid = f"wamid.{hashlib.sha256(f'{len(self.received)} {payload}'.encode()).hexdigest()[:24]}"
        contacts = [{"input": payload["to"], "wa_id": payload["to"]}]
        return 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": wamid}]}, {}


@contextmanager
def running_platform() -> Iterator[Platform]:
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            platform.connections += 1
            super().setup()

        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer, headers = platform.answer(self.path, self.headers.get("Authorization", ""), payload)
            if platform.delay:
                time.sleep(platform.delay)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.url = f"http://127.0.0.1:{server.server_address[1]}/v23.0"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def signed(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def webhook(number_id: str = NUMBER_ID, **value: Any) -> bytes:
    """The body of one call: `statuses=[...]` or `messages=[...]`."""
    about = {"display_phone_number": "6285000000000", "phone_number_id": number_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": about, **value}}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}
    ).encode()


def report(wamid: str, status: str, at: float | None = None, **more: Any) -> dict[str, Any]:
    stamp = str(int(time.time() if at is None else at))
    return {"id": wamid, "status": status, "timestamp": stamp, "recipient_id": "6281234567890", **more}
