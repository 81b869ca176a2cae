"""As much of an HTTP client as a benchmark of servers needs: Python's own takes a fifth of a call's time for itself."""

from __future__ import annotations

import re
import socket

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


def request(port: int, body: bytes, headers: dict[str, str]) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(["POST / HTTP/1.1", f"Host: {HOST}:{port}", f"Content-Length: {len(body)}", *lines, "", ""])
    return head.encode() + body


class Client:
    """One connection, opened anew where the server closes it after an answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def call(self, request: bytes) -> bytes:
        """The answer's body; an answer that is no success would be fast, and would measure nothing."""
        open_one = self._socket or self._open()
        open_one.sendall(request)
        answer = open_one.recv(65_536)
        while b"\r\n\r\n" not in answer:
            answer += _some(open_one)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length, f"no length: {head!r}"
        while len(body) < int(length[1]):
            body += _some(open_one)
        if _CLOSE.search(head):
            self.close()
        if not head.startswith((b"HTTP/1.1 200 ", b"HTTP/1.0 200 ")):
            raise RuntimeError(f"{head[:40]!r} {body[:300]!r}")
        return body

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None

    def _open(self) -> socket.socket:
        self._socket = opened = socket.create_connection((HOST, self._port), timeout=60)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise RuntimeError("the server broke off")
    return received
