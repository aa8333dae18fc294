"""The tests' own server: the database is not emptied under a visitor's feet."""

from __future__ import annotations

import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from tests.live_server import LiveServer


def test_a_visitor_still_inside_is_waited_for(live_server: Any) -> None:
    at = urlsplit(live_server.url)
    visitor = socket.create_connection((at.hostname, at.port))
    visitor.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert visitor.recv(15).startswith(b"HTTP/1.1 200")
    left = threading.Event()

    def leave() -> None:
        left.set()
        visitor.close()

    timer = threading.Timer(0.3, leave)
    timer.start()
    LiveServer.see_everyone_out()
    assert left.is_set()
    timer.join()
