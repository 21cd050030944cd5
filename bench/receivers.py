"""A mail server and a WhatsApp platform that take everything and cost as little as they can, in a process of their own.

`python -m bench.receivers` prints the two ports and runs until it is ended.
"""

import asyncio
import itertools
import sys

REPLIES = {b"EHLO": b"250 receiver\r\n", b"HELO": b"250 receiver\r\n", b"QUIT": b"221 bye\r\n"}


class Mail(asyncio.Protocol):
    """SMTP for one sender: 250 to everything, a text ends with a dot."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.pending, self.in_text = transport, b"", False
        transport.write(b"220 receiver\r\n")

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while True:
            end = self.pending.find(b"\r\n.\r\n" if self.in_text else b"\r\n")
            if end < 0:
                return
            line, self.pending = self.pending[:end], self.pending[end + (5 if self.in_text else 2) :]
            self.answer(line)

    def answer(self, line: bytes) -> None:
        if self.in_text:
            self.in_text = False
            self.transport.write(b"250 taken\r\n")
        elif line[:4].upper() == b"DATA":
            self.in_text = True
            self.transport.write(b"354 go on\r\n")
        else:
            self.transport.write(REPLIES.get(line[:4].upper(), b"250 yes\r\n"))


class Platform(asyncio.Protocol):
    """HTTP/1.1 that keeps connections and answers each POST with a number."""

    numbers = itertools.count(1)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.pending = transport, b""

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while True:
            head, blank, rest = self.pending.partition(b"\r\n\r\n")
            if not blank:
                return
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self.pending = rest[length:]
            body = b'{"messaging_product":"whatsapp","messages":[{"id":"wamid.%d"}]}' % next(self.numbers)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self.transport.write(head + body)


async def main() -> None:
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(Mail, "127.0.0.1", 0)
    platform = await loop.create_server(Platform, "127.0.0.1", 0)
    sys.stdout.write(f"{mail.sockets[0].getsockname()[1]} {platform.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
