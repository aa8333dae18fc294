"""The web server inside the test process, which browsers of the tests visit."""

from __future__ import annotations

import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer

FAREWELL_S = 60


class LiveServer(ThreadedWSGIServer):
    """The tests' own server, which knows whether a visitor is still inside.

    A page closed while its draft is being saved leaves a request behind. The database may only be emptied
    when that one too has been answered, or the two wait for each other's locks.
    """

    _visitors = 0
    _changed = threading.Condition()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    @classmethod
    def _count(cls, change: int) -> None:
        with cls._changed:
            cls._visitors += change
            cls._changed.notify_all()

    @classmethod
    def see_everyone_out(cls) -> None:
        """Returns when every connection has been closed, each request on it answered."""
        with cls._changed:
            if not cls._changed.wait_for(lambda: cls._visitors == 0, timeout=FAREWELL_S):
                raise AssertionError(f"{cls._visitors} connection(s) still open after the test")
