"""``./run``: the whole portal on this machine, until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import urllib.request
from pathlib import Path

from deploy.probe import portal_name
from dev import install
from dev.places import PYTHON, ROOT, data_folder
from dev.prepared import prepare
from dev.processes import (
    Child,
    Stop,
    end_leftovers,
    exclusive,
    heed_signals,
    port_is_free,
    run_to_end,
)
from dev.say import VOICE, Refusal, line, step
from dev.services import Services, needs_wheels, running

PORTAL = ["web", "worker", "beat"]
GROWING = "demo"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # what people may write in KC_BIND


def serve() -> int:
    port = _port()
    data = data_folder()
    host = os.environ.get("KC_BIND", "127.0.0.1")
    busy = "This folder's portal is already running: {holder}."
    address = f"http://{reachable_host(host)}:{port}"
    with exclusive(data / "run" / "portal.lock", f"{address} (process {os.getpid()})", when_busy=busy):
        end_leftovers(data / "run", [*PORTAL, GROWING])
        if not port_is_free(port, host):
            raise Refusal(
                f"Port {port} is taken by another program: choose one, for example PORT={port + 1} ./run"
            )
        heed_signals()
        try:
            install.ensure("local" if needs_wheels() else "runtime")
            with running("./run", lasting=True) as services:
                services.environment["ALLOWED_HOSTS"] = allowed_hosts(host)
                services.environment["KC_PUBLIC_URL"] = os.environ.get("KC_PUBLIC_URL") or address
                services.environment["KC_STATIC_ROOT"] = str(data / "static")
                services.environment["KC_ACCOUNTS_FILE"] = str(data / "run" / "demo-accounts.txt")
                prepare(services.environment, "roles", "tables", "demo", "static")
                _run_portal(services, data, host, port, address)
        except Stop:
            line("")
            step("stopped")
    return 0


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def reachable_host(bind: str) -> str:
    """What this machine calls the portal bound to ``bind``: every address includes the loopback."""
    host = EVERYWHERE.get(bind, bind)
    return f"[{host}]" if ":" in host else host


def allowed_hosts(bind: str) -> str:
    """The environment's own list as it is; otherwise this machine's names and the address bound to."""
    return os.environ.get("ALLOWED_HOSTS") or ",".join(
        dict.fromkeys(["localhost", "127.0.0.1", "[::1]", reachable_host(bind)])
    )


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The programs docker-compose.yml starts too, with less of each: one server process, worker threads."""
    celery = [str(PYTHON), "-m", "celery", "-A", "khuyencong"]
    return {
        "web": [
            str(PYTHON), "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", "1", "--blocking-threads", "4", "--no-ws", "khuyencong.wsgi:application",
        ],
        # Threads keep the worker in one process: a third of the memory of a pool of processes.
        "worker": [*celery, "worker", "--pool", "threads", "--concurrency", "1", "--without-gossip",
                   "--without-mingle", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", "{run}/beat-schedule",
                 "--pidfile", ""],
    }  # fmt: skip


def _run_portal(services: Services, data: Path, host: str, port: int, address: str) -> None:
    children: list[Child] = []

    def start(name: str, command: list[str]) -> None:
        environment = {**services.environment, "KC_PROCESS": name}
        log = data / "log" / f"{name}.log"
        children.append(Child(name, command, run=data / "run", log=log, environment=environment, cwd=ROOT))

    try:
        for name, command in commands(host, port).items():
            start(name, [word.replace("{run}", str(data / "run")) for word in command])
        wait_until_ready(children, address, services.environment["ALLOWED_HOSTS"])
        lasting = [*children, *services.children]
        _welcome(data, address, shared=host in EVERYWHERE)
        if os.environ.get("KC_DEMO_COUNTRY") != "0":
            # Minutes of work that nobody should wait for: the portal is open meanwhile.
            start(GROWING, [str(PYTHON), str(ROOT / "manage.py"), "load_demo", "--country"])
        _watch(lasting)
    finally:
        _stop_all(children)


def wait_until_ready(children: list[Child], address: str, allowed: str) -> None:
    """Raises ``Refusal`` when a child ends or a minute passes first."""
    question = urllib.request.Request(f"{address}/readyz", headers={"Host": portal_name(allowed)})  # noqa: S310
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in children:
            if not child.running:
                raise Refusal(
                    f"The {child.name} process ended; the end of {child.log}:\n{child.last_words()}"
                )
        with contextlib.suppress(OSError), urllib.request.urlopen(question, timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise Refusal(
        f"The portal did not become ready in 60 s; see {children[0].log}:\n{children[0].last_words()}"
    )


def _welcome(data: Path, address: str, *, shared: bool) -> None:
    step(f"ready: {address}")
    if shared and not os.environ.get("ALLOWED_HOSTS"):
        line("For other machines, name this one in ALLOWED_HOSTS.")
    accounts = data / "run" / "demo-accounts.txt"
    if accounts.exists():
        line(accounts.read_text().rstrip())
    line("The demonstration grows to some 4,000 projects meanwhile; KC_DEMO_COUNTRY=0 keeps it at 600.")
    line(f"Data, files and logs: {data}")
    line("Ctrl-C stops everything.")


def _watch(children: list[Child]) -> None:
    """Returns only by a stop request; a part that ends by itself ends all, loudly."""
    while True:
        for child in children:
            if not child.running:
                raise Refusal(
                    f"The {child.name} process ended; the end of {child.log}:\n{child.last_words()}"
                )
        time.sleep(0.5)


def _stop_all(children: list[Child]) -> None:
    """Together, then each with what is left of two seconds: a report under way is taken up next time."""
    deadline = time.monotonic() + 1.8
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(max(0.0, deadline - time.monotonic()))


def manage(arguments: list[str]) -> int:
    """``./run manage …``: our progress to standard error, the command's own output untouched."""
    VOICE.stream = sys.stderr
    heed_signals()
    install.ensure("local" if needs_wheels() else "runtime")
    with running(f"./run manage {arguments[0] if arguments else ''}".strip()) as services:
        environment = services.environment
        prepare(environment, "roles", "tables", *(["demo"] if services.embedded_database else []))
        first = arguments[0] if arguments else ""
        if first in ("migrate", "flush", "sqlmigrate", "dbshell") or first.startswith("load_"):
            environment["KC_DB_ROLE"] = "owner"
        # File names on the command line mean what they meant where the person stood.
        stood = Path(environment.pop("KC_CALLED_FROM", "") or ROOT)
        return run_to_end([PYTHON, ROOT / "manage.py", *arguments], environment=environment, cwd=stood)
