"""A cheap load: many visitors at once over raw connections that stay open, each with cookies of its own."""

import gzip
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlencode, urlsplit

AT_ONCE = 32
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)


@dataclass
class Answer:
    status: int
    location: str
    body: bytes
    is_packed: bool

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.is_packed else self.body).decode()


class Browser:
    """One connection to one port; behind a proxy that speaks TLS, as far as the server can tell."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"")

    def post(self, path: str, data: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(data).encode())

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: gzip"]
        head += [f"Referer: https://127.0.0.1:{self.port}{path}", "X-Forwarded-Proto: https"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        request = "\r\n".join(head).encode() + b"\r\n\r\n" + body
        try:
            self.wire.sendall(request)
            answer = self._read()
        except (ConnectionError, OSError):  # a kept connection may be closed by a worker that retires
            self.wire = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.wire.sendall(request)
            answer = self._read()
        return answer

    def _read(self) -> Answer:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _gap, body = data.partition(b"\r\n\r\n")
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more()
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        location = LOCATION.search(head)
        packed = b"content-encoding: gzip" in head.lower()
        return Answer(int(head[9:12]), location[1].decode() if location else "", body, packed)

    def _more(self) -> bytes:
        piece = self.wire.recv(65536)
        if not piece:
            raise ConnectionError("The server closed the connection.")
        return piece


def hidden_fields(answer: Answer) -> dict[str, str]:
    return dict(HIDDEN.findall(answer.text))


def path_of(location: str) -> str:
    return urlsplit(location).path


def rush(works: Sequence[Callable[[], None]], at_once: int = AT_ONCE) -> None:
    """All of it, so many at once; the first failure is raised."""
    waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
    for work in works:
        waiting.put(work)
    failures: list[BaseException] = []

    def visitor() -> None:
        while not failures:
            try:
                waiting.get_nowait()()
            except Empty:
                return
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=visitor) for _number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
