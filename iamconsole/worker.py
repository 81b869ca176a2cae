"""gunicorn's threaded worker, but a thread stays with its connection as long as the client goes on asking.

gunicorn hands a connection back to its main thread after each answer and has it handed out again for the next request;
for a client that asks one call after the other, that took as long as half the call.
"""

from __future__ import annotations

import select
import socket
import struct
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# How long a thread waits for the next request, and how many it takes in a row, before others get their turn.
WAIT_MILLISECONDS = 2
MOST_IN_A_ROW = 100
# How long a read may wait for the rest of a request: without an end to it, as many half requests as there are threads
# keep everybody out for as long as they like.
PATIENCE_SECONDS = 10.0


class StayingWorker(ThreadWorker):
    """Threads that stay."""

    def init_process(self) -> None:
        """Settings become plain attributes: gunicorn looks each up by its name, thirty times a request."""
        settings: Any = self.cfg
        vars(settings).update({name: each.get() for name, each in settings.settings.items()})
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Serve a request, and those that follow at once; what comes back says whether to keep the connection."""
        _limit_patience(conn.sock)
        for _ in range(MOST_IN_A_ROW):
            kept = super().handle(conn)
            # True alone means: answered, and the client may ask again.
            if kept is not True or conn.is_http2 or not self._is_idle() or not _asks_again(conn.sock):
                break
        return kept

    def _is_idle(self) -> bool:
        """Whether nobody waits for a thread, and the worker is not about to stop."""
        return bool(self.alive and self.tpool._work_queue.empty())


def _limit_patience(sock: Any) -> None:
    """By the system's own timeout: gunicorn takes Python's away before each request."""
    seconds, rest = divmod(PATIENCE_SECONDS, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), int(rest * 1_000_000)))


def _asks_again(sock: Any) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(WAIT_MILLISECONDS))
